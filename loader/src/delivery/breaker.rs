//! Holds back from a target that fails steadily, and asks it now and then whether it is back.
//!
//! It sends nothing itself: one of those who wait gets through as a probe. Only failures that surely recorded nothing
//! count (no connection, 503).
//!
//! Invariant: while the target is down, at most one probe is under way, at growing intervals.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::ledger::Cause;

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

/// A target that is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// For how long it has been.
    pub since: Duration,
    /// How long until it is asked again; `None` while it is being asked.
    pub next_try: Option<Duration>,
    /// What went wrong last.
    pub why: Cow<'static, str>,
}

/// See the module's description.
pub struct Breaker {
    state: Mutex<State>,
    /// What the last failure was.
    why: Mutex<Cow<'static, str>>,
    back: Notify,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            state: Mutex::new(State::Up { failures: 0 }),
            why: Mutex::default(),
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
    pub fn answered(&self) {
        let mut state = self.lock();
        if matches!(*state, State::Up { failures: 0 }) {
            return;
        }
        *state = State::Up { failures: 0 };
        drop(state);
        self.back.notify_waiters();
    }

    /// An attempt failed: no connection, or 503.
    pub fn failed(&self, pass: Pass, cause: &Cause) {
        self.why
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&cause.message);
        let now = Instant::now();
        let mut state = self.lock();
        match &mut *state {
            State::Up { failures } => {
                *failures += 1;
                if *failures < FAILURES_TO_OPEN {
                    return;
                }
                *state = State::Down {
                    since: now,
                    next_probe: now + FIRST_WAIT,
                    wait: FIRST_WAIT,
                    probing: false,
                };
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
            }
        }
        drop(state);
        self.back.notify_waiters();
    }

    /// What is known of the outage; `None` while the target is up.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        let state = *self.lock();
        let State::Down {
            since,
            next_probe,
            probing,
            ..
        } = state
        else {
            return None;
        };
        let next_try = next_probe.saturating_duration_since(Instant::now());
        Some(Outage {
            since: since.elapsed(),
            next_try: (!probing).then_some(next_try),
            why: self
                .why
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const REFUSED: Cause = Cause::fixed("connect.refused", "refused");

    fn broken() -> Arc<Breaker> {
        let breaker = Arc::new(Breaker::default());
        for _ in 1..FAILURES_TO_OPEN {
            breaker.failed(Pass::Open, &REFUSED);
            assert_eq!(breaker.outage(), None);
        }
        breaker.failed(Pass::Open, &REFUSED);
        assert_eq!(
            breaker.outage().map(|outage| outage.why),
            Some(REFUSED.message)
        );
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_between_keeps_the_target_up() {
        let breaker = Breaker::default();
        for _ in 0..5 * FAILURES_TO_OPEN {
            breaker.failed(Pass::Open, &REFUSED);
            breaker.answered();
        }
        assert_eq!(breaker.outage(), None);
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
            breaker.failed(Pass::Probe, &REFUSED);
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
        breaker.answered();
        let mut probes = 0;
        for pass in passes {
            probes += u32::from(pass.await.unwrap() == Pass::Probe);
        }
        assert_eq!(probes, 1);
        assert_eq!(breaker.outage(), None);
    }
}
