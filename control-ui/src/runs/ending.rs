//! Letting a loader end: asked once, waited for, killed when its time is over.
//!
//! A second signal makes a loader give up what it is finishing. Invariant: that it will be asked is written down
//! before it is, and one that may have been asked is asked again only when its own report shows that it did not hear.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::record::Run;
use super::shard::Shard;
use super::{Entry, RETRY, Runs};
use crate::api::problem::Problem;
use crate::api::view::LoaderStateName;
use crate::orchestrator::{LoaderId, LoaderStatus, OrchestratorError};

/// Time beyond a loader's own grace before it is killed, for writing its last words.
const GRACE_MORE: Duration = Duration::from_secs(15);

/// How long a loader that just started may take to its first word. Before it, a signal is lost or kills.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// How often something is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Lines that a loader may write, one each second, before it says that it is stopping.
const DEAF_LINES: u64 = 3;

/// A loader that is to end.
struct Asked {
    entry: Arc<Entry>,
    shard: usize,
    loader: LoaderId,
}

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
            let asked = Asked {
                entry,
                shard,
                loader,
            };
            runs.asked_until_it_ends(&asked, grace).await
        });
    }

    async fn asked_until_it_ends(&self, asked: &Asked, grace: Duration) -> Result<(), Problem> {
        let until = Instant::now() + grace;
        let mut tried = false;
        loop {
            let ended = match asked.may_have_heard(tried).await {
                true => self.waited_for(asked, until).await,
                false => self.asked(asked, grace).await,
            };
            tried = true;
            match ended {
                Ok(true) | Err(OrchestratorError::NotFound(_)) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(loader.id = %asked.loader, error = %error, "a loader could not be stopped; trying again");
                    sleep(RETRY).await;
                }
            }
        }
    }

    /// Writes down that it is asked, and asks.
    async fn asked(&self, asked: &Asked, grace: Duration) -> Result<bool, OrchestratorError> {
        let (entry, shard) = (&asked.entry, asked.shard);
        let noted = self.change_surely(entry, |run| {
            let shard = &mut run.shards[shard];
            shard.asked_at_seq = Some(shard.figures.seq);
            Ok(())
        });
        match noted.await {
            Ok(run) => drop(run),
            Err(problem) => return Err(OrchestratorError::Unavailable(problem.to_string())),
        }
        let stopped = self.needs().orchestrator.stop(&asked.loader, grace).await;
        if stopped.is_err() {
            let unasked = self.change_surely(entry, |run| {
                run.shards[shard].asked_at_seq = None;
                Ok(())
            });
            let unasked = unasked.await;
            drop(unasked.map_err(|problem| OrchestratorError::Unavailable(problem.to_string()))?);
        }
        stopped.map(|()| true)
    }

    /// Waits for its end, and kills it when its time is over. False when its report shows that it was not asked.
    async fn waited_for(&self, asked: &Asked, until: Instant) -> Result<bool, OrchestratorError> {
        let orchestrator = &self.needs().orchestrator;
        while Instant::now() < until {
            match orchestrator.inspect(&asked.loader).await? {
                Some(found) if found.status == LoaderStatus::Running => {}
                _ => return Ok(true),
            }
            if !asked.may_have_heard(true).await {
                return Ok(false);
            }
            sleep(LOOK).await;
        }
        orchestrator.kill(&asked.loader).await.map(|()| true)
    }
}

impl Asked {
    /// Whether it was asked, and its report does not show that it did not hear. `tried`: this control plane tried, and
    /// the answer was lost.
    async fn may_have_heard(&self, tried: bool) -> bool {
        let run = self.entry.run.lock().await;
        let Shard {
            figures,
            asked_at_seq,
            ..
        } = &run.shards[self.shard];
        let state = figures.loader_state.as_ref();
        let stopping = state.is_some_and(|loader| loader.state == LoaderStateName::Stopping);
        match asked_at_seq {
            Some(seq) => stopping || figures.seq <= seq + DEAF_LINES,
            None => tried && stopping,
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
