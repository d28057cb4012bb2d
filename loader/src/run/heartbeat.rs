//! The heartbeat: once a second the report's running totals, the guards, the checkpoint.
//!
//! It sends nothing and settles nothing. Invariant: each line shows one consistent picture of the account.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use run_report::{Event, Finished, LoaderState, Outcome, Progress, Rate, Severity};
use serde::Serialize;
use simulation::{Keys, Pace};
use tokio::task::JoinHandle;

use super::ending::{done, finished};
use super::words::{self, Down, Scene};
use super::{Attempt, Control, Ending, Session, Stage, moment};
use crate::clock::Clock;
use crate::days::Days;
use crate::delivery::{Delivery, Transport};
use crate::guard;
use crate::ledger::{Ledger, Picture};
use crate::pacer::Outlook;
use crate::state_dir::{Checkpoint, StateDir, StateError};

/// Lateness from which the target counts as too slow, in milliseconds (95th percentile of the last minute).
const SLOWED_MS: f64 = 1_000.0;

/// Heartbeats between two incidents about a queue that stays full.
const FULL_QUEUE_EVERY: u32 = 60;

/// A target that is down when nothing is left to come ends the run after this time, or the grace time if longer.
const LAST_HOPE: Duration = Duration::from_secs(60);

pub(super) struct Heartbeat<T> {
    attempt: Attempt,
    state: Option<Arc<StateDir>>,
    keys: Keys,
    pace: Pace,
    visits_planned: Option<u64>,
    clock: Arc<Clock>,
    days: Days,
    ledger: Arc<Ledger>,
    control: Arc<Control>,
    delivery: Arc<Delivery<T>>,
    outlook: Arc<Mutex<Outlook>>,
    active_before: Duration,
    saving: Option<JoinHandle<()>>,
    told_cap_ms: Option<i64>,
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
            visits_planned: session.visits_planned,
            clock: Arc::clone(&session.clock),
            days: session.days.clone(),
            ledger: Arc::clone(&session.ledger),
            control: Arc::clone(control),
            delivery,
            outlook,
            active_before,
            saving: None,
            told_cap_ms: None,
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
        if let Some(jump_ms) = self.clock.follow_wall() {
            #[expect(clippy::cast_precision_loss, reason = "for people")]
            let seconds = jump_ms as f64 / 1_000.0;
            self.attempt.reporter.incident(
                Severity::Warning,
                "clock.jumped",
                format!("the wall clock jumped by {seconds:+.0} s; the pace goes on unchanged"),
            );
        }
        let outlook = *self.outlook.lock().unwrap_or_else(PoisonError::into_inner);
        let picture = self.ledger.picture(self.clock.now_us());
        self.tell_cap(&outlook);
        self.tell_refused(&outlook);
        self.guard(&picture, &outlook);
        self.tell_closed_days();
        self.tell_progress(&picture, &outlook);
        self.save_in_background();
    }

    fn guard(&self, picture: &Picture, outlook: &Outlook) {
        if self.control.stage() != Stage::Running {
            return;
        }
        let rules = &self.attempt.plan.load.stop;
        let down_for = self.delivery.down_for();
        let running_for = self.clock.running_for();
        if let Some(why) = guard::verdict(rules, running_for, down_for, &picture.guard) {
            self.attempt
                .reporter
                .incident(Severity::Error, "run.guard", why.clone());
            let ending = Ending {
                outcome: Outcome::Guard,
                reason: why,
            };
            self.control.advance(Stage::Cutting, Some(ending));
        } else if outlook.next_hit_ms.is_none()
            && down_for.is_some_and(|down| LAST_HOPE.max(self.delivery.plan.grace) <= down)
        {
            let ending = Ending {
                outcome: Outcome::Failed,
                reason: "the target is down and nothing is left to wait for; make it reachable"
                    .to_owned(),
            };
            self.control.advance(Stage::Halting, Some(ending));
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

    fn tell_progress(&self, picture: &Picture, outlook: &Outlook) {
        let told = words::tell(&self.scene(picture, outlook));
        let visits = run_report::Visits {
            planned: self.visits_planned,
            ..picture.visits
        };
        let wall = |plan_ms| moment(plan_ms + self.clock.wall_minus_plan_ms());
        let next_visit_ms = match told.state {
            LoaderState::Stopping => None,
            _ => outlook.next_visit_ms,
        };
        self.attempt
            .reporter
            .say(Event::Progress(Box::new(Progress {
                state: told.state,
                detail: told.detail,
                next_visit_at: next_visit_ms.map(wall),
                until: told.until_ms.map(wall),
                account: picture.account,
                visits,
                rate: Rate {
                    visits_per_s_planned: self.planned_rate(told.state, outlook),
                    visits_per_s: picture.means.visits,
                    hits_per_s: picture.means.hits,
                    errors_per_s: picture.means.errors,
                },
                latency_ms: picture.latency_minute,
                lateness_ms: picture.lateness_minute,
                in_flight: self.delivery.in_flight(),
                requests: picture.requests,
                unverified: picture.unverified,
                by_kind: picture.by_kind.clone(),
                reasons: picture.reasons.clone(),
                lines_dropped: self.attempt.reporter.lines_dropped(),
            })));
    }

    /// Visits a second that the plan asks for at the moment.
    fn planned_rate(&self, state: LoaderState, outlook: &Outlook) -> f64 {
        let resting = matches!(state, LoaderState::Stopping | LoaderState::PausedAtCap)
            || self.clock.now_ms() < self.keys.origin_ms
            || outlook.next_visit_ms.is_none();
        let whole = match self.pace {
            _ if resting => 0.0,
            Pace::Trial { per_second, .. } => per_second,
            Pace::Plan => f64::from(self.attempt.plan.load.visits_per_day) / 86_400.0,
        };
        whole / f64::from(self.attempt.shard.of)
    }

    fn scene(&self, picture: &Picture, outlook: &Outlook) -> Scene {
        let waiting = self.delivery.queue.waiting();
        let late_ms = picture.lateness_minute.map_or(0.0, |times| times.p95);
        let grace = self.delivery.plan.grace;
        let grace_left = self
            .control
            .stopping_since()
            .map(|since| grace.saturating_sub(since.elapsed()));
        Scene {
            now_ms: self.clock.now_ms(),
            wall_minus_plan_ms: self.clock.wall_minus_plan_ms(),
            zone: self.attempt.plan.load.time_zone,
            origin_ms: self.keys.origin_ms,
            outlook: *outlook,
            stage: self.control.stage(),
            grace_left,
            open: picture.visits.open,
            in_flight: self.delivery.in_flight(),
            waiting,
            down: self.delivery.down_for().map(|since| Down {
                since,
                next_try: self.delivery.breaker.next_probe_in(),
                why: "it does not take hits".to_owned(),
            }),
            late_ms: Some(late_ms).filter(|late| 0 < waiting && SLOWED_MS < *late),
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
            active_s: (self.active_before + self.clock.running_for()).as_secs_f64(),
            clean,
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
