//! `POST /api/backfill/plan`: what a backfill would do, and what its days hold already.

use actix_web::{post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{ConfigProblem, Problem, ProblemBody};
use crate::api::view::{RunKind, RunState, RunWindow, TargetView};
use crate::app::Services;
use crate::auth::Principal;
use crate::time::Timestamp;

/// What to plan, as for `POST /api/runs`.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BackfillPlanRequest {
    /// Plan the configuration that people edit, with its token; `config` is laid over it. Excludes `preset`.
    #[schema(required = false)]
    pub use_configuration: bool,
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the layers below.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// Send to the practice target, whatever target the configuration names.
    #[schema(required = false)]
    pub use_practice_target: bool,
    /// The run whose people are to come again, by its id.
    pub same_people_as: Option<String>,
}

/// The visits of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlannedDay {
    /// The day, in the run's time zone.
    pub day: NaiveDate,
    /// Visits that begin on it; of a day that is not over about so many, since the seed decides.
    pub visits: u64,
}

/// What an earlier run put into some of these days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BackfillOverlap {
    /// The run's id.
    pub run: String,
    /// Its name.
    pub name: String,
    /// What kind of run it is. Realtime runs are named and stop nobody.
    pub kind: RunKind,
    /// Where it is in its life.
    pub state: RunState,
    /// The first of these days that holds something of it.
    pub first: NaiveDate,
    /// The last one.
    pub last: NaiveDate,
    /// Number of such days.
    pub days: u32,
    /// Hits of these days that Matomo took.
    pub hits_accepted: u64,
    /// Hits of these days that Matomo may or may not hold.
    pub hits_unknown: u64,
    /// Whether it may be resumed, and then sends what it has left.
    pub can_continue: bool,
}

/// What a backfill would do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BackfillPlanView {
    /// Where its hits would go.
    pub target: TargetView,
    /// Its days.
    pub window: RunWindow,
    /// The time zone that the site has in Matomo; `null` when not known.
    #[schema(required)]
    pub site_time_zone: Option<String>,
    /// The value of `load.time_zone` that cuts these days where the site does; `null` when the run's own does so already,
    /// when there is none, or when the site's zone is not known.
    #[schema(required)]
    pub better_time_zone: Option<String>,
    /// When a connection test asked Matomo for it.
    #[schema(required)]
    pub site_seen_at: Option<Timestamp>,
    /// Why the site's time zone is not known.
    #[schema(required)]
    pub site_time_zone_unknown: Option<String>,
    /// Visits of each day; days ascend.
    pub days: Vec<PlannedDay>,
    /// Visits in all.
    pub visits: u64,
    /// Hits in all, about: the visits, times the mean of some that were simulated; `null` when none could be.
    #[schema(required)]
    pub hits_estimate: Option<u64>,
    /// Number of visits that were simulated for that.
    pub visits_simulated: u32,
    /// Rows in Matomo's database for the fullest day, about: one for each hit and one for each visit.
    #[schema(required)]
    pub rows_per_day_estimate: Option<u64>,
    /// Seconds it would take at the speed of earlier backfills into this site, or at its own limit where that is slower;
    /// `null` when not known.
    #[schema(required)]
    pub duration_s_estimate: Option<f64>,
    /// What that is based on, or why it is not known.
    pub duration_basis: String,
    /// Everything that is doubtful.
    pub warnings: Vec<ConfigProblem>,
    /// What earlier runs put into these days, the newest first; at most 20 runs.
    pub overlaps: Vec<BackfillOverlap>,
}

/// Plan a backfill.
///
/// Starts nothing and sends nothing.
#[utoipa::path(
    tag = "runs",
    operation_id = "plan_backfill",
    request_body = BackfillPlanRequest,
    responses(
        (status = 200, description = "What it would do", body = BackfillPlanView),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration has problems, or is not one of a backfill", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/backfill/plan")]
pub(crate) async fn plan_backfill(
    _who: Principal,
    services: web::Data<Services>,
    body: web::Json<BackfillPlanRequest>,
) -> Result<web::Json<BackfillPlanView>, Problem> {
    let plan = services.runs.plan_backfill(body.into_inner()).await?;
    Ok(web::Json(plan))
}
