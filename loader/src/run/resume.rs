//! Taking up an earlier attempt of the same run.
//!
//! A plan goes on at now: what lay in the gap was not planned, and is told. A trial goes on where it stopped, since its
//! visits are counted, not timed.
//!
//! Invariant: every visit that may have been sent before is in the account, exactly once.

use config::RunPlan;
use run_report::{Severity, Shard};
use simulation::{Pace, Simulation};

use super::Attempt;
use crate::clock::{Clock, wall_ms};
use crate::days::Days;
use crate::ledger::Ledger;
use crate::state_dir::Checkpoint;
use crate::timeline::is_mine;

/// Visits up to which those of one share are counted before the start; beyond, the number is not told.
const MAX_COUNTED: u64 = 200_000;

/// Where an attempt goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct From {
    /// The time on the plan's line.
    pub(super) plan_ms: i64,
    /// The first visit that was not made before.
    pub(super) ordinal: u64,
}

/// Where the next attempt goes on. `made` is how far the earlier one made visits.
pub(super) fn from(
    checkpoint: &Checkpoint,
    made: u64,
    simulation: &Simulation,
    pace: Pace,
) -> From {
    let next_visit = || {
        let mut arrivals = simulation.arrivals(pace);
        arrivals.find(|arrival| made <= arrival.ordinal)
    };
    let plan_ms = match checkpoint.trial {
        Some(_) => next_visit().map_or(checkpoint.plan_ms, |next| next.at_ms),
        None => (wall_ms() - checkpoint.wall_minus_plan_ms).max(checkpoint.plan_ms),
    };
    From {
        plan_ms,
        ordinal: made,
    }
}

/// Restores the account and settles what the earlier attempt left open. Returns how many hits may have been sent
/// before, at most.
pub(super) fn take_up(
    (attempt, simulation, pace): (&Attempt, &Simulation, Pace),
    checkpoint: Checkpoint,
    from: From,
    ledger: &Ledger,
    clock: &Clock,
) -> u64 {
    let sent = checkpoint.hits_sent;
    let counted = checkpoint.saved.cursor;
    let days = Days::new(attempt.plan.load.time_zone, checkpoint.wall_minus_plan_ms);
    ledger.restore(checkpoint.saved);
    // Visits made after the last checkpoint: pure functions of the plan, so they can be made again and counted.
    for arrival in simulation.arrivals(pace) {
        if from.ordinal <= arrival.ordinal {
            break;
        }
        if counted <= arrival.ordinal && is_mine(simulation, attempt.shard, &arrival) {
            let visit = simulation.visit(&arrival);
            ledger.plan(clock.now_us(), &visit, &|hit| days.of(hit));
        }
    }
    let lost = ledger.settle_remaining_as_unknown();
    if lost != 0 {
        attempt.reporter.incident(
            Severity::Warning,
            "run.interrupted",
            format!(
                "the earlier attempt ended without a word; {lost} hits that were open then count as unknown"
            ),
        );
    }
    let gap_ms = from.plan_ms - checkpoint.plan_ms;
    let message = match checkpoint.trial {
        Some(_) => "the trial goes on where it stopped".to_owned(),
        None => format!(
            "the run goes on at now; the {:.0} s since the earlier attempt were not planned",
            gap_ms.max(0) as f64 / 1_000.0
        ),
    };
    attempt
        .reporter
        .incident(Severity::Info, "run.resumed", message);
    sent + lost
}

/// Visits that this loader makes in all, when that is known.
pub(super) fn visits_planned(
    simulation: &Simulation,
    plan: &RunPlan,
    (shard, pace): (Shard, Pace),
    earlier: Option<(&Checkpoint, From)>,
) -> Option<u64> {
    let end = match pace {
        Pace::Trial { visits, .. } => visits,
        Pace::Backfill => simulation
            .backfill_days()
            .iter()
            .map(|day| day.visits)
            .sum(),
        Pace::Plan => plan.load.stop.after_visits?,
    };
    if shard.of == 1 && earlier.is_none() {
        return Some(end);
    }
    if MAX_COUNTED < end {
        return None;
    }
    let mut arrivals = simulation.arrivals(pace);
    let (mut before, mut first) = (0, 0);
    if let Some((checkpoint, from)) = earlier {
        let uncounted = arrivals
            .clone()
            .skip_while(|arrival| arrival.ordinal < checkpoint.saved.cursor)
            .take_while(|arrival| arrival.ordinal < from.ordinal)
            .filter(|arrival| is_mine(simulation, shard, arrival))
            .count();
        before = checkpoint.saved.visits_started + uncounted as u64;
        first = from.ordinal;
        arrivals.skip_to(from.plan_ms);
    }
    let rest = arrivals
        .filter(|arrival| first <= arrival.ordinal && is_mine(simulation, shard, arrival))
        .count();
    Some(before + rest as u64)
}
