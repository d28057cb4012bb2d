//! Answers that many operations share, because something before them gives them: who asks, from where, with which body.
//!
//! Invariant: an operation that describes such an answer itself keeps its own words.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, ToSchema};

use crate::api::problem::ProblemBody;

/// Adds them to the document.
pub(super) struct CommonAnswers;

impl Modify for CommonAnswers {
    fn modify(&self, document: &mut OpenApi) {
        for path in document.paths.paths.values_mut() {
            let PathItem {
                get,
                put,
                post,
                delete,
                patch,
                ..
            } = path;
            for operation in get.iter_mut() {
                guarded(operation);
            }
            for operation in [put, post, delete, patch].into_iter().flatten() {
                guarded(operation);
                changing(operation);
            }
        }
    }
}

/// What needs credentials.
fn guarded(operation: &mut Operation) {
    if operation.responses.responses.contains_key("401") {
        add(
            operation,
            "421",
            "The Host header names a host that is not served",
        );
        add(
            operation,
            "429",
            "Too many wrong codes or keys, or too many costly requests; Retry-After says when to try again",
        );
    }
}

/// What changes something, or takes a body.
fn changing(operation: &mut Operation) {
    add(
        operation,
        "403",
        "The key may only read, or the request comes from another web site",
    );
    add(operation, "507", "There is no room to write");
    let retried = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| parameter.name.eq_ignore_ascii_case("Idempotency-Key"));
    if retried || operation.request_body.is_some() {
        add(operation, "400", "The body or a header cannot be read");
    }
    if operation.request_body.is_some() {
        add(operation, "413", "The body is larger than is read");
        add(operation, "415", "The body is not JSON");
    }
}

fn add(operation: &mut Operation, status: &str, words: &str) {
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ProblemBody::name())))
        .build();
    let answers = &mut operation.responses.responses;
    answers.entry(status.to_owned()).or_insert_with(|| {
        RefOr::T(
            ResponseBuilder::new()
                .description(words)
                .content("application/problem+json", problem)
                .build(),
        )
    });
}
