//! How visits rise and fall: curve, week, growth, holidays, spikes; and the population's first day.

use chrono::{MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::{Conversion, time_zone};
use crate::plan::{RhythmPlan, SpikePlan};
use crate::problem::{Problem, quoted};
use crate::sections::{Audience, DayCurve, Load, Spike};

const HOUR_MS: f64 = 3_600_000.0;

/// Rates of the hours of a day, midnight first, in proportion. `day`: a working day's hump; the trough of all three lies
/// at about 4 am and has an eighth to a tenth of the peak, which is 1.8 to 2 times the mean.
const DAY: [f64; 24] = [
    30.0, 24.0, 20.0, 18.0, 18.0, 22.0, 35.0, 60.0, 95.0, 130.0, 148.0, 150.0, 140.0, 146.0, 148.0,
    140.0, 125.0, 105.0, 88.0, 78.0, 72.0, 66.0, 54.0, 40.0,
];
const TWO_HUMPS: [f64; 24] = [
    40.0, 26.0, 20.0, 17.0, 16.0, 19.0, 30.0, 54.0, 82.0, 108.0, 128.0, 136.0, 124.0, 106.0, 96.0,
    92.0, 94.0, 102.0, 118.0, 140.0, 158.0, 150.0, 110.0, 66.0,
];
const EVENING: [f64; 24] = [
    52.0, 34.0, 24.0, 19.0, 17.0, 19.0, 28.0, 46.0, 66.0, 80.0, 90.0, 96.0, 100.0, 98.0, 94.0,
    94.0, 98.0, 108.0, 124.0, 142.0, 156.0, 154.0, 128.0, 86.0,
];

impl Conversion<'_> {
    pub(super) fn rhythm(&mut self, load: &Load) -> Option<RhythmPlan> {
        let zone = time_zone(&load.time_zone);
        let hours = self.hours(load);
        let weekdays = self.proportions::<7>(
            "/load/weekdays",
            &load.weekdays,
            "the seven days of a week, Monday first",
        );
        let spikes: Vec<Option<SpikePlan>> = load
            .spikes
            .iter()
            .enumerate()
            .map(|(at, spike)| self.spike(at, spike, zone))
            .collect();
        Some(RhythmPlan {
            hours: hours?,
            weekdays: weekdays?,
            growth: load.growth_percent / 100.0,
            day_noise: load.day_noise,
            holidays: load.holidays.clone(),
            holiday_factor: load.holiday_factor,
            spikes: spikes.into_iter().collect::<Option<_>>()?,
        })
    }

    fn hours(&mut self, load: &Load) -> Option<[f64; 24]> {
        let pointer = "/load/curve_hours";
        let own = load.curve == DayCurve::Hours;
        if !own && !load.curve_hours.is_empty() {
            self.warning(
                Problem::new(
                    pointer,
                    "not_used",
                    "these hours are not used: the day curve is another one",
                )
                .hint("set load.curve to hours, or leave the hours out"),
            );
        }
        match load.curve {
            DayCurve::Day => Some(DAY),
            DayCurve::TwoHumps => Some(TWO_HUMPS),
            DayCurve::Evening => Some(EVENING),
            DayCurve::Flat => Some([1.0; 24]),
            DayCurve::Hours => self.proportions::<24>(
                pointer,
                &load.curve_hours,
                "the 24 hours of a day, midnight first",
            ),
        }
    }

    /// As many rates as there have to be, of which at least one is above 0.
    fn proportions<const N: usize>(
        &mut self,
        pointer: &str,
        given: &[f64],
        what: &str,
    ) -> Option<[f64; N]> {
        if !self.sound(&[pointer]) {
            return None;
        }
        let Ok(rates) = <[f64; N]>::try_from(given) else {
            let message = format!("{} numbers are given for {what}", given.len());
            self.problem(
                Problem::new(pointer, "wrong_length", message).hint(format!("give {N} numbers")),
            );
            return None;
        };
        if rates.iter().sum::<f64>() <= 0.0 {
            self.problem(
                Problem::new(pointer, "all_zero", format!("all of {what} are 0"))
                    .hint("raise at least one of them above 0"),
            );
            return None;
        }
        Some(rates)
    }

    fn spike(&mut self, at: usize, spike: &Spike, zone: Option<Tz>) -> Option<SpikePlan> {
        let pointer = format!("/load/spikes/{at}/start");
        let Ok(start) = NaiveDateTime::parse_from_str(spike.start.trim(), "%Y-%m-%dT%H:%M") else {
            let message = format!(
                "{} is not a date and a time of the form YYYY-MM-DDTHH:MM",
                quoted(&spike.start)
            );
            self.problem(
                Problem::new(&pointer, "invalid_time", message)
                    .hint("write it like 2026-11-27T08:00"),
            );
            return None;
        };
        Some(SpikePlan {
            start_ms: moment(zone?, start),
            factor: spike.factor,
            half_life_ms: (spike.half_life_hours * HOUR_MS).round() as i64,
            landing: spike.landing.clone(),
            campaign: spike.campaign.clone(),
        })
    }

    /// The population's first day makes sense with a named population alone, and not in the future.
    pub(super) fn people_since(&mut self, given: &Audience, load: &Load) -> Option<NaiveDate> {
        let pointer = "/audience/people_since";
        let since = given.people_since?;
        if self.today(load).is_some_and(|today| today < since) {
            self.problem(
                Problem::new(
                    pointer,
                    "in_the_future",
                    format!("nobody was there before a day that has not come: {since}"),
                )
                .hint("give the first day of the earlier run, or leave it out"),
            );
        }
        if given.population.is_none() {
            self.warning(
                Problem::new(
                    pointer,
                    "new_people",
                    "a run without a population of its own name gets new people, none of whom was there before",
                )
                .hint("set audience.population to that of the earlier run, or start the run with its people"),
            );
        }
        Some(since)
    }
}

/// The first moment at which the clocks show this; where they leave it out, the end of the gap.
fn moment(zone: Tz, local: NaiveDateTime) -> i64 {
    let minutes = (0..=24 * 60).map(|minute| local + TimeDelta::minutes(minute));
    let mut found = minutes.filter_map(|local| match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => {
            Some(at.timestamp_millis())
        }
        MappedLocalTime::None => None,
    });
    found
        .next()
        .unwrap_or_else(|| local.and_utc().timestamp_millis())
}
