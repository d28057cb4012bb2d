//! Which day a hit counts to, in the run's time zone.
//!
//! Invariant: the day is the one on which Matomo is to book the hit, as people in that zone write it.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use simulation::TimedHit;

/// Says to which day of the run's time zone a hit counts: the day that Matomo is to book.
#[derive(Debug, Clone)]
pub struct Days {
    zone: Tz,
    /// Shared by all copies.
    wall_minus_plan_ms: Arc<AtomicI64>,
    /// The quarter of an hour that was asked for last, and its day. Days begin and offsets change at quarters.
    last: Cell<Option<(i64, NaiveDate)>>,
}

/// Time zones differ from UTC by multiples of this, in milliseconds.
const QUARTER_MS: i64 = 15 * 60 * 1_000;

impl Days {
    /// Days of `zone`. The shift is added where Matomo books the moment of sending.
    #[must_use]
    pub fn new(zone: Tz, wall_minus_plan_ms: i64) -> Self {
        Self {
            zone,
            wall_minus_plan_ms: Arc::new(AtomicI64::new(wall_minus_plan_ms)),
            last: Cell::new(None),
        }
    }

    /// Changes the shift, for all copies. Only before any hit was asked for: a hit has one day.
    pub fn shift(&self, wall_minus_plan_ms: i64) {
        self.wall_minus_plan_ms
            .store(wall_minus_plan_ms, Ordering::Relaxed);
    }

    /// The day of a hit.
    #[must_use]
    pub fn of(&self, hit: &TimedHit) -> NaiveDate {
        let at_ms = match hit.cdt_s {
            Some(_) => hit.time_ms,
            None => hit.time_ms + self.wall_minus_plan_ms.load(Ordering::Relaxed),
        };
        self.at(at_ms)
    }

    /// The day of a moment on the wall clock.
    #[must_use]
    pub fn at(&self, wall_ms: i64) -> NaiveDate {
        let quarter = wall_ms.div_euclid(QUARTER_MS);
        match self.last.get() {
            Some((known, day)) if known == quarter => day,
            _ => {
                let day = DateTime::from_timestamp_millis(wall_ms)
                    .unwrap_or_default()
                    .with_timezone(&self.zone)
                    .date_naive();
                self.last.set(Some((quarter, day)));
                day
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_runs_time_zone() {
        for (zone, midnight) in [
            ("Europe/Stockholm", "2026-03-28T23:00:00Z"),
            ("Asia/Kathmandu", "2026-03-28T18:15:00Z"),
            ("America/St_Johns", "2026-03-29T02:30:00Z"),
        ] {
            let days = Days::new(zone.parse().unwrap(), 0);
            let midnight: DateTime<chrono::Utc> = midnight.parse().unwrap();
            let at = |shift| days.at(midnight.timestamp_millis() + shift).to_string();
            assert_eq!(
                (at(-1), at(0)),
                ("2026-03-28".into(), "2026-03-29".into()),
                "{zone}"
            );
        }
    }
}
