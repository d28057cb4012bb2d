//! How much, how fast, and when to stop.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// How much, how fast, and when to stop.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Load")]
pub struct Load {
    /// Visits started in each 24 hours, 1 to 100,000,000 (the Python original ended at 1,000,000).
    /// 86,400 is one visit a second. Above 500,000 you are warned.
    #[schemars(
        title = "Visits per day",
        extend("x-env" = "TARGET_VISITS_PER_DAY", "x-unit" = "visits/day")
    )]
    #[validate(range(min = 1, max = 100_000_000))]
    pub visits_per_day: u32,
    /// Time zone in which days are cut, by its IANA name, such as `Europe/Stockholm`. Times sent to
    /// Matomo are in UTC.
    #[schemars(
        title = "Time zone",
        extend("x-env" = "TIMEZONE", "x-widget" = "time-zone")
    )]
    pub time_zone: String,
    /// Times of the day in which no visit starts, in the time zone above: ranges such as `22:00-06:00`, up to 24 with
    /// commas between them. The rest of the day keeps its rate, so a day has fewer visits. Trials do
    /// not keep to it.
    #[schemars(
        title = "Quiet hours",
        example = "22:00-06:00, 12:00-13:00",
        extend("x-env" = "BLACKOUT_HOURS", "x-widget" = "quiet-hours", "x-advanced" = true)
    )]
    pub quiet_hours: String,
    /// How the visits of a day rise and fall by the visitors' own clocks.
    #[schemars(title = "Day curve", extend("x-env" = "LOAD_CURVE", "x-group" = "Rise and fall"))]
    pub curve: DayCurve,
    /// The day curve `hours`: 24 numbers, midnight to 1 am first, each 0 or more; only their proportions count.
    #[schemars(
        title = "Hours of the day",
        inner(range(min = 0.0, max = 1_000_000.0)),
        extend("x-env" = "LOAD_CURVE_HOURS", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(length(max = 24))]
    pub curve_hours: Vec<f64>,
    /// Visits of the days of a week, Monday first: seven numbers, each 0 or more; only their proportions count.
    #[schemars(
        title = "Days of the week",
        inner(range(min = 0.0, max = 1_000_000.0)),
        extend("x-env" = "LOAD_WEEKDAYS", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(length(max = 7))]
    pub weekdays: Vec<f64>,
    /// How much more visits a day come after a year, -90 to 1,000 percent. The visits per day are those of the day on
    /// which the run begins; days before it have accordingly fewer.
    #[schemars(
        title = "Growth",
        extend("x-env" = "LOAD_GROWTH_PERCENT", "x-unit" = "%", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(range(min = -90.0, max = 1000.0))]
    pub growth_percent: f64,
    /// How much days differ by chance beside all that, as the standard deviation of a day's rate, 0 to 0.5.
    #[schemars(
        title = "Difference between days",
        extend("x-env" = "LOAD_DAY_NOISE", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 0.5))]
    pub day_noise: f64,
    /// Days on which fewer (or more) visits come, YYYY-MM-DD.
    #[schemars(
        title = "Holidays",
        extend("x-env" = "LOAD_HOLIDAYS", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(length(max = 400))]
    pub holidays: Vec<NaiveDate>,
    /// Visits of a holiday as a multiple of an ordinary day's, 0 to 10.
    #[schemars(
        title = "Visits on a holiday",
        extend("x-env" = "LOAD_HOLIDAY_FACTOR", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 10.0))]
    pub holiday_factor: f64,
    /// Moments at which many visits come at once and then fewer and fewer: a newsletter, an item in the news. In the
    /// environment as JSON.
    #[schemars(
        title = "Spikes",
        extend("x-env" = "LOAD_SPIKES", "x-group" = "Rise and fall", "x-advanced" = true)
    )]
    #[validate(length(max = 50), nested)]
    pub spikes: Vec<Spike>,
    /// How the hits of a visit are spread over real time. `auto` is `live`, unless a document, the
    /// environment or an option gives one of the two pauses: then it is `compressed`, as in the
    /// Python original. The pauses of a preset do not count, and its pacing gives way to a pause.
    #[schemars(
        title = "Pacing",
        extend("x-env" = "PACING")
    )]
    pub pacing: PacingMode,
    /// Shortest real pause between two hits of a visit in compressed pacing, 0.1 to 60 seconds.
    #[schemars(
        title = "Shortest pause",
        extend("x-env" = "PAUSE_BETWEEN_PVS_MIN", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 0.1, max = 60.0))]
    pub pause_min: f64,
    /// Longest real pause between two hits of a visit in compressed pacing, 0.1 to 60 seconds.
    #[schemars(
        title = "Longest pause",
        extend("x-env" = "PAUSE_BETWEEN_PVS_MAX", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 0.1, max = 60.0))]
    pub pause_max: f64,
    /// Requests in flight at the same time, 1 to 500. Above 200 you are warned.
    #[schemars(
        title = "Concurrency",
        extend("x-env" = "CONCURRENCY", "x-unit" = "requests")
    )]
    #[validate(range(min = 1, max = 500))]
    pub concurrency: u16,
    /// Loaders that share the run, 1 to 16. Rates and requests in flight are divided among them.
    #[schemars(
        title = "Loaders",
        extend("x-env" = "LOADERS", "x-unit" = "loaders", "x-advanced" = true)
    )]
    #[validate(range(min = 1, max = 16))]
    pub loaders: u16,
    /// Ends the run after this many hours, 0 to 168; 0 is off, as it was by default in the Python
    /// original. Here a run ends after an hour unless told otherwise, and a backfill with its last day.
    #[schemars(
        title = "Stop after hours",
        extend("x-env" = "AUTO_STOP_AFTER_HOURS", "x-unit" = "h", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0.0, max = 168.0))]
    pub stop_after_hours: f64,
    /// Ends the run after this many visits, 0 to 1,000,000,000,000; 0 is off.
    #[schemars(
        title = "Stop after visits",
        extend("x-env" = "STOP_AFTER_VISITS", "x-unit" = "visits", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0, max = 1_000_000_000_000_u64))]
    pub stop_after_visits: u64,
    /// Hit budget: ends the run before it would send one hit more than this, 0 to 1,000,000,000,000; 0 is off.
    /// A hit that is sent a second time counts twice.
    #[schemars(
        title = "Stop after hits",
        extend("x-env" = "STOP_AFTER_HITS", "x-unit" = "hits", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0, max = 1_000_000_000_000_u64))]
    pub stop_after_hits: u64,
    /// Most visits in each 24-hour window from the start of the run, 0 to 10,000,000: the run pauses
    /// at the cap and goes on with the next window. 0 is off.
    #[schemars(
        title = "Visits per 24-hour window",
        extend("x-env" = "MAX_TOTAL_VISITS", "x-unit" = "visits", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0, max = 10_000_000))]
    pub max_visits_per_window: u64,
    /// Guard: stops the run when more than this share of the hits fails for the length of the guard
    /// window, 0 to 100 percent; 0 is off.
    #[schemars(
        title = "Stop at error rate",
        extend("x-env" = "STOP_AT_ERROR_PERCENT", "x-unit" = "%", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0.0, max = 100.0))]
    pub stop_at_error_percent: f64,
    /// Guard: stops the run when the 95th percentile of the latency stays above this for the length of
    /// the guard window, 0 to 3,600 seconds; 0 is off.
    #[schemars(
        title = "Stop at latency (p95)",
        extend("x-env" = "STOP_AT_P95_SECONDS", "x-unit" = "s", "x-group" = "Stop rules",
               "x-off" = 0)
    )]
    #[validate(range(min = 0.0, max = 3600.0))]
    pub stop_at_p95_seconds: f64,
    /// For how long a guard's limit must be exceeded before it stops the run, 1 to 3,600 seconds.
    #[schemars(
        title = "Guard window",
        extend("x-env" = "STOP_GUARD_SECONDS", "x-unit" = "s", "x-group" = "Stop rules",
               "x-advanced" = true)
    )]
    #[validate(range(min = 1, max = 3600))]
    pub guard_window_seconds: u32,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            visits_per_day: 20_000,
            time_zone: "CET".to_owned(),
            quiet_hours: String::new(),
            curve: DayCurve::TwoHumps,
            curve_hours: Vec::new(),
            weekdays: vec![1.04, 1.05, 1.03, 1.02, 0.97, 0.91, 0.98],
            growth_percent: 10.0,
            day_noise: 0.1,
            holidays: Vec::new(),
            holiday_factor: 0.6,
            spikes: Vec::new(),
            pacing: PacingMode::Auto,
            pause_min: 0.5,
            pause_max: 2.0,
            concurrency: 50,
            loaders: 1,
            stop_after_hours: 1.0,
            stop_after_visits: 0,
            stop_after_hits: 0,
            max_visits_per_window: 0,
            stop_at_error_percent: 5.0,
            stop_at_p95_seconds: 5.0,
            guard_window_seconds: 60,
        }
    }
}

