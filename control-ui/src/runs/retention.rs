//! How long what is kept of runs is kept: deleted runs.
//!
//! Invariant: a run is removed for good only after everything that an orchestrator holds of it is gone, so nothing is
//! left that nobody knows of.

use super::{RunId, Runs};
use crate::api::problem::Problem;
use crate::orchestrator::{Loader, OrchestratorError};

/// For how long deleting can be undone, in milliseconds: 30 days.
const UNDO_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// Deleted runs that can be restored. When full, the one deleted first is removed for good.
const DELETED_MAX: u32 = 100;

impl Runs {
    /// Removes for good what nobody can restore any more. What cannot be removed now is tried again later.
    pub(super) async fn remove_outlived(&self, loaders: &[Loader]) -> Result<(), Problem> {
        let before = self.needs().clock.now().0 - UNDO_MS;
        let outlived = self
            .needs()
            .store
            .outlived_runs(before, DELETED_MAX)
            .await?;
        for id in outlived.iter().filter_map(|id| RunId::parse(id)) {
            match self.removed(&id, loaders).await {
                Ok(()) => tracing::info!(run.id = %id, "a deleted run was removed for good"),
                Err(error) => {
                    tracing::warn!(run.id = %id, error = %error, "a deleted run cannot be removed for good");
                }
            }
        }
        Ok(())
    }

    async fn removed(&self, id: &RunId, loaders: &[Loader]) -> Result<(), Removal> {
        let needs = self.needs();
        for loader in loaders.iter().filter(|loader| loader.run == *id) {
            match needs.orchestrator.remove(&loader.id).await {
                Ok(()) | Err(OrchestratorError::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        needs.orchestrator.forget(id).await?;
        needs.secrets.delete(id)?;
        needs.store.remove_run(id.to_string()).await?;
        Ok(())
    }
}

/// Why something of a run could not be removed.
#[derive(Debug, thiserror::Error)]
enum Removal {
    #[error(transparent)]
    Orchestrator(#[from] OrchestratorError),
    #[error(transparent)]
    Secrets(#[from] crate::secrets::SecretFileError),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}
