//! What visitors do: a pure function from a run plan and its keys to timed hits.
//!
//! For: arrivals, visitors and visits of a run. Not for: sending, waiting, or speaking HTTP. Invariants:
//! no I/O, no clock, no global random generator; a visit is a function of (keys, plan, which visit), so
//! loaders can share a run and any visit can be made again, byte for byte.

mod arrivals;
mod backfill;
mod check;
mod content;
mod devices;
mod journey;
mod orders;
mod pages;
mod places;
mod quiet;
mod sources;
mod streams;
mod table;
mod timing;
mod visit;
mod visitors;

use std::sync::Arc;

use backfill::{Backfill, PastArrivals};
use config::{LoadPlan, RunPlan};
use journey::Journeys;
use quiet::Quiet;
use streams::Streams;
use thiserror::Error;
use visitors::Visitors;

pub use arrivals::{Arrival, Arrivals, Pace};
pub use backfill::BackfillDay;
pub use check::check;
pub use visit::{TimedHit, Visit, Visitor};

/// What makes a run the run it is, beside its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Decides arrivals and journeys.
    pub seed: u64,
    /// Decides who the visitors are; runs with the same key share their people.
    pub population: String,
    /// The plan's time zero, in milliseconds since the Unix epoch.
    pub origin_ms: i64,
}

/// Why a plan cannot be simulated.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SimulationError {
    /// There are no visitors for a country of the plan.
    #[error(
        "no visitors are known for country {country:?} of audience.weights; take some of {known}"
    )]
    UnknownCountry {
        /// The country as the plan names it.
        country: String,
        /// All countries that there are visitors for.
        known: String,
    },
    /// The plan leaves no country to come from.
    #[error("audience.weights names no country with a weight above 0; give at least one")]
    NoCountry,
    /// The plan has no target.
    #[error("the plan has no target; give targets[0].url")]
    NoTarget,
}

/// All visits of a run, made on demand. Cloning copies a reference.
#[derive(Debug, Clone)]
pub struct Simulation(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin_ms: i64,
    load: LoadPlan,
    arrivals: Streams,
    backfill: Option<Backfill>,
    visitors: Visitors,
    journeys: Journeys,
}

impl Simulation {
    /// Prepares the visits of `plan`. `countries_on` says whether visitors get addresses of their own,
    /// which needs a token; the plan's `auto` is for the caller to decide.
    ///
    /// The seed alone decides when visits come and what they do, the population alone who they are:
    /// the same seed with a fresh population is the same traffic of other people.
    ///
    /// # Errors
    /// When the plan names a country that there are no visitors for.
    pub fn new(plan: &RunPlan, keys: Keys, countries_on: bool) -> Result<Self, SimulationError> {
        let site_id = plan
            .targets
            .first()
            .ok_or(SimulationError::NoTarget)?
            .site_id;
        let seed = keys.seed.to_le_bytes();
        let origin = keys.origin_ms.to_le_bytes();
        let population = keys.population.as_bytes();
        let weights = &plan.audience.weights;
        let arrivals = Streams::new("arrivals", &[&seed]);
        let load = &plan.load;
        let days = |plan| Backfill::new(arrivals.clone(), keys.origin_ms, load, plan);
        Ok(Self(Arc::new(Inner {
            origin_ms: keys.origin_ms,
            load: load.clone(),
            backfill: plan.backfill.as_ref().map(days),
            arrivals,
            visitors: Visitors::new(&keys.population, weights, site_id, countries_on)?,
            journeys: Journeys::new(
                Streams::new("journeys", &[&seed]),
                // An order id that Matomo has seen is not booked again: all that makes a run goes in.
                Streams::new("orders", &[&seed, population, &origin]),
                &plan.behaviour,
                &plan.commerce,
                &plan.content.pages,
            ),
        })))
    }

    /// When the visits begin.
    #[must_use]
    pub fn arrivals(&self, pace: Pace) -> Arrivals {
        let Inner {
            arrivals,
            origin_ms,
            load,
            backfill,
            ..
        } = &*self.0;
        match pace {
            Pace::Backfill => Arrivals::past(backfill.clone().map(PastArrivals::new)),
            Pace::Plan | Pace::Trial { .. } => {
                let flow = Arrivals::flow(arrivals.clone(), *origin_ms, load, pace);
                match (pace, backfill) {
                    (Pace::Plan, Some(backfill)) => flow.behind(backfill.visits()),
                    _ => flow,
                }
            }
        }
    }

    /// The days of the plan's backfill, ascending, up to the origin's own; none without one.
    #[must_use]
    pub fn backfill_days(&self) -> &[BackfillDay] {
        self.0.backfill.as_ref().map_or(&[], Backfill::days)
    }

    /// When the quiet hours end that `at_ms` lies in; `None` outside of quiet hours. In milliseconds since
    /// the Unix epoch.
    #[must_use]
    pub fn quiet_until(&self, at_ms: i64) -> Option<i64> {
        Quiet::of(&self.0.load)?.ends_after(at_ms)
    }

    /// Makes a visit. Any visit can be made alone, at any time, in any order.
    #[must_use]
    pub fn visit(&self, arrival: &Arrival) -> Visit {
        let Inner {
            visitors,
            journeys,
            load,
            ..
        } = &*self.0;
        // Each visit is a new person's.
        let person = visitors.person(arrival.ordinal);
        let steps = journeys.steps(arrival.ordinal);
        let hits = visit::timed_hits(arrival, load.pacing, &person, steps, &journeys.streams);
        Visit {
            ordinal: arrival.ordinal,
            visitor: person.visitor,
            hits,
        }
    }

    /// Which of `of` loaders makes this visit, from 0: by a hash of the person, so that all visits of a
    /// person belong to one loader. `of` is at least 1.
    #[must_use]
    pub fn shard(&self, arrival: &Arrival, of: u32) -> u32 {
        // The upper half of an evenly spread id, scaled to 0..of.
        let spread = self.0.visitors.id(arrival.ordinal) >> 32;
        ((spread * u64::from(of)) >> 32) as u32
    }
}
