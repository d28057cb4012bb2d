//! Comparing what works with what should, now and then: whatever was missed is found.
//!
//! Each loader is followed, and the orchestrator may tell what happens, so an end is heard at once; this is the net
//! below: it has whoever follows a loader that does not run look at it, and finds what nobody follows, a loader whose
//! run is over, or of which nothing is known. Invariant: only loaders of this control plane are looked at, and a loader of an unknown
//! run is never touched: its run may be in another copy of the database.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::timeout;

use super::Runs;
use crate::api::view::RunState;
use crate::orchestrator::{Loader, LoaderId, LoaderStatus};

/// How often, when there is no reason to do it sooner.
pub(crate) const EVERY: Duration = Duration::from_secs(30);

/// How long a loader that works for nobody gets to finish.
const GRACE: Duration = Duration::from_secs(30);

impl Runs {
    /// Compares again and again, and whenever there is a reason, for ever.
    pub(super) async fn compare_again_and_again(&self) {
        let mut suspects = HashSet::new();
        loop {
            // Over in time, or told: both are reasons.
            let _ = timeout(self.needs().compare_every, self.0.compare.notified()).await;
            suspects = self.compare(suspects).await;
        }
    }

    /// Looks at all loaders. One that should not work was seen twice before it is stopped, since its run may just be
    /// ending; the answer are those seen for the first time.
    async fn compare(&self, suspects: HashSet<LoaderId>) -> HashSet<LoaderId> {
        let Ok(loaders) = self.needs().orchestrator.list().await else {
            // Whoever follows a loader says so already.
            return suspects;
        };
        self.look_at_what_does_not_run(&loaders);
        let mut found = HashSet::new();
        for loader in loaders {
            if loader.status != LoaderStatus::Running || !self.is_astray(&loader).await {
                continue;
            }
            if suspects.contains(&loader.id) {
                self.send_home(&loader).await;
            } else {
                found.insert(loader.id);
            }
        }
        found
    }

    fn look_at_what_does_not_run(&self, loaders: &[Loader]) {
        let runs = |id: &LoaderId| {
            loaders
                .iter()
                .any(|loader| loader.id == *id && !matches!(loader.status, LoaderStatus::Ended(_)))
        };
        for (id, look) in self.lock_followed().iter() {
            if !runs(id) {
                look.notify_one();
            }
        }
    }

    async fn is_astray(&self, loader: &Loader) -> bool {
        let row = self.needs().store.run(loader.run.to_string()).await;
        match row {
            Ok(Some(row)) => matches!(
                row.state,
                RunState::Succeeded | RunState::Failed | RunState::Cancelled | RunState::Lost
            ),
            Ok(None) => {
                tracing::warn!(
                    loader.id = %loader.id, run.id = %loader.run,
                    "a loader works for a run that is not in this database; it is left alone, stop it by hand"
                );
                false
            }
            Err(_) => false,
        }
    }

    async fn send_home(&self, loader: &Loader) {
        tracing::warn!(loader.id = %loader.id, run.id = %loader.run, "a loader works although its run is over: it is stopped");
        if let Err(error) = self.needs().orchestrator.stop(&loader.id, GRACE).await {
            tracing::warn!(loader.id = %loader.id, error = %error, "it could not be stopped; trying again");
        }
    }
}
