//! Starting the loaders of a run.
//!
//! All that are not done begin together. Invariants: a loader that cannot be started counts as one that died, so the
//! others go on; none is started for a run that nobody wants to run any more.

use std::sync::Arc;

use config::Secrets;
use futures_util::future::join_all;

use super::record::{Run, Wanted};
use super::shard::ShardEnd;
use super::{Entry, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::view::RunState;
use crate::orchestrator::{LoaderId, LoaderStatus, OrchestratorError, StartRequest};

impl Runs {
    /// Starts the loaders of a queued run, in a task of its own, and follows them.
    pub(super) fn launch(&self, entry: Arc<Entry>) {
        let runs = self.clone();
        self.spawn("start a run", async move { runs.launched(&entry).await });
    }

    pub(super) async fn launched(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let starting = self.change_surely(entry, |run| {
            run.move_to(RunState::Starting)?;
            run.started_at.get_or_insert(now);
            Ok(())
        });
        let open = match starting.await {
            Ok(run) => run.open_shards(),
            // Somebody stopped it meanwhile.
            Err(problem) if problem.code() == Code::RunState => return Ok(()),
            Err(problem) => return Err(problem),
        };
        let started = join_all(
            open.into_iter()
                .map(|shard| self.start_loader(entry, shard)),
        );
        started.await.into_iter().collect()
    }

    /// Starts, or finds, a loader of a run that is starting.
    pub(super) async fn start_loader(
        &self,
        entry: &Arc<Entry>,
        shard: usize,
    ) -> Result<(), Problem> {
        let request = self.request(&*entry.run.lock().await, shard);
        let request = match request {
            Ok(request) => request,
            Err(reason) => return self.did_not_start(entry, shard, reason).await,
        };
        // Not under the run's lock: pulling strings may take a while, and people may change their minds.
        let started = match self.needs().orchestrator.start(request).await {
            Err(OrchestratorError::Unavailable(why)) => {
                let found = self.started_nevertheless(entry, shard).await;
                found.ok_or(why)
            }
            started => started.map_err(|error| error.to_string()),
        };
        let loader = match started {
            Ok(loader) => loader,
            Err(reason) => return self.did_not_start(entry, shard, reason).await,
        };
        let now = self.needs().clock.now();
        let mut run = entry.run.lock().await;
        let text = format!("loader {loader} was started (attempt {})", run.attempt);
        self.remark(entry, "info", text).await;
        let attempt = run.attempt;
        run.shards[shard].started(loader, attempt, now);
        self.save_if_possible(&run).await;
        if run.wanted != Wanted::Run {
            self.ask_to_stop(entry, &run, shard);
        }
        drop(run);
        self.follow(Arc::clone(entry), shard);
        Ok(())
    }

    /// The loader of an attempt whose start was not answered: the connection may have broken after the deed.
    async fn started_nevertheless(&self, entry: &Entry, shard: usize) -> Option<LoaderId> {
        let run = entry.run.lock().await.clone();
        let found = self.find_loaders(&run).await;
        let loader = found
            .into_iter()
            .find(|loader| is_of(loader.shard, shard))?;
        if loader.status != LoaderStatus::Created {
            return Some(loader.id);
        }
        self.put_away(&loader.id).await;
        None
    }

    /// Removes a loader that never began.
    pub(super) async fn put_away(&self, loader: &LoaderId) {
        if let Err(error) = self.needs().orchestrator.remove(loader).await {
            tracing::warn!(loader.id = %loader, error = %error, "a loader that never began cannot be removed");
        }
    }

    pub(super) fn request(&self, run: &Run, shard: usize) -> Result<StartRequest, String> {
        let secrets = run
            .has_secrets
            .then(|| self.needs().secrets.read(&run.id))
            .transpose()
            .map_err(|error| error.to_string())?;
        let proxies = self.needs().settings.operator.proxies();
        let secrets = Secrets::hand_over(secrets, &proxies).map_err(|error| error.to_string())?;
        Ok(StartRequest {
            run: run.id.clone(),
            attempt: run.attempt,
            shard: number(shard),
            config: run.config.to_string(),
            secrets,
            args: run.args(shard),
            log_level: run.log_level.clone(),
        })
    }

    async fn did_not_start(
        &self,
        entry: &Arc<Entry>,
        shard: usize,
        reason: String,
    ) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let reason = self.hide_paths(&reason);
        let failed = self.change_surely(entry, |run| {
            let cancelled = run.state() == RunState::Stopping && run.wanted == Wanted::Cancel;
            let state = match cancelled {
                true => RunState::Cancelled,
                false => RunState::Failed,
            };
            let end = ShardEnd {
                state,
                reason: reason.clone(),
                doubt: None,
                gave_up: true,
            };
            run.shard_ended(shard, end, now)
        });
        let run = failed.await?;
        tracing::warn!(run.id = %run.id, error = %reason, "a loader could not be started");
        self.settle(entry, &run);
        drop(run);
        self.remark(entry, "error", reason).await;
        Ok(())
    }

    /// A run that takes another one's place cannot be started at all.
    pub(super) async fn gave_up_starting(
        &self,
        entry: &Arc<Entry>,
        reason: String,
    ) -> Result<(), Problem> {
        let open = entry.run.lock().await.open_shards();
        for shard in open {
            self.did_not_start(entry, shard, reason.clone()).await?;
        }
        Ok(())
    }
}

/// A shard's number, from 1, as orchestrators and loaders know it.
pub(super) fn number(shard: usize) -> u32 {
    u32::try_from(shard + 1).unwrap_or(u32::MAX)
}

/// Whether an orchestrator's number is this shard's.
pub(super) fn is_of(number: u32, shard: usize) -> bool {
    self::number(shard) == number
}
