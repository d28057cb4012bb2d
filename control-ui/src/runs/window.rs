//! The days of a backfill before it begins: which they are, and how many visits each gets.
//!
//! Invariant: the same function that the loader's days come from, so the two cannot differ.

use chrono::DateTime;
use config::RunPlan;
use run_report::{DayAccount, TargetName};
use simulation::{Keys, Simulation};

use crate::api::backfill::PlannedDay;
use crate::api::view::{RunWindow, TargetView};
use crate::time::Timestamp;

/// The days of a backfill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedDays {
    pub(crate) window: RunWindow,
    pub(crate) days: Vec<PlannedDay>,
}

impl PlannedDays {
    /// The days of this plan with these keys; `None` when it is not one of a backfill.
    pub(crate) fn of(plan: &RunPlan, seed: u64, origin: Timestamp) -> Option<Self> {
        let backfill = plan.backfill.as_ref()?;
        let zone = plan.load.time_zone;
        let today = DateTime::from_timestamp_millis(origin.0)?
            .with_timezone(&zone)
            .date_naive();
        let (first, last) = backfill.window.dates(today);
        let days = (last - first).num_days() + 1;
        let keys = Keys {
            seed,
            population: String::new(),
            origin_ms: origin.0,
        };
        let simulation = Simulation::new(plan, keys, false).ok()?;
        let planned = simulation.backfill_days().iter().map(|day| PlannedDay {
            day: day.day,
            visits: day.visits,
        });
        Some(Self {
            window: RunWindow {
                first,
                last,
                days: u32::try_from(days).ok()?,
                time_zone: zone.name().to_owned(),
            },
            days: planned.collect(),
        })
    }

    /// The same as they are kept until a loader tells of them.
    pub(crate) fn rows(&self, target: &TargetView) -> Vec<DayAccount> {
        let row = |planned: &PlannedDay| DayAccount {
            day: planned.day,
            target: TargetName {
                host: target.host.clone(),
                site_id: target.site_id,
            },
            closed: false,
            visits_planned: Some(planned.visits),
            visits_started: 0,
            visits_finished: 0,
            unverified: 0,
            account: run_report::Account::default(),
            by_kind: std::collections::BTreeMap::new(),
        };
        self.days.iter().map(row).collect()
    }
}
