//! The rate of visits at each quarter of an hour.
//!
//! Rate = visits a day × the places' curves in their local time × weekday × holiday × growth × the day's chance ×
//! spikes. Invariant: over usual weeks without spikes and holidays the mean is the plan's visits a day.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{DateTime, Datelike, Days as CalendarDays, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;
use config::{LoadPlan, RhythmPlan};
use rand_distr::StandardNormal;

use super::curve::{QUARTERS, levelled, quarters};
use super::{DayNumber, WINDOWS};
use crate::backfill_day::starts_at;
use crate::quiet::Quiet;
use crate::streams::{Purpose, Streams};

const DAY_S: i64 = 86_400;
const DAY_MS: f64 = 86_400_000.0;
const MINUTE_MS: i64 = 60_000;
const QUARTER_MS: i64 = 15 * MINUTE_MS;

/// Growth and shrinking end at this part of the visits a day.
const LEAST_GROWTH: f64 = 0.05;

/// What is left of a spike after so many half-lives is not noticed.
const HALF_LIVES: i64 = 12;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Rates {
    zone: Tz,
    /// Shares of the visits, summing to 1, and their clocks.
    places: Vec<(f64, Tz)>,
    curve: [f64; QUARTERS],
    weekdays: [f64; 7],
    rhythm: RhythmPlan,
    holidays: BTreeSet<i64>,
    /// The day on which growth is 1.
    anchor: DayNumber,
    quiet: Option<Quiet>,
    streams: Streams,
}

/// A quarter of an hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quarter {
    pub(crate) start_ms: i64,
    /// The next one's first moment.
    pub(crate) end_ms: i64,
    /// Mean number of visits that begin in it.
    pub(crate) mean: f64,
    pub(crate) window: usize,
    /// Minutes in which visits may begin, a bit each.
    pub(crate) open: u16,
}

/// What the rates of one day depend on beside the plan.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// Visits that would begin if the day were like all others.
    pub(crate) visits: f64,
    /// Whether days differ by chance.
    pub(crate) chance: bool,
    /// Moments in which no visit begins, in whole minutes.
    pub(crate) closed_ms: Range<i64>,
}

/// The rates of a day.
#[derive(Debug)]
pub(crate) struct DayRates {
    pub(crate) quarters: Vec<Quarter>,
    /// Mean number of visits of each window, and of those that no spike brings.
    pub(crate) means: [(f64, f64); WINDOWS],
    /// For each window the shares of all places, summed up.
    by_place: Vec<f64>,
}

impl DayRates {
    /// Mean visits a second at a moment of the day.
    pub(crate) fn per_second(&self, at_ms: i64) -> f64 {
        let behind = self
            .quarters
            .partition_point(|quarter| quarter.start_ms <= at_ms);
        let quarter = behind.checked_sub(1).and_then(|at| self.quarters.get(at));
        quarter.map_or(0.0, |quarter| {
            let length_ms = f64::from(quarter.open.count_ones().max(1)) * MINUTE_MS as f64;
            quarter.mean * 1_000.0 / length_ms
        })
    }

    /// The place at `part` of the way through all places of a window, `part` from 0 to below 1.
    pub(crate) fn place(&self, window: usize, part: f64) -> usize {
        let count = self.by_place.len() / WINDOWS;
        let sums = &self.by_place[window * count..(window + 1) * count];
        let total = sums.last().copied().unwrap_or_default();
        sums.partition_point(|sum| *sum <= part * total)
            .min(count - 1)
    }
}

impl Rates {
    /// `places` are shares, summing to 1, with their clocks; there is at least one.
    pub(crate) fn new(
        load: &LoadPlan,
        places: Vec<(f64, Tz)>,
        origin_ms: i64,
        streams: Streams,
    ) -> Self {
        let epoch = NaiveDate::default();
        let rhythm = load.rhythm.clone();
        let holidays = rhythm.holidays.iter();
        Self {
            zone: load.time_zone,
            places,
            curve: quarters(&rhythm.hours),
            weekdays: levelled(rhythm.weekdays),
            holidays: holidays.map(|day| (*day - epoch).num_days()).collect(),
            rhythm,
            anchor: number_of(load.time_zone, origin_ms),
            quiet: Quiet::of(load),
            streams,
        }
    }

    /// The day that a moment lies in.
    pub(crate) fn day_of(&self, at_ms: i64) -> DayNumber {
        number_of(self.zone, at_ms)
    }

    /// The day's first moment.
    pub(crate) fn starts_ms(&self, day: DayNumber) -> i64 {
        starts_at(self.zone, date_of(day))
    }

