//! How much the practice target can do at a time.
//!
//! Stands for the workers of a real server: a request occupies one for a while, others wait their
//! turn in order of arrival. Only tracking requests go through here.
//!
//! Invariant: never more than `workers` requests are worked on, never more than the queue's bound wait.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use serde::Serialize;
use tokio::sync::Semaphore;

/// Requests that may wait for a worker; when full the next one is answered 502, as a web server in
/// front of PHP does.
const QUEUE_BOUND: u64 = 4_096;

/// The capacity's settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Limits {
    /// Requests worked on at a time; 0 is no limit.
    pub(crate) workers: usize,
    /// Milliseconds for which a request occupies its worker.
    pub(crate) request_ms: f64,
    /// Milliseconds on top for each hit in it.
    pub(crate) hit_ms: f64,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;

/// The workers and those who wait for them.
#[derive(Debug)]
pub(crate) struct Capacity {
    limits: Limits,
    workers: Option<Semaphore>,
    waiting: AtomicU64,
    waited_most: AtomicU64,
    turned_away: AtomicU64,
}

impl Capacity {
    pub(crate) fn new(limits: Limits) -> Self {
        let workers = (limits.workers > 0)
            .then(|| Semaphore::new(limits.workers.min(Semaphore::MAX_PERMITS)));
        Self {
            limits,
            workers,
            waiting: AtomicU64::new(0),
            waited_most: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
        }
    }

    /// Does every request pass at once?
    pub(crate) fn is_unlimited(&self) -> bool {
        self.workers.is_none() && self.limits.request_ms <= 0.0 && self.limits.hit_ms <= 0.0
    }

    /// Waits for a worker, has it work for as long as this many hits take, and then does `work`
    /// before the worker is free again.
    pub(crate) async fn spend<T>(
        &self,
        hits: usize,
        work: impl FnOnce() -> T,
    ) -> Result<T, QueueFull> {
        let _worker = match &self.workers {
            None => None,
            Some(workers) => match workers.try_acquire() {
                Ok(worker) => Some(worker),
                Err(_) => {
                    let _place = self.queue()?;
                    workers.acquire().await.ok()
                }
            },
        };
        let hits = u32::try_from(hits).unwrap_or(u32::MAX);
        let ms = self.limits.request_ms + f64::from(hits) * self.limits.hit_ms;
        if ms > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(ms / 1e3)).await;
        }
        Ok(work())
    }

    fn queue(&self) -> Result<Place<'_>, QueueFull> {
        let waiting = self.waiting.fetch_add(1, Relaxed) + 1;
        let place = Place(&self.waiting);
        if waiting > QUEUE_BOUND {
            self.turned_away.fetch_add(1, Relaxed);
            return Err(QueueFull);
        }
        self.waited_most.fetch_max(waiting, Relaxed);
        Ok(place)
    }

    /// Settings and counts for the summary.
    pub(crate) fn report(&self) -> serde_json::Value {
        serde_json::json!({
            "workers": self.limits.workers,
            "request_ms": self.limits.request_ms,
            "hit_ms": self.limits.hit_ms,
            "waiting": self.waiting.load(Relaxed),
            "waited_most": self.waited_most.load(Relaxed),
            "turned_away": self.turned_away.load(Relaxed),
        })
    }
}

/// A place in the queue, given up when dropped.
struct Place<'a>(&'a AtomicU64);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
