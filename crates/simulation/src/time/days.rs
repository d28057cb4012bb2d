//! Days: how many visits begin in each of their cells.
//!
//! Invariant: a Poisson number from the day's own stream, shared out among the cells by their rates, which is the same
//! as a Poisson number for each cell.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use config::RunPlan;
use rand_distr::{Binomial, Poisson};

use super::rates::{DayRates, Level, Quarter, Rates, index_of, number};
use super::{DayNumber, WINDOWS};
use crate::streams::{Purpose, Streams};

/// Days that are kept once counted; more than that, and all are counted anew as they are needed.
const KEPT: usize = 1_000;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Of a day before the run so much of what is expected is taken to have come, less two standard deviations: the earlier
/// run had chances of its own, and nobody is to come back who was never there.
const SURELY: f64 = 0.75;

/// A day.
#[derive(Debug)]
pub(crate) struct Day {
    /// The midnight that ends it, in milliseconds since the Unix epoch.
    pub(crate) end_ms: i64,
    pub(crate) rates: DayRates,
    pub(crate) cells: [Cell; WINDOWS],
    /// Whether this day and the next have 24 hours.
    pub(crate) usual: bool,
}

/// Three hours of a day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    /// Visits that begin in it.
    pub(crate) visits: u64,
    /// The share of them that no spike brings, on the whole.
    pub(crate) ordinary: f64,
    /// What is drawn by arithmetic for this cell alone.
    pub(crate) key: u64,
}

impl Day {
    pub(crate) fn visits(&self) -> u64 {
        self.cells.iter().map(|cell| cell.visits).sum()
    }
}

/// All days of a run and those before it.
#[derive(Debug)]
pub(crate) struct Days {
    pub(crate) rates: Rates,
    streams: Streams,
    /// Visits of a usual day, live and in the past.
    per_day: (f64, f64),
    /// The run's first day.
    first: DayNumber,
    /// The origin's day, up to which the past reaches.
    today: DayNumber,
    /// Days between a backfill and the origin's day, on which nobody comes.
    gap: Range<DayNumber>,
    /// What of the origin's day belongs neither to the past nor to what follows.
    closed_ms: Range<i64>,
    /// Most visits of a past day, and what the busiest one would have without that.
    cap: Option<(u64, u64)>,
    /// The cell that the origin cuts, when the run begins there.
    cut: Option<(DayNumber, usize)>,
    known: RwLock<HashMap<DayNumber, Arc<Day>>>,
}

impl Days {
    pub(crate) fn new(plan: &RunPlan, rates: Rates, origin_ms: i64, streams: Streams) -> Self {
        let today = rates.day_of(origin_ms);
        let live = f64::from(plan.load.visits_per_day);
        let backfill = plan.backfill.as_ref();
        let past = match backfill {
            Some(backfill) if backfill.visits_per_day_max.is_none() => {
                backfill.visits_per_day.into()
            }
            _ => live,
        };
        let window = backfill.map(|backfill| {
            let (first, last) = backfill.window.dates(super::rates::date_of(today));
            (number(first).min(today), number(last).min(today))
        });
        // From the origin's minute on visits are live; the minute before it is the one that a backfill leaves out.
        let from_ms = origin_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
        let closed_ms = match window {
            Some((_, last)) if today <= last => from_ms - MINUTE_MS..from_ms,
            _ => i64::MIN..from_ms,
        };
        let mut days = Self {
            streams,
            closed_ms,
            per_day: (scaled_live(plan, live), past),
            first: window.map_or(today, |(first, _)| first),
            today,
            gap: window.map_or(0..0, |(_, last)| last + 1..today),
            cap: None,
            cut: None,
            known: RwLock::default(),
            rates,
        };
        match backfill.and_then(|backfill| backfill.visits_per_day_max) {
            Some(cap) => {
                let busiest = (days.first..=today).map(|day| days.count(day).visits());
                let busiest = busiest.max().unwrap_or(0);
                days.cap = (u64::from(cap) < busiest).then_some((cap.into(), busiest));
            }
            None if backfill.is_none() => {
                let day = days.day(today);
                let quarters = &day.rates.quarters;
                let at = quarters.partition_point(|quarter| quarter.start_ms <= origin_ms);
                days.cut = Some((today, quarters[at.max(1) - 1].window));
            }
            None => {}
        }
        days
    }

    pub(crate) fn first(&self) -> DayNumber {
        self.first
    }

    /// Whether the run begins in the midst of this cell, part of which another run may have filled.
    pub(crate) fn begins_in(&self, day: DayNumber, window: usize) -> bool {
        self.cut == Some((day, window))
    }

