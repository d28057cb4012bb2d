//! `POST /api/preview`: what the visits of a run configuration would look like, before any is sent.

use actix_web::{post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{ConfigProblem, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;

/// What to look at, as for `POST /api/runs`.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PreviewRequest {
    /// Look at the configuration that people edit; `config` is laid over it. Excludes `preset`.
    #[schema(required = false)]
    pub use_configuration: bool,
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the layers below. What it lacks of a target is made up.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// Other visits of the same kind; the configuration's own seed, else 0, when it is not given.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seed: Option<u64>,
}

/// What visits look like.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PreviewView {
    /// First day that was looked at, in the plan's time zone: of a backfill its own, else today.
    pub first: NaiveDate,
    /// Last day that was looked at; without a backfill four weeks are.
    pub last: NaiveDate,
    /// The plan's time zone.
    pub time_zone: String,
    /// Visits of each day, about.
    pub days: Vec<PreviewDay>,
    /// Mean visits in each hour of the week, Monday 0:00 first, in the plan's time zone; `null` where the days hold no
    /// such hour.
    pub hours: Vec<Option<f64>>,
    /// Visits that were simulated hit by hit; all that follows was counted on them.
    pub visits_simulated: u64,
    /// Mean number of hits in a visit.
    pub hits_per_visit: f64,
    /// Share of visits with a single action, as Matomo counts bounces.
    pub bounce_share: f64,
    /// Mean number of page views.
    pub page_views_per_visit: f64,
    /// Median time from the first to the last hit of a visit, in seconds.
    pub duration_median_s: f64,
    /// Share of visits by people who were there before.
    pub returning_share: f64,
    /// Where visits come from.
    pub channels: Vec<PartView>,
    /// Countries of the visitors; empty when they have no addresses of their own, which takes a token.
    pub countries: Vec<PartView>,
    /// Kinds of device.
    pub devices: Vec<PartView>,
    /// Browsers.
    pub browsers: Vec<PartView>,
    /// Operating systems.
    pub systems: Vec<PartView>,
    /// Kinds of hits that occur.
    pub kinds: Vec<KindShareView>,
    /// Pages by views.
    pub pages: Vec<PageShareView>,
    /// Pages by visits that begin on them.
    pub entries: Vec<PageShareView>,
    /// Different addresses among the page views.
    pub addresses: u64,
    /// Mean value of an order; `null` without one.
    #[schema(required)]
    pub order_value: Option<f64>,
    /// ISO 4217 code of the currency.
    pub currency: String,
    /// A few visits, told hit by hit.
    pub stories: Vec<Vec<String>>,
    /// Everything that is doubtful.
    pub warnings: Vec<ConfigProblem>,
}

/// The visits of one day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PreviewDay {
    /// The day, in the plan's time zone.
    pub day: NaiveDate,
    /// Visits that begin on it, about.
    pub visits: f64,
}

/// A part of the visits.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartView {
    /// What they have in common; `null` for all that is too rare for a row of its own.
    #[schema(required)]
    pub name: Option<String>,
    /// Share of the visits, 0 to 1.
    pub share: f64,
}

/// Hits of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KindShareView {
    /// The kind, as in an account.
    pub kind: String,
    /// Mean number in a visit.
    pub per_visit: f64,
    /// Share of visits with at least one, 0 to 1.
    pub visits_share: f64,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PageShareView {
    /// Its address, up to the query.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its share, 0 to 1.
    pub share: f64,
}

/// Look at the visits of a run configuration.
///
/// Simulates some of them; starts nothing and sends nothing.
#[utoipa::path(
    tag = "configuration",
    operation_id = "preview",
    request_body = PreviewRequest,
    responses(
        (status = 200, description = "What the visits look like", body = PreviewView),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration has problems", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/preview")]
pub(crate) async fn preview(
    _who: Principal,
    services: web::Data<Services>,
    body: web::Json<PreviewRequest>,
) -> Result<web::Json<PreviewView>, Problem> {
    let view = services.runs.preview(body.into_inner()).await?;
    Ok(web::Json(view))
}
