//! The believable model: `behaviour.realism = "realistic"`.
//!
//! For: putting arrivals, people and journeys together. Not for: any draw of its own. Invariant: a visit is made of
//! its arrival alone.

use config::{Pacing, RunPlan};

use crate::arrivals::{Arrival, Arrivals, Pace};
use crate::backfill_day::BackfillDay;
use crate::flat::Flat;
use crate::journeys::Journeys;
use crate::people::People;
use crate::told::Told;
use crate::visit::{self, Visit};
use crate::{Keys, SimulationError};

/// All visits of a run in the believable model.
#[derive(Debug)]
pub(crate) struct Realistic {
    pacing: Pacing,
    /// Arrivals are those of the flat model for now.
    flat: Flat,
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
        Ok(Self {
            pacing: plan.load.pacing,
            flat: Flat::new(plan, keys, site_id, countries_on)?,
            people: People::new(plan, keys, site_id, countries_on)?,
            journeys: Journeys::new(plan, keys),
            told: Told::new(&plan.site, keys),
        })
    }

    pub(crate) fn arrivals(&self, pace: Pace) -> Arrivals {
        self.flat.arrivals(pace)
    }

    pub(crate) fn days(&self) -> &[BackfillDay] {
        self.flat.days()
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
                self.pacing,
                &person.identity,
                person.visiting.place.zone,
                self.told.tell(&person.visiting, course.steps),
                &self.journeys.streams,
            ),
        }
    }

    /// The visitor's id, evenly spread over 64 bits.
    pub(crate) fn visitor_id(&self, arrival: &Arrival) -> u64 {
        self.people.id(self.people.key(arrival))
    }
}
