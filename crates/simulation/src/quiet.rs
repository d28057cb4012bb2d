//! Quiet hours on the time line: when no visit begins.
//!
//! For: what the clocks of the run's time zone show at a moment, and whether that is quiet. Not for: reading or
//! checking the setting. Invariant: a moment is quiet exactly when the clock on the wall shows a quiet time, so on
//! the days on which clocks change an hour that is shown twice is quiet twice, and one that is left out never.

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use config::{LoadPlan, QuietHours};

const MINUTE_MS: i64 = 60_000;

/// Minutes after which the search for the end of quiet hours is given up. The setting leaves at least a minute of each
/// day, which a change of clocks can leave out on one day, but not on two in a row.
const MAX_MINUTES: i64 = 3 * 1_440;

/// See the module's description.
#[derive(Debug, Clone)]
pub(crate) struct Quiet {
    hours: QuietHours,
    zone: Tz,
}

impl Quiet {
    /// `None` when the plan has no quiet hours.
    pub(crate) fn of(load: &LoadPlan) -> Option<Self> {
        (!load.quiet_hours.is_empty()).then(|| Self {
            hours: load.quiet_hours.clone(),
            zone: load.time_zone,
        })
    }

    /// Whether the moment, in milliseconds since the Unix epoch, is quiet. Zones differ from UTC by whole minutes, so
    /// all moments of a minute agree.
    pub(crate) fn covers(&self, at_ms: i64) -> bool {
        DateTime::from_timestamp_millis(at_ms).is_some_and(|at| {
            let local = at.with_timezone(&self.zone);
            let minute = local.hour() * 60 + local.minute();
            u16::try_from(minute).is_ok_and(|minute| self.hours.covers(minute))
        })
    }

    /// The first moment after `at_ms` that is not quiet; `None` when `at_ms` is not.
    pub(crate) fn ends_after(&self, at_ms: i64) -> Option<i64> {
        if !self.covers(at_ms) {
            return None;
        }
        let minute = at_ms.div_euclid(MINUTE_MS);
        (minute + 1..=minute + MAX_MINUTES)
            .map(|minute| minute * MINUTE_MS)
            .find(|at_ms| !self.covers(*at_ms))
    }
}
