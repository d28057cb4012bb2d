//! What the visits of a plan look like as a whole, before any is sent.
//!
//! For: curves, shares and sample visits that a person judges a plan by. Not for: exact numbers of a run; those are
//! the plan's own. Invariants: everything is counted on visits that the simulation made, with the plan's own rules; the
//! work is bounded, whatever the plan; equal plans and keys give equal previews.

mod tally;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Timelike};
use config::RunPlan;
use tracking::Kind;

use crate::backfill_day::starts_at;
use crate::{Arrival, Keys, Pace, Simulation, SimulationError, Visit};
use tally::Tally;

pub use tally::{KindShare, PageShare, Part};

/// Days that are looked at when no backfill says which, from the origin: four whole weeks.
const LIVE_DAYS: u32 = 28;

/// Most arrivals that are drawn. A plan with more is looked at with fewer visits a day; its curves are scaled back.
const MOST_ARRIVALS: u32 = 200_000;

/// Fewest visits a day that a larger plan is looked at with.
const FEWEST_A_DAY: u32 = 200;

/// Visits that are made hit by hit, about; shares of a few percent are then good to half a percent.
const VISITS_MADE: u64 = 5_000;

/// Hours of a week.
const HOURS: usize = 7 * 24;

/// What the visits of a plan look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// First day that was looked at, in the plan's time zone.
    pub first: NaiveDate,
    /// Last day that was looked at.
    pub last: NaiveDate,
    /// Expected visits of each day, ascending, from the first to the last.
    pub days: Vec<(NaiveDate, f64)>,
    /// Mean visits in each hour of the week, Monday 0:00 first, in the plan's time zone; `None` where the days hold no
    /// such hour.
    pub hours: Vec<Option<f64>>,
    /// Visits that were made hit by hit; all that follows is counted on them.
    pub visits: u64,
    /// Hits of these visits.
    pub hits: u64,
    /// Share of visits with one action, pings aside, as Matomo counts a bounce.
    pub bounce: f64,
    /// Mean number of page views.
    pub page_views: f64,
    /// Median time from the first to the last hit, in seconds.
    pub duration_median_s: f64,
    /// Share of visits by people who were there before.
    pub returning: f64,
    /// Different visitors among the visits.
    pub visitors: u64,
    /// Where visits come from.
    pub channels: Vec<Part>,
    /// Countries; empty when visitors have no addresses of their own.
    pub countries: Vec<Part>,
    /// Kinds of device.
    pub devices: Vec<Part>,
    /// Browsers.
    pub browsers: Vec<Part>,
    /// Operating systems.
    pub systems: Vec<Part>,
    /// Kinds of hits that occur.
    pub kinds: Vec<KindShare>,
    /// Pages by views, the most viewed first.
    pub pages: Vec<PageShare>,
    /// Pages by visits that begin on them.
    pub entries: Vec<PageShare>,
    /// Different addresses among the page views.
    pub addresses: u64,
    /// Mean value of an order, in the plan's currency; `None` without one.
    pub order_value: Option<f64>,
    /// A few whole visits.
    pub samples: Vec<Visit>,
}

impl Preview {
    /// Looks at the days of the plan's backfill, else at four weeks from the origin's day on. `samples` visits are kept whole.
    ///
    /// # Errors
    /// As [`Simulation::new`].
    pub fn of(
        plan: &RunPlan,
        mut keys: Keys,
        countries_on: bool,
        samples: usize,
    ) -> Result<Self, SimulationError> {
        let zone = plan.load.time_zone;
        let local = |at_ms: i64| {
            DateTime::from_timestamp_millis(at_ms)
                .unwrap_or_default()
                .with_timezone(&zone)
        };
        let today = local(keys.origin_ms).date_naive();
        if plan.backfill.is_none() {
            // Whole days, from the midnight before.
            keys.origin_ms = starts_at(zone, today);
        }
        let origin_ms = keys.origin_ms;
        let (first, last) = match &plan.backfill {
            Some(backfill) => backfill.window.dates(today),
            None => (today, today + Days::new(u64::from(LIVE_DAYS) - 1)),
        };
        let days = u32::try_from((last - first).num_days() + 1).unwrap_or(1);
        let (plan, scale) = scaled(plan, days);
        let simulation = Simulation::new(&plan, keys, countries_on)?;
        let every = (f64::from(days) * per_day(&plan)) as u64 / VISITS_MADE;
        let mut curve = Curve::new(first, last);
        let mut tally = Tally::default();
        let mut kept = Vec::new();
        for arrival in of_days(&simulation, &plan, origin_ms, days) {
            let at = local(arrival.at_ms);
            curve.count(at.date_naive(), at.hour());
            if arrival.ordinal.is_multiple_of(every.max(1)) {
                let visit = simulation.visit(&arrival);
                tally.add(&visit);
                // Spread over the whole period rather than all from its first minutes.
                let due = kept.len() as u64 * VISITS_MADE / samples.max(1) as u64;
                if kept.len() < samples && due < tally.visits() {
                    kept.push(visit);
                }
            }
        }
        let counted = tally.count();
        Ok(Self {
            first,
            last,
            days: curve.days(scale),
            hours: curve.hours(scale),
            visits: counted.visits,
            hits: counted.hits,
            bounce: counted.bounce,
            page_views: counted.page_views,
            duration_median_s: counted.duration_median_s,
            returning: counted.returning,
            visitors: counted.visitors,
            channels: counted.channels,
            countries: counted.countries,
            devices: counted.devices,
            browsers: counted.browsers,
            systems: counted.systems,
            kinds: counted.kinds,
            pages: counted.pages,
            entries: counted.entries,
            addresses: counted.addresses,
            order_value: counted.order_value,
            samples: kept,
        })
    }

