//! Replaying past days instead of sending in real time.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Replaying past days instead of sending in real time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Backfill")]
pub struct Backfill {
    /// Replay past days, one after the other, as fast as allowed, instead of sending in real time. Days before today
    /// need the target's token.
    #[schemars(title = "Backfill", extend("x-env" = "BACKFILL_ENABLED"))]
    pub enabled: bool,
    /// First day, YYYY-MM-DD; together with the last day, and not with days back.
    #[schemars(
        title = "First day",
        extend("x-env" = "BACKFILL_START_DATE", "x-widget" = "date")
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// Last day, YYYY-MM-DD, today at the latest. First to last day may span 180 days; above 90 you
    /// are warned.
    #[schemars(title = "Last day", extend("x-env" = "BACKFILL_END_DATE", "x-widget" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<NaiveDate>,
    /// How many days ago the window begins, 1 to 365; together with the duration.
    #[schemars(
        title = "Days back",
        extend("x-env" = "BACKFILL_DAYS_BACK", "x-unit" = "days")
    )]
    #[validate(range(min = 1, max = 365))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_back: Option<u32>,
    /// How many days the window is long, 1 to 365; together with days back.
    #[schemars(
        title = "Duration",
        extend("x-env" = "BACKFILL_DURATION_DAYS", "x-unit" = "days")
    )]
    #[validate(range(min = 1, max = 365))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_days: Option<u32>,
    /// Most visits of one day, 0 to 10,000; 0 stands for the visits per day of the load. Above 8,000
    /// you are warned.
    #[schemars(
        title = "Visits per day, at most",
        extend("x-env" = "BACKFILL_MAX_VISITS_PER_DAY", "x-unit" = "visits/day")
    )]
    #[validate(range(min = 0, max = 10_000))]
    pub max_visits_per_day: u32,
    /// Most visits of the whole backfill, 0 to 10,000,000 and not below the cap for a day; 0 is off.
    #[schemars(
        title = "Visits in all, at most",
        extend("x-env" = "BACKFILL_MAX_VISITS_TOTAL", "x-unit" = "visits", "x-off" = 0)
    )]
    #[validate(range(min = 0, max = 10_000_000))]
    pub max_visits_total: u32,
    /// Most requests a second, those sent again included, above 0 and up to 500; not set is unlimited. Above 100 you are warned.
    // schemars does not read `exclusive_min`, hence the keyword beside it.
    #[schemars(
        title = "Requests per second, at most",
        extend("x-env" = "BACKFILL_RPS_LIMIT", "x-unit" = "requests/s", "exclusiveMinimum" = 0)
    )]
    #[validate(range(exclusive_min = 0.0, max = 500.0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_second: Option<f64>,
    /// Most visits begun a second, above 0 and up to 10,000; not set is unlimited.
    #[schemars(
        title = "Visits per second, at most",
        extend("x-env" = "BACKFILL_VISITS_PER_SECOND", "x-unit" = "visits/s", "exclusiveMinimum" = 0)
    )]
    #[validate(range(exclusive_min = 0.0, max = 10_000.0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits_per_second: Option<f64>,
    /// Seed that makes the same backfill again, 0 to 2,147,483,647; not set is a new one each time. A seed of the
    /// audience counts before it.
    #[schemars(
        title = "Seed",
        extend("x-env" = "BACKFILL_SEED", "x-advanced" = true)
    )]
    #[validate(range(min = 0, max = 2_147_483_647))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// End after the backfill instead of going on in real time with the visits per day of the load.
    #[schemars(
        title = "Only backfill",
        extend("x-env" = "BACKFILL_RUN_ONCE", "x-advanced" = true)
    )]
    pub run_once: bool,
}

impl Default for Backfill {
    fn default() -> Self {
        Self {
            enabled: false,
            start_date: None,
            end_date: None,
            days_back: None,
            duration_days: None,
            max_visits_per_day: 2_000,
            max_visits_total: 200_000,
            requests_per_second: None,
            visits_per_second: None,
            seed: None,
            run_once: false,
        }
    }
}
