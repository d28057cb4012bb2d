//! `GET /api/runs/{id}/logs`: the last lines of a run's log.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::LogLine;
use crate::app::Services;
use crate::auth::Principal;

/// How much to show.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct LogQuery {
    /// Number of lines, 1 to 2000.
    #[serde(default = "default_lines")]
    #[param(default = 200, minimum = 1, maximum = 2000, required = false)]
    lines: usize,
}

fn default_lines() -> usize {
    200
}

/// The last lines of a run's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogView {
    /// Oldest first.
    pub lines: Vec<LogLine>,
    /// Lines before these that are not shown, or not kept any more.
    pub skipped: u64,
}

/// The last lines of a run's log.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_logs",
    params(("id" = String, Path, description = "The run's id"), LogQuery),
    responses(
        (status = 200, description = "Oldest first", body = LogView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/logs")]
pub(crate) async fn run_logs(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    query: web::Query<LogQuery>,
) -> Result<web::Json<LogView>, Problem> {
    let (lines, skipped) = services
        .runs
        .logs(&run_id(&id)?, query.lines.max(1))
        .await?;
    Ok(web::Json(LogView { lines, skipped }))
}
