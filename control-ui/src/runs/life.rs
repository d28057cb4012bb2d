//! Starting, stopping, pausing, resuming: what people ask of a run, and the steps it takes.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::create::too_many;
use super::log_lines;
use super::record::{IllegalMove, Run, Wanted};
use super::{ACTIVE_MAX, Entry, RETRY, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::view::{RunState, RunView};
use crate::orchestrator::{LoaderId, LoaderStatus, OrchestratorError, StartRequest};

/// Time beyond a loader's own grace before it is killed, for writing its last words.
const GRACE_MORE: Duration = Duration::from_secs(15);

/// How long a loader that just started may take to its first word. Before it, a signal is lost or kills.
const FIRST_WORD: Duration = Duration::from_secs(2);

/// How often that is looked for.
const FIRST_WORD_LOOK: Duration = Duration::from_millis(50);

impl Runs {
    /// Ends a run for good. A run that is ending, or was ended so, is left as it is.
    ///
    /// # Errors
    /// No such run, or it ended by itself.
    pub async fn stop(&self, id: &RunId) -> Result<RunView, Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move { runs.stopped(&id).await })
            .await
    }

    async fn stopped(&self, id: &RunId) -> Result<RunView, Problem> {
        let entry = self.entry(id).await?;
        let mut run = entry.run.lock().await;
        match run.state() {
            RunState::Cancelled => return Ok(run.view()),
            RunState::Stopping if run.wanted == Wanted::Cancel => return Ok(run.view()),
            RunState::Stopping => {
                self.want(&mut run, Wanted::Cancel).await?;
            }
            RunState::Queued | RunState::Paused => {
                let now = self.needs().clock.now();
                self.change(&mut run, |run| {
                    run.wanted = Wanted::Cancel;
                    run.move_to(RunState::Cancelled)?;
                    run.ended_at = Some(now);
                    run.outcome_reason = Some("stopped by a person".to_owned());
                    Ok(())
                })
                .await?;
                self.tidy();
            }
            _ => self.stop_loader(&entry, &mut run, Wanted::Cancel).await?,
        }
        Ok(run.view())
    }

    /// Stops a run's loader with a checkpoint.
    ///
    /// # Errors
    /// No such run, or it has ended or is ending.
    pub async fn pause(&self, id: &RunId) -> Result<RunView, Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move { runs.paused(&id).await }).await
    }

    async fn paused(&self, id: &RunId) -> Result<RunView, Problem> {
        let entry = self.entry(id).await?;
        let mut run = entry.run.lock().await;
        match run.state() {
            RunState::Paused if run.wanted == Wanted::Pause => {}
            // Something else stopped it; from now on it is not meant to run.
            RunState::Paused => self.want(&mut run, Wanted::Pause).await?,
            RunState::Stopping if run.wanted == Wanted::Pause => {}
            RunState::Stopping => {
                return Err(conflict(IllegalMove {
                    from: RunState::Stopping,
                    to: RunState::Paused,
                }));
            }
            _ => self.stop_loader(&entry, &mut run, Wanted::Pause).await?,
        }
        Ok(run.view())
    }

    /// Goes on with a run that is paused, failed or lost.
    ///
    /// # Errors
    /// No such run, its state does not allow it, too many runs are active, or no loader can be started.
    pub async fn resume(&self, id: &RunId) -> Result<RunView, Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move { runs.resumed(&id).await })
            .await
    }

    async fn resumed(&self, id: &RunId) -> Result<RunView, Problem> {
        let entry = self.entry(id).await?;
        let _place = self.0.admission.lock().await;
        let mut run = entry.run.lock().await;
        if run.state().is_active() && run.state() != RunState::Stopping {
            return Ok(run.view());
        }
        if !run.state().may_resume() {
            return Err(conflict(IllegalMove {
                from: run.state(),
                to: RunState::Queued,
            }));
        }
        self.ready().await?;
        let active = self.needs().store.unfinished_runs(false).await?;
        if active.len() >= ACTIVE_MAX as usize {
            return Err(too_many());
        }
        self.requeue(&mut run).await?;
        let view = run.view();
        drop(run);
        self.launch(entry);
        Ok(view)
    }

    /// Makes a run ready for its next attempt.
    pub(super) async fn requeue(&self, run: &mut Run) -> Result<(), Problem> {
        let boot = self.needs().boot.clone();
        self.change(run, |run| {
            run.move_to(RunState::Queued)?;
            run.wanted = Wanted::Run;
            run.attempt += 1;
            run.loader = None;
            run.boot = boot;
            run.ended_at = None;
            run.outcome_reason = None;
            run.doubt = None;
            run.figures.next_attempt();
            Ok(())
        })
        .await
    }

    async fn want(&self, run: &mut Run, wanted: Wanted) -> Result<(), Problem> {
        self.change(run, |run| {
            run.wanted = wanted;
            Ok(())
        })
        .await
    }

    /// Starts the loader of a queued run, in a task of its own, and follows it.
    pub(super) fn launch(&self, entry: Arc<Entry>) {
        let runs = self.clone();
        self.spawn("start a run", async move { runs.launched(&entry).await });
    }

    async fn launched(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let starting = self.change_surely(entry, |run| {
            run.move_to(RunState::Starting)?;
            run.started_at.get_or_insert(now);
            Ok(())
        });
        match starting.await {
            Ok(run) => drop(run),
            // Somebody stopped it meanwhile.
            Err(problem) if problem.code() == Code::RunState => return Ok(()),
            Err(problem) => return Err(problem),
        }
        self.start_loader(entry).await
    }

    /// Starts, or finds, the loader of a run that is starting.
    pub(super) async fn start_loader(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let request = self.request(&*entry.run.lock().await);
        let request = match request {
            Ok(request) => request,
            Err(reason) => return self.did_not_start(entry, reason).await,
        };
        // Not under the run's lock: pulling strings may take a while, and people may change their minds.
        let started = match self.needs().orchestrator.start(request).await {
            Err(OrchestratorError::Unavailable(why)) => {
                self.started_nevertheless(entry).await.ok_or(why)
            }
            started => started.map_err(|error| error.to_string()),
        };
        let loader = match started {
            Ok(loader) => loader,
            Err(reason) => return self.did_not_start(entry, reason).await,
        };
        let mut run = entry.run.lock().await;
        let text = format!("loader {loader} was started (attempt {})", run.attempt);
        self.note(&run.id, entry, self.line("info", text));
        run.loader = Some(loader.clone());
        self.save_if_possible(&run).await;
        if run.wanted != Wanted::Run {
            self.ask_to_stop(entry, &run, loader);
        }
        drop(run);
        self.follow(Arc::clone(entry));
        Ok(())
    }

    /// The loader of an attempt whose start was not answered: the connection may have broken after the deed.
    async fn started_nevertheless(&self, entry: &Entry) -> Option<LoaderId> {
        let run = entry.run.lock().await.clone();
        let loader = self.find_loader(&run).await?;
        if loader.status != LoaderStatus::Created {
            return Some(loader.id);
        }
        self.put_away(&loader.id).await;
        None
    }

    /// Removes a loader that never began.
    pub(super) async fn put_away(&self, loader: &LoaderId) {
        if let Err(error) = self.needs().orchestrator.remove(loader).await {
            tracing::warn!(loader.id = %loader, error = %error, "a loader that never began cannot be removed");
        }
    }

    fn request(&self, run: &Run) -> Result<StartRequest, String> {
        let secrets = run
            .has_secrets
            .then(|| self.needs().secrets.read(&run.id))
            .transpose()
            .map_err(|error| error.to_string())?;
        Ok(StartRequest {
            run: run.id.clone(),
            attempt: run.attempt,
            config: run.config.to_string(),
            secrets,
            args: run.args(),
            log_level: run.log_level.clone(),
        })
    }

    async fn did_not_start(&self, entry: &Entry, reason: String) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let failed = self.change_surely(entry, |run| {
            let cancelled = run.state() == RunState::Stopping && run.wanted == Wanted::Cancel;
            run.move_to(if cancelled {
                RunState::Cancelled
            } else {
                RunState::Failed
            })?;
            run.ended_at = Some(now);
            run.outcome_reason = Some(reason.clone());
            Ok(())
        });
        let run = failed.await?;
        tracing::warn!(run.id = %run.id, error = %reason, "a loader could not be started");
        self.note(&run.id, entry, self.line("error", reason));
        Ok(())
    }

    /// Writes down that a loader should stop, and why; then asks it to.
    async fn stop_loader(
        &self,
        entry: &Arc<Entry>,
        run: &mut Run,
        wanted: Wanted,
    ) -> Result<(), Problem> {
        self.change(run, |run| {
            run.move_to(RunState::Stopping)?;
            run.wanted = wanted;
            Ok(())
        })
        .await?;
        let text = match wanted {
            Wanted::Pause => "asked to pause",
            Wanted::Cancel | Wanted::Run => "asked to stop",
        };
        self.note(&run.id, entry, self.line("info", text));
        // A loader that is being started at this moment is stopped by whoever starts it.
        if let Some(loader) = run.loader.clone() {
            self.ask_to_stop(entry, run, loader);
        }
        Ok(())
    }

    /// Asks a loader to stop until it has, in a task of its own; how it ends is heard by whoever follows it.
    pub(super) fn ask_to_stop(&self, entry: &Arc<Entry>, run: &Run, loader: LoaderId) {
        let orchestrator = Arc::clone(&self.needs().orchestrator);
        let grace = Duration::from_secs(run.grace_s) + GRACE_MORE;
        let entry = Arc::clone(entry);
        self.spawn("stop a loader", async move {
            first_word(&entry).await;
            loop {
                match orchestrator.stop(&loader, grace).await {
                    Ok(()) | Err(OrchestratorError::NotFound(_)) => return Ok(()),
                    Err(error) => {
                        tracing::warn!(loader.id = %loader, error = %error, "a loader could not be stopped; trying again");
                        sleep(RETRY).await;
                    }
                }
            }
        });
    }

    pub(super) fn line(&self, level: &str, text: impl Into<String>) -> crate::api::view::LogLine {
        log_lines::control(self.needs().clock.now(), level, text)
    }
}

/// Waits until a loader said its first word, or should have.
async fn first_word(entry: &Entry) {
    let until = Instant::now() + FIRST_WORD;
    while Instant::now() < until && entry.run.lock().await.figures.seq == 0 {
        sleep(FIRST_WORD_LOOK).await;
    }
}

pub(super) fn conflict(illegal: IllegalMove) -> Problem {
    Problem::new(Code::RunState, illegal.to_string())
}
