//! The believable model from outside: one property of `docs/realism.md` for each test, on fixed seeds, with its
//! tolerance and why.

#![expect(clippy::unwrap_used, reason = "what all tests share may fail them")]

mod people_agree;

use config::{Layers, RunPlan};
use serde_json::{Value, json};
use simulation::{Keys, Pace, Simulation, Visit};

/// 2026-06-01 12:00 UTC, a Monday.
const ORIGIN_MS: i64 = 1_780_315_200_000;

/// The believable model's defaults, changed by `own`, for a target that exists nowhere.
fn plan(own: &Value) -> RunPlan {
    let base = json!({
        "targets": [{"url": "https://matomo.example/matomo.php", "token_auth": "0123456789abcdef0123456789abcdef"}],
        "behaviour": {"realism": "realistic"},
    });
    let layers = Layers::new().json("test", base).json("own", own.clone());
    let checked = simulation::check(layers.check(&|_| Err(std::io::ErrorKind::NotFound.into())));
    checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

/// `countries_on`: with addresses for visitors.
fn simulate(plan: &RunPlan, countries_on: bool) -> Simulation {
    let keys = Keys {
        seed: 7,
        population: "town".to_owned(),
        origin_ms: ORIGIN_MS,
    };
    Simulation::new(plan, keys, countries_on).unwrap()
}

/// The first visits.
fn visits(simulation: &Simulation, count: usize) -> impl Iterator<Item = Visit> + '_ {
    let arrivals = simulation.arrivals(Pace::Plan).take(count);
    arrivals.map(|arrival| simulation.visit(&arrival))
}