/// How the hits of a visit are spread over real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PacingMode {
    /// Live, or compressed when somebody gives a pause.
    Auto,
    /// Each hit at its own moment, as real visitors cause them.
    Live,
    /// Short pauses between the hits of a visit, whose own times are back-dated.
    Compressed,
}

/// How the visits of a day rise and fall by the visitors' own clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayCurve {
    /// One broad hump of a working day, about 9 am to 5 pm.
    Day,
    /// Two humps, late in the morning and in the evening.
    TwoHumps,
    /// Rising until the evening.
    Evening,
    /// The same at all hours.
    Flat,
    /// The hours below.
    Hours,
}

/// Many visits at once, and then fewer and fewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Spike {
    /// When it begins, in the run's time zone: YYYY-MM-DDTHH:MM.
    #[schemars(title = "Start")]
    pub start: String,
    /// The rate at its height as a multiple of the ordinary one, 1 to 100.
    #[schemars(title = "Factor")]
    #[validate(range(min = 1.0, max = 100.0))]
    pub factor: f64,
    /// After how many hours half of what came on top is left, 0.1 to 168.
    #[schemars(title = "Half-life", extend("x-unit" = "h"))]
    #[validate(range(min = 0.1, max = 168.0))]
    pub half_life_hours: f64,
    /// Address of the page on which these visits begin.
    #[schemars(title = "Landing page")]
    #[validate(length(max = 2_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<String>,
    /// Name of the campaign that these visits come from.
    #[schemars(title = "Campaign")]
    #[validate(length(max = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
}
