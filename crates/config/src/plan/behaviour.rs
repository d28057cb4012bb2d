//! What the visits of a run look like.

use std::time::Duration;

use crate::sections::Realism;

/// What a visit looks like. Probabilities are per visit, 0 to 1.
#[derive(Clone, Debug)]
pub struct BehaviourPlan {
    /// Which model of visitors.
    pub realism: Realism,
    /// Fewest page views of a visit, 1 to 100.
    pub page_views_min: u32,
    /// Most page views of a visit, at least `page_views_min`.
    pub page_views_max: u32,
    /// Shortest visit.
    pub visit_duration_min: Duration,
    /// Longest visit, at least `visit_duration_min`.
    pub visit_duration_max: Duration,
    /// Probability of a site search.
    pub search: f64,
    /// Probability of an outlink.
    pub outlink: f64,
    /// Probability of a download.
    pub download: f64,
    /// Probability of a click event.
    pub click_event: f64,
    /// Probability of a random event.
    pub random_event: f64,
    /// Probability that a visit comes without a referrer.
    pub direct: f64,
    /// Share of visits that leave after one page; in the believable model, as all that follows.
    pub bounce: f64,
    /// Mean page views of a visit that does not bounce, within the bounds of page views.
    pub depth: f64,
    /// Mean time on a page.
    pub dwell: Duration,
    /// Exponent of Zipf's law for pages, above 0.
    pub zipf: f64,
    /// Exponent of Zipf's law for entry pages, above 0.
    pub entry_zipf: f64,
    /// Share of visits that see tracked contents.
    pub contents: f64,
    /// After how long on a page its leaving is told by a ping; `None`: heart beats are off.
    pub heartbeat: Option<Duration>,
    /// Whether page views tell how long the parts of loading them took.
    pub page_timings: bool,
}
