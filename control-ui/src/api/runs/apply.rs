//! `POST /api/runs/{id}/apply`: a run of another configuration in the place of this one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};

use super::create::{Answer, Named, NewRun};
use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// Apply another configuration.
///
/// A run's configuration never changes, so a new run takes its place: it is checked first, then the old one is paused
/// with a checkpoint, then the new one starts and the old one ends. If the new one cannot start, the old one goes on.
#[utoipa::path(
    tag = "runs",
    operation_id = "apply_to_run",
    request_body = NewRun,
    params(
        ("id" = String, Path, description = "The run's id"),
        ("Idempotency-Key" = Option<String>, Header, description = "As with POST /api/runs"),
    ),
    responses(
        (status = 202, description = "The new run, which starts once the old one has paused", body = RunView),
        (status = 200, description = "This key was used before with the same body: that run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It has ended or is being replaced; `target.unconfirmed`, `target.needs_budget`", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration has problems (`errors` lists all), or the key was used with another body", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/apply")]
pub(crate) async fn apply_to_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    Named(key): Named,
    body: web::Json<NewRun>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let confirms = body.confirm_target.is_some();
    let made = services.runs.apply(&id, body.into_inner(), who.name(), key);
    let answer = Answer {
        services: &services,
        who: &who,
        action: "run.apply",
        status: StatusCode::ACCEPTED,
        confirms,
    };
    Ok(answer.of(made.await?).await)
}
