//! One attempt of a run, from the first line of its report to the last.
//!
//! It puts the parts together: timeline → pacer (of past days: feeder) → queue → delivery → ledger → report. It reads no
//! configuration and no command line, and installs no signal handler; callers end a run through [`Control`].
//!
//! Invariant: when it returns, every hit of every visit made is settled, or in a backfill left to another attempt, and
//! the last line says how.

mod backfill;
mod control;
mod countries;
mod days_told;
mod ending;
mod heartbeat;
mod keys;
mod progress;
mod resume;
mod session;
mod source;
mod supervise;
mod take_up;
mod watch;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use config::RunPlan;
use run_report::{Outcome, Severity, Shard};
use simulation::Simulation;

pub use control::{Control, Ending, Stage};
pub(crate) use keys::draw as draw_keys;
pub use keys::{Given, KeyError};

use crate::delivery::{Budget, Http, Transport};
use crate::outbound::HttpError;
use crate::report::Reporter;
use crate::state_dir::{StateDir, StateError};
use countries::Decision;
use session::{Conducted, Session, Shared};

/// Visits a second of a trial.
pub const TRIAL_VISITS_PER_SECOND: f64 = 5.0;

/// Everything that an attempt needs to know beside its plan.
pub struct Attempt {
    /// What to do.
    pub plan: RunPlan,
    /// The keys that were given; the rest is drawn or taken from the checkpoint.
    pub given: Given,
    /// Which share of the run.
    pub shard: Shard,
    /// Number of visits of a trial.
    pub trial: Option<u64>,
    /// Label for the report.
    pub run: Option<String>,
    /// The locked state directory.
    pub state: Option<StateDir>,
    /// Go on from its checkpoint.
    pub resume: bool,
    /// Where it is told.
    pub reporter: Arc<Reporter>,
}

/// Why an attempt could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The keys contradict the checkpoint.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The state directory cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The plan cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] simulation::SimulationError),
    /// The HTTP client cannot be built.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The operating system refuses another thread.
    #[error("a thread cannot be started: {0}")]
    Thread(std::io::Error),
}

/// Runs an attempt to its end over HTTP.
///
/// # Errors
/// Only before the first line of the report; afterwards everything is told there.
pub async fn run(mut attempt: Attempt, control: Arc<Control>) -> Result<Ending, RunError> {
    let requests = &mut attempt.plan.load.concurrency;
    *requests = share(*requests, attempt.shard);
    let target = &attempt.plan.targets[0];
    let http = Http::new(
        target,
        &attempt.plan.delivery,
        attempt.plan.load.concurrency,
    )?;
    run_over(http, attempt, control).await
}

/// Runs an attempt to its end over any transport.
///
/// # Errors
/// As [`run`].
pub async fn run_over<T: Transport>(
    transport: T,
    attempt: Attempt,
    control: Arc<Control>,
) -> Result<Ending, RunError> {
    let earlier = match &attempt.state {
        Some(state) if attempt.resume => Some(state.load()?.ok_or(KeyError::NoCheckpoint)?),
        _ => None,
    };
    let keys = keys::settle(&attempt, earlier.as_ref().map(|(checkpoint, _)| checkpoint))?;
    if let Some(state) = &attempt.state {
        state.beat()?;
    }
    let mut stage = control.watch();
    let before = earlier.as_ref().map(|(checkpoint, _)| checkpoint);
    let decision = tokio::select! {
        decision = countries::decide(&attempt.plan, &transport, before) => decision,
        // The run was stopped before it began; nothing will be sent.
        _ = stage.wait_for(|stage| *stage != Stage::Running) => Decision::Off,
    };
    let countries_on = matches!(decision, Decision::On);
    let simulation = Simulation::new(&attempt.plan, keys.clone(), countries_on)?;
    let simulation = (simulation, countries_on);
    let mut session = Session::prepare(&attempt, keys, simulation, earlier.as_ref())?;
    session.tell_start(&attempt, earlier.is_some());
    match decision {
        Decision::On | Decision::Off => {}
        Decision::OffBecause(why) => {
            attempt
                .reporter
                .incident(Severity::Warning, "countries.off", why);
        }
        Decision::Refused(why) => {
            let ending = Ending {
                outcome: Outcome::Failed,
                reason: why,
            };
            control.advance(Stage::Halting, Some(ending));
        }
    }
    let timeline = session.take_up(&attempt, earlier)?;
    let transport = Shared::of(transport);
    let mut next = (session, timeline, attempt);
    loop {
        let (session, timeline, attempt) = next;
        let with = (transport.clone(), &control);
        next = match session.conduct(with, attempt, timeline).await? {
            Conducted::Ended(ending) => return Ok(ending),
            // Behind the past days; there is nothing behind that.
            Conducted::GoesOn {
                attempt,
                checkpoint,
            } => {
                let (session, timeline) = session.goes_on(&attempt, *checkpoint)?;
                (session, timeline, *attempt)
            }
        };
    }
}

/// A moment of the wall clock as the report writes it.
fn moment(wall_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(wall_ms).unwrap_or_default()
}

/// The part of what all loaders of a run may do at once that one of them has, at least 1.
fn share(whole: u16, shard: Shard) -> u16 {
    let of = Budget::share(whole.into(), shard).max(1);
    u16::try_from(of).unwrap_or(whole)
}
