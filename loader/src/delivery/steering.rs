//! Lets as many senders work at a time as the controller says.
//!
//! It decides nothing itself. Invariant: no sender begins a request while as many as are allowed have one; a sender
//! that waits to try again does not count.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::controller::{Answered, Bounds, Controller, Sign};
use super::{Reply, SendError};

struct State {
    controller: Controller,
    at_work: u16,
}

/// See the module's description.
pub(super) struct Steering {
    state: Mutex<State>,
    /// There is room for one more, or for several.
    room: Notify,
    began: Instant,
}

impl Steering {
    pub(super) fn new(bounds: Bounds) -> Self {
        let state = State {
            controller: Controller::new(bounds),
            at_work: 0,
        };
        Self {
            state: Mutex::new(state),
            room: Notify::new(),
            began: Instant::now(),
        }
    }

    /// Waits for a place.
    pub(super) async fn enter(&self) {
        loop {
            let room = self.room.notified();
            {
                let mut state = self.lock();
                if state.at_work < state.controller.in_flight() {
                    state.at_work += 1;
                    return;
                }
            }
            room.await;
        }
    }

    /// Gives the place back.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.at_work -= 1;
        let room = state.at_work < state.controller.in_flight();
        drop(state);
        if room {
            self.room.notify_one();
        }
    }

    /// Gives the place away until what this returns is dropped.
    pub(super) fn aside(&self) -> Aside<'_> {
        self.leave();
        Aside(Some(self))
    }

    /// Tells of an answer to a request that left at `sent`; says how many hits a bulk holds from now on.
    pub(super) fn answered(&self, sent: Instant, hits: usize, in_flight: u32, sign: Sign) -> usize {
        let mut state = self.lock();
        let before = state.controller.in_flight();
        state.controller.answered(Answered {
            sent: sent.saturating_duration_since(self.began),
            took: sent.elapsed(),
            hits,
            in_flight,
            sign,
        });
        let grown = before < state.controller.in_flight();
        let bulk_size = state.controller.bulk_size();
        drop(state);
        if grown {
            self.room.notify_waiters();
        }
        bulk_size
    }

    /// Hits that a bulk holds at the moment.
    pub(super) fn bulk_size(&self) -> usize {
        self.lock().controller.bulk_size()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sender that stands aside for a while.
pub(super) struct Aside<'a>(Option<&'a Steering>);

impl Aside<'_> {
    /// Waits for a place again.
    pub(super) async fn back(mut self) {
        if let Some(steering) = self.0 {
            steering.enter().await;
            self.0 = None;
        }
    }
}

impl Drop for Aside<'_> {
    /// Who has nothing more to send needs no place, but gives one back afterwards.
    fn drop(&mut self) {
        if let Some(steering) = self.0 {
            steering.lock().at_work += 1;
        }
    }
}

/// What an answer, or the want of one, says of the server.
pub(super) fn sign(result: &Result<Reply, SendError>) -> Sign {
    match result {
        Ok(reply) => match reply.status {
            413 | 414 | 431 => Sign::TooLarge,
            429 | 502 | 503 => Sign::Busy,
            408 | 500 | 504 => Sign::Failed,
            _ => Sign::Fine,
        },
        Err(SendError::NotSent(_)) => Sign::Busy,
        Err(SendError::Doubt(_)) => Sign::Failed,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    const ONE: Bounds = Bounds {
        in_flight: 1,
        adapts_in_flight: true,
        bulk_size: 50,
        adapts_bulk_size: true,
    };

    #[tokio::test(start_paused = true)]
    async fn a_place_is_taken_by_one_and_free_while_who_has_it_stands_aside() {
        let steering = Arc::new(Steering::new(ONE));
        steering.enter().await;
        let other = {
            let steering = Arc::clone(&steering);
            tokio::spawn(async move { steering.enter().await })
        };
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!other.is_finished());
        let aside = steering.aside();
        other.await.unwrap();
        let back = tokio::time::timeout(Duration::from_secs(1), aside.back()).await;
        assert!(back.is_err(), "two at work where one may be");
        // The one that gave up counts until it leaves.
        steering.leave();
        steering.leave();
        steering.enter().await;
        assert_eq!(steering.lock().at_work, 1);
    }
}
