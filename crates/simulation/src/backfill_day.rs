//! Days of a backfill: where they begin and end.
//!
//! Not for: when the visits of a day begin, which each model decides. Invariant: nothing of a day is dated at or after
//! the midnight that ends it, nor at or after the origin's last minute.

use chrono::{MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// Everything of a backfill has happened so long before the origin, at least: Matomo books what it takes for the
/// future at the moment of sending.
pub(crate) const BEFORE_ORIGIN_MS: i64 = 60_000;

/// Clocks change at quarters of an hour.
const QUARTERS_A_DAY: i64 = 96;

/// A day of a backfill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackfillDay {
    /// The day, in the run's time zone.
    pub day: NaiveDate,
    /// Its first moment, in milliseconds since the Unix epoch.
    pub start_ms: i64,
    /// What no hit of the day reaches: the midnight that ends it, or for the origin's own day a minute before the
    /// origin.
    pub end_ms: i64,
    /// The first visit's ordinal: the number of visits of all days before.
    pub first_ordinal: u64,
    /// Number of visits that begin on the day.
    pub visits: u64,
}

/// The first moment of a day. Where clocks jump over midnight, it is the end of the jump; where midnight comes twice,
/// the first one.
pub(crate) fn starts_at(zone: Tz, day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    let first = (0..=QUARTERS_A_DAY).find_map(|quarter| {
        let local = midnight + TimeDelta::minutes(15 * quarter);
        match zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at),
            MappedLocalTime::None => None,
        }
    });
    // There is no gap of more than a day.
    first.map_or(midnight.and_utc().timestamp_millis(), |at| {
        at.timestamp_millis()
    })
}
