//! Letting a loader end: asked, waited for, killed when its time is over.
//!
//! A loader that is asked once more goes on with what it is finishing, so nobody needs to remember having asked: a
//! control plane that finds a run stopping asks its loaders, whatever the one before it did. Invariants: asking again
//! never shortens a loader's time; asking in vain never lengthens it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::record::Run;
use super::{Entry, RETRY, Runs};
use crate::api::problem::Problem;
use crate::orchestrator::{LoaderId, OrchestratorError};

/// Time beyond a loader's own grace before it is killed, for writing its last words.
const GRACE_MORE: Duration = Duration::from_secs(15);

/// How long a loader that just started may take to its first word. Before it, a signal is lost or kills.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(50);

impl Runs {
    /// Asks a loader to stop until it has, in a task of its own; how it ends is heard by whoever follows it.
    pub(super) fn ask_to_stop(&self, entry: &Arc<Entry>, run: &Run, shard: usize) {
        let Some(loader) = run.shards[shard].loader.clone() else {
            return;
        };
        let grace = Duration::from_secs(run.grace_s) + GRACE_MORE;
        let (runs, entry) = (self.clone(), Arc::clone(entry));
        self.spawn("stop a loader", async move {
            first_word(&entry, shard).await;
            runs.asked_until_it_ends(&loader, grace).await
        });
    }

    async fn asked_until_it_ends(&self, loader: &LoaderId, grace: Duration) -> Result<(), Problem> {
        let until = Instant::now() + grace;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.needs().orchestrator.stop(loader, left).await {
                Ok(()) | Err(OrchestratorError::NotFound(_)) => return Ok(()),
                Err(error) => {
                    tracing::warn!(loader.id = %loader, error = %error, "a loader could not be stopped; trying again");
                    sleep(RETRY).await;
                }
            }
        }
    }
}

/// Waits until a loader said its first word, or should have.
async fn first_word(entry: &Entry, shard: usize) {
    let until = Instant::now() + FIRST_WORD;
    while Instant::now() < until && entry.run.lock().await.shards[shard].figures.seq == 0 {
        sleep(LOOK).await;
    }
}
