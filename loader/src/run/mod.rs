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
mod source;
mod supervise;
mod take_up;
mod watch;
mod words;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use config::{Pacing, RunPlan};
use run_report::{Event, Outcome, RunKind, Severity, Shard, Started, TargetName};
use simulation::{Keys, Pace, Simulation};

pub use control::{Control, Ending, Stage};
pub(crate) use keys::draw as draw_keys;
pub use keys::{Given, KeyError};

use crate::clock::{Clock, wall_ms};
use crate::days::Days;
use crate::delivery::{self, Budget, Delivery, Http, Transport, queue_for};
use crate::guard;
use crate::ledger::Ledger;
use crate::outbound::HttpError;
use crate::pacer::Outlook;
use crate::report::Reporter;
use crate::state_dir::{Checkpoint, StateDir, StateError};
use crate::timeline::Timeline;
use backfill::Backfill;
use countries::Decision;
use heartbeat::Heartbeat;
use source::Source;
use supervise::supervise;

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
    let mut session =
        Session::prepare(&attempt, keys, (simulation, countries_on), earlier.as_ref())?;
    session.tell_start(&attempt, countries_on, earlier.is_some());
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
    session.conduct(transport, attempt, control, timeline).await
}

/// The parts of an attempt that exist before anything is sent.
struct Session {
    keys: Keys,
    simulation: Simulation,
    pace: Pace,
    clock: Arc<Clock>,
    days: Days,
    ledger: Arc<Ledger>,
    visits_planned: Option<u64>,
    /// When the attempt begins to count, on the plan's time line: at once, or at a start that is waited for.
    began_ms: i64,
    /// Hits that this loader may send in the whole run.
    hit_budget: Option<u64>,
    /// Where a resumed attempt goes on; `None` in a backfill, which goes on where it stopped.
    from: Option<resume::From>,
    /// Set in a backfill.
    backfill: Option<Backfill>,
    /// How long earlier attempts could begin visits.
    active_before: Duration,
    /// Hits that earlier attempts may have sent.
    hits_sent: u64,
}

impl Session {
    fn prepare(
        attempt: &Attempt,
        keys: Keys,
        (simulation, countries): (Simulation, bool),
        earlier: Option<&(Checkpoint, u64)>,
    ) -> Result<Self, RunError> {
        let plan = &attempt.plan;
        let backfill = Backfill::of(attempt, &keys, (&simulation, countries));
        let pace = match (attempt.trial, &backfill) {
            (Some(visits), _) => Pace::Trial {
                visits,
                per_second: TRIAL_VISITS_PER_SECOND,
            },
            (None, Some(_)) => Pace::Backfill,
            (None, None) => Pace::Plan,
        };
        if let (Some(backfill), Some((checkpoint, _))) = (&backfill, earlier) {
            backfill.fits(checkpoint)?;
        }
        let live = earlier.filter(|_| backfill.is_none());
        let from = live.map(|(checkpoint, made)| {
            let from = resume::from(checkpoint, *made, &simulation, pace);
            (checkpoint, from)
        });
        let clock = Clock::starting_at(match from {
            // What is past stays where it is: the plan's clock is the wall's.
            None if backfill.is_some() => wall_ms(),
            None => wall_ms().min(keys.origin_ms),
            Some((_, from)) => from.plan_ms,
        });
        let began_ms = keys.origin_ms.max(clock.now_ms());
        let days = Days::new(plan.load.time_zone, clock.wall_minus_plan_ms());
        let target = TargetName {
            host: plan.targets[0].host.clone(),
            site_id: plan.targets[0].site_id,
        };
        let window_us = i64::try_from(plan.load.stop.guard_window.as_micros()).unwrap_or(i64::MAX);
        let ledger = Ledger::new(target, clock.now_us(), window_us);
        let of_shard = (attempt.shard, pace);
        let visits_planned = match &backfill {
            Some(backfill) => backfill.visits_planned(),
            None => resume::visits_planned(&simulation, plan, of_shard, from),
        };
        Ok(Self {
            keys,
            simulation,
            pace,
            clock: Arc::new(clock),
            days,
            ledger: Arc::new(ledger),
            visits_planned,
            began_ms,
            hit_budget: plan
                .load
                .stop
                .after_hits
                .map(|hits| Budget::share(hits, attempt.shard)),
            from: from.map(|(_, from)| from),
            backfill,
            active_before: Duration::ZERO,
            hits_sent: 0,
        })
    }

