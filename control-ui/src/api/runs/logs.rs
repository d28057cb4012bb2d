//! `GET /api/runs/{id}/logs` and `…/logs/download`: what a run's loaders and the control plane wrote about it.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::run_id;
use crate::api::logs::filter;
use crate::api::page::{malformed, no_cursor};
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::LogLine;
use crate::app::Services;
use crate::auth::Principal;
use crate::runs::LogPlace;

/// Most lines that are shown at once.
const LINES_MAX: usize = 5_000;

/// How much to show.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// Number of lines.
    #[serde(default = "default_lines")]
    #[param(default = 200, minimum = 1, maximum = 5000, required = false)]
    lines: usize,
    /// Only lines of this level and worse: `error`, `warn`, `info`, `debug` or `trace`.
    level: Option<String>,
    /// Only lines that contain this text, in any case.
    #[param(max_length = 200)]
    contains: Option<String>,
    /// The `next` of the last answer: show what is older.
    before: Option<String>,
}

fn default_lines() -> usize {
    200
}

/// What to download.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DownloadQuery {
    /// Only lines of this level and worse: `error`, `warn`, `info`, `debug` or `trace`.
    level: Option<String>,
    /// Only lines that contain this text, in any case.
    #[param(max_length = 200)]
    contains: Option<String>,
}

/// Lines of a run's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogView {
    /// Oldest first.
    pub lines: Vec<LogLine>,
    /// Older lines of this kind that are not shown; those that are gone count as far as their number is known.
    pub skipped: u64,
    /// Why lines are missing that cannot be read any more; `null` when none are.
    #[schema(required)]
    pub missing: Option<String>,
    /// Give it as `before` to show what is older; `null` when there is nothing more.
    #[schema(required)]
    pub next: Option<String>,
}

/// The last lines of a run's log.
///
/// Of all its attempts: what the loaders wrote, their report in words, and what the control plane noted.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_logs",
    params(("id" = String, Path, description = "The run's id"), LogQuery),
    responses(
        (status = 200, description = "Oldest first", body = LogView),
        (status = 400, description = "A parameter cannot be read", body = ProblemBody, content_type = "application/problem+json"),
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
    let query = query.into_inner();
    if !(1..=LINES_MAX).contains(&query.lines) {
        let detail = format!("lines={} must be 1 to {LINES_MAX}", query.lines);
        return Err(malformed(detail));
    }
    let before = match query.before.as_deref().map(LogPlace::parse) {
        Some(None) => return Err(no_cursor()),
        before => before.flatten(),
    };
    let filter = filter(query.level.as_deref(), query.contains.as_deref())?;
    let page = services
        .runs
        .logs(&run_id(&id)?, filter, before, query.lines)
        .await?;
    Ok(web::Json(LogView {
        lines: page.lines,
        skipped: page.skipped,
        missing: page.missing,
        next: page.next.map(|place| place.to_string()),
    }))
}

/// Download a run's log.
///
/// One line each: moment, level, source, text. What cannot be read any more is said in the first lines.
#[utoipa::path(
    tag = "runs",
    operation_id = "download_run_logs",
    params(("id" = String, Path, description = "The run's id"), DownloadQuery),
    responses(
        (status = 200, description = "The whole log, oldest first", body = String, content_type = "text/plain"),
        (status = 400, description = "A parameter cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/logs/download")]
pub(crate) async fn download_run_logs(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    query: web::Query<DownloadQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let filter = filter(query.level.as_deref(), query.contains.as_deref())?;
    let id = run_id(&id)?;
    let text = services.runs.log_text(&id, filter).await?;
    let disposition = format!("attachment; filename=\"run-{id}.log\"");
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .streaming(text))
}
