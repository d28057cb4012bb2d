//! How visits rise and fall: part of the run plan.

use chrono::NaiveDate;

/// How visits rise and fall.
#[derive(Clone, Debug, PartialEq)]
pub struct RhythmPlan {
    /// Rates of the hours of a day on the visitors' clocks, 0 or more, not all 0; only proportions count.
    pub hours: [f64; 24],
    /// Rates of the days of a week, Monday first, 0 or more, not all 0; only proportions count.
    pub weekdays: [f64; 7],
    /// Growth in a year, as a share: above -1.
    pub growth: f64,
    /// Standard deviation of the days' rates that is due to chance, 0 to 0.5.
    pub day_noise: f64,
    /// Days with a rate of their own, on the visitors' calendars.
    pub holidays: Vec<NaiveDate>,
    /// The rate of a holiday, as a multiple.
    pub holiday_factor: f64,
    /// Moments at which many visits come at once.
    pub spikes: Vec<SpikePlan>,
}

/// Many visits at once, and then fewer and fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikePlan {
    /// When it begins, in milliseconds since the Unix epoch.
    pub start_ms: i64,
    /// The rate at its height as a multiple of the ordinary one, at least 1.
    pub factor: f64,
    /// After how many milliseconds half of what came on top is left, above 0.
    pub half_life_ms: i64,
    /// Address of the page on which these visits begin.
    pub landing: Option<String>,
    /// Name of the campaign that these visits come from.
    pub campaign: Option<String>,
}
