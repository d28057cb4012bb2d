//! The believable model from outside: one property of `docs/realism.md` for each test, on fixed seeds, with its
//! tolerance and why.

#![expect(clippy::unwrap_used, reason = "what all tests share may fail them")]

mod channels;
mod determinism;
mod goldens;
mod journeys;
mod latency;
mod people;
mod people_agree;
mod planning;
mod reading;
mod rhythm;
mod shop;

use std::collections::BTreeMap;

use config::{BackfillPlan, Layers, RunPlan, Window};
use serde_json::{Value, json};
use simulation::{Keys, Pace, Simulation, TimedHit, Visit};

/// 2026-06-01 12:00 UTC, a Monday.
const ORIGIN_MS: i64 = 1_780_315_200_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

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
    Simulation::new(plan, keys(), countries_on).unwrap()
}

/// The first visits.
fn visits(simulation: &Simulation, count: usize) -> impl Iterator<Item = Visit> + '_ {
    let arrivals = simulation.arrivals(Pace::Plan).take(count);
    arrivals.map(|arrival| simulation.visit(&arrival))
}

fn keys() -> Keys {
    Keys {
        seed: 7,
        population: "town".to_owned(),
        origin_ms: ORIGIN_MS,
    }
}

/// With these settings, by their pointers, and days cut in UTC unless they say otherwise.
fn with(settings: &[(&str, Value)]) -> RunPlan {
    let mut own = json!({"load": {"time_zone": "UTC"}});
    for (pointer, value) in settings {
        let (section, name) = pointer[1..].split_once('/').unwrap();
        own[section][name] = value.clone();
    }
    plan(&own)
}

/// The same over so many past days up to yesterday, each with this mean number of visits.
fn past(days: u32, visits_per_day: u32, settings: &[(&str, Value)]) -> RunPlan {
    let mut plan = with(settings);
    plan.load.visits_per_day = visits_per_day;
    plan.backfill = Some(BackfillPlan {
        window: Window::Back {
            days_back: days,
            days,
        },
        visits_per_day,
        visits_per_day_max: None,
        max_visits_total: None,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    plan
}

fn simulated(plan: &RunPlan) -> Simulation {
    simulate(plan, true)
}

/// When the visits of the past begin.
fn moments(plan: &RunPlan) -> Vec<i64> {
    let arrivals = simulated(plan).arrivals(Pace::Backfill);
    arrivals.map(|arrival| arrival.at_ms).collect()
}

/// The visits of the past.
fn past_visits(plan: &RunPlan) -> impl Iterator<Item = Visit> {
    let simulation = simulated(plan);
    let arrivals = simulation.arrivals(Pace::Backfill);
    arrivals.map(move |arrival| simulation.visit(&arrival))
}

fn params(hit: &TimedHit) -> BTreeMap<&'static str, String> {
    hit.hit.params(hit.cdt_s).into_iter().collect()
}

/// The share of one in the whole.
fn share(one: usize, whole: usize) -> f64 {
    one as f64 / whole as f64
}
