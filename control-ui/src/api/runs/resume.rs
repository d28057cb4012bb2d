//! `POST /api/runs/{id}/resume`: go on with a run that is paused, failed or lost.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::run_id;
use crate::api::body::OptionalJson;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;
use crate::runs::{Given, given};

/// What a run may need to go on.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResumeRequest {
    /// The token, when the run's is no longer kept, or another one is wanted.
    pub token: Option<String>,
    /// Further secrets in place of those that are kept, by JSON pointer, such as `/targets/0/basic_auth_password`.
    #[schema(required = false)]
    pub secrets: BTreeMap<String, String>,
    /// The target's host, typed back, when it is not confirmed any more.
    pub confirm_target: Option<String>,
}

impl ResumeRequest {
    pub(crate) fn secrets(&self) -> Given {
        given(self.token.as_deref(), &self.secrets)
    }
}

/// Resume a run.
///
/// Starts the next attempt of the same run with the same configuration and keys. Asking twice is the same as asking once.
#[utoipa::path(
    tag = "runs",
    operation_id = "resume_run",
    request_body(content = Option<ResumeRequest>),
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 202, description = "On its way; the run says how far", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The run's state does not allow it; `run.token_needed`, `target.unconfirmed`, `runs.too_many`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/resume")]
pub(crate) async fn resume_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    body: OptionalJson<ResumeRequest>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let resumed = services.runs.resume(&id, body.0, Some(who.name()));
    let view = resumed.await?;
    services.audit.note(&who, "run.resume", id, "").await;
    Ok(HttpResponse::Accepted().json(view))
}
