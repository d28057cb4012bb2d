//! The visits of past days.
//!
//! Invariants: a day's visits are the same whichever days are around it, as long as no cap for a day scales them; an
//! early end leaves the earliest; ordinals are the running sum over the days.

use std::sync::Arc;

use chrono::{DateTime, Days as CalendarDays};
use config::{BackfillPlan, LoadPlan};

use super::Days;
use super::rates::number;
use super::walk::Walk;
use crate::arrivals::Arrival;
use crate::backfill_day::{BEFORE_ORIGIN_MS, BackfillDay, starts_at};

/// The days of a backfill.
#[derive(Debug, Clone)]
pub(crate) struct PastDays(Arc<[BackfillDay]>);

impl PastDays {
    pub(crate) fn new(
        days: &Arc<Days>,
        origin_ms: i64,
        load: &LoadPlan,
        plan: &BackfillPlan,
    ) -> Self {
        let origin = DateTime::from_timestamp_millis(origin_ms).unwrap_or_default();
        let today = origin.with_timezone(&load.time_zone).date_naive();
        let (first, last) = plan.window.dates(today);
        let mut left = plan.max_visits_total.unwrap_or(u64::MAX);
        let mut first_ordinal = 0;
        let day = |day: chrono::NaiveDate| {
            let start_ms = starts_at(load.time_zone, day);
            let midnight = starts_at(load.time_zone, day + CalendarDays::new(1));
            let end_ms = midnight.min(origin_ms - BEFORE_ORIGIN_MS).max(start_ms);
            let begun = match end_ms < midnight {
                true => Walk::new(Arc::clone(days), number(day)).pass_until(end_ms),
                false => days.day(number(day)).visits(),
            };
            let visits = begun.min(left);
            left -= visits;
            let found = BackfillDay {
                day,
                start_ms,
                end_ms,
                first_ordinal,
                visits,
            };
            first_ordinal += visits;
            found
        };
        let window = first.iter_days().take_while(|day| *day <= last.min(today));
        Self(window.map(day).collect())
    }

    pub(crate) fn days(&self) -> &[BackfillDay] {
        &self.0
    }

    /// All visits.
    pub(crate) fn visits(&self) -> u64 {
        self.0
            .last()
            .map_or(0, |day| day.first_ordinal + day.visits)
    }
}

/// The visits of a backfill, ascending.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    days: Arc<Days>,
    past: PastDays,
    next_ordinal: u64,
    /// Index of the day that `walk` is in.
    day: usize,
    walk: Option<Walk>,
}

impl Past {
    pub(crate) fn new(days: &Arc<Days>, past: &PastDays) -> Self {
        let mut arrivals = Self {
            days: Arc::clone(days),
            past: past.clone(),
            next_ordinal: 0,
            day: 0,
            walk: None,
        };
        arrivals.open_day(0);
        arrivals
    }

    /// Jumps to the visit of this ordinal, forward or back.
    pub(crate) fn seek(&mut self, ordinal: u64) {
        let days = &self.past.0;
        let day = days.partition_point(|day| day.first_ordinal + day.visits <= ordinal);
        self.open_day(day);
        let Some(first) = self.past.0.get(day).map(|day| day.first_ordinal) else {
            self.next_ordinal = self.past.visits();
            return;
        };
        if let Some(walk) = &mut self.walk {
            walk.pass(ordinal.saturating_sub(first));
        }
        self.next_ordinal = ordinal.max(first);
    }

    /// Jumps to the first visit at or after `at_ms`. Never goes back.
    pub(crate) fn skip_to(&mut self, at_ms: i64) {
        let days = &self.past.0;
        let day = days.partition_point(|day| day.end_ms <= at_ms);
        match days.get(day).copied() {
            None => self.seek(self.past.visits().max(self.next_ordinal)),
            Some(found) => {
                if self.next_ordinal < found.first_ordinal || self.day < day {
                    self.seek(found.first_ordinal.max(self.next_ordinal));
                }
                if self.day == day
                    && let Some(walk) = &mut self.walk
                {
                    let end = found.first_ordinal + found.visits;
                    self.next_ordinal = (self.next_ordinal + walk.pass_until(at_ms)).min(end);
                }
            }
        }
    }

    fn open_day(&mut self, day: usize) {
        self.day = day;
        let found = self.past.0.get(day).filter(|day| 0 < day.visits);
        self.walk = found.map(|found| Walk::new(Arc::clone(&self.days), number(found.day)));
    }
}

impl Iterator for Past {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        loop {
            let day = *self.past.0.get(self.day)?;
            if day.first_ordinal + day.visits <= self.next_ordinal {
                self.open_day(self.day + 1);
                continue;
            }
            let (at_ms, slot) = self.walk.as_mut()?.next();
            let ordinal = self.next_ordinal;
            self.next_ordinal += 1;
            return Some(Arrival {
                ordinal,
                at_ms,
                after_cap: None,
                ends_ms: Some(day.end_ms),
                slot: Some(slot),
            });
        }
    }
}
