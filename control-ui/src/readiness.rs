//! Whether loaders can be started at the moment, asked often and answered from memory for a little while.
//!
//! Invariant: whoever asks gets an answer within [`ANSWER`], however slow the orchestrator is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::live::Hub;
use crate::orchestrator::Orchestrator;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(2);

/// How often somebody asks, so that open pages learn of a change.
const WATCH: Duration = Duration::from_secs(10);

/// An orchestrator that does not answer within this time is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long somebody who asks waits. Later they get what was known before.
const ANSWER: Duration = Duration::from_millis(500);

/// Knows whether the orchestrator is ready.
pub struct Readiness {
    orchestrator: Arc<dyn Orchestrator>,
    live: Arc<Hub>,
    last: Mutex<Option<Known>>,
    /// Held while the orchestrator is asked, so that it is asked once.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Known {
    at: Instant,
    problem: Option<String>,
}

impl Readiness {
    /// Asks `orchestrator`; tells `live` of changes.
    #[must_use]
    pub fn new(orchestrator: Arc<dyn Orchestrator>, live: Arc<Hub>) -> Self {
        Self {
            orchestrator,
            live,
            last: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Why no loader can be started, and the cure; `None` when one can.
    pub async fn problem(&self) -> Option<String> {
        if let Ok(problem) = timeout(ANSWER, self.ask()).await {
            return problem;
        }
        let known = self.last().clone();
        known.map_or_else(|| Some(self.silent(ANSWER)), |known| known.problem)
    }

    /// Asks again and again, for ever.
    pub async fn watch(&self) {
        loop {
            self.ask().await;
            sleep(WATCH).await;
        }
    }

    async fn ask(&self) -> Option<String> {
        let _once = self.asking.lock().await;
        let known = self.last().clone();
        if let Some(known) = known.filter(|known| known.at.elapsed() < FRESH) {
            return known.problem;
        }
        let problem = match timeout(PATIENCE, self.orchestrator.check()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(self.silent(PATIENCE)),
        };
        self.note(problem.clone());
        problem
    }

    fn note(&self, problem: Option<String>) {
        let now = Known {
            at: Instant::now(),
            problem: problem.clone(),
        };
        let before = self.last().replace(now);
        if before.is_some_and(|before| before.problem == problem) {
            return;
        }
        match &problem {
            None => tracing::info!("loaders can be started"),
            Some(why) => tracing::warn!(reason = %why, "loaders cannot be started"),
        }
        self.live.publish("status", &serde_json::json!({}));
    }

    fn silent(&self, waited: Duration) -> String {
        format!(
            "the orchestrator ({}) did not answer within {} s; check that it runs",
            self.orchestrator.kind(),
            waited.as_secs_f64()
        )
    }

    fn last(&self) -> MutexGuard<'_, Option<Known>> {
        // Nothing panics while it holds the lock, so a poisoned one holds whole data.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
