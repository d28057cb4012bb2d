//! The heartbeat: once a second the report's running totals, the guards, the checkpoint.
//!
//! It sends nothing and settles nothing. Invariant: each line shows one consistent picture of the account.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use run_report::{Event, Finished, Outcome, Severity};
use serde::Serialize;
use simulation::{Keys, Pace, Simulation};
use tokio::task::JoinHandle;

use super::ending::{done, finished};
use super::watch::{Pressure, Sight, Watch};
use super::words::{self, Scene};
use super::{Attempt, Control, Ending, Session, Stage};
use crate::clock::Clock;
use crate::days::Days;
use crate::delivery::{Delivery, Transport};
use crate::guard;
use crate::ledger::{Ledger, Picture};
use crate::pacer::Outlook;
use crate::state_dir::{Checkpoint, StateDir, StateError};

/// Heartbeats between two incidents about a queue that stays full.
const FULL_QUEUE_EVERY: u32 = 60;

/// A target that is down when nothing is left to come ends the run after this time, or the grace time if longer.
const LAST_HOPE: Duration = Duration::from_secs(60);

pub(super) struct Heartbeat<T> {
    pub(super) attempt: Attempt,
    state: Option<Arc<StateDir>>,
    pub(super) keys: Keys,
    pub(super) pace: Pace,
    pub(super) simulation: Simulation,
    pub(super) visits_planned: Option<u64>,
    pub(super) clock: Arc<Clock>,
    /// When the attempt begins to count, on the plan's time line.
    began_ms: i64,
    days: Days,
    ledger: Arc<Ledger>,
    pub(super) control: Arc<Control>,
    pub(super) delivery: Arc<Delivery<T>>,
    outlook: Arc<Mutex<Outlook>>,
    active_before: Duration,
    saving: Option<JoinHandle<()>>,
    pub(super) watch: Watch,
    told_cap_ms: Option<i64>,
    told_quiet: bool,
    told_refused: u64,
    refused_wait: u32,
}

/// What lies in `account.json`.
#[derive(Serialize)]
struct LastWord<'a> {
    finished: &'a Finished,
}

impl<T: Transport> Heartbeat<T> {
    pub(super) fn new(
        session: &Session,
        mut attempt: Attempt,
        control: &Arc<Control>,
        delivery: Arc<Delivery<T>>,
        outlook: Arc<Mutex<Outlook>>,
        active_before: Duration,
    ) -> Self {
        Self {
            state: attempt.state.take().map(Arc::new),
            attempt,
            keys: session.keys.clone(),
            pace: session.pace,
            simulation: session.simulation.clone(),
            visits_planned: session.visits_planned,
            clock: Arc::clone(&session.clock),
            began_ms: session.began_ms,
            days: session.days.clone(),
            watch: Watch::going_on_from(&session.ledger.picture(session.clock.now_us()).reasons),
            ledger: Arc::clone(&session.ledger),
            control: Arc::clone(control),
            delivery,
            outlook,
            active_before,
            saving: None,
            told_cap_ms: None,
            told_quiet: false,
            told_refused: 0,
            refused_wait: 0,
        }
    }

    /// The checkpoint that replaces an older run's before anything is sent.
    pub(super) fn save_first(&self) -> Result<(), StateError> {
        match &self.state {
            Some(state) => state
                .beat()
                .and_then(|()| state.save(&self.checkpoint(false))),
            None => Ok(()),
        }
    }

    /// One beat.
    pub(super) fn beat(&mut self) {
        self.follow_wall();
        let outlook = *self.outlook.lock().unwrap_or_else(PoisonError::into_inner);
        let picture = self.ledger.picture(self.clock.now_us());
        self.tell_cap(&outlook);
        self.tell_refused(&outlook);
        self.tell_troubles(&picture);
        self.guard(&picture, &outlook);
        self.tell_closed_days();
        let scene = self.scene(&picture, &outlook);
        self.tell_quiet(&scene);
        self.tell_progress(&picture, &scene);
        self.save_in_background();
    }

    /// For how long visits could begin in this attempt.
    fn active_for(&self) -> Duration {
        self.clock.since(self.began_ms)
    }

    fn follow_wall(&self) {
        let waits = self.clock.now_ms() < self.keys.origin_ms;
        let jumped = if waits {
            self.clock.wait_by_wall(self.keys.origin_ms)
        } else {
            self.clock.follow_wall()
        };
        let Some(jump_ms) = jumped else {
            return;
        };
        let follows = match (waits, self.clock.now_ms() < self.keys.origin_ms) {
            (false, _) => "the pace goes on unchanged",
            (true, true) => "the run still starts at its time",
            (true, false) => "the time to start has passed meanwhile, so the run starts now",
        };
        if waits {
            self.days.shift(self.clock.wall_minus_plan_ms());
        }
        self.control.wake_pacer();
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let seconds = jump_ms as f64 / 1_000.0;
        self.attempt.reporter.incident(
            Severity::Warning,
            "clock.jumped",
            format!("the wall clock jumped by {seconds:+.0} s; {follows}"),
        );
    }

    fn tell_troubles(&mut self, picture: &Picture) {
        let sight = Sight {
            now: self.clock.running_for(),
            outage: self.delivery.breaker.outage(),
            pressure: Pressure {
                late_ms: picture.lateness_minute.map_or(0.0, |times| times.p95),
                answer_ms: picture.latency_minute.map_or(0.0, |times| times.p50),
                waiting: self.delivery.queue.waiting(),
                in_flight: self.delivery.in_flight(),
                concurrency: self.attempt.plan.load.concurrency.into(),
            },
            reasons: &picture.reasons,
        };
        for incident in self.watch.look(&sight) {
            let reporter = &self.attempt.reporter;
            reporter.incident(incident.severity, &incident.code, incident.message);
        }
    }

