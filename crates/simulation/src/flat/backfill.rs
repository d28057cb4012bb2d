//! The visits of past days: exactly so many on each day, whatever its length.
//!
//! For: which days a backfill has, how many visits each, and when they begin. Not for: what a visit does. Invariants:
//! a day's draws come from streams of its own, so a day is the same whichever days are around it, and any visit can
//! be made alone; ordinals are the running sum over the days; nothing begins or is dated at or after the origin's
//! last minute; nothing crosses the midnight that ends its day.

use std::sync::Arc;

use chrono::{DateTime, Days};
use config::{BackfillPlan, LoadPlan};
use rand_distr::Binomial;

use crate::arrivals::Arrival;
use crate::backfill_day::{BEFORE_ORIGIN_MS, BackfillDay, starts_at};
use crate::quiet::Quiet;
use crate::streams::{Purpose, Streams};

const MINUTE_MS: i64 = 60_000;

/// All days of a backfill. Cloning copies a reference and the streams' key.
#[derive(Debug, Clone)]
pub(crate) struct Backfill {
    streams: Streams,
    quiet: Option<Quiet>,
    /// Visits drawn for a whole day; an early end or a cap leaves the earliest of them.
    drawn: u64,
    days: Arc<[BackfillDay]>,
    /// Ends of whole days, also of the one that the origin cuts.
    midnights: Arc<[i64]>,
}

impl Backfill {
    pub(crate) fn new(
        streams: Streams,
        origin_ms: i64,
        load: &LoadPlan,
        plan: &BackfillPlan,
    ) -> Self {
        let mut backfill = Self {
            streams,
            quiet: Quiet::of(load),
            drawn: plan.visits_per_day.into(),
            days: Arc::default(),
            midnights: Arc::default(),
        };
        let origin = DateTime::from_timestamp_millis(origin_ms).unwrap_or_default();
        let today = origin.with_timezone(&load.time_zone).date_naive();
        let (first, last) = plan.window.dates(today);
        let mut left = plan.max_visits_total.unwrap_or(u64::MAX);
        let (mut days, mut midnights, mut first_ordinal) = (Vec::new(), Vec::new(), 0);
        for day in first.iter_days().take_while(|day| *day <= last.min(today)) {
            let start_ms = starts_at(load.time_zone, day);
            let midnight = starts_at(load.time_zone, day + Days::new(1));
            let end_ms = midnight.min(origin_ms - BEFORE_ORIGIN_MS).max(start_ms);
            let begun = match end_ms < midnight {
                true => backfill.begun_before(end_ms, start_ms, midnight),
                false if backfill.minutes(start_ms, midnight).next().is_none() => 0,
                false => backfill.drawn,
            };
            let visits = begun.min(left);
            left -= visits;
            days.push(BackfillDay {
                day,
                start_ms,
                end_ms,
                first_ordinal,
                visits,
            });
            midnights.push(midnight);
            first_ordinal += visits;
        }
        (backfill.days, backfill.midnights) = (days.into(), midnights.into());
        backfill
    }

    pub(crate) fn days(&self) -> &[BackfillDay] {
        &self.days
    }

    /// All visits.
    pub(crate) fn visits(&self) -> u64 {
        self.days
            .last()
            .map_or(0, |day| day.first_ordinal + day.visits)
    }

    /// Minutes of a day in which visits may begin, by their first moments.
    fn minutes(&self, start_ms: i64, midnight: i64) -> impl Iterator<Item = i64> {
        (start_ms..midnight)
            .step_by(MINUTE_MS as usize)
            .filter(|at_ms| {
                self.quiet
                    .as_ref()
                    .is_none_or(|quiet| !quiet.covers(*at_ms))
            })
    }

    /// How many of a whole day's visits begin in each of its minutes: evenly spread, and exactly as many as drawn.
    fn counts(&self, start_ms: i64, midnight: i64) -> Vec<(i64, u64)> {
        let minutes: Vec<i64> = self.minutes(start_ms, midnight).collect();
        let mut stream = self
            .streams
            .stream(index_of(start_ms), Purpose::BackfillDay);
        let mut left = self.drawn;
        let mut counts = Vec::with_capacity(minutes.len());
        for (nth, at_ms) in minutes.iter().enumerate() {
            let share = 1.0 / (minutes.len() - nth) as f64;
            let count = match Binomial::new(left, share) {
                // The last minute takes the rest without a draw.
                Ok(binomial) if nth + 1 < minutes.len() => stream.sample(binomial).min(left),
                _ => left,
            };
            left -= count;
            counts.push((*at_ms, count));
        }
        counts
    }

