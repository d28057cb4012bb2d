//! `POST /api/runs/{id}/again`: a new run of the same configuration.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::create::{Answer, Named, Overlap};
use super::run_id;
use crate::api::body::OptionalJson;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;
use crate::runs::{Given, given};

/// How to do it again.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AgainRequest {
    /// A name for the new run; that of the old one when left out.
    pub name: Option<String>,
    /// Send the very same visits: same seed, population and origin. Otherwise the new run draws fresh ones.
    #[schema(required = false)]
    pub same_visits: bool,
    /// The token, when the run's is no longer kept, or another one is wanted.
    pub token: Option<String>,
    /// Further secrets in place of those that are kept, by JSON pointer, such as `/targets/0/basic_auth_password`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub secrets: BTreeMap<String, String>,
    /// What to do when a backfill filled some of these days, as the run itself may have: `add` to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
    /// The target's host, typed back, when it is not confirmed any more.
    pub confirm_target: Option<String>,
}

impl AgainRequest {
    pub(crate) fn secrets(&self) -> Given {
        given(self.token.as_deref(), &self.secrets)
    }
}

/// Run it again.
///
/// Starts a new run with the configuration of this one, which may be in any state and is left as it is.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_again",
    request_body(content = Option<AgainRequest>),
    params(
        ("id" = String, Path, description = "The run's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "As with POST /api/runs"),
    ),
    responses(
        (status = 201, description = "The new run", body = RunView),
        (status = 200, description = "This key was used before with the same body: that run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`run.token_needed`, `target.unconfirmed`, `target.needs_budget` or `runs.too_many`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration does not fit this version, or the key was used with another body", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/again")]
pub(crate) async fn run_again(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    Named(key): Named,
    body: OptionalJson<AgainRequest>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let confirms = body.0.confirm_target.is_some();
    let made = services.runs.again(&id, body.0, who.name(), key);
    let answer = Answer {
        services: &services,
        who: &who,
        action: "run.start",
        status: StatusCode::CREATED,
        confirms,
    };
    Ok(answer.of(made.await?).await)
}
