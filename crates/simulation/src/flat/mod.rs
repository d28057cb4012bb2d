//! The flat model, as the Python original had it: `behaviour.realism = "original"`.
//!
//! For: comparing with the original. Visits come at one rate around the clock, each by a new person, and everything in
//! a visit is drawn evenly. Not for: believable reports. Invariant: its draws never change, which its goldens hold.

mod backfill;
mod devices;
mod flow;
mod journey;
mod orders;
pub(crate) mod places;
mod sources;
mod timing;
mod visitors;

use config::{LoadPlan, RunPlan};

use crate::arrivals::{Arrival, Arrivals, Pace};
use crate::backfill_day::BackfillDay;
use crate::streams::Streams;
use crate::visit::{self, Visit};
use crate::{Keys, SimulationError};
pub(crate) use backfill::{Backfill, PastArrivals};
pub(crate) use flow::Flow;
pub(crate) use journey::Journeys;
use visitors::Visitors;

/// All visits of a run in the flat model.
#[derive(Debug)]
pub(crate) struct Flat {
    origin_ms: i64,
    load: LoadPlan,
    arrivals: Streams,
    backfill: Option<Backfill>,
    visitors: Visitors,
    journeys: Journeys,
}

impl Flat {
    pub(crate) fn new(
        plan: &RunPlan,
        keys: &Keys,
        site_id: u32,
        countries_on: bool,
    ) -> Result<Self, SimulationError> {
        let arrivals = Streams::new("arrivals", &[&keys.seed.to_le_bytes()]);
        let load = &plan.load;
        let days = |plan| Backfill::new(arrivals.clone(), keys.origin_ms, load, plan);
        Ok(Self {
            origin_ms: keys.origin_ms,
            load: load.clone(),
            backfill: plan.backfill.as_ref().map(days),
            visitors: Visitors::new(
                &keys.population,
                &plan.audience.weights,
                site_id,
                countries_on,
            )?,
            journeys: Journeys::of(plan, keys),
            arrivals,
        })
    }

    pub(crate) fn arrivals(&self, pace: Pace) -> Arrivals {
        match (pace, &self.backfill) {
            (Pace::Backfill, Some(backfill)) => Arrivals::past(PastArrivals::new(backfill.clone())),
            (Pace::Backfill, None) => Arrivals::nothing(),
            (Pace::Plan, Some(backfill)) => self.flow(pace).behind(backfill.visits()),
            (Pace::Plan | Pace::Trial { .. }, _) => self.flow(pace),
        }
    }

    fn flow(&self, pace: Pace) -> Arrivals {
        let streams = self.arrivals.clone();
        Arrivals::flow(Flow::new(streams, self.origin_ms, &self.load, pace))
    }

    pub(crate) fn days(&self) -> &[BackfillDay] {
        self.backfill.as_ref().map_or(&[], Backfill::days)
    }

    pub(crate) fn visit(&self, arrival: &Arrival) -> Visit {
        // Each visit is a new person's.
        let person = self.visitors.person(arrival.ordinal);
        let course = self.journeys.course(arrival.ordinal);
        let pacing = self.load.pacing;
        Visit {
            ordinal: arrival.ordinal,
            visitor: person.visitor,
            channel: course.channel,
            persona: course.persona,
            hits: visit::timed_hits(
                arrival,
                pacing,
                &person.identity,
                person.place.zone,
                course.steps,
                &self.journeys.streams,
            ),
        }
    }

    /// The visitor's id, evenly spread over 64 bits.
    pub(crate) fn visitor_id(&self, arrival: &Arrival) -> u64 {
        self.visitors.id(arrival.ordinal)
    }
}
