//! The heartbeat: once a second the report's running totals, the guards, the checkpoint.
//!
//! It sends nothing and settles nothing. Invariant: each line shows one consistent picture of the account.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use run_report::{Event, Finished, HitOutcome, Outcome, Severity};
use serde::Serialize;
use simulation::{Keys, Pace, Simulation};
use tokio::task::JoinHandle;

use super::backfill::Backfill;
use super::days_told::DaysTold;
use super::ending::{done, finished};
use super::session::{Conducted, Session};
use super::watch::{Pressure, Sight, Watch};
use super::words::{self, Scene};
use super::{Attempt, Control, Ending, Stage};
use crate::clock::Clock;
use crate::days::Days;
use crate::delivery::{Delivery, Transport};
use crate::guard;
use crate::ledger::{CUT, Ledger, Picture};
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
    pub(super) days: Days,
    pub(super) ledger: Arc<Ledger>,
    pub(super) control: Arc<Control>,
    pub(super) delivery: Arc<Delivery<T>>,
    pub(super) outlook: Arc<Mutex<Outlook>>,
    active_before: Duration,
    pub(super) backfill: Option<Backfill>,
    pub(super) days_told: DaysTold,
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
            backfill: session.backfill.clone(),
            days_told: DaysTold::default(),
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
                .and_then(|()| store(state, &self.checkpoint(false), self.backfill.as_ref())),
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
        self.tell_days();
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

    fn save_in_background(&mut self) {
        let still_saving = self.saving.as_ref().is_some_and(|task| !task.is_finished());
        let Some(state) = self.state.clone().filter(|_| !still_saving) else {
            return;
        };
        let checkpoint = self.checkpoint(false);
        let backfill = self.backfill.clone();
        self.saving = Some(tokio::task::spawn_blocking(move || {
            let stored = || store(&state, &checkpoint, backfill.as_ref());
            if let Err(error) = state.beat().and_then(|()| stored()) {
                tracing::error!(%error, "the checkpoint cannot be written");
            }
        }));
    }

    fn checkpoint(&self, clean: bool) -> Checkpoint {
        let (saved, mark) = self.ledger.save_with_mark();
        let done = clean
            && self
                .control
                .ending()
                .is_none_or(|end| end.outcome == Outcome::Done);
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
            saved,
            backfill: self
                .backfill
                .as_ref()
                .map(|backfill| backfill.saved(mark, done)),
        }
    }

    /// The past days, while they are sent.
    pub(super) fn past(&self) -> Option<&Backfill> {
        self.backfill.as_ref().filter(|backfill| !backfill.over)
    }

    /// Whether a backfill was settled to its last hit, even if a stop came at that moment.
    fn is_whole(&self) -> bool {
        let picture = self.ledger.picture(self.clock.now_us());
        let all = self.past().and_then(Backfill::visits_planned);
        all == Some(picture.visits.started) && picture.account.remaining == 0
    }

    /// The last lines and files of the attempt; none of its past days when it goes on in real time.
    pub(super) async fn finish(mut self, visits_planned: Option<u64>) -> Conducted {
        if let Some(saving) = self.saving.take() {
            // Whatever became of it, the checkpoints below are newer.
            let _ = saving.await;
        }
        let ends = self.past().is_none_or(|past| past.ends);
        let asked = self.control.ending();
        if !ends && asked.is_none() {
            return self.go_on();
        }
        let ending = asked.filter(|_| !ends || !self.is_whole());
        Conducted::Ended(self.end(ending.unwrap_or_else(done), visits_planned))
    }

    fn go_on(mut self) -> Conducted {
        self.tell_last_place();
        self.tell_last_days(Outcome::Done);
        let mut checkpoint = self.checkpoint(true);
        if let Some(backfill) = &mut checkpoint.backfill {
            backfill.over = true;
        }
        if let Some(state) = &self.state
            && let Err(error) = store(state, &checkpoint, self.backfill.as_ref())
        {
            tracing::error!(%error, "the checkpoint cannot be written");
        }
        self.attempt.state = self.state.take().and_then(Arc::into_inner);
        Conducted::GoesOn {
            attempt: Box::new(self.attempt),
            checkpoint: Box::new(checkpoint),
        }
    }

    fn end(mut self, ending: Ending, visits_planned: Option<u64>) -> Ending {
        let keeps_rest = self.past().is_some() && ending.outcome != Outcome::Done;
        if self.past().is_some() && !keeps_rest {
            // A limit of its own ended it, and what is left will not be sent.
            self.ledger.settle_remaining(HitOutcome::Skipped, &CUT);
        }
        let checkpoint = self.checkpoint(true);
        let picture = self.ledger.picture(self.clock.now_us());
        let remaining = picture.account.remaining;
        debug_assert!(keeps_rest || remaining == 0, "a hit was not settled");
        let took = self.clock.running_for();
        self.tell_last_place();
        let next = self.backfill.as_ref().and_then(|backfill| {
            let site_id = self.attempt.plan.targets[0].site_id;
            backfill.next(ending.outcome, &picture.account, site_id)
        });
        let finished = Finished {
            next,
            ..finished(&ending, picture, &self.ledger, visits_planned, took)
        };
        if let Some(state) = &self.state {
            let account = LastWord {
                finished: &finished,
            };
            if let Err(error) = store(state, &checkpoint, self.backfill.as_ref())
                .and_then(|()| state.save_account(&account))
            {
                tracing::error!(%error, "the last checkpoint cannot be written");
            }
        }
        self.tell_last_days(ending.outcome);
        self.attempt
            .reporter
            .say(Event::Finished(Box::new(finished)));
        ending
    }
}

/// Replaces the checkpoint, then drops what it makes superfluous.
fn store(
    state: &StateDir,
    checkpoint: &Checkpoint,
    backfill: Option<&Backfill>,
) -> Result<(), StateError> {
    state.save(checkpoint)?;
    let journal = backfill.and_then(|backfill| backfill.journal.as_ref());
    if let (Some(journal), Some(saved)) = (journal, &checkpoint.backfill) {
        journal.forget(&saved.mark);
    }
    Ok(())
}
