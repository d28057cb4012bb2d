//! `POST /api/runs/{id}/restart`: stop a run for good, then start it again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};

use super::again::AgainRequest;
use super::create::{Answer, Named};
use super::run_id;
use crate::api::body::OptionalJson;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// Restart a run.
///
/// The answer is the new run. It is queued until the old one has ended, even when the control plane dies in between.
/// A run that was restarted already is answered with its successor.
#[utoipa::path(
    tag = "runs",
    operation_id = "restart_run",
    request_body(content = Option<AgainRequest>),
    params(
        ("id" = String, Path, description = "The run's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "As with POST /api/runs"),
    ),
    responses(
        (status = 202, description = "The new run, which starts once the old one has ended", body = RunView),
        (status = 200, description = "It was restarted before: that run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It has ended or is being replaced; `run.token_needed`, `target.unconfirmed`, `target.needs_budget`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration does not fit this version, or the key was used with another body", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/restart")]
pub(crate) async fn restart_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    Named(key): Named,
    body: OptionalJson<AgainRequest>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let confirms = body.0.confirm_target.is_some();
    let made = services.runs.restart(&id, body.0, who.name(), key);
    let answer = Answer {
        services: &services,
        who: &who,
        action: "run.restart",
        status: StatusCode::ACCEPTED,
        confirms,
    };
    Ok(answer.of(made.await?).await)
}
