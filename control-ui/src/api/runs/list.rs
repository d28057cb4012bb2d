//! `GET /api/runs`: the newest runs.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunSummary;
use crate::app::Services;
use crate::auth::Principal;

/// The longest list that is answered; a larger `limit` is cut to it.
const LIMIT_MAX: u32 = 500;

/// How much to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Number of runs, 1 to 500.
    #[serde(default = "default_limit")]
    #[param(default = 50, minimum = 1, maximum = 500, required = false)]
    limit: u32,
}

fn default_limit() -> u32 {
    50
}

/// Runs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunList {
    /// Newest first.
    pub runs: Vec<RunSummary>,
}

/// List the newest runs.
#[utoipa::path(
    tag = "runs",
    operation_id = "list_runs",
    params(ListQuery),
    responses(
        (status = 200, description = "Newest first", body = RunList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs")]
pub(crate) async fn list_runs(
    _who: Principal,
    services: web::Data<Services>,
    query: web::Query<ListQuery>,
) -> Result<web::Json<RunList>, Problem> {
    let runs = services.runs.list(query.limit.clamp(1, LIMIT_MAX)).await?;
    Ok(web::Json(RunList { runs }))
}
