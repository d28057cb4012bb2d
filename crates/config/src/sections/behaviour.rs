//! What a visit looks like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What a visit looks like. Probabilities are shares of all visits.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Behaviour")]
pub struct Behaviour {
    /// Which model of visitors: believable ones, or the Python original's flat ones.
    #[schemars(title = "Realism", extend("x-env" = "REALISM", "x-advanced" = true))]
    pub realism: Realism,
    /// Fewest page views of a visit, 1 to 100. In the believable model of an engaged visit, and 2 unless set: a visit
    /// of one page is a bounce.
    #[schemars(
        title = "Fewest page views",
        extend("x-env" = "PAGEVIEWS_MIN", "x-unit" = "pages")
    )]
    #[validate(range(min = 1, max = 100))]
    pub page_views_min: u32,
    /// Most page views of a visit, 1 to 100. In the believable model 100 unless set.
    #[schemars(
        title = "Most page views",
        extend("x-env" = "PAGEVIEWS_MAX", "x-unit" = "pages")
    )]
    #[validate(range(min = 1, max = 100))]
    pub page_views_max: u32,
    /// Shortest visit, 0.1 to 120 minutes. In the believable model of an engaged visit, and 0.1 unless set.
    #[schemars(
        title = "Shortest visit",
        extend("x-env" = "VISIT_DURATION_MIN", "x-unit" = "min")
    )]
    #[validate(range(min = 0.1, max = 120.0))]
    pub visit_duration_min: f64,
    /// Longest visit, 0.1 to 120 minutes. In the believable model 120 unless set.
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
    /// and social networks. In the believable model `channels` says where visits come from; this wins over its direct
    /// entries when it alone is set.
    #[schemars(
        title = "Direct entries",
        extend("x-env" = "DIRECT_TRAFFIC_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub direct: f64,
    /// Share of visits that leave after one page, 0 to 1. Matomo counts a visit of one action as a bounce. Channels,
    /// devices and people who were there before differ; this is the share of all visits.
    #[schemars(
        title = "Bounces",
        extend("x-env" = "BOUNCE_RATE", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub bounce: f64,
    /// Mean number of page views of a visit that does not bounce, 2 to 100: most see few pages, some very many. Unless
    /// set it fits the fewest and most page views.
    #[schemars(
        title = "Depth",
        extend("x-env" = "VISIT_DEPTH", "x-unit" = "pages")
    )]
    #[validate(range(min = 2.0, max = 100.0))]
    pub depth: f64,
    /// Mean time on a page, 1 to 600 seconds: half of all pages are left in less than half of it.
    #[schemars(
        title = "Time on a page",
        extend("x-env" = "DWELL_SECONDS", "x-unit" = "s")
    )]
    #[validate(range(min = 1.0, max = 600.0))]
    pub dwell_seconds: f64,
    /// How much the popular pages stand out, above 0 and up to 3: the exponent of Zipf's law.
    #[schemars(
        title = "Popularity of pages",
        extend("x-env" = "PAGE_ZIPF", "x-advanced" = true, "exclusiveMinimum" = 0)
    )]
    #[validate(range(exclusive_min = 0.0, max = 3.0))]
    pub zipf: f64,
    /// The same for the pages that visits enter on, which differ more, above 0 and up to 3.
    #[schemars(
        title = "Popularity of entry pages",
        extend("x-env" = "ENTRY_ZIPF", "x-advanced" = true, "exclusiveMinimum" = 0)
    )]
    #[validate(range(exclusive_min = 0.0, max = 3.0))]
    pub entry_zipf: f64,
    /// Share of visits that see tracked contents such as banners and teasers, 0 to 1. Some are clicked.
    #[schemars(
        title = "Contents",
        extend("x-env" = "CONTENTS_PROBABILITY", "x-widget" = "probability", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub contents: f64,
    /// Sends a ping when a page is left after this many seconds or more, as Matomo's heart beat timer does, 5 to 600;
    /// 0 = off. Off, a ping ends each visit of several pages, so that the time on the last page counts.
    #[schemars(
        title = "Heart beat",
        extend("x-env" = "HEARTBEAT_SECONDS", "x-unit" = "s", "x-advanced" = true, "x-off" = 0)
    )]
    #[validate(range(min = 0, max = 600))]
    pub heartbeat_seconds: u32,
    /// Whether page views tell how long connecting, waiting, transfer and drawing took, as browsers do; the times go
    /// by device and part of the world.
    #[schemars(
        title = "Page timings",
        extend("x-env" = "PAGE_TIMINGS", "x-advanced" = true)
    )]
    pub page_timings: bool,
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
            bounce: 0.47,
            depth: 4.0,
            dwell_seconds: 55.0,
            zipf: 1.05,
            entry_zipf: 1.2,
            contents: 0.1,
            heartbeat_seconds: 0,
            page_timings: true,
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