    /// The moments of a minute, ascending.
    fn moments(&self, minute_ms: i64, count: u64) -> Vec<i64> {
        let mut stream = self
            .streams
            .stream(index_of(minute_ms), Purpose::BackfillMinute);
        let mut moment = || minute_ms + stream.between(0, MINUTE_MS as u64 - 1) as i64;
        let mut moments: Vec<i64> = (0..count).map(|_| moment()).collect();
        moments.sort_unstable();
        moments
    }

    fn begun_before(&self, end_ms: i64, start_ms: i64, midnight: i64) -> u64 {
        let counts = self.counts(start_ms, midnight);
        let begun = counts.into_iter().map(|(at_ms, count)| {
            if at_ms + MINUTE_MS <= end_ms {
                return count;
            }
            if end_ms <= at_ms {
                return 0;
            }
            let moments = self.moments(at_ms, count);
            moments.iter().filter(|moment| **moment < end_ms).count() as u64
        });
        begun.sum()
    }
}

/// The visits of a backfill, ascending.
#[derive(Debug, Clone)]
pub(crate) struct PastArrivals {
    backfill: Backfill,
    next_ordinal: u64,
    /// Index of the day that `minutes` belong to, and the day's end.
    day: usize,
    /// What is left of the day's minutes, latest first.
    minutes: Vec<(i64, u64)>,
    /// What is left of the newest minute, latest first.
    moments: Vec<i64>,
}

impl PastArrivals {
    pub(crate) fn new(backfill: Backfill) -> Self {
        let mut arrivals = Self {
            backfill,
            next_ordinal: 0,
            day: 0,
            minutes: Vec::new(),
            moments: Vec::new(),
        };
        arrivals.open_day(0);
        arrivals
    }

    /// Jumps to the visit of this ordinal, forward or back.
    pub(crate) fn seek(&mut self, ordinal: u64) {
        let days = &self.backfill.days;
        let day = days.partition_point(|day| day.first_ordinal + day.visits <= ordinal);
        self.open_day(day);
        let Some(first) = self.backfill.days.get(day).map(|day| day.first_ordinal) else {
            self.next_ordinal = self.backfill.visits();
            return;
        };
        self.next_ordinal = first;
        while let Some((_, count)) = self.minutes.last()
            && self.next_ordinal + count <= ordinal
        {
            self.next_ordinal += count;
            self.minutes.pop();
        }
        while self.next_ordinal < ordinal && self.next().is_some() {}
    }

    /// Jumps to the first visit at or after `at_ms`. Never goes back.
    pub(crate) fn skip_to(&mut self, at_ms: i64) {
        let days = &self.backfill.days;
        let day = days.partition_point(|day| day.end_ms <= at_ms);
        if let Some(found) = days.get(day)
            && self.next_ordinal < found.first_ordinal
        {
            self.seek(found.first_ordinal);
        }
        while let Some(arrival) = self.next() {
            if at_ms <= arrival.at_ms {
                // Back to where it was taken from.
                self.moments.push(arrival.at_ms);
                self.next_ordinal = arrival.ordinal;
                return;
            }
        }
    }

    fn open_day(&mut self, day: usize) {
        self.day = day;
        self.moments.clear();
        self.minutes.clear();
        let midnight = self.backfill.midnights.get(day);
        if let (Some(found), Some(midnight)) = (self.backfill.days.get(day), midnight)
            && 0 < found.visits
        {
            self.minutes = self.backfill.counts(found.start_ms, *midnight);
            self.minutes.reverse();
        }
    }
}

impl Iterator for PastArrivals {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        loop {
            let day = *self.backfill.days.get(self.day)?;
            if day.first_ordinal + day.visits <= self.next_ordinal {
                self.open_day(self.day + 1);
            } else if let Some(at_ms) = self.moments.pop() {
                let ordinal = self.next_ordinal;
                self.next_ordinal += 1;
                return Some(Arrival {
                    ordinal,
                    at_ms,
                    after_cap: None,
                    ends_ms: Some(day.end_ms),
                    slot: None,
                });
            } else {
                let (at_ms, count) = self.minutes.pop()?;
                self.moments = self.backfill.moments(at_ms, count);
                self.moments.reverse();
            }
        }
    }
}

/// A number of its own for each minute since the epoch, and before it none that could be taken for another.
fn index_of(at_ms: i64) -> u64 {
    u64::try_from(at_ms.div_euclid(MINUTE_MS)).unwrap_or(0)
}
