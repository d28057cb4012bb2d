//! Holds back from a target that fails steadily, and asks it now and then whether it is back.
//!
//! It sends nothing itself: one of those who wait gets through as a probe. Only failures that surely recorded nothing
//! count (no connection, 503).
//!
//! Invariant: while the target is down, at most one probe is under way, at growing intervals.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Failures in a row after which the target counts as down.
const FAILURES_TO_OPEN: u32 = 10;

/// Wait before the first probe; doubled after each one that fails.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Longest wait between two probes.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What the breaker thinks of the target.
#[derive(Debug, Clone, Copy)]
enum State {
    Up {
        failures: u32,
    },
    Down {
        since: Instant,
        next_probe: Instant,
        wait: Duration,
        probing: bool,
    },
}

/// How an attempt got through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// The target is up.
    Open,
    /// The target is down and this attempt finds out whether it still is.
    Probe,
}

/// A change that is worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The target has just been found down.
    WentDown,
    /// The target answers again, after this time.
    CameBack(Duration),
}

/// See the module's description.
pub struct Breaker {
    state: Mutex<State>,
    back: Notify,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: Mutex::new(State::Up { failures: 0 }),
            back: Notify::new(),
        }
    }
}

impl Breaker {
    /// Waits until an attempt may be made.
    pub async fn pass(&self) -> Pass {
        loop {
            let back = self.back.notified();
            let wait_until = {
                let mut state = self.lock();
                match &mut *state {
                    State::Up { .. } => return Pass::Open,
                    State::Down {
                        next_probe,
                        probing,
                        ..
                    } => {
                        if !*probing && *next_probe <= Instant::now() {
                            *probing = true;
                            return Pass::Probe;
                        }
                        (!*probing).then_some(*next_probe)
                    }
                }
            };
            match wait_until {
                Some(at) => {
                    tokio::select! {
                        () = back => {}
                        () = tokio::time::sleep_until(at) => {}
                    }
                }
                // The probe's end wakes everybody who waits.
                None => back.await,
            }
        }
    }

    /// The target answered in some way other than "not now".
    pub fn answered(&self) -> Option<Change> {
        let mut state = self.lock();
        let change = match *state {
            State::Up { failures: 0 } => return None,
            State::Up { .. } => None,
            State::Down { since, .. } => Some(Change::CameBack(since.elapsed())),
        };
        *state = State::Up { failures: 0 };
        drop(state);
        self.back.notify_waiters();
        change
    }

    /// An attempt failed: no connection, or 503.
    pub fn failed(&self, pass: Pass) -> Option<Change> {
        let now = Instant::now();
        let mut state = self.lock();
        let change = match &mut *state {
            State::Up { failures } => {
                *failures += 1;
                if *failures < FAILURES_TO_OPEN {
                    return None;
                }
                *state = State::Down {
                    since: now,
                    next_probe: now + FIRST_WAIT,
                    wait: FIRST_WAIT,
                    probing: false,
                };
                Some(Change::WentDown)
            }
            State::Down {
                next_probe,
                wait,
                probing,
                ..
            } => {
                if pass == Pass::Probe {
                    *wait = (*wait * 2).min(LONGEST_WAIT);
                    *next_probe = now + *wait;
                    *probing = false;
                }
                None
            }
        };
        drop(state);
        self.back.notify_waiters();
        change
    }

    /// For how long the target has been down; `None` while it is up.
    #[must_use]
    pub fn down_for(&self) -> Option<Duration> {
        match *self.lock() {
            State::Up { .. } => None,
            State::Down { since, .. } => Some(since.elapsed()),
        }
    }

    /// How long until a target that is down is asked again; `None` while it is being asked, or up.
    #[must_use]
    pub fn next_probe_in(&self) -> Option<Duration> {
        match *self.lock() {
            State::Down {
                next_probe,
                probing: false,
                ..
            } => Some(next_probe.saturating_duration_since(Instant::now())),
            State::Down { .. } | State::Up { .. } => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn broken() -> Arc<Breaker> {
        let breaker = Arc::new(Breaker::default());
        for _ in 1..FAILURES_TO_OPEN {
            assert_eq!(breaker.failed(Pass::Open), None);
        }
        assert_eq!(breaker.failed(Pass::Open), Some(Change::WentDown));
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_between_keeps_the_target_up() {
        let breaker = Breaker::default();
        for _ in 0..5 * FAILURES_TO_OPEN {
            breaker.failed(Pass::Open);
            breaker.answered();
        }
        assert_eq!(breaker.down_for(), None);
        assert_eq!(breaker.pass().await, Pass::Open);
    }

    #[tokio::test(start_paused = true)]
    async fn probes_come_at_growing_intervals_up_to_a_limit() {
        let breaker = broken();
        let mut waits = Vec::new();
        for _ in 0..8 {
            let before = Instant::now();
            assert_eq!(breaker.pass().await, Pass::Probe);
            waits.push(before.elapsed().as_secs());
            breaker.failed(Pass::Probe);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn only_one_probe_is_under_way_and_success_lets_everybody_pass() {
        let breaker = broken();
        let passes: Vec<_> = (0..20)
            .map(|_| {
                let breaker = Arc::clone(&breaker);
                tokio::spawn(async move { breaker.pass().await })
            })
            .collect();
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert_eq!(passes.iter().filter(|pass| pass.is_finished()).count(), 1);
        assert!(matches!(breaker.answered(), Some(Change::CameBack(_))));
        let mut probes = 0;
        for pass in passes {
            probes += u32::from(pass.await.unwrap() == Pass::Probe);
        }
        assert_eq!(probes, 1);
        assert_eq!(breaker.down_for(), None);
    }
}