    /// A day, counted at most once in a while.
    pub(crate) fn day(&self, day: DayNumber) -> Arc<Day> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&day) {
            return Arc::clone(found);
        }
        drop(known);
        let made = Arc::new(self.count(day));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if KEPT <= known.len() {
            known.clear();
        }
        known.insert(day, Arc::clone(&made));
        made
    }

    fn count(&self, day: DayNumber) -> Day {
        let earlier = day < self.first;
        let level = Level {
            visits: match day <= self.today {
                true => self.per_day.1,
                false => self.per_day.0,
            },
            chance: !earlier,
            closed_ms: match day == self.today {
                true => self.closed_ms.clone(),
                false => 0..0,
            },
        };
        let rates = self.rates.of_day(day, &level);
        let counts = match earlier {
            _ if self.gap.contains(&day) => [0; WINDOWS],
            true => rates
                .means
                .map(|(mean, _)| (SURELY * mean - 2.0 * mean.sqrt()).max(0.0) as u64),
            false => self.draw(day, &rates),
        };
        let [start_ms, end_ms, next_ms] = [0, 1, 2].map(|after| self.rates.starts_ms(day + after));
        let mut keys = self.streams.stream(index_of(day), Purpose::CellKeys);
        let mut cells = [Cell::default(); WINDOWS];
        for ((cell, visits), (mean, ordinary)) in cells.iter_mut().zip(counts).zip(rates.means) {
            *cell = Cell {
                visits,
                ordinary: if mean > 0.0 { ordinary / mean } else { 1.0 },
                key: keys.bits(),
            };
        }
        let usual = end_ms - start_ms == DAY_MS && next_ms - end_ms == DAY_MS;
        Day {
            end_ms,
            rates,
            cells,
            usual,
        }
    }

    fn draw(&self, day: DayNumber, rates: &DayRates) -> [u64; WINDOWS] {
        let mut stream = self.streams.stream(index_of(day), Purpose::Day);
        let total: f64 = rates.means.iter().map(|(mean, _)| mean).sum();
        // A hundred million visits a day in a spike of a hundred stay far below 2^53.
        let drawn = Poisson::new(total).map_or(0, |poisson| stream.sample(poisson) as u64);
        let drawn = match self.cap {
            Some((cap, busiest)) if day <= self.today => {
                (u128::from(drawn) * u128::from(cap) / u128::from(busiest)) as u64
            }
            _ => drawn,
        };
        let mut counts = [0; WINDOWS];
        share_out(
            drawn,
            rates.means.iter().map(|(mean, _)| *mean),
            &mut stream,
            |nth, count| {
                counts[nth] = count;
            },
        );
        counts
    }

    /// How many visits of a cell begin in each of its quarters, in their order.
    pub(crate) fn quarters(
        &self,
        number: DayNumber,
        day: &Day,
        window: usize,
    ) -> Vec<(Quarter, u64)> {
        let visits = day.cells[window].visits;
        if visits == 0 {
            return Vec::new();
        }
        let index = index_of(number) * WINDOWS as u64 + window as u64;
        let mut stream = self.streams.stream(index, Purpose::CellQuarters);
        let of_window = |quarter: &&Quarter| quarter.window == window;
        let found: Vec<Quarter> = day
            .rates
            .quarters
            .iter()
            .filter(of_window)
            .copied()
            .collect();
        let mut counts = Vec::with_capacity(found.len());
        share_out(
            visits,
            found.iter().map(|quarter| quarter.mean),
            &mut stream,
            |nth, count| {
                counts.push((found[nth], count));
            },
        );
        counts
    }

    /// The moments of a quarter, ascending.
    pub(crate) fn moments(&self, quarter: &Quarter, count: u64) -> Vec<i64> {
        if count == 0 {
            return Vec::new();
        }
        let index = u64::try_from(quarter.start_ms.div_euclid(MINUTE_MS)).unwrap_or(0);
        let mut stream = self.streams.stream(index, Purpose::QuarterMoments);
        let open: Vec<i64> = (0..15)
            .filter(|minute| quarter.open & 1 << minute != 0)
            .collect();
        let last = (open.len() as i64 * MINUTE_MS - 1).max(0) as u64;
        let mut moment = || {
            let at = stream.between(0, last) as i64;
            let minute = open.get((at / MINUTE_MS) as usize).copied().unwrap_or(0);
            quarter.start_ms + minute * MINUTE_MS + at % MINUTE_MS
        };
        let mut moments: Vec<i64> = (0..count).map(|_| moment()).collect();
        moments.sort_unstable();
        moments
    }
}

/// A live run that stops at so many visits in 24 hours is scaled so far that the busiest day of a usual week meets it.
fn scaled_live(plan: &RunPlan, visits_per_day: f64) -> f64 {
    let Some(cap) = plan.load.stop.visits_per_window else {
        return visits_per_day;
    };
    let weekdays = super::curve::levelled(plan.load.rhythm.weekdays);
    let busiest = visits_per_day * weekdays.into_iter().fold(0.0, f64::max);
    visits_per_day * (cap as f64 / busiest).min(1.0)
}

/// Shares `count` out among things in proportion to `means`: exactly as many, by chance.
fn share_out(
    count: u64,
    means: impl Iterator<Item = f64> + Clone,
    stream: &mut crate::streams::Stream,
    mut take: impl FnMut(usize, u64),
) {
    let mut rest: f64 = means.clone().sum();
    // Where rounding leaves a rest, the last thing with a mean takes it.
    let last = means
        .clone()
        .enumerate()
        .filter(|(_, mean)| *mean > 0.0)
        .last();
    let last = last.map_or(0, |(nth, _)| nth);
    let mut left = count;
    for (nth, mean) in means.enumerate() {
        let share = if rest > 0.0 {
            (mean / rest).clamp(0.0, 1.0)
        } else {
            0.0
        };
        rest -= mean;
        let drawn = match Binomial::new(left, share) {
            _ if nth == last => left,
            Ok(binomial) if 0 < left && 0.0 < share => stream.sample(binomial).min(left),
            _ => 0,
        };
        left -= drawn;
        take(nth, drawn);
    }
}
