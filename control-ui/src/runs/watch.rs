//! Hearing at once what happens to loaders, where the orchestrator tells.
//!
//! What is told is a reason to look, never the truth: whoever follows a loader asks the orchestrator. Invariants: each
//! time that listening begins everything is compared, since what happened before may never be told; listening that
//! fails begins again, for ever.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use super::Runs;
use crate::orchestrator::{Change, Happened, LoaderId, OrchestratorError};

/// Pause before listening begins again; doubled each time, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause: with it and a comparison, what is known is right within 5 s of the orchestrator's return. Listening
/// that lasted longer counts as having worked.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How far back is asked for: between asking and being heard, and clocks may differ a little.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

/// A loader that is followed, as long as this lives.
pub(super) struct Followed<'a> {
    runs: &'a Runs,
    loader: &'a LoaderId,
    look: Arc<Notify>,
}

impl<'a> Followed<'a> {
    pub(super) fn begin(runs: &'a Runs, loader: &'a LoaderId) -> Self {
        let look = Arc::<Notify>::default();
        runs.lock_followed()
            .insert(loader.clone(), Arc::clone(&look));
        Self { runs, loader, look }
    }

    /// Who is told to look at it.
    pub(super) fn look(&self) -> Arc<Notify> {
        Arc::clone(&self.look)
    }
}

impl Drop for Followed<'_> {
    fn drop(&mut self) {
        self.runs.lock_followed().remove(self.loader);
    }
}

impl Runs {
    /// Listens and compares, for ever.
    pub async fn watch(&self) {
        tokio::join!(self.listen(), self.compare_again_and_again());
    }

    async fn listen(&self) {
        let mut pause = FIRST_PAUSE;
        let mut since = DateTime::from_timestamp_millis(self.needs().clock.now().0)
            .unwrap_or_default()
            - OVERLAP;
        loop {
            let begun = Instant::now();
            let Err(error) = self.listened(&mut since).await;
            tracing::debug!(error = %error, "what happens to loaders is not told at the moment");
            if LONGEST_PAUSE < begun.elapsed() {
                pause = FIRST_PAUSE;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Listens until that fails; `since` is the last moment that was told of.
    async fn listened(
        &self,
        since: &mut DateTime<Utc>,
    ) -> Result<std::convert::Infallible, OrchestratorError> {
        let mut changes = self.needs().orchestrator.changes(*since).await?;
        self.0.compare.notify_one();
        while let Some(change) = changes.next().await {
            let change = change?;
            *since = change.at.max(*since);
            self.happened(&change);
        }
        Err(OrchestratorError::Unavailable(
            "the orchestrator hung up".to_owned(),
        ))
    }

    fn happened(&self, change: &Change) {
        tracing::debug!(loader.id = %change.loader, what = ?change.what, "something happened to a loader");
        let look = self.lock_followed().get(&change.loader).cloned();
        match (look, change.what) {
            (Some(look), Happened::Ended | Happened::OutOfMemory) => look.notify_one(),
            // Its first line is as quick.
            (Some(_), Happened::Started) => {}
            // Nobody follows it: is it one that should not work?
            (None, Happened::Started) => self.0.compare.notify_one(),
            (None, _) => {}
        }
    }

    /// Loaders that are followed, and who to tell of each.
    pub(super) fn lock_followed(
        &self,
    ) -> MutexGuard<'_, std::collections::HashMap<LoaderId, Arc<Notify>>> {
        self.0
            .followed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
