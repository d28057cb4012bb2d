//! Hits waiting to be sent: a queue for each visitor, and turns among the visitors.
//!
//! It knows neither HTTP nor retries. Whoever takes a batch owns its visitors until [`Queue::give_back`]; nothing of
//! theirs is handed out meanwhile, so the hits of one visitor leave in order and never two at once, while other
//! visitors pass by.
//!
//! Invariant: a hit that was pushed is waiting, in a batch, or returned to the caller; never lost, never twice.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::timeline::Due;

/// Hits that may wait. When it is full, hits that become due are not queued; the caller settles them as skipped.
pub const MAX_WAITING: usize = 10_000;

/// A feeder is woken when so few hits wait: enough that senders find work until it has made more.
const REFILL_BELOW: usize = MAX_WAITING / 2;

/// The right to take the next batch.
pub(super) struct Turn<'a>(
    #[expect(dead_code, reason = "held, not read")] tokio::sync::MutexGuard<'a, ()>,
);

/// Hits that are sent together; one for single requests.
#[derive(Debug)]
pub struct Batch {
    /// In the order of their moments, all of one day.
    pub hits: Vec<Due>,
    visitors: Vec<u64>,
}

#[derive(Default)]
struct Visitor {
    hits: VecDeque<Due>,
    busy: bool,
}

#[derive(Default)]
struct State {
    visitors: HashMap<u64, Visitor>,
    /// Visitors with hits and nothing under way, and since when.
    ready: VecDeque<(u64, Instant)>,
    ready_hits: usize,
    waiting: usize,
    batches_out: usize,
    /// Nobody pushes for a while.
    draining: bool,
    closed: bool,
}

/// See the module's description.
pub struct Queue {
    state: Mutex<State>,
    /// Something became ready, or the queue was closed.
    filled: Notify,
    /// Nothing waits and nothing is out, or the queue was closed.
    idle: Notify,
    /// Few hits wait, nothing waits and nothing is out, or the queue was closed: for a thread that feeds it.
    drained: Condvar,
    /// Only one taker at a time looks at the queue; the others wait for their turn without waking up for each hit.
    turn: tokio::sync::Mutex<()>,
    batch_size: AtomicUsize,
    batch_wait: Duration,
}

impl Queue {
    /// A queue that hands out batches of `batch_size` hits, or fewer when the first has been ready for `batch_wait`.
    #[must_use]
    pub fn new(batch_size: usize, batch_wait: Duration) -> Self {
        Self {
            state: Mutex::default(),
            filled: Notify::new(),
            idle: Notify::new(),
            drained: Condvar::new(),
            turn: tokio::sync::Mutex::default(),
            batch_size: AtomicUsize::new(batch_size.max(1)),
            batch_wait,
        }
    }

    /// Queues hits in their order. Those for which there is no room come back.
    #[must_use]
    pub fn push(&self, due: impl IntoIterator<Item = Due>) -> Vec<Due> {
        let mut refused = Vec::new();
        let now = Instant::now();
        let mut state = self.lock();
        let nothing_ready = state.ready.is_empty();
        state.draining = false;
        for hit in due {
            if state.closed || MAX_WAITING <= state.waiting {
                refused.push(hit);
                continue;
            }
            state.push(hit, now);
        }
        let wake = nothing_ready || self.batch_size() <= state.ready_hits;
        drop(state);
        // Between the first hit of a batch and the one that fills it, the taker's own timer is enough.
        if wake {
            self.filled.notify_one();
        }
        refused
    }

    /// The next batch; waits for it. `None` when the queue is closed and empty.
    ///
    /// Safe to drop while waiting: nothing is taken before it is returned.
    pub async fn take(&self) -> Option<Batch> {
        let turn = self.turn().await;
        while self.wait_for_batch(&turn).await {
            if let Some(batch) = self.take_ready(&turn) {
                return Some(batch);
            }
        }
        None
    }

