//! `GET /api/logs`: the control plane's own log, and the same as a file.

use std::fmt::Write;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::page::malformed;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::runs::logs::LogView;
use crate::app::Services;
use crate::auth::Principal;
use crate::log_filter::{LEVELS, LogFilter};
use crate::own_log::LINES;

/// Longest text that is looked for, in characters.
const TEXT_MAX: usize = 200;

/// What to show.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct OwnLogQuery {
    /// Number of lines, 1 to 2000.
    #[param(default = 200, minimum = 1, maximum = 2000)]
    lines: Option<usize>,
    /// `error`, `warn`, `info`, `debug` or `trace`: lines of this level and worse.
    level: Option<String>,
    /// A text that lines must contain, in whatever case.
    #[param(max_length = 200)]
    contains: Option<String>,
}

impl OwnLogQuery {
    fn count(&self, usual: usize) -> Result<usize, Problem> {
        let lines = self.lines.unwrap_or(usual);
        if (1..=LINES).contains(&lines) {
            return Ok(lines);
        }
        Err(malformed(format!("lines={lines} must be 1 to {LINES}")))
    }

    fn filter(&self) -> Result<LogFilter, Problem> {
        filter(self.level.as_deref(), self.contains.as_deref())
    }
}

/// What a query for lines asks for.
pub(crate) fn filter(level: Option<&str>, contains: Option<&str>) -> Result<LogFilter, Problem> {
    if contains.is_some_and(|text| text.chars().count() > TEXT_MAX) {
        return Err(malformed(format!(
            "contains must have at most {TEXT_MAX} characters"
        )));
    }
    LogFilter::new(level, contains)
        .ok_or_else(|| malformed(format!("level must be one of {}", LEVELS.join(", "))))
}

/// The last lines of the control plane's own log.
#[utoipa::path(
    tag = "status",
    operation_id = "logs",
    params(OwnLogQuery),
    responses(
        (status = 200, description = "Oldest first", body = LogView),
        (status = 400, description = "A parameter cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/logs")]
pub(crate) async fn logs(
    _who: Principal,
    services: web::Data<Services>,
    query: web::Query<OwnLogQuery>,
) -> Result<web::Json<LogView>, Problem> {
    let count = query.count(200)?;
    let (lines, skipped) = services.own_log.last(count, &query.filter()?);
    Ok(web::Json(LogView {
        lines,
        skipped,
        missing: None,
        next: None,
    }))
}

/// The control plane's own log as a text file: all lines that are kept.
#[utoipa::path(
    tag = "status",
    operation_id = "download_logs",
    params(OwnLogQuery),
    responses(
        (status = 200, description = "One line each: moment, level, text", body = String, content_type = "text/plain"),
        (status = 400, description = "A parameter cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/logs/download")]
pub(crate) async fn download_logs(
    _who: Principal,
    services: web::Data<Services>,
    query: web::Query<OwnLogQuery>,
) -> Result<HttpResponse, Problem> {
    let count = query.count(LINES)?;
    let (lines, skipped) = services.own_log.last(count, &query.filter()?);
    let mut text = String::new();
    if 0 < skipped {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "({skipped} earlier lines are not shown)");
    }
    for line in &lines {
        let _ = writeln!(text, "{} {:5} {}", line.at, line.level, line.text);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"control-ui.log\"",
        ))
        .body(text))
}