    /// Share of visits with at least one hit of this kind; 0 when there is none.
    #[must_use]
    pub fn share_with(&self, kind: Kind) -> f64 {
        let found = self.kinds.iter().find(|of| of.kind == kind);
        found.map_or(0.0, |of| of.visits)
    }
}

/// Visits of a day, about.
fn per_day(plan: &RunPlan) -> f64 {
    match &plan.backfill {
        Some(backfill) => f64::from(backfill.visits_per_day),
        None => plan.load.visits_on_a_day(),
    }
}

/// The same plan with so few visits a day that `days` of them are quickly drawn, and how many visits one of its visits
/// stands for.
fn scaled(plan: &RunPlan, days: u32) -> (RunPlan, f64) {
    let mut plan = plan.clone();
    // When a run ends is no matter of how its visits look.
    plan.load.stop.after_visits = None;
    let given = match &plan.backfill {
        Some(backfill) => backfill.visits_per_day,
        None => plan.load.visits_per_day,
    };
    let most = (MOST_ARRIVALS / days.max(1)).max(FEWEST_A_DAY);
    if given <= most {
        return (plan, 1.0);
    }
    let scale = f64::from(given) / f64::from(most);
    let fewer = |visits: &mut u64| *visits = (*visits as f64 / scale).ceil() as u64;
    match &mut plan.backfill {
        Some(backfill) => {
            backfill.visits_per_day = most;
            backfill.max_visits_total.iter_mut().for_each(fewer);
        }
        None => plan.load.visits_per_day = most,
    }
    let cap = &mut plan.load.stop.visits_per_window;
    cap.iter_mut().for_each(fewer);
    (plan, scale)
}

/// The visits of the days that are looked at.
fn of_days<'a>(
    simulation: &'a Simulation,
    plan: &RunPlan,
    origin_ms: i64,
    days: u32,
) -> impl Iterator<Item = Arrival> + use<'a> {
    let live = plan.backfill.is_none();
    let pace = if live { Pace::Plan } else { Pace::Backfill };
    let ends_ms = origin_ms + TimeDelta::days(days.into()).num_milliseconds();
    simulation
        .arrivals(pace)
        .take_while(move |arrival| !live || arrival.at_ms < ends_ms)
}

/// Visits by day and by hour of the week.
struct Curve {
    days: Vec<(NaiveDate, u64)>,
    hours: [u64; HOURS],
}

impl Curve {
    fn new(first: NaiveDate, last: NaiveDate) -> Self {
        Self {
            days: first
                .iter_days()
                .take_while(|day| *day <= last)
                .map(|day| (day, 0))
                .collect(),
            hours: [0; HOURS],
        }
    }

    fn count(&mut self, day: NaiveDate, hour: u32) {
        let first = self.days.first().map_or(day, |(first, _)| *first);
        let nth = usize::try_from((day - first).num_days()).unwrap_or(usize::MAX);
        if let Some((_, visits)) = self.days.get_mut(nth) {
            *visits += 1;
            self.hours[day.weekday().num_days_from_monday() as usize * 24 + hour as usize] += 1;
        }
    }

    fn days(&self, scale: f64) -> Vec<(NaiveDate, f64)> {
        let scaled = |(day, visits): &(NaiveDate, u64)| (*day, *visits as f64 * scale);
        self.days.iter().map(scaled).collect()
    }

    fn hours(&self, scale: f64) -> Vec<Option<f64>> {
        let mut weekdays = [0u32; 7];
        for (day, _) in &self.days {
            weekdays[day.weekday().num_days_from_monday() as usize] += 1;
        }
        let mean = |(hour, visits): (usize, &u64)| {
            let days = weekdays[hour / 24];
            (days > 0).then(|| *visits as f64 * scale / f64::from(days))
        };
        self.hours.iter().enumerate().map(mean).collect()
    }
}
