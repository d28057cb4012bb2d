//! The last line of the report.

use std::time::Duration;

use run_report::{Finished, Outcome};

use super::Ending;
use crate::ledger::{Ledger, Picture};

/// The last line for a run that did all it planned.
pub(super) fn done() -> Ending {
    Ending {
        outcome: Outcome::Done,
        reason: "all visits were made".to_owned(),
    }
}

/// Puts the last line together.
pub(super) fn finished(
    ending: &Ending,
    picture: Picture,
    ledger: &Ledger,
    visits_planned: Option<u64>,
    took: Duration,
) -> Finished {
    let (latency_ms, lateness_ms, reasons) = ledger.whole();
    Finished {
        outcome: ending.outcome,
        reason: ending.reason.clone(),
        next: None,
        exit_code: ending.exit_code(),
        account: picture.account,
        visits_planned,
        visits: run_report::Visits {
            planned: visits_planned,
            ..picture.visits
        },
        by_kind: picture.by_kind,
        unverified: picture.unverified,
        reasons,
        latency_ms,
        latency_histogram: ledger.latency_histogram(),
        lateness_ms,
        requests: picture.requests,
        duration_s: took.as_secs_f64(),
    }
}
