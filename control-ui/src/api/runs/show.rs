//! `GET /api/runs/{id}`: a run in full.

use actix_web::{HttpResponse, get, web};

use super::run_id;
use crate::api::etag::etag;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// Show a run.
#[utoipa::path(
    tag = "runs",
    operation_id = "show_run",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "The run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}")]
pub(crate) async fn show_run(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = services.runs.view(&run_id(&id)?).await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(view.revision))
        .json(view))
}
