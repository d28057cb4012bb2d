//! The pace: hands each hit over at its moment, whatever the target does.
//!
//! A thread of its own that sleeps until the next moment, so neither answers nor readers of the report can bend the
//! start of a visit. It does not send; what finds no room in the queue is settled as skipped.
//!
//! Invariant: a visit is noted in the state directory before any of its hits is handed over.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use config::{DeliveryPlan, Method};
use run_report::HitOutcome;
use simulation::{TimedHit, Visit};

use crate::clock::Clock;
use crate::delivery::Queue;
use crate::ledger::{CUT, Cause, Ledger, Settled};
use crate::run::{Control, Stage};
use crate::state_dir::Cursor;
use crate::timeline::{Due, Made, Timeline};

/// Hits handed over at once; with more due, the pacer comes back at once.
const MAX_HANDED_OVER: usize = 512;

/// Shortest sleep where hits wait for company anyway: a bulk gains nothing from a pacer that wakes up for each hit.
const BULK_SLEEP: Duration = Duration::from_millis(10);

/// Longest sleep. It only bounds how long a mistake of the clock can last.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

const QUEUE_FULL: Cause = Cause::fixed(
    "late.queue_full",
    "not sent: the target takes hits more slowly than they are due, and the queue is full; \
     lower the visits per day, or raise the concurrency",
);

/// What the pacer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// When the next visit begins, on the plan's time line; `None` after the last one.
    pub next_visit_ms: Option<i64>,
    /// When the next hit of any visit is due.
    pub next_hit_ms: Option<i64>,
    /// The start of the 24-hour window that the traffic waits for at its cap.
    pub after_cap_ms: Option<i64>,
    /// Hits that found no room in the queue so far.
    pub refused: u64,
}

impl Outlook {
    /// What the timeline holds next, with `refused` hits so far.
    #[must_use]
    pub fn of(timeline: &mut Timeline, refused: u64) -> Self {
        let next = timeline.next_arrival().copied();
        Self {
            next_visit_ms: next.map(|arrival| arrival.at_ms),
            next_hit_ms: timeline.next_at_ms(),
            after_cap_ms: next.and_then(|arrival| arrival.after_cap),
            refused,
        }
    }
}

/// See the module's description.
pub struct Pacer {
    /// What is due when.
    pub timeline: Timeline,
    /// Where hits go.
    pub queue: Arc<Queue>,
    /// Where visits are planned, and what time it is.
    pub made: Planner,
    /// Whether the run is to end.
    pub control: Arc<Control>,
    /// Where the visits made are noted, if there is a state directory.
    pub cursor: Option<Cursor>,
    /// What the heartbeat tells of the pacer.
    pub outlook: Arc<Mutex<Outlook>>,
    /// How long open visits may take to end after a stop.
    pub grace: Duration,
    /// How late hits may be handed over, so that they are so together; see [`shortest_sleep`].
    pub shortest_sleep: Duration,
    /// Hits that found no room in the queue so far; begins at 0.
    pub refused: u64,
}

/// Plans each visit that is made.
pub struct Planner {
    /// Where visits are planned.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<Clock>,
}

impl Made for Planner {
    fn made(&mut self, visit: &Visit, day_of: &dyn Fn(&TimedHit) -> NaiveDate) {
        self.ledger.plan(self.clock.now_us(), visit, day_of);
    }
}

impl Pacer {
    /// Runs until the plan has ended or the run is stopped, then closes the queue.
    pub fn run(mut self) {
        let mut due = Vec::with_capacity(MAX_HANDED_OVER);
        let mut finishing = false;
        loop {
            match self.control.stage() {
                Stage::Running => {}
                Stage::Finishing if finishing => {}
                Stage::Finishing => {
                    finishing = true;
                    let grace = i64::try_from(self.grace.as_millis()).unwrap_or(i64::MAX);
                    self.cut(self.made.clock.now_ms().saturating_add(grace));
                }
                Stage::Cutting | Stage::Halting => {
                    self.cut(i64::MIN);
                    break;
                }
            }
            let now_ms = self.made.clock.now_ms();
            self.timeline
                .take_due(now_ms, MAX_HANDED_OVER, &mut due, &mut self.made);
            let full = MAX_HANDED_OVER <= due.len();
            self.hand_over(&mut due);
            if full {
                continue;
            }
            self.look_ahead();
            match self.timeline.next_at_ms() {
                Some(at_ms) => {
                    let sleep = self.made.clock.until(at_ms).max(self.shortest_sleep);
                    thread::park_timeout(sleep.min(LONGEST_SLEEP));
                }
                None => break,
            }
        }
        self.look_ahead();
        self.queue.close();
    }

    fn hand_over(&mut self, due: &mut Vec<Due>) {
        if due.is_empty() {
            return;
        }
        if let Some(cursor) = &mut self.cursor {
            cursor.note(self.timeline.cursor());
        }
        let refused = self.queue.push(due.drain(..));
        if Stage::Cutting <= self.control.stage() {
            self.skip(&refused, &CUT);
        } else {
            self.refused += refused.len() as u64;
            self.skip(&refused, &QUEUE_FULL);
        }
    }

    fn cut(&mut self, until_ms: i64) {
        let cut = self.timeline.end(until_ms);
        self.skip(&cut, &CUT);
    }

    fn skip(&self, hits: &[Due], cause: &Cause) {
        skip(&self.made.ledger, &self.made.clock, hits, cause);
    }

    fn look_ahead(&mut self) {
        let outlook = Outlook::of(&mut self.timeline, self.refused);
        *self.outlook.lock().unwrap_or_else(PoisonError::into_inner) = outlook;
    }
}

/// None for single requests; a small part of the time that hits of a bulk wait for each other.
#[must_use]
pub fn shortest_sleep(plan: &DeliveryPlan) -> Duration {
    match plan.method {
        Method::Bulk => BULK_SLEEP.min(plan.bulk_wait / 10),
        Method::Beacon | Method::Get | Method::Form => Duration::ZERO,
    }
}

/// Settles hits as skipped.
fn skip(ledger: &Ledger, clock: &Clock, hits: &[Due], cause: &Cause) {
    if hits.is_empty() {
        return;
    }
    let settled = Settled {
        outcome: HitOutcome::Skipped,
        cause: Some(cause),
        unverified: false,
        latency_us: None,
    };
    ledger.settle(
        clock.now_us(),
        hits.iter().map(|due| (due, settled.clone())),
    );
}

/// Settles what the end of the grace time found unsent.
pub fn skip_unsent(ledger: &Ledger, clock: &Clock, hits: &[Due]) {
    skip(ledger, clock, hits, &CUT);
}
