//! What a plan means in numbers.
//!
//! The rate of hits comes from a few simulated visits. Invariant: always the same visits, so that equal plans have
//! equal figures.

use config::RunPlan;
use simulation::{Keys, Pace, Simulation};

use crate::api::validate::Figures;

/// Seconds of a day.
pub(super) const SECONDS_A_DAY: f64 = 86_400.0;

/// Visits simulated for an estimate: enough for two digits, and a matter of milliseconds.
pub const VISITS_SIMULATED: u32 = 300;

/// What a plan means in numbers.
#[must_use]
pub fn figures(plan: &RunPlan) -> Figures {
    // Over a whole day, quiet hours included.
    let visits_per_second = plan.load.visits_on_a_day() / SECONDS_A_DAY;
    let hits = hits_per_visit(plan);
    Figures {
        visits_per_second,
        hits_per_second_estimate: hits.map(|hits| hits * visits_per_second),
        hits_per_day_estimate: hits.map(|hits| hits * plan.load.visits_on_a_day()),
    }
}

/// Mean number of hits of a visit; `None` when no visit can be simulated.
#[must_use]
pub fn hits_per_visit(plan: &RunPlan) -> Option<f64> {
    let keys = Keys {
        seed: 0,
        population: "estimate".to_owned(),
        origin_ms: 0,
    };
    let simulation = Simulation::new(plan, keys, false).ok()?;
    let pace = Pace::Trial {
        visits: u64::from(VISITS_SIMULATED),
        per_second: 1.0,
    };
    let hits: usize = simulation
        .arrivals(pace)
        .map(|arrival| simulation.visit(&arrival).hits.len())
        .sum();
    Some(f64::from(u32::try_from(hits).ok()?) / f64::from(VISITS_SIMULATED))
}