    fn tell_start(&self, attempt: &Attempt, countries: bool, resumed: bool) {
        let plan = &attempt.plan;
        let target = &plan.targets[0];
        let visits_per_day = match self.pace {
            Pace::Trial { per_second, .. } => per_second * 86_400.0,
            Pace::Backfill => plan
                .backfill
                .as_ref()
                .map_or(0.0, |past| f64::from(past.visits_per_day)),
            Pace::Plan => f64::from(plan.load.visits_per_day),
        };
        attempt.reporter.say(Event::Started(Box::new(Started {
            run: attempt.run.clone(),
            kind: match self.backfill {
                Some(_) => RunKind::Backfill,
                None => RunKind::Live,
            },
            window: self.backfill.as_ref().map(Backfill::window),
            loader_version: env!("CARGO_PKG_VERSION").to_owned(),
            shard: attempt.shard,
            pacing: pacing_name(self.pace, plan.load.pacing).to_owned(),
            method: method_name(plan.delivery.method).to_owned(),
            seed: self.keys.seed,
            population: self.keys.population.clone(),
            origin: moment(self.keys.origin_ms),
            visits_per_day,
            visits_planned: self.visits_planned,
            trial: attempt.trial,
            countries,
            targets: vec![TargetName {
                host: target.host.clone(),
                site_id: target.site_id,
            }],
            resumed,
            start_at: (wall_ms() < self.keys.origin_ms).then(|| moment(self.keys.origin_ms)),
            hit_budget: self.hit_budget,
        })));
        for (code, message) in guard::switched_off(&plan.load.stop) {
            attempt.reporter.incident(Severity::Info, code, message);
        }
    }

    /// What is to happen, behind what earlier attempts did.
    fn take_up(
        &mut self,
        attempt: &Attempt,
        earlier: Option<(Checkpoint, u64)>,
    ) -> Result<Timeline, RunError> {
        let days = self.days.clone();
        let mut timeline = Timeline::new(&self.simulation, self.pace, attempt.shard, days);
        let active_s = earlier.as_ref().map(|(checkpoint, _)| checkpoint.active_s);
        self.active_before =
            Duration::try_from_secs_f64(active_s.unwrap_or_default()).unwrap_or_default();
        if self.backfill.is_some() {
            let earlier = earlier.map(|(checkpoint, _)| checkpoint);
            self.take_up_past(attempt, earlier, &mut timeline)?;
        } else if let (Some((checkpoint, _)), Some(from)) = (earlier, self.from) {
            let attempt_of = (attempt, &self.simulation, self.pace);
            self.hits_sent =
                resume::take_up(attempt_of, checkpoint, from, &self.ledger, &self.clock);
            timeline.resume(self.pace, from.plan_ms, from.ordinal);
        }
        Ok(timeline)
    }

    async fn conduct<T: Transport>(
        self,
        transport: T,
        attempt: Attempt,
        control: Arc<Control>,
        mut timeline: Timeline,
    ) -> Result<Ending, RunError> {
        let plan = &attempt.plan;
        let queue = Arc::new(queue_for(&plan.delivery));
        let outlook = Arc::new(Mutex::new(Outlook::of(&mut timeline, 0)));
        let source = Source::of(&self, &attempt, timeline, (&queue, &control, &outlook))?;
        let mut delivery = Delivery::new(
            Arc::clone(&queue),
            Arc::clone(&self.ledger),
            Arc::clone(&self.clock),
            transport,
            plan.delivery.clone(),
            plan.targets[0].token.clone(),
            Budget::new(self.hit_budget, self.hits_sent),
        );
        if let Some(backfill) = &self.backfill {
            let journal = backfill.journal.clone();
            let past = delivery.replaying(plan, attempt.shard);
            delivery = past.of_past(delivery::Past { journal });
        }
        let delivery = Arc::new(delivery);
        let concurrency = plan.load.concurrency;
        let ends_after = plan
            .load
            .stop
            .after
            .map(|after| after.saturating_sub(self.active_before));
        let mut heartbeat = Heartbeat::new(
            &self,
            attempt,
            &control,
            Arc::clone(&delivery),
            outlook,
            self.active_before,
        );
        heartbeat.save_first()?;
        let mut senders = delivery.start(concurrency);
        let source = source.start().map_err(RunError::Thread)?;
        control.wakes(source.thread().clone());
        // Whatever was asked for before the line above finds the source awake.
        source.thread().unpark();
        supervise(&self, &delivery, &control, ends_after, &mut heartbeat).await;
        // The source ends by itself once the queue is closed or the stage says so; it never waits for the target.
        let _ = tokio::task::spawn_blocking(move || source.join()).await;
        while senders.join_next().await.is_some() {}
        Ok(heartbeat.finish(self.visits_planned).await)
    }
}

/// The part of what all loaders of a run may do at once that one of them has, at least 1.
fn share(whole: u16, shard: Shard) -> u16 {
    let of = Budget::share(whole.into(), shard).max(1);
    u16::try_from(of).unwrap_or(whole)
}

/// A moment of the wall clock as the report writes it.
fn moment(wall_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(wall_ms).unwrap_or_default()
}

fn pacing_name(pace: Pace, pacing: Pacing) -> &'static str {
    match (pace, pacing) {
        (Pace::Backfill, _) => "backfill",
        (Pace::Plan | Pace::Trial { .. }, Pacing::Live) => "live",
        (Pace::Plan | Pace::Trial { .. }, Pacing::Compressed { .. }) => "compressed",
    }
}

fn method_name(method: config::Method) -> &'static str {
    match method {
        config::Method::Beacon => "beacon",
        config::Method::Get => "get",
        config::Method::Form => "form",
        config::Method::Bulk => "bulk",
    }
}
