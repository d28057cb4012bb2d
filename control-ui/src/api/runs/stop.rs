//! `POST /api/runs/{id}/stop`: end a run for good.

use actix_web::{HttpResponse, post, web};

use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// Stop a run for good.
///
/// Its loader finishes open visits within the grace time. Asking twice is the same as asking once.
#[utoipa::path(
    tag = "runs",
    operation_id = "stop_run",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 202, description = "On its way; the run says how far", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The run's state does not allow it", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/stop")]
pub(crate) async fn stop_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = services.runs.stop(&run_id(&id)?).await?;
    services.audit.note(&who, "run.stop", id, "").await;
    Ok(HttpResponse::Accepted().json(view))
}
