//! How long what is kept of runs is kept: deleted runs, old runs, their samples, secrets
//! and checkpoints.
//!
//! Invariant: a run is removed for good only after everything that an orchestrator holds of it is gone, so nothing is
//! left that nobody knows of.

use super::{RunId, Runs};
use crate::api::problem::Problem;
use crate::api::view::RunState;
use crate::orchestrator::{Loader, OrchestratorError};
use crate::time::Timestamp;

/// For how long deleting can be undone, in milliseconds: 30 days.
const UNDO_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// Deleted runs that can be restored. When full, the one deleted first is removed for good.
const DELETED_MAX: u32 = 100;

/// Runs that have ended and are kept. When full, the oldest is removed for good.
const ENDED_MAX: u32 = 1_000;

/// For how long the samples of an ended run are kept, in milliseconds: 90 days. Its account stays.
const SAMPLES_MS: i64 = 90 * 24 * 3_600 * 1_000;

/// For how long the secrets of a failed or lost run are kept, in milliseconds: 7 days. Who resumes it later gives
/// them again.
const SECRETS_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// For how long the checkpoint of a failed or lost run is kept, with its loader, in milliseconds: 30 days. Afterwards
/// it cannot be resumed, and is run again instead.
const CHECKPOINT_MS: i64 = 30 * 24 * 3_600 * 1_000;

impl Runs {
    /// Removes what has been kept long enough. What cannot be removed now is tried again later.
    pub(super) async fn retain(&self, loaders: &[Loader]) -> Result<(), Problem> {
        let now = self.needs().clock.now().0;
        let store = &self.needs().store;
        store
            .remove_samples_before(Timestamp(now - SAMPLES_MS))
            .await?;
        let rested = store.resting_since(Timestamp(now - SECRETS_MS)).await?;
        for id in rested.iter().filter_map(|id| RunId::parse(id)) {
            if let Err(error) = self.needs().secrets.delete(&id) {
                tracing::warn!(run.id = %id, error = %error, "the secrets of an old run cannot be deleted");
            }
        }
        let unresumed = store.checkpoints_before(Timestamp(now - CHECKPOINT_MS));
        for id in unresumed.await?.iter().filter_map(|id| RunId::parse(id)) {
            if let Err(error) = self.forget_checkpoint(&id, loaders).await {
                tracing::warn!(run.id = %id, error = %error, "the checkpoint of an old run cannot be removed");
            }
        }
        self.remove_outlived(loaders).await
    }

    /// Removes what a run would be resumed from, unless it is resumed at this moment.
    async fn forget_checkpoint(&self, id: &RunId, loaders: &[Loader]) -> Result<(), Removal> {
        let entry = self.entry(id).await?;
        let mut run = entry.run.lock().await;
        if !matches!(run.state(), RunState::Failed | RunState::Lost) {
            return Ok(());
        }
        self.forget_loaders(id, loaders).await?;
        self.change(&mut run, |run| {
            run.checkpoint_gone = true;
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// Runs that were deleted before this moment cannot be restored.
    pub(super) fn undo_since(&self) -> Timestamp {
        Timestamp(self.needs().clock.now().0 - UNDO_MS)
    }

    /// Removes for good what nobody can restore any more. What cannot be removed now is tried again later.
    async fn remove_outlived(&self, loaders: &[Loader]) -> Result<(), Problem> {
        let before = self.undo_since().0;
        let store = &self.needs().store;
        let mut outlived = store.outlived_runs(before, DELETED_MAX).await?;
        outlived.extend(store.oldest_ended_runs(ENDED_MAX).await?);
        for id in outlived.iter().filter_map(|id| RunId::parse(id)) {
            match self.removed(&id, loaders).await {
                Ok(()) => tracing::info!(run.id = %id, "a run was removed for good"),
                Err(error) => {
                    tracing::warn!(run.id = %id, error = %error, "a run cannot be removed for good");
                }
            }
        }
        Ok(())
    }

    async fn removed(&self, id: &RunId, loaders: &[Loader]) -> Result<(), Removal> {
        self.forget_loaders(id, loaders).await?;
        let needs = self.needs();
        needs.secrets.delete(id)?;
        needs.store.remove_run(id.to_string()).await?;
        self.0.entries.lock().await.remove(id);
        Ok(())
    }

    /// Removes all that an orchestrator holds of a run.
    async fn forget_loaders(
        &self,
        id: &RunId,
        loaders: &[Loader],
    ) -> Result<(), OrchestratorError> {
        let orchestrator = &self.needs().orchestrator;
        for loader in loaders.iter().filter(|loader| loader.run == *id) {
            match orchestrator.remove(&loader.id).await {
                Ok(()) | Err(OrchestratorError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        orchestrator.forget(id).await
    }
}

/// Why something of a run could not be removed.
#[derive(Debug, thiserror::Error)]
enum Removal {
    #[error(transparent)]
    Run(#[from] Problem),
    #[error(transparent)]
    Orchestrator(#[from] OrchestratorError),
    #[error(transparent)]
    Secrets(#[from] crate::secrets::SecretFileError),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}
