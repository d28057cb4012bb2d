//! `GET /api/runs/{id}/samples`: what a run's chart is drawn from.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::Sample;
use crate::app::Services;
use crate::auth::Principal;

/// Samples, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleList {
    /// One for each minute, and for the last hour one for each second; oldest first.
    pub samples: Vec<Sample>,
}

/// The samples of a run.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_samples",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "Oldest first", body = SampleList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/samples")]
pub(crate) async fn run_samples(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<web::Json<SampleList>, Problem> {
    let samples = services.runs.samples(&run_id(&id)?).await?;
    Ok(web::Json(SampleList { samples }))
}
