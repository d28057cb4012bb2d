//! `GET /api/runs/{id}/days`: what a run put into each day.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::DayView;
use crate::app::Services;
use crate::auth::Principal;

/// Days of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayList {
    /// One for each day and target that a loader told of; days ascend. At most the last 1,000 days.
    pub days: Vec<DayView>,
}

/// The days of a run.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_days",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "Days ascend", body = DayList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/days")]
pub(crate) async fn run_days(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<web::Json<DayList>, Problem> {
    let days = services.runs.days(&run_id(&id)?).await?;
    Ok(web::Json(DayList { days }))
}
