//! Hits waiting to be sent: a queue for each visitor, and turns among the visitors.
//!
//! It knows neither HTTP nor retries. Whoever takes a batch owns its visitors until [`Queue::give_back`]; nothing of
//! theirs is handed out meanwhile, so the hits of one visitor leave in order and never two at once, while other
//! visitors pass by.
//!
//! Invariant: a hit that was pushed is waiting, in a batch, or returned to the caller; never lost, never twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::timeline::Due;

/// Hits that may wait. When it is full, hits that become due are not queued; the caller settles them as skipped.
pub const MAX_WAITING: usize = 10_000;

/// A feeder is woken when so few hits wait: enough that senders find work until it has made more.
const REFILL_BELOW: usize = MAX_WAITING / 2;

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
    batch_size: usize,
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
            batch_size: batch_size.max(1),
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
        for hit in due {
            if state.closed || MAX_WAITING <= state.waiting {
                refused.push(hit);
                continue;
            }
            state.push(hit, now);
        }
        let wake = nothing_ready || self.batch_size <= state.ready_hits;
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
        let _turn = self.turn.lock().await;
        loop {
            let filled = self.filled.notified();
            let wait_until = {
                let mut state = self.lock();
                let now = Instant::now();
                match state.ready.front().map(|(_, since)| *since) {
                    None if state.closed && state.waiting == 0 => return None,
                    None => None,
                    Some(since) => {
                        let leaves = since + self.batch_wait;
                        let full = self.batch_size <= state.ready_hits;
                        if full || leaves <= now || state.is_last_batch() {
                            let batch = state.take(self.batch_size);
                            if state.waiting < REFILL_BELOW {
                                self.drained.notify_all();
                            }
                            return Some(batch);
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
        let wake = nothing_ready || self.batch_size <= state.ready_hits || state.closed;
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
        self.closed && self.ready_hits == self.waiting
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::{due_hits, ledger};

    const WAIT: Duration = Duration::from_millis(500);

    #[tokio::test(start_paused = true)]
    async fn a_visitor_whose_hit_is_out_is_passed_by() {
        let queue = Queue::new(1, Duration::ZERO);
        let due = due_hits(2, &ledger());
        let (hits, slow) = (due.len(), due[0].visit.visitor);
        assert!(queue.push(due).is_empty());
        let out = queue.take().await.unwrap();
        assert_eq!(out.hits[0].visit.visitor, slow);
        let others = hits - queue.lock().visitors[&slow].hits.len() - 1;
        for _ in 0..others {
            let batch = queue.take().await.unwrap();
            assert_ne!(batch.hits[0].visit.visitor, slow);
            queue.give_back(batch);
        }
        let blocked = tokio::time::timeout(Duration::from_secs(60), queue.take()).await;
        assert!(
            blocked.is_err(),
            "the visitor's next hit left before the answer"
        );
        queue.give_back(out);
        assert_eq!(queue.take().await.unwrap().hits[0].visit.visitor, slow);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_leaves_when_it_is_full_or_has_waited() {
        let queue = Queue::new(5, WAIT);
        let due = due_hits(3, &ledger());
        let mut visitors: Vec<Due> = Vec::new();
        for hit in due {
            if visitors
                .iter()
                .all(|seen| seen.visit.visitor != hit.visit.visitor)
            {
                visitors.push(hit);
            }
        }
        let began = Instant::now();
        assert!(queue.push(visitors.drain(..)).is_empty());
        let batch = queue.take().await.unwrap();
        assert_eq!((batch.hits.len(), began.elapsed()), (3, WAIT));
        queue.give_back(batch);

        let began = Instant::now();
        assert!(queue.push(due_hits(5, &ledger())).is_empty());
        let batch = queue.take().await.unwrap();
        assert_eq!((batch.hits.len(), began.elapsed()), (5, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_for_a_full_batch_leaves_when_the_queue_is_closed() {
        let queue = Queue::new(500, WAIT);
        let began = Instant::now();
        assert!(queue.push(due_hits(1, &ledger())).is_empty());
        queue.close();
        assert!(queue.take().await.is_some());
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_holds_one_day() {
        let queue = Queue::new(100, Duration::ZERO);
        let mut due = due_hits(1, &ledger());
        let first_day = due.len() / 2;
        for hit in &mut due[first_day..] {
            hit.day = hit.day.succ_opt().unwrap();
        }
        let all = due.len();
        assert!(queue.push(due).is_empty());
        let batch = queue.take().await.unwrap();
        assert_eq!(batch.hits.len(), first_day);
        queue.give_back(batch);
        assert_eq!(queue.take().await.unwrap().hits.len(), all - first_day);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_gives_back_what_it_cannot_take() {
        let queue = Queue::new(1, Duration::ZERO);
        let one = due_hits(1, &ledger()).remove(0);
        let many = std::iter::repeat_n(one, MAX_WAITING + 7);
        assert_eq!(queue.push(many).len(), 7);
        assert_eq!(queue.waiting(), MAX_WAITING);
        let batch = queue.take().await.unwrap();
        assert_eq!(queue.close_and_empty().len(), MAX_WAITING - 1);
        queue.give_back(batch);
        queue.done().await;
        assert!(queue.take().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn everybody_who_waits_learns_of_the_end() {
        let queue = Arc::new(Queue::new(1, Duration::ZERO));
        let takers: Vec<_> = (0..10)
            .map(|_| {
                let queue = Arc::clone(&queue);
                tokio::spawn(async move { queue.take().await.is_none() })
            })
            .collect();
        tokio::task::yield_now().await;
        queue.close();
        for taker in takers {
            assert!(taker.await.unwrap());
        }
    }
}
