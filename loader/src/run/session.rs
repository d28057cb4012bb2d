//! The parts of an attempt, put together: once, or twice where a backfill goes on in real time.
//!
//! It decides nothing of a single hit. Invariant: an attempt has one account, whatever it goes through.

/// The parts of an attempt that exist before anything is sent.
use std::sync::{Arc, Mutex};
use std::time::Duration;

use config::Pacing;
use run_report::{Event, RunKind, Severity, Started, TargetName};
use simulation::{Keys, Pace, Simulation};

use super::backfill::Backfill;
use super::heartbeat::Heartbeat;
use super::source::Source;
use super::supervise::supervise;
use super::{Attempt, Control, Ending, RunError, TRIAL_VISITS_PER_SECOND, moment, resume};
use crate::clock::{Clock, wall_ms};
use crate::days::Days;
use crate::delivery::{Budget, Delivery, Past, Reply, SendError, Transport, queue_for};
use crate::guard;
use crate::ledger::Ledger;
use crate::pacer::Outlook;
use crate::state_dir::Checkpoint;
use crate::timeline::Timeline;

/// The transport of an attempt, for one part of it after the other.
pub(super) struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub(super) fn of(transport: T) -> Self {
        Self(Arc::new(transport))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Transport> Transport for Shared<T> {
    async fn send(&self, request: tracking::Request) -> Result<Reply, SendError> {
        self.0.send(request).await
    }

    async fn ask_api(&self, question: tracking::Request) -> Option<Vec<u8>> {
        self.0.ask_api(question).await
    }
}

/// What became of an attempt, or of its past days.
pub(super) enum Conducted {
    /// It has ended, and its report too.
    Ended(Ending),
    /// The past days are done, and the run goes on in real time from this checkpoint.
    GoesOn {
        attempt: Box<Attempt>,
        checkpoint: Box<Checkpoint>,
    },
}

/// Where a part of an attempt begins: what earlier ones left, and how far visits were made.
type Earlier<'a> = Option<&'a (Checkpoint, u64)>;

/// The parts of an attempt that exist before anything is sent.
pub(super) struct Session {
    pub(super) keys: Keys,
    pub(super) simulation: Simulation,
    pub(super) pace: Pace,
    pub(super) clock: Arc<Clock>,
    pub(super) days: Days,
    pub(super) ledger: Arc<Ledger>,
    pub(super) visits_planned: Option<u64>,
    /// When the attempt begins to count, on the plan's time line: at once, or at a start that is waited for.
    pub(super) began_ms: i64,
    /// Hits that this loader may send in the whole run.
    pub(super) hit_budget: Option<u64>,
    /// Where a resumed attempt goes on; `None` in a backfill, which goes on where it stopped.
    pub(super) from: Option<resume::From>,
    /// Set in a backfill, also once it has gone on in real time.
    pub(super) backfill: Option<Backfill>,
    /// Whether visitors have addresses of their own.
    countries: bool,
    /// How long earlier attempts could begin visits.
    pub(super) active_before: Duration,
    /// Hits that earlier attempts may have sent.
    pub(super) hits_sent: u64,
}

impl Session {
    pub(super) fn prepare(
        attempt: &Attempt,
        keys: Keys,
        (simulation, countries): (Simulation, bool),
        earlier: Earlier<'_>,
    ) -> Result<Self, RunError> {
        let plan = &attempt.plan;
        let mut backfill = Backfill::of(attempt, &keys, (&simulation, countries));
        if let (Some(backfill), Some((checkpoint, _))) = (&mut backfill, earlier) {
            backfill.fits(checkpoint)?;
        }
        let replays = backfill.as_ref().is_some_and(|backfill| !backfill.over);
        let pace = match attempt.trial {
            Some(visits) => Pace::Trial {
                visits,
                per_second: TRIAL_VISITS_PER_SECOND,
            },
            None if replays => Pace::Backfill,
            None => Pace::Plan,
        };
        let live = earlier.filter(|_| !replays);
        let from = live.map(|(checkpoint, made)| {
            let from = resume::from(checkpoint, *made, &simulation, pace);
            (checkpoint, from)
        });
        let clock = Clock::starting_at(match from {
            // What is past stays where it is: the plan's clock is the wall's.
            None if replays => wall_ms(),
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
            Some(backfill) if backfill.ends => backfill.visits_planned(),
            // Open-ended behind them.
            Some(_) => None,
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
            countries,
            active_before: Duration::ZERO,
            hits_sent: 0,
        })
    }

    pub(super) fn tell_start(&self, attempt: &Attempt, resumed: bool) {
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
            countries: self.countries,
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
    pub(super) fn take_up(
        &mut self,
        attempt: &Attempt,
        earlier: Option<(Checkpoint, u64)>,
    ) -> Result<Timeline, RunError> {
        let days = self.days.clone();
        let mut timeline = Timeline::new(&self.simulation, self.pace, attempt.shard, days);
        let active_s = earlier.as_ref().map(|(checkpoint, _)| checkpoint.active_s);
        self.active_before =
            Duration::try_from_secs_f64(active_s.unwrap_or_default()).unwrap_or_default();
        if self.past().is_some() {
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

    /// The past days, while they are sent.
    pub(super) fn past(&self) -> Option<&Backfill> {
        self.backfill.as_ref().filter(|backfill| !backfill.over)
    }

    /// The same attempt behind its past days: the people go on being new, the account goes on.
    pub(super) fn goes_on(
        self,
        attempt: &Attempt,
        mut checkpoint: Checkpoint,
    ) -> Result<(Self, Timeline), RunError> {
        let made = self.past().map_or(0, Backfill::end);
        // Told and closed; today goes on.
        let today = self.days.at(wall_ms());
        checkpoint.saved.days.retain(|day, _| today <= *day);
        checkpoint.saved.cursor = checkpoint.saved.cursor.max(made);
        let active_before = Duration::try_from_secs_f64(checkpoint.active_s);
        let saved = checkpoint.saved.clone();
        let hits_sent = checkpoint.hits_sent;
        let simulation = (self.simulation, self.countries);
        let mut session = Self::prepare(attempt, self.keys, simulation, Some(&(checkpoint, made)))?;
        session.active_before = active_before.unwrap_or_default();
        session.hits_sent = hits_sent;
        session.ledger.restore(saved);
        let days = session.days.clone();
        let mut timeline = Timeline::new(&session.simulation, session.pace, attempt.shard, days);
        if let Some(from) = session.from {
            timeline.resume(session.pace, from.plan_ms, from.ordinal);
        }
        attempt.reporter.incident(
            Severity::Info,
            "run.live",
            "the past days are done; the run goes on in real time",
        );
        Ok((session, timeline))
    }

    pub(super) async fn conduct<T: Transport>(
        &self,
        (transport, control): (T, &Arc<Control>),
        attempt: Attempt,
        mut timeline: Timeline,
    ) -> Result<Conducted, RunError> {
        let plan = &attempt.plan;
        let queue = Arc::new(queue_for(&plan.delivery));
        let outlook = Arc::new(Mutex::new(Outlook::of(&mut timeline, 0)));
        let source = Source::of(self, &attempt, timeline, (&queue, control, &outlook))?;
        let mut delivery = Delivery::new(
            Arc::clone(&queue),
            Arc::clone(&self.ledger),
            Arc::clone(&self.clock),
            transport,
            plan.delivery.clone(),
            plan.targets[0].token.clone(),
            Budget::new(self.hit_budget, self.hits_sent),
        );
        if let Some(backfill) = self.past() {
            let journal = backfill.journal.clone();
            let past = delivery.replaying(plan, attempt.shard);
            delivery = past.of_past(Past { journal });
        }
        let delivery = Arc::new(delivery);
        let concurrency = plan.load.concurrency;
        let ends_after = plan
            .load
            .stop
            .after
            .map(|after| after.saturating_sub(self.active_before));
        let mut heartbeat = Heartbeat::new(
            self,
            attempt,
            control,
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
        supervise(self, &delivery, control, ends_after, &mut heartbeat).await;
        // The source ends by itself once the queue is closed or the stage says so; it never waits for the target.
        let _ = tokio::task::spawn_blocking(move || source.join()).await;
        while senders.join_next().await.is_some() {}
        Ok(heartbeat.finish(self.visits_planned).await)
    }
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
