//! The simulation from outside: what each plan and each set of keys must come to.

#![expect(clippy::unwrap_used, reason = "what all tests share may fail them")]

mod arrivals;
mod backfill;
mod countries;
mod goldens;
mod journeys;
mod keys;
mod moments;
mod preview;
mod quiet;

use std::collections::BTreeMap;

use config::{Layers, RunPlan};
use simulation::{Arrival, Keys, Pace, Simulation, TimedHit, Visit};

/// 2026-06-01 12:00 UTC, a Monday.
const ORIGIN_MS: i64 = 1_780_315_200_000;

/// The defaults, for a target that exists nowhere.
fn plan() -> RunPlan {
    let target = serde_json::json!({
        "targets": [{"url": "https://matomo.example/matomo.php", "token_auth": "0123456789abcdef0123456789abcdef"}],
    });
    let checked = Layers::new()
        .json("test", target)
        .check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

fn keys() -> Keys {
    Keys {
        seed: 7,
        population: "town".to_owned(),
        origin_ms: ORIGIN_MS,
    }
}

/// With addresses for visitors.
fn simulate(plan: &RunPlan) -> Simulation {
    Simulation::new(plan, keys(), true).unwrap()
}

fn arrivals(simulation: &Simulation, count: usize) -> Vec<Arrival> {
    simulation.arrivals(Pace::Plan).take(count).collect()
}

/// The first visits of a plan.
fn visits(plan: &RunPlan, count: usize) -> Vec<Visit> {
    let simulation = simulate(plan);
    arrivals(&simulation, count)
        .iter()
        .map(|arrival| simulation.visit(arrival))
        .collect()
}

fn params(hit: &TimedHit) -> BTreeMap<&'static str, String> {
    hit.hit.params(hit.cdt_s).into_iter().collect()
}
