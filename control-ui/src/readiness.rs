//! Whether loaders can be started at the moment, asked often and answered from memory for a little while.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::live::Hub;
use crate::orchestrator::Orchestrator;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(2);

/// How often somebody asks, so that open pages learn of a change.
const WATCH: Duration = Duration::from_secs(10);

/// An orchestrator that does not answer within this time is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// Knows whether the orchestrator is ready.
pub struct Readiness {
    orchestrator: Arc<dyn Orchestrator>,
    live: Arc<Hub>,
    last: Mutex<Option<(Instant, Option<String>)>>,
}

impl Readiness {
    /// Asks `orchestrator`; tells `live` of changes.
    #[must_use]
    pub fn new(orchestrator: Arc<dyn Orchestrator>, live: Arc<Hub>) -> Self {
        Self {
            orchestrator,
            live,
            last: Mutex::new(None),
        }
    }

    /// Why no loader can be started, and the cure; `None` when one can.
    pub async fn problem(&self) -> Option<String> {
        let mut last = self.last.lock().await;
        if let Some((at, problem)) = &*last
            && at.elapsed() < FRESH
        {
            return problem.clone();
        }
        let problem = match timeout(PATIENCE, self.orchestrator.check()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!(
                "the orchestrator ({}) did not answer within {} s; check that it runs",
                self.orchestrator.kind(),
                PATIENCE.as_secs()
            )),
        };
        let before = last.replace((Instant::now(), problem.clone()));
        if before.is_none_or(|(_, before)| before != problem) {
            match &problem {
                None => tracing::info!("loaders can be started"),
                Some(why) => tracing::warn!(reason = %why, "loaders cannot be started"),
            }
            self.live.publish("status", &serde_json::json!({}));
        }
        problem
    }

    /// Asks again and again, for ever.
    pub async fn watch(&self) {
        loop {
            self.problem().await;
            tokio::time::sleep(WATCH).await;
        }
    }
}
