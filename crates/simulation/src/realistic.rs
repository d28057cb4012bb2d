//! The believable model: `behaviour.realism = "realistic"`.
//!
//! For: putting arrivals, people and journeys together. Not for: any draw of its own. Invariant: a visit is made of
//! its arrival alone.

use config::{LoadPlan, RunPlan};

use crate::arrivals::{Arrival, Arrivals, Pace};
use crate::backfill_day::BackfillDay;
use crate::flat::Flow;
use crate::journeys::Journeys;
use crate::people::People;
use crate::streams::Streams;
use crate::time::{Live, Past, PastDays};
use crate::told::Told;
use crate::visit::{self, Visit};
use crate::{Keys, SimulationError};

/// All visits of a run in the believable model.
#[derive(Debug)]
pub(crate) struct Realistic {
    origin_ms: i64,
    load: LoadPlan,
    /// For trials, which come at one rate.
    arrivals: Streams,
    past: Option<PastDays>,
    people: People,
    journeys: Journeys,
    told: Told,
}

impl Realistic {
    pub(crate) fn new(
        plan: &RunPlan,
        keys: &Keys,
        site_id: u32,
        countries_on: bool,
    ) -> Result<Self, SimulationError> {
        let people = People::new(plan, keys, site_id, countries_on)?;
        let past = |backfill| PastDays::new(people.days(), keys.origin_ms, &plan.load, backfill);
        Ok(Self {
            origin_ms: keys.origin_ms,
            load: plan.load.clone(),
            arrivals: Streams::new("arrivals", &[&keys.seed.to_le_bytes()]),
            past: plan.backfill.as_ref().map(past),
            people,
            journeys: Journeys::new(plan, keys),
            told: Told::new(&plan.site, keys),
        })
    }

    pub(crate) fn arrivals(&self, pace: Pace) -> Arrivals {
        let days = self.people.days();
        match (pace, &self.past) {
            (Pace::Trial { .. }, _) => {
                let streams = self.arrivals.clone();
                Arrivals::flow(Flow::new(streams, self.origin_ms, &self.load, pace))
            }
            (Pace::Backfill, Some(past)) => Arrivals::of_days(Past::new(days, past)),
            (Pace::Backfill, None) => Arrivals::nothing(),
            (Pace::Plan, past) => {
                let live = Arrivals::live(Live::new(days, &self.load, self.origin_ms));
                match past {
                    Some(past) => live.behind(past.visits()),
                    None => live,
                }
            }
        }
    }

    pub(crate) fn visits_per_second(&self, at_ms: i64) -> f64 {
        let days = self.people.days();
        let day = days.day(days.rates.day_of(at_ms));
        day.rates.per_second(at_ms)
    }

    pub(crate) fn days(&self) -> &[BackfillDay] {
        self.past.as_ref().map_or(&[], PastDays::days)
    }

    pub(crate) fn visit(&self, arrival: &Arrival) -> Visit {
        let person = self.people.person(arrival);
        let course = self.journeys.course(&person.visiting);
        Visit {
            ordinal: arrival.ordinal,
            visitor: person.visitor,
            channel: course.channel,
            persona: course.persona,
            hits: visit::timed_hits(
                arrival,
                self.load.pacing,
                &person.identity,
                person.visiting.place.zone,
                self.told.tell(&person.visiting, course.steps),
                &self.journeys.streams,
            ),
        }
    }

    /// The visitor's id, evenly spread over 64 bits.
    pub(crate) fn visitor_id(&self, arrival: &Arrival) -> u64 {
        self.people.id(self.people.who(arrival).key)
    }
}
