//! `GET /api/runs`: runs, page by page.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::page::{self, default_limit, malformed, no_cursor};
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::{RunKind, RunState, RunSummary};
use crate::app::Services;
use crate::auth::Principal;
use crate::runs::RunId;
use crate::store::RunFilter;

/// Longest text that is looked for, in characters.
const TEXT_MAX: usize = 200;

/// What to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Number of runs.
    #[serde(default = "default_limit")]
    #[param(default = 50, minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next` of the last answer: list what is older.
    before: Option<String>,
    /// Only runs in these states, separated by commas, such as `failed,lost`.
    state: Option<String>,
    /// Only runs of this kind: `realtime` or `backfill`.
    kind: Option<RunKind>,
    /// Only runs whose name, notes, preset or target contain this text, in any case, or whose id begins with it.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// Runs, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunList {
    /// Newest first.
    pub runs: Vec<RunSummary>,
    /// Give it as `before` to list what is older; `null` when there is nothing more.
    #[schema(required)]
    pub next: Option<String>,
}

/// List runs.
#[utoipa::path(
    tag = "runs",
    operation_id = "list_runs",
    params(ListQuery),
    responses(
        (status = 200, description = "Newest first", body = RunList),
        (status = 400, description = "A parameter cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs")]
pub(crate) async fn list_runs(
    _who: Principal,
    services: web::Data<Services>,
    query: web::Query<ListQuery>,
) -> Result<web::Json<RunList>, Problem> {
    let limit = page::checked(query.limit)?;
    let (runs, more) = services.runs.list(filter(&query)?, limit).await?;
    let next = runs.last().filter(|_| more).map(cursor);
    Ok(web::Json(RunList { runs, next }))
}

fn filter(query: &ListQuery) -> Result<RunFilter, Problem> {
    let text = query.q.as_deref().map(str::trim);
    let text = text.filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > TEXT_MAX) {
        return Err(malformed(format!(
            "q must have at most {TEXT_MAX} characters"
        )));
    }
    let states = query.state.iter().flat_map(|states| states.split(','));
    let states = states.map(str::trim).filter(|name| !name.is_empty());
    Ok(RunFilter {
        states: states.map(state).collect::<Result<_, _>>()?,
        kind: query.kind,
        text: text.map(str::to_owned),
        before: query.before.as_deref().map(place).transpose()?,
    })
}

fn state(name: &str) -> Result<RunState, Problem> {
    RunState::parse(name).ok_or_else(|| {
        let known = RunState::ALL.map(RunState::as_str).join(", ");
        malformed(format!(
            "state: there is no state {name:?}; there are {known}"
        ))
    })
}

/// Where a list goes on.
fn cursor(last: &RunSummary) -> String {
    format!("{}-{}", last.created_at.0, last.id)
}

fn place(cursor: &str) -> Result<(i64, String), Problem> {
    cursor
        .split_once('-')
        .and_then(|(at, id)| Some((at.parse().ok()?, RunId::parse(id)?.to_string())))
        .ok_or_else(no_cursor)
}
