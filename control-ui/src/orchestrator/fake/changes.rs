//! What happens to made-up loaders, for those who listen, and to their logs.
//!
//! Whoever begins to listen is told everything again, which is more than a real engine remembers and no less than it
//! promises. A fake that breaks cuts its listeners off.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use chrono::Utc;
use futures_util::{StreamExt, stream};

use super::{Fake, id};
use crate::orchestrator::{Change, Changes, Ending, Happened, LoaderId, OrchestratorError};
use crate::runs::RunId;

impl Fake {
    /// Lets it keep to itself what happens to loaders from now on, or tell of it again.
    pub fn keep_quiet(&self, quiet: bool) {
        self.0.quiet.store(quiet, Ordering::SeqCst);
    }

    /// Lets the logs of loaders fall silent from now on, as those of an engine may at a rotation, or go on.
    pub fn stall_logs(&self, stalled: bool) {
        self.0.stalled.store(stalled, Ordering::SeqCst);
    }

    /// Lets the oldest lines of a loader's log go, as an engine does that begins a new file.
    pub fn rotate_away(&self, run: &RunId, attempt: u32, lines: usize) {
        self.change(&id(run, attempt, 1), |loader| {
            loader.lines.drain(..lines);
        });
    }

    /// How often somebody began to listen.
    #[must_use]
    pub fn listened(&self) -> u32 {
        self.0.listened.load(Ordering::SeqCst)
    }

    /// A loader ends, unless it has.
    pub(super) fn ended(&self, id: &LoaderId, ending: Ending) {
        self.change(id, |loader| {
            loader.ending.get_or_insert(ending);
        });
        self.tell(id, Happened::Ended);
    }

    pub(super) fn tell(&self, id: &LoaderId, what: Happened) {
        if self.0.quiet.load(Ordering::SeqCst) {
            return;
        }
        let change = Change {
            loader: id.clone(),
            what,
            at: Utc::now(),
        };
        let told = self.0.told.lock();
        told.unwrap_or_else(PoisonError::into_inner).push(change);
        self.0.changed.send_modify(|n| *n += 1);
    }

    pub(super) fn listen(&self) -> Changes {
        self.0.listened.fetch_add(1, Ordering::SeqCst);
        let cuts = self.0.cuts.load(Ordering::SeqCst);
        let state = Some((self.clone(), self.0.changed.subscribe(), 0));
        let told = stream::unfold(state, move |state| async move {
            let (fake, mut changed, next) = state?;
            loop {
                changed.borrow_and_update();
                if fake.0.cuts.load(Ordering::SeqCst) != cuts {
                    let cut = OrchestratorError::Unavailable("cut off".to_owned());
                    return Some((Err(cut), None));
                }
                if let Some(change) = fake.told(next) {
                    return Some((Ok(change), Some((fake, changed, next + 1))));
                }
                changed.changed().await.ok()?;
            }
        });
        told.boxed()
    }

    fn told(&self, number: usize) -> Option<Change> {
        let told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(number).cloned()
    }
}