    /// The rates of a day.
    pub(crate) fn of_day(&self, day: DayNumber, level: &Level) -> DayRates {
        let (start_ms, end_ms) = (self.starts_ms(day), self.starts_ms(day + 1));
        let noise = if level.chance { self.noise(day) } else { 1.0 };
        let visits = level.visits * self.growth(day) * noise;
        let clocks: Vec<Clock> = self
            .places
            .iter()
            .map(|(_, zone)| Clock::of(*zone, start_ms, end_ms))
            .collect();
        let own = Clock::of(self.zone, start_ms, end_ms);
        let mut rates = DayRates {
            quarters: Vec::with_capacity(QUARTERS + 8),
            means: [(0.0, 0.0); WINDOWS],
            by_place: vec![0.0; WINDOWS * self.places.len()],
        };
        let mut window = 0;
        let mut at_ms = start_ms;
        while at_ms < end_ms {
            let length_ms = QUARTER_MS.min(end_ms - at_ms);
            let local_s = at_ms.div_euclid(1000) + own.offset_s(at_ms);
            // What the clocks show twice stays where it came first.
            window = window.max((local_s.rem_euclid(DAY_S) / (DAY_S / WINDOWS as i64)) as usize);
            let open = self.open(at_ms, &level.closed_ms);
            let level = visits * length_ms as f64 / DAY_MS * f64::from(open.count_ones()) / 15.0;
            let by_place = &mut rates.by_place[window * self.places.len()..][..self.places.len()];
            let mut ordinary = 0.0;
            for ((share, _), (clock, sum)) in self.places.iter().zip(clocks.iter().zip(by_place)) {
                let mean =
                    level * share * self.local(at_ms.div_euclid(1000) + clock.offset_s(at_ms));
                *sum += mean;
                ordinary += mean;
            }
            let mean = ordinary * (1.0 + self.surge(at_ms + length_ms / 2));
            rates.means[window].0 += mean;
            rates.means[window].1 += ordinary;
            rates.quarters.push(Quarter {
                start_ms: at_ms,
                end_ms: at_ms + length_ms,
                mean,
                window,
                open,
            });
            at_ms += length_ms;
        }
        for sums in rates.by_place.chunks_mut(self.places.len()) {
            let mut sum = 0.0;
            for place in sums {
                sum += *place;
                *place = sum;
            }
        }
        rates
    }

    /// What spikes add at a moment, as a multiple of the ordinary rate.
    pub(crate) fn surge(&self, at_ms: i64) -> f64 {
        (0..self.rhythm.spikes.len())
            .map(|spike| self.surge_of(spike, at_ms))
            .sum()
    }

    /// What one spike adds.
    pub(crate) fn surge_of(&self, spike: usize, at_ms: i64) -> f64 {
        let spike = &self.rhythm.spikes[spike];
        let since = at_ms - spike.start_ms;
        let halved = since.div_euclid(spike.half_life_ms);
        if since < 0 || HALF_LIVES < halved {
            return 0.0;
        }
        let part = since.rem_euclid(spike.half_life_ms) as f64 / spike.half_life_ms as f64;
        (spike.factor - 1.0) * libm::exp2(-part) / (1_u64 << halved) as f64
    }

    pub(crate) fn spikes(&self) -> usize {
        self.rhythm.spikes.len()
    }

    /// The curve, weekday and holiday that the clocks of a place show.
    fn local(&self, local_s: i64) -> f64 {
        let day = local_s.div_euclid(DAY_S);
        let quarter = local_s.rem_euclid(DAY_S) / (QUARTER_MS / 1000);
        // The epoch began on a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        let holiday = match self.holidays.contains(&day) {
            true => self.rhythm.holiday_factor,
            false => 1.0,
        };
        self.curve[quarter as usize] * self.weekdays[weekday as usize] * holiday
    }

    fn growth(&self, day: DayNumber) -> f64 {
        let years = f64::from(day - self.anchor) / 365.0;
        (1.0 + self.rhythm.growth * years).max(LEAST_GROWTH)
    }

    /// Lognormal, with a mean of 1.
    fn noise(&self, day: DayNumber) -> f64 {
        let deviation = self.rhythm.day_noise;
        let normal: f64 = self
            .streams
            .stream(index_of(day), Purpose::DayNoise)
            .sample(StandardNormal);
        libm::exp(deviation * normal - deviation * deviation / 2.0)
    }

    /// The minutes of a quarter in which visits may begin.
    fn open(&self, start_ms: i64, closed_ms: &Range<i64>) -> u16 {
        let quiet = self.quiet.as_ref();
        let open = |minute: &i64| {
            let at_ms = start_ms + minute * MINUTE_MS;
            !closed_ms.contains(&at_ms) && quiet.is_none_or(|quiet| !quiet.covers(at_ms))
        };
        (0..15)
            .filter(open)
            .fold(0, |mask, minute| mask | 1 << minute)
    }
}

/// The clocks of a zone on one day.
enum Clock {
    Steady(i64),
    /// They are set forward or back on this day.
    Changing(Tz),
}

impl Clock {
    fn of(zone: Tz, start_ms: i64, end_ms: i64) -> Self {
        let (first, last) = (offset_s(zone, start_ms), offset_s(zone, end_ms));
        match first == last {
            true => Self::Steady(first),
            false => Self::Changing(zone),
        }
    }

    fn offset_s(&self, at_ms: i64) -> i64 {
        match self {
            Self::Steady(offset_s) => *offset_s,
            Self::Changing(zone) => offset_s(*zone, at_ms),
        }
    }
}

fn offset_s(zone: Tz, at_ms: i64) -> i64 {
    let utc = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    let offset = zone.offset_from_utc_datetime(&utc.naive_utc());
    i64::from(offset.fix().local_minus_utc())
}

fn number_of(zone: Tz, at_ms: i64) -> DayNumber {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    number(at.with_timezone(&zone).date_naive())
}

/// The number of a day.
pub(crate) fn number(day: NaiveDate) -> DayNumber {
    day.num_days_from_ce() - NaiveDate::default().num_days_from_ce()
}

/// The day of a number.
pub(crate) fn date_of(day: DayNumber) -> NaiveDate {
    let days = CalendarDays::new(day.unsigned_abs().into());
    let epoch = NaiveDate::default();
    let date = match day < 0 {
        true => epoch.checked_sub_days(days),
        false => epoch.checked_add_days(days),
    };
    date.unwrap_or(epoch)
}

/// A day as the index of streams: before 1970 there is none of its own.
pub(crate) fn index_of(day: DayNumber) -> u64 {
    u64::try_from(day).unwrap_or(0)
}
