//! Connection tests: a loader looks at the target from where its hits would come.
//!
//! The control plane itself never speaks to a target. Invariants: a test that began is ended and put away, also when
//! whoever asked hangs up; few run at a time.

use std::sync::Arc;
use std::time::Duration;

use config::{Checked, ProxyVariables, Secret, Secrets};
use run_report::connection::{ConnectionReport, Refusal, Step, Subject};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::api::problem::{Code, Problem};
use crate::orchestrator::{OnceOutput, OnceRequest, Orchestrator};

/// Tests at a time. When that many run, a further one is refused (`connection.busy`).
const AT_A_TIME: usize = 2;

/// How long a test waits for its place.
const PLACE_WAIT: Duration = Duration::from_secs(2);

/// When a refused one may be asked for again, in seconds.
const AGAIN_S: u64 = 5;

/// How long a loader may take; it ends its test by itself before.
const LOADER_LIMIT: Duration = Duration::from_secs(22);

/// How long whoever asks waits, with the loader's start and end.
const ANSWER_LIMIT: Duration = Duration::from_secs(25);

/// Pause between attempts to put away what an earlier control plane left.
const SWEEP_RETRY: Duration = Duration::from_secs(5);

/// Longest text of a loader that is passed on, in characters; the rest is cut.
const TEXT_CHARS: usize = 600;

/// Tests connections.
pub struct ConnectionTests {
    orchestrator: Arc<dyn Orchestrator>,
    proxies: ProxyVariables,
    places: Arc<Semaphore>,
}

impl ConnectionTests {
    /// Tests with loaders of this orchestrator, which are handed these proxies.
    #[must_use]
    pub fn new(orchestrator: Arc<dyn Orchestrator>, proxies: ProxyVariables) -> Self {
        Self {
            orchestrator,
            proxies,
            places: Arc::new(Semaphore::new(AT_A_TIME)),
        }
    }

    /// Puts away what an earlier control plane left, as soon as the orchestrator answers.
    pub fn sweep(&self) {
        let (orchestrator, places) = (Arc::clone(&self.orchestrator), Arc::clone(&self.places));
        tokio::spawn(async move {
            let all = u32::try_from(AT_A_TIME).unwrap_or(1);
            loop {
                // All places, so that nothing of ours is under way; given back between attempts, so that whoever
                // asks meanwhile hears what is wrong with the orchestrator.
                let Ok(all_places) = places.acquire_many(all).await else {
                    return;
                };
                let swept = orchestrator.sweep().await;
                drop(all_places);
                let Err(error) = swept else { return };
                tracing::debug!(error = %error, "what an earlier connection test left is still there");
                sleep(SWEEP_RETRY).await;
            }
        });
    }

    /// Tests the target of a run configuration.
    ///
    /// # Errors
    /// No loader could be started, or too many tests are under way.
    pub async fn test(
        &self,
        checked: Checked,
        write_hit: bool,
    ) -> Result<ConnectionReport, Problem> {
        if let Some(report) = without_loader(&checked) {
            return Ok(report);
        }
        let busy = || {
            Problem::new(
                Code::ConnectionBusy,
                format!("{AT_A_TIME} connection tests are under way; each takes some seconds"),
            )
            .retry_after(AGAIN_S)
        };
        let place = timeout(PLACE_WAIT, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;
        let request = self.request(checked, write_hit)?;
        let (orchestrator, from) = (
            Arc::clone(&self.orchestrator),
            self.orchestrator.whereabouts(),
        );
        // In a task of its own: a request whose client hangs up is dropped, and the loader must be put away.
        let task = tokio::spawn(async move {
            let _place = place;
            orchestrator.once(request).await
        });
        let output = timeout(ANSWER_LIMIT, task)
            .await
            .map_err(|_| unavailable("the loader took too long to start; the machine may be busy"))?
            .map_err(|error| Problem::internal(&error))?
            .map_err(|error| unavailable(error.to_string()))?;
        read(&output, from)
    }

    fn request(&self, checked: Checked, write_hit: bool) -> Result<OnceRequest, Problem> {
        let mut config = checked.config;
        let secrets = config.take_secrets();
        let kept = (!secrets.is_empty()).then(|| Secret::from(secrets.to_json_exposed()));
        let secrets =
            Secrets::hand_over(kept, &self.proxies).map_err(|error| Problem::internal(&error))?;
        let config = serde_json::to_value(&config).map_err(|error| Problem::internal(&error))?;
        let mut args = vec!["probe".to_owned(), "--json".to_owned()];
        if self.orchestrator.kind() == "process" {
            args.push("--beside-control-plane".to_owned());
        }
        if write_hit {
            args.push("--write-hit".to_owned());
        }
        Ok(OnceRequest {
            config: config.to_string(),
            secrets,
            args,
            time_limit: LOADER_LIMIT,
        })
    }
}

fn unavailable(detail: impl Into<String>) -> Problem {
    Problem::new(Code::OrchestratorUnavailable, detail)
}

/// An address that no loader could try needs no loader.
fn without_loader(checked: &Checked) -> Option<ConnectionReport> {
    let problem = checked
        .problems
        .iter()
        .find(|problem| problem.pointer.starts_with("/targets"))?;
    let target = checked.config.targets.first();
    let subject = Subject {
        url: target.map(|target| target.url.clone()).unwrap_or_default(),
        host: String::new(),
        site_id: target.map_or(1, |target| target.site_id),
    };
    let refusal = Refusal {
        pointer: &problem.pointer,
        code: &problem.code,
        message: &problem.message,
        hint: problem.hint.as_deref(),
    };
    Some(ConnectionReport {
        from: "the control plane; no loader was needed".to_owned(),
        ..ConnectionReport::refused(subject, refusal)
    })
}

/// Reads what the loader found.
fn read(output: &OnceOutput, from: String) -> Result<ConnectionReport, Problem> {
    let report = serde_json::from_str(output.stdout.trim());
    let mut report: ConnectionReport = report.map_err(|_| {
        let said = output.stderr.lines().next().unwrap_or_default();
        tracing::error!(exit_code = output.exit_code, said, "a loader gave no report on a connection");
        unavailable(format!(
            "the loader gave no report ({}); it must be of the same version as the control plane: see LOADER_IMAGE \
             or LOADER_BIN, and the control plane's log",
            match output.exit_code {
                Some(code) => format!("exit code {code}"),
                None => "it was ended".to_owned(),
            }
        ))
    })?;
    report.from = from;
    report.steps.truncate(Step::ALL.len());
    for finding in &mut report.steps {
        cut(&mut finding.message);
        if let Some(hint) = &mut finding.hint {
            cut(hint);
        }
    }
    Ok(report)
}

fn cut(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(TEXT_CHARS) {
        text.truncate(at);
    }
}