    fn guard(&self, picture: &Picture, outlook: &Outlook) {
        if self.control.stage() != Stage::Running {
            return;
        }
        let rules = &self.attempt.plan.load.stop;
        let outage = self.delivery.breaker.outage();
        let verdict = guard::verdict(
            rules,
            self.active_for(),
            outage.as_ref(),
            &picture.guard,
            &picture.reasons,
        );
        let hope = LAST_HOPE.max(self.delivery.plan.grace);
        if let Some(why) = verdict {
            self.attempt
                .reporter
                .incident(Severity::Error, "run.guard", why.clone());
            let ending = Ending {
                outcome: Outcome::Guard,
                reason: why,
            };
            self.control.advance(Stage::Cutting, Some(ending));
        } else if outlook.next_hit_ms.is_none()
            && let Some(outage) = outage.filter(|outage| hope <= outage.since)
        {
            let ending = Ending {
                outcome: Outcome::Failed,
                reason: format!(
                    "the target is down and nothing is left to wait for: {}; make it reachable",
                    outage.why
                ),
            };
            self.control.advance(Stage::Halting, Some(ending));
        }
    }

    /// Told the first time only: it comes again each day.
    fn tell_quiet(&mut self, scene: &Scene) {
        if let (Some(until), false) = (words::quiet_until(scene), self.told_quiet) {
            self.told_quiet = true;
            let message = format!("quiet hours: no visit starts until {until}, and so each day");
            self.attempt
                .reporter
                .incident(Severity::Info, "run.quiet_hours", message);
        }
    }

    fn tell_cap(&mut self, outlook: &Outlook) {
        if let Some(window_ms) = outlook.after_cap_ms
            && self.told_cap_ms != Some(window_ms)
        {
            self.told_cap_ms = Some(window_ms);
            self.attempt.reporter.incident(
                Severity::Info,
                "run.cap",
                "the cap of visits in 24 hours is reached; the traffic goes on with the next window",
            );
        }
    }

    fn tell_refused(&mut self, outlook: &Outlook) {
        self.refused_wait = self.refused_wait.saturating_sub(1);
        let refused = outlook.refused - self.told_refused;
        if refused == 0 || 0 < self.refused_wait {
            return;
        }
        self.told_refused = outlook.refused;
        self.refused_wait = FULL_QUEUE_EVERY;
        self.attempt.reporter.incident(
            Severity::Error,
            "late.queue_full",
            format!(
                "the queue of {} hits is full, {refused} hits were skipped: the target takes them more slowly than \
                 they are due",
                crate::delivery::MAX_WAITING
            ),
        );
    }

    /// Yesterday may still get hits that are booked back; days before it are closed once nothing remains of them.
    fn tell_closed_days(&self) {
        let today = self.days.at(crate::clock::wall_ms());
        if let Some(yesterday) = today.pred_opt() {
            for day in self.ledger.take_days(yesterday) {
                self.attempt.reporter.say(Event::Account(Box::new(day)));
            }
        }
    }

    fn save_in_background(&mut self) {
        let still_saving = self.saving.as_ref().is_some_and(|task| !task.is_finished());
        let Some(state) = self.state.clone().filter(|_| !still_saving) else {
            return;
        };
        let checkpoint = self.checkpoint(false);
        self.saving = Some(tokio::task::spawn_blocking(move || {
            if let Err(error) = state.beat().and_then(|()| state.save(&checkpoint)) {
                tracing::error!(%error, "the checkpoint cannot be written");
            }
        }));
    }

    fn checkpoint(&self, clean: bool) -> Checkpoint {
        Checkpoint {
            v: Checkpoint::VERSION,
            seed: self.keys.seed,
            population: self.keys.population.clone(),
            origin_ms: self.keys.origin_ms,
            shard: self.attempt.shard,
            trial: self.attempt.trial,
            plan_ms: self.clock.now_ms(),
            wall_minus_plan_ms: self.clock.wall_minus_plan_ms(),
            active_s: (self.active_before + self.active_for()).as_secs_f64(),
            clean,
            hits_sent: self.delivery.budget.sent(),
            saved: self.ledger.save(),
        }
    }

    /// The last lines and files of the attempt.
    pub(super) async fn finish(mut self, visits_planned: Option<u64>) -> Ending {
        let ending = self.control.ending().unwrap_or_else(done);
        if let Some(saving) = self.saving.take() {
            // Whatever became of it, the checkpoint below is newer.
            let _ = saving.await;
        }
        let checkpoint = self.checkpoint(true);
        let picture = self.ledger.picture(self.clock.now_us());
        debug_assert_eq!(picture.account.remaining, 0, "a hit was not settled");
        let took = self.clock.running_for();
        let finished = finished(&ending, picture, &self.ledger, visits_planned, took);
        if let Some(state) = &self.state {
            let account = LastWord {
                finished: &finished,
            };
            if let Err(error) = state
                .save(&checkpoint)
                .and_then(|()| state.save_account(&account))
            {
                tracing::error!(%error, "the last checkpoint cannot be written");
            }
        }
        for day in self.ledger.take_days(chrono::NaiveDate::MAX) {
            self.attempt.reporter.say(Event::Account(Box::new(day)));
        }
        self.attempt
            .reporter
            .say(Event::Finished(Box::new(finished)));
        ending
    }
}