    /// Waits for the turn to look at the queue.
    pub(super) async fn turn(&self) -> Turn<'_> {
        Turn(self.turn.lock().await)
    }

    /// Waits until there is a batch; false when the queue is closed and empty.
    pub(super) async fn wait_for_batch(&self, _: &Turn<'_>) -> bool {
        loop {
            let filled = self.filled.notified();
            let wait_until = {
                let state = self.lock();
                let now = Instant::now();
                match state.ready.front().map(|(_, since)| *since) {
                    None if state.closed && state.waiting == 0 => return false,
                    None => None,
                    Some(since) => {
                        let leaves = since + self.batch_wait;
                        let full = self.batch_size() <= state.ready_hits;
                        if full || leaves <= now || state.is_last_batch() {
                            return true;
                        }
                        Some(leaves)
                    }
                }
            };
            match wait_until {
                None => filled.await,
                Some(at) => {
                    tokio::select! {
                        () = filled => {}
                        () = tokio::time::sleep_until(at) => {}
                    }
                }
            }
        }
    }

    /// What is ready, up to a batch of it; `None` when the queue was emptied meanwhile.
    pub(super) fn take_ready(&self, _: &Turn<'_>) -> Option<Batch> {
        let mut state = self.lock();
        if state.ready.is_empty() {
            return None;
        }
        let batch = state.take(self.batch_size());
        if state.waiting < REFILL_BELOW {
            self.drained.notify_all();
        }
        Some(batch)
    }

    /// Ends the ownership of a batch's visitors; what waits of theirs is ready again.
    pub fn give_back(&self, batch: Batch) {
        let now = Instant::now();
        let mut state = self.lock();
        let nothing_ready = state.ready.is_empty();
        for key in batch.visitors {
            state.release(key, now);
        }
        state.batches_out -= 1;
        let idle = state.is_idle();
        let last = state.closed || state.draining;
        let wake = nothing_ready || self.batch_size() <= state.ready_hits || last;
        drop(state);
        if wake {
            self.filled.notify_one();
        }
        if idle {
            self.idle.notify_waiters();
            self.drained.notify_all();
        }
    }

    /// Waits until few hits wait, or the queue is closed, or `longest` has passed; says how many there is room for.
    /// Blocks the thread.
    #[must_use]
    pub fn wait_for_room(&self, longest: Duration) -> usize {
        let state = self.wait(longest, |state| {
            state.waiting < REFILL_BELOW || state.closed
        });
        MAX_WAITING.saturating_sub(state.waiting)
    }

    /// Waits until nothing waits and nothing is out, or `longest` has passed; says whether it is so. Blocks the
    /// thread.
    #[must_use]
    pub fn wait_for_idle(&self, longest: Duration) -> bool {
        self.wait(longest, State::is_idle).is_idle()
    }

    fn wait(&self, longest: Duration, until: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        self.drained
            .wait_timeout_while(self.lock(), longest, |state| !until(state))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Nothing is pushed until nothing waits and nothing is out: hits no longer wait for company.
    pub fn drain(&self) {
        self.lock().draining = true;
        self.filled.notify_one();
    }

    /// Takes no more hits. What waits is still handed out.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
        self.idle.notify_waiters();
    }

    /// Takes no more hits and returns all that wait.
    #[must_use]
    pub fn close_and_empty(&self) -> Vec<Due> {
        let mut state = self.lock();
        state.closed = true;
        state.ready.clear();
        state.ready_hits = 0;
        state.waiting = 0;
        let mut cut = Vec::new();
        state.visitors.retain(|_, visitor| {
            cut.extend(visitor.hits.drain(..));
            visitor.busy
        });
        drop(state);
        self.filled.notify_one();
        self.idle.notify_waiters();
        cut
    }

    /// Waits until the queue takes no more hits.
    pub async fn closed(&self) {
        self.reaches(|state| state.closed).await;
    }

    /// Waits until the queue is closed, nothing waits and no batch is out.
    pub async fn done(&self) {
        self.reaches(|state| state.closed && state.is_idle()).await;
    }

    /// Only for what comes about when the queue is closed or becomes idle.
    async fn reaches(&self, condition: impl Fn(&State) -> bool) {
        loop {
            let changed = self.idle.notified();
            if condition(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    /// Hands out batches of another size from now on.
    pub(super) fn resize(&self, batch_size: usize) {
        self.batch_size.store(batch_size.max(1), Ordering::Relaxed);
    }

    fn batch_size(&self) -> usize {
        self.batch_size.load(Ordering::Relaxed)
    }

    /// Number of hits that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().waiting
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.waiting == 0 && self.batches_out == 0
    }

    /// Whether nothing can join the hits that are ready.
    fn is_last_batch(&self) -> bool {
        (self.closed || self.draining) && self.ready_hits == self.waiting
    }

    fn push(&mut self, hit: Due, now: Instant) {
        let key = hit.visit.visitor;
        let visitor = self.visitors.entry(key).or_default();
        if !visitor.busy {
            if visitor.hits.is_empty() {
                self.ready.push_back((key, now));
            }
            self.ready_hits += 1;
        }
        visitor.hits.push_back(hit);
        self.waiting += 1;
    }

    /// Takes whole visitors in turn until the batch is full or the day changes.
    fn take(&mut self, size: usize) -> Batch {
        let mut hits: Vec<Due> = Vec::with_capacity(size.min(self.ready_hits));
        let mut visitors = Vec::new();
        while hits.len() < size {
            let Some(&(key, _)) = self.ready.front() else {
                break;
            };
            let Some(visitor) = self.visitors.get_mut(&key) else {
                self.ready.pop_front();
                continue;
            };
            let day = hits.first().or(visitor.hits.front()).map(|due| due.day);
            let before = hits.len();
            while hits.len() < size && visitor.hits.front().map(|due| due.day) == day {
                let Some(due) = visitor.hits.pop_front() else {
                    break;
                };
                hits.push(due);
            }
            if hits.len() == before {
                break;
            }
            // What the visitor still has waits until the batch comes back.
            self.ready_hits -= hits.len() - before + visitor.hits.len();
            visitor.busy = true;
            visitors.push(key);
            self.ready.pop_front();
        }
        self.waiting -= hits.len();
        self.batches_out += 1;
        // Stable, so that a visitor's own order stays.
        hits.sort_by_key(|due| due.send_at_ms);
        Batch { hits, visitors }
    }

    fn release(&mut self, key: u64, now: Instant) {
        let Some(visitor) = self.visitors.get_mut(&key) else {
            return;
        };
        if visitor.hits.is_empty() {
            self.visitors.remove(&key);
            return;
        }
        visitor.busy = false;
        self.ready_hits += visitor.hits.len();
        self.ready.push_back((key, now));
    }
}

#[cfg(test)]
mod tests;
