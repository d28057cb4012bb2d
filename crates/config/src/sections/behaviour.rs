//! What a visit looks like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What a visit looks like. Probabilities are per visit.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Behaviour")]
pub struct Behaviour {
    /// Which model of visitors: believable ones, or the Python original's flat ones.
    #[schemars(title = "Realism", extend("x-env" = "REALISM", "x-advanced" = true))]
    pub realism: Realism,
    /// Fewest page views of a visit, 1 to 100.
    #[schemars(
        title = "Fewest page views",
        extend("x-env" = "PAGEVIEWS_MIN", "x-unit" = "pages")
    )]
    #[validate(range(min = 1, max = 100))]
    pub page_views_min: u32,
    /// Most page views of a visit, 1 to 100.
    #[schemars(
        title = "Most page views",
        extend("x-env" = "PAGEVIEWS_MAX", "x-unit" = "pages")
    )]
    #[validate(range(min = 1, max = 100))]
    pub page_views_max: u32,
    /// Shortest visit, 0.1 to 120 minutes.
    #[schemars(
        title = "Shortest visit",
        extend("x-env" = "VISIT_DURATION_MIN", "x-unit" = "min")
    )]
    #[validate(range(min = 0.1, max = 120.0))]
    pub visit_duration_min: f64,
    /// Longest visit, 0.1 to 120 minutes.
    #[schemars(
        title = "Longest visit",
        extend("x-env" = "VISIT_DURATION_MAX", "x-unit" = "min")
    )]
    #[validate(range(min = 0.1, max = 120.0))]
    pub visit_duration_max: f64,
    /// Share of visits that search the site, 0 to 1.
    #[schemars(
        title = "Site searches",
        extend("x-env" = "SITESEARCH_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub search: f64,
    /// Share of visits that follow a link to another site, 0 to 1.
    #[schemars(
        title = "Outlinks",
        extend("x-env" = "OUTLINKS_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub outlink: f64,
    /// Share of visits that download a file, 0 to 1.
    #[schemars(
        title = "Downloads",
        extend("x-env" = "DOWNLOADS_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub download: f64,
    /// Share of visits with a click event, 0 to 1.
    #[schemars(
        title = "Click events",
        extend("x-env" = "CLICK_EVENTS_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub click_event: f64,
    /// Share of visits with some other event, 0 to 1.
    #[schemars(
        title = "Other events",
        extend("x-env" = "RANDOM_EVENTS_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub random_event: f64,
    /// Share of visits without a referrer, 0 to 1; the rest comes from search engines, other sites
    /// and social networks.
    #[schemars(
        title = "Direct entries",
        extend("x-env" = "DIRECT_TRAFFIC_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub direct: f64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            realism: Realism::Original,
            page_views_min: 3,
            page_views_max: 6,
            visit_duration_min: 1.0,
            visit_duration_max: 8.0,
            search: 0.15,
            outlink: 0.10,
            download: 0.08,
            click_event: 0.25,
            random_event: 0.12,
            direct: 0.30,
        }
    }
}

/// Which model of visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Realism {
    /// People who come back, on a curve of day and week, with habits. Being built: what is missing is as in the
    /// original.
    Realistic,
    /// As the Python original: one rate around the clock, each visit by a new visitor, everything drawn evenly.
    Original,
}
