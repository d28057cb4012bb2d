//! What visitors do: a pure function from a run plan and its keys to timed hits.
//!
//! For: arrivals, visitors and visits of a run. Not for: sending, waiting, or speaking HTTP. Invariants:
//! no I/O, no clock, no global random generator; a visit is a function of (keys, plan, which visit), so
//! loaders can share a run and any visit can be made again, byte for byte.

mod arrivals;
mod backfill_day;
mod balance;
mod channels;
mod check;
mod content;
mod devices;
mod flat;
mod journeys;
mod latency;
mod pages;
mod people;
mod places;
mod popularity;
mod preview;
mod quantiles;
mod quiet;
mod realistic;
mod shop;
mod site;
mod story;
mod streams;
mod table;
mod time;
mod told;
mod visit;
mod wall_clock;

use std::sync::Arc;

use config::{LoadPlan, Realism, RunPlan};
use flat::Flat;
use quiet::Quiet;
use realistic::Realistic;
use thiserror::Error;

pub use arrivals::{Arrival, Arrivals, Pace};
pub use backfill_day::BackfillDay;
pub use check::check;
pub use preview::{KindShare, PageShare, Part, Preview};
pub use story::{deed, story};
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
    load: LoadPlan,
    model: Model,
}

#[derive(Debug)]
enum Model {
    Flat(Box<Flat>),
    Realistic(Box<Realistic>),
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
        let model = match plan.behaviour.realism {
            Realism::Original => {
                Model::Flat(Box::new(Flat::new(plan, &keys, site_id, countries_on)?))
            }
            Realism::Realistic => Model::Realistic(Box::new(Realistic::new(
                plan,
                &keys,
                site_id,
                countries_on,
            )?)),
        };
        Ok(Self(Arc::new(Inner {
            load: plan.load.clone(),
            model,
        })))
    }

    /// When the visits begin.
    #[must_use]
    pub fn arrivals(&self, pace: Pace) -> Arrivals {
        match &self.0.model {
            Model::Flat(flat) => flat.arrivals(pace),
            Model::Realistic(realistic) => realistic.arrivals(pace),
        }
    }

    /// The days of the plan's backfill, ascending, up to the origin's own; none without one.
    #[must_use]
    pub fn backfill_days(&self) -> &[BackfillDay] {
        match &self.0.model {
            Model::Flat(flat) => flat.days(),
            Model::Realistic(realistic) => realistic.days(),
        }
    }

    /// Mean visits a second that the plan has at this moment of a live run, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn visits_per_second(&self, at_ms: i64) -> f64 {
        match &self.0.model {
            Model::Flat(_) => f64::from(self.0.load.visits_per_day) / 86_400.0,
            Model::Realistic(realistic) => realistic.visits_per_second(at_ms),
        }
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
        match &self.0.model {
            Model::Flat(flat) => flat.visit(arrival),
            Model::Realistic(realistic) => realistic.visit(arrival),
        }
    }

    /// Which of `of` loaders makes this visit, from 0: by a hash of the person, so that all visits of a
    /// person belong to one loader. `of` is at least 1.
    #[must_use]
    pub fn shard(&self, arrival: &Arrival, of: u32) -> u32 {
        let id = match &self.0.model {
            Model::Flat(flat) => flat.visitor_id(arrival),
            Model::Realistic(realistic) => realistic.visitor_id(arrival),
        };
        // The upper half of an evenly spread id, scaled to 0..of.
        let spread = id >> 32;
        ((spread * u64::from(of)) >> 32) as u32
    }
}
