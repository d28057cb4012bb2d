//! What the loaders of active runs use of the machine.
//!
//! Asked of the orchestrator from time to time and kept in memory alone. Invariant: what is not known is not shown;
//! nothing is kept of a loader that has ended.

use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{RunId, Runs};
use crate::api::view::RunUsage;
use crate::orchestrator::LoaderId;

/// How often is asked.
const EACH: Duration = Duration::from_secs(5);

/// Forgets what a loader used when nobody looks any more.
struct Forget<'a>(&'a Runs, &'a RunId);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.0.lock_usage().remove(self.1);
    }
}

impl Runs {
    pub(super) fn usage_of(&self, id: &RunId) -> Option<RunUsage> {
        self.lock_usage().get(id).copied()
    }

    /// Looks from time to time, as long as it is let.
    pub(super) async fn watch_usage(
        &self,
        id: &RunId,
        loader: &LoaderId,
    ) -> std::convert::Infallible {
        let _forget = Forget(self, id);
        let mut last: Option<(Instant, u64)> = None;
        loop {
            let used = self.needs().orchestrator.usage(loader).await;
            let now = Instant::now();
            match used {
                Ok(Some(used)) => {
                    let cpu_percent = last.and_then(|(at, cpu_ms)| {
                        let passed = now.duration_since(at).as_secs_f64() * 1_000.0;
                        let worked = u32::try_from(used.cpu_ms.checked_sub(cpu_ms)?).ok()?;
                        (passed > 0.0)
                            .then(|| (f64::from(worked) / passed * 1_000.0).round() / 10.0)
                    });
                    last = Some((now, used.cpu_ms));
                    let usage = RunUsage {
                        cpu_percent,
                        memory_bytes: used.memory_bytes,
                    };
                    self.lock_usage().insert(id.clone(), usage);
                }
                Ok(None) | Err(_) => {
                    last = None;
                    self.lock_usage().remove(id);
                }
            }
            sleep(EACH).await;
        }
    }

    fn lock_usage(&self) -> std::sync::MutexGuard<'_, std::collections::HashMap<RunId, RunUsage>> {
        self.0.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
