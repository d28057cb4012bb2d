//! What the loaders of active runs use of the machine.
//!
//! Asked of the orchestrator from time to time and kept in memory alone. Invariant: what is not known is not shown;
//! nothing is kept of a loader that has ended.

use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Runs;
use super::record::Run;
use crate::api::view::RunUsage;
use crate::orchestrator::LoaderId;

/// How often is asked.
const EACH: Duration = Duration::from_secs(5);

/// Forgets what a loader used when nobody looks any more.
struct Forget<'a>(&'a Runs, &'a LoaderId);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.0.lock_usage().remove(self.1);
    }
}

impl Runs {
    /// What all loaders of a run use.
    pub(super) fn usage_of(&self, run: &Run) -> Option<RunUsage> {
        let known = self.lock_usage();
        let loaders = run.shards.iter().filter_map(|shard| shard.loader.as_ref());
        let used = loaders.filter_map(|loader| known.get(loader).copied());
        used.reduce(|one, two| RunUsage {
            cpu_percent: one.cpu_percent.zip(two.cpu_percent).map(|(a, b)| a + b),
            memory_bytes: one.memory_bytes + two.memory_bytes,
        })
    }

    /// Looks from time to time, as long as it is let.
    pub(super) async fn watch_usage(&self, loader: &LoaderId) -> std::convert::Infallible {
        let _forget = Forget(self, loader);
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
                    self.lock_usage().insert(loader.clone(), usage);
                }
                Ok(None) | Err(_) => {
                    last = None;
                    self.lock_usage().remove(loader);
                }
            }
            sleep(EACH).await;
        }
    }

    fn lock_usage(
        &self,
    ) -> std::sync::MutexGuard<'_, std::collections::HashMap<LoaderId, RunUsage>> {
        self.0.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
