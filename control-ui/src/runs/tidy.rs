//! Removing what ended runs leave behind: old loaders, state and secrets that nobody needs any more.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::sleep;

use super::record::Run;
use super::{RunId, Runs};
use crate::api::problem::Problem;
use crate::api::view::RunState;
use crate::orchestrator::{Loader, LoaderStatus};

/// Ended loaders kept for their logs. The oldest beyond them are removed.
const KEPT: usize = 20;

/// How often that is done without a reason.
const EACH: Duration = Duration::from_secs(3_600);

impl Runs {
    /// Tidies up now and from time to time.
    pub(super) fn keep_tidy(&self) {
        let runs = self.clone();
        self.spawn("tidy up", async move {
            loop {
                runs.tidied().await;
                sleep(EACH).await;
            }
        });
    }

    /// Tidies up in a task of its own; what cannot be removed now is tried again with the next run that ends.
    pub(super) fn tidy(&self) {
        let runs = self.clone();
        self.spawn("tidy up", async move {
            runs.tidied().await;
            Ok(())
        });
    }

    async fn tidied(&self) {
        let loaders = match self.needs().orchestrator.list().await {
            Ok(loaders) => loaders,
            Err(error) => {
                tracing::warn!(error = %error, "old loaders cannot be removed at the moment");
                return;
            }
        };
        if let Err(problem) = self.retain(&loaders).await {
            tracing::warn!(error = %problem, "old runs cannot be removed at the moment");
        }
        let mut ended: Vec<Loader> = loaders
            .into_iter()
            .filter(|loader| matches!(loader.status, LoaderStatus::Ended(_)))
            .collect();
        // Ids of later runs are greater.
        ended.sort_unstable_by(|a, b| (&b.run, b.attempt).cmp(&(&a.run, a.attempt)));
        let old = ended.split_off(ended.len().min(KEPT));
        for loader in &old {
            if let Err(error) = self.needs().orchestrator.remove(&loader.id).await {
                tracing::warn!(loader.id = %loader.id, error = %error, "an old loader cannot be removed");
            }
        }
        let kept: HashSet<&RunId> = ended.iter().map(|loader| &loader.run).collect();
        let gone: HashSet<&RunId> = old.iter().map(|loader| &loader.run).collect();
        for run in gone.difference(&kept) {
            self.forget_state(run).await;
        }
    }

    /// Removes a run's state, unless it may be resumed.
    async fn forget_state(&self, id: &RunId) {
        let row = self.needs().store.run(id.to_string()).await;
        let over = match row {
            Ok(Some(row)) => matches!(row.state, RunState::Succeeded | RunState::Cancelled),
            Ok(None) | Err(_) => false,
        };
        if over && let Err(error) = self.needs().orchestrator.forget(id).await {
            tracing::warn!(run.id = %id, error = %error, "the state of an old run cannot be removed");
        }
    }

    /// Deletes secrets that nobody needs, and that nobody could delete because the control plane died.
    pub(super) async fn forget_left_secrets(&self) -> Result<(), Problem> {
        let ids = self.needs().store.resumable_runs().await?;
        let runs = ids.iter().filter_map(|id| RunId::parse(id)).collect();
        if let Err(error) = self.needs().secrets.keep_only(&runs) {
            tracing::warn!(error = %error, "secrets that nobody needs cannot be deleted");
        }
        Ok(())
    }

    /// A run that ended for good needs its secrets no more.
    pub(super) fn forget_secrets(&self, run: &Run) {
        let over = matches!(run.state(), RunState::Succeeded | RunState::Cancelled);
        if run.has_secrets
            && over
            && let Err(error) = self.needs().secrets.delete(&run.id)
        {
            tracing::warn!(run.id = %run.id, error = %error, "the secrets of a run cannot be deleted");
        }
    }
}
