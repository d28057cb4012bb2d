//! How a run comes to its end: the stages of a stop, and the first cause of it.
//!
//! It does not decide that a run ends; signals, guards and the clock do.
//!
//! Invariant: stages only go forward, and the first ending that was given stays.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::Instant;

use run_report::Outcome;
use tokio::sync::watch;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Visits begin as planned.
    Running,
    /// No new visits; those that can end within the grace time are finished.
    Finishing,
    /// Nothing more is sent; requests in flight are waited for.
    Cutting,
    /// Requests in flight are given up too.
    Halting,
}

/// Why and how a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// How.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub reason: String,
}

impl Ending {
    /// The process's exit code for it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.outcome {
            Outcome::Done | Outcome::Stopped => 0,
            Outcome::Failed => 1,
            Outcome::Guard => 3,
        }
    }
}

/// Shared between those who end a run and those who run it.
pub struct Control {
    stage: watch::Sender<Stage>,
    ending: Mutex<Option<Ending>>,
    stopping_since: OnceLock<Instant>,
    pacer: Mutex<Option<Thread>>,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            stage: watch::Sender::new(Stage::Running),
            ending: Mutex::default(),
            stopping_since: OnceLock::new(),
            pacer: Mutex::default(),
        }
    }
}

impl Control {
    /// Goes to `stage`, unless the run has come farther already; `ending` counts if it is the first.
    pub fn advance(&self, stage: Stage, ending: Option<Ending>) {
        if let Some(ending) = ending {
            self.ending_lock().get_or_insert(ending);
        }
        self.stage.send_if_modified(|current| {
            let forward = *current < stage;
            if forward {
                *current = stage;
                // The first stage that is not `Running` begins the stop; later ones do not begin it anew.
                let _ = self.stopping_since.set(Instant::now());
            }
            forward
        });
        self.wake_pacer();
    }

    /// Lets the pacer look at clock and stage again.
    pub fn wake_pacer(&self) {
        let pacer = self.pacer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pacer) = &*pacer {
            pacer.unpark();
        }
    }

    /// When the stop began; `None` while the run goes on.
    #[must_use]
    pub fn stopping_since(&self) -> Option<Instant> {
        self.stopping_since.get().copied()
    }

    /// How far the run has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// Tells of changes of the stage.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    /// The first ending that was given.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        self.ending_lock().clone()
    }

    /// The thread that is woken when the stage changes.
    pub fn wakes(&self, pacer: Thread) {
        *self.pacer.lock().unwrap_or_else(PoisonError::into_inner) = Some(pacer);
    }

    fn ending_lock(&self) -> MutexGuard<'_, Option<Ending>> {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_only_go_forward_and_the_first_ending_stays() {
        let control = Control::default();
        let ending = |outcome, reason: &str| {
            Some(Ending {
                outcome,
                reason: reason.into(),
            })
        };
        control.advance(Stage::Cutting, ending(Outcome::Guard, "too many errors"));
        control.advance(Stage::Finishing, ending(Outcome::Stopped, "asked to"));
        assert_eq!(control.stage(), Stage::Cutting);
        let ending = control.ending().unwrap();
        assert_eq!((ending.outcome, ending.exit_code()), (Outcome::Guard, 3));
    }
}
