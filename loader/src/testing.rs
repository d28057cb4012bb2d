//! For unit tests: a plan, its visits, and hits that are due.

use std::sync::Arc;

use chrono::NaiveDate;
use config::{Layers, RunPlan};
use run_report::Shard;
use simulation::{Keys, Pace, Simulation, TimedHit, Visit};

use crate::clock::wall_ms;
use crate::days::Days;
use crate::ledger::Ledger;
use crate::timeline::{Due, Made, Timeline};

pub(crate) const WHOLE: Shard = Shard { index: 1, of: 1 };

/// A plan out of a document.
pub(crate) fn plan(document: serde_json::Value) -> RunPlan {
    let mut layers = Layers::new().set(
        "test",
        "/targets/0/url",
        "http://127.0.0.1/matomo.php".into(),
    );
    layers = layers.json("test", document);
    let checked = layers.check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

/// The simulation of a plan whose time zero is `origin_ms`.
pub(crate) fn simulation(plan: &RunPlan, origin_ms: i64) -> Simulation {
    let keys = Keys {
        seed: 1,
        population: "people".into(),
        origin_ms,
    };
    Simulation::new(plan, keys, false).unwrap()
}

/// A pace of so many visits.
pub(crate) fn trial(visits: u64) -> Pace {
    Pace::Trial {
        visits,
        per_second: 5.0,
    }
}

/// Plans every visit in a ledger.
pub(crate) struct PlannedIn<'a>(pub(crate) &'a Ledger);

impl Made for PlannedIn<'_> {
    fn made(&mut self, visit: &Visit, day_of: &dyn Fn(&TimedHit) -> NaiveDate) {
        self.0.plan(0, visit, day_of);
    }
}

/// All hits of so many visits that began just now, planned in the ledger.
pub(crate) fn due_hits(visits: u64, ledger: &Ledger) -> Vec<Due> {
    let plan = plan(serde_json::json!({}));
    let simulation = simulation(&plan, wall_ms());
    let days = Days::new(plan.load.time_zone, 0);
    let mut timeline = Timeline::new(&simulation, trial(visits), WHOLE, days);
    let mut due = Vec::new();
    timeline.take_due(i64::MAX - 1, usize::MAX, &mut due, &mut PlannedIn(ledger));
    let now_ms = wall_ms();
    for hit in &mut due {
        hit.send_at_ms = now_ms;
    }
    due
}

/// An empty ledger.
pub(crate) fn ledger() -> Arc<Ledger> {
    let target = run_report::TargetName {
        host: "127.0.0.1".into(),
        site_id: 1,
    };
    Arc::new(Ledger::new(target, wall_ms() * 1_000, 60_000_000))
}
