//! Finding runs again when the control plane starts: the orchestrator knows what runs, the store what is wanted.

use std::sync::Arc;

use futures_util::future::join_all;

use super::record::{Run, Wanted};
use super::shard::ShardEnd;
use super::start::is_of;
use super::{Entry, RETRY, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::runs::resume::ResumeRequest;
use crate::api::view::RunState;
use crate::orchestrator::{Loader, LoaderStatus};

impl Runs {
    /// Takes all runs that were active up again, each in a task of its own, because the orchestrator may be away.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn reconcile(&self) -> Result<(), Problem> {
        self.forget_left_secrets().await?;
        for row in self.needs().store.unsettled_runs().await? {
            let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            tracing::info!(run.id = %run.id, run.state = run.state().as_str(), "a run is taken up again");
            let entry = Entry::new(run.clone());
            let mut entries = self.0.entries.lock().await;
            entries.insert(run.id.clone(), Arc::clone(&entry));
            drop(entries);
            let runs = self.clone();
            self.spawn(
                "take a run up again",
                async move { runs.taken_up(&entry).await },
            );
        }
        self.resume_after_reboot().await?;
        self.keep_tidy();
        Ok(())
    }

    async fn taken_up(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let run = entry.run.lock().await.clone();
        if run.state() == RunState::Queued {
            self.begin(Arc::clone(entry));
            return Ok(());
        }
        self.settle(entry, &run);
        if !run.state().is_active() {
            return Ok(());
        }
        let mut found = self.find_loaders(&run).await;
        let open = run.open_shards();
        let taken = join_all(open.into_iter().map(|shard| {
            let place = found.iter().position(|found| is_of(found.shard, shard));
            let loader = place.map(|place| found.swap_remove(place));
            self.shard_taken_up(entry, shard, loader)
        }));
        taken.await.into_iter().collect()
    }

    async fn shard_taken_up(
        &self,
        entry: &Arc<Entry>,
        shard: usize,
        found: Option<Loader>,
    ) -> Result<(), Problem> {
        let mut run = entry.run.lock().await;
        let started = match &found {
            Some(loader) => loader.status != LoaderStatus::Created,
            None => run.shards[shard].loader.is_some(),
        };
        if !started {
            let wanted = run.wanted;
            drop(run);
            return match wanted {
                Wanted::Run => self.start_loader(entry, shard).await,
                Wanted::Pause | Wanted::Cancel => self.never_started(entry, shard, found).await,
            };
        }
        if let Some(loader) = found {
            let (attempt, now) = (run.attempt, self.needs().clock.now());
            run.shards[shard].started(loader.id, attempt, now);
            self.save_if_possible(&run).await;
            if run.wanted != Wanted::Run {
                self.ask_to_stop(entry, &run, shard);
            }
        }
        drop(run);
        self.follow(Arc::clone(entry), shard);
        Ok(())
    }

    /// Somebody changed their mind before a loader was started.
    async fn never_started(
        &self,
        entry: &Arc<Entry>,
        shard: usize,
        prepared: Option<Loader>,
    ) -> Result<(), Problem> {
        if let Some(loader) = prepared {
            self.put_away(&loader.id).await;
        }
        let now = self.needs().clock.now();
        let ended = self.change_surely(entry, |run| {
            let end = ShardEnd {
                state: match run.wanted {
                    Wanted::Pause => RunState::Paused,
                    Wanted::Cancel | Wanted::Run => RunState::Cancelled,
                },
                reason: "stopped before its loader was started".to_owned(),
                doubt: None,
                gave_up: false,
            };
            run.shard_ended(shard, end, now)
        });
        let run = ended.await?;
        self.settle(entry, &run);
        Ok(())
    }

    /// The loaders of a run's attempt, however long it takes until the orchestrator answers.
    pub(super) async fn find_loaders(&self, run: &Run) -> Vec<Loader> {
        loop {
            match self.needs().orchestrator.list().await {
                Ok(mut loaders) => {
                    loaders.retain(|found| found.run == run.id && found.attempt == run.attempt);
                    return loaders;
                }
                Err(error) => {
                    tracing::warn!(run.id = %run.id, error = %error, "waiting for the orchestrator");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// A machine that shuts down stops its loaders, and their runs pause; they were meant to run.
    async fn resume_after_reboot(&self) -> Result<(), Problem> {
        for row in self.needs().store.unfinished_runs(u32::MAX).await? {
            let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            if meant_to_run(&run) && run.boot != self.needs().boot {
                let runs = self.clone();
                self.spawn("resume a run after a restart of the machine", async move {
                    runs.resumed_when_possible(&run.id).await
                });
            }
        }
        Ok(())
    }

    /// Resumes a run once the orchestrator, which may come up later, is there; unless people decide otherwise.
    async fn resumed_when_possible(&self, id: &RunId) -> Result<(), Problem> {
        loop {
            if !meant_to_run(&*self.entry(id).await?.run.lock().await) {
                return Ok(());
            }
            match self.resume(id, ResumeRequest::default(), None).await {
                Err(problem) if problem.code() == Code::OrchestratorUnavailable => {
                    tracing::warn!(run.id = %id, "waiting for the orchestrator");
                    tokio::time::sleep(RETRY).await;
                }
                resumed => return resumed.map(drop),
            }
        }
    }
}

/// Whether a run at rest was stopped by nobody's wish.
fn meant_to_run(run: &Run) -> bool {
    run.state() == RunState::Paused && run.wanted == Wanted::Run
}
