//! `DELETE /api/runs/{id}` and `POST /api/runs/{id}/restore`: delete a run that has ended, and take that back.

use actix_web::{HttpResponse, delete, post, web};

use super::run_id;
use crate::api::etag::etag;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// Delete a run that has ended.
///
/// It can be restored for 30 days, or until 100 further runs were deleted; then it is removed for good, with its
/// loader, its state and its token. Asking twice is the same as asking once.
#[utoipa::path(
    tag = "runs",
    operation_id = "delete_run",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It has not ended", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/runs/{id}")]
pub(crate) async fn delete_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    services.runs.delete(&id).await?;
    services.audit.note(&who, "run.delete", id, "").await;
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a deleted run.
#[utoipa::path(
    tag = "runs",
    operation_id = "restore_run",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "The run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run, or its time is over", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs/{id}/restore")]
pub(crate) async fn restore_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let view = services.runs.restore(&id).await?;
    let audit = &services.audit;
    audit
        .note(&who, "run.restore", id, &view.summary.name)
        .await;
    Ok(HttpResponse::Ok()
        .insert_header(etag(view.revision))
        .json(view))
}
