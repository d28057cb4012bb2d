//! Starting, stopping, pausing, resuming: what people ask of a run, and the steps it takes.

use std::sync::Arc;
use std::time::Duration;

use super::create::too_many;
use super::log_lines;
use super::record::{IllegalMove, Run, Wanted};
use super::{ACTIVE_MAX, Entry, RunId, Runs, unavailable};
use crate::api::problem::{Code, Problem};
use crate::api::view::{RunState, RunView};
use crate::orchestrator::{LoaderId, OrchestratorError, StartRequest};

/// Time beyond a loader's own grace before it is killed, for writing its last words.
const GRACE_MORE: Duration = Duration::from_secs(15);

impl Runs {
    /// Ends a run for good. A run that is ending, or was ended so, is left as it is.
    ///
    /// # Errors
    /// No such run, or it ended by itself.
    pub async fn stop(&self, id: &RunId) -> Result<RunView, Problem> {
        let entry = self.entry(id).await?;
        let mut run = entry.run.lock().await;
        match run.state() {
            RunState::Cancelled => return Ok(run.view()),
            RunState::Stopping if run.wanted == Wanted::Cancel => return Ok(run.view()),
            RunState::Stopping => {
                run.wanted = Wanted::Cancel;
                self.save(&run).await?;
            }
            RunState::Queued | RunState::Paused => {
                run.wanted = Wanted::Cancel;
                run.move_to(RunState::Cancelled).map_err(conflict)?;
                run.ended_at = Some(self.needs().clock.now());
                run.outcome_reason = Some("stopped by a person".to_owned());
                self.save(&run).await?;
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
        let entry = self.entry(id).await?;
        let mut run = entry.run.lock().await;
        match run.state() {
            RunState::Paused => {}
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
        run.move_to(RunState::Queued).map_err(conflict)?;
        run.wanted = Wanted::Run;
        run.attempt += 1;
        run.loader = None;
        run.boot.clone_from(&self.needs().boot);
        run.ended_at = None;
        run.outcome_reason = None;
        run.doubt = None;
        run.figures.next_attempt();
        self.save(run).await
    }

    /// Starts the loader of a queued run, in a task of its own, and follows it.
    pub(super) fn launch(&self, entry: Arc<Entry>) {
        let runs = self.clone();
        self.spawn("start a run", async move { runs.launched(&entry).await });
    }

    async fn launched(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let mut run = entry.run.lock().await;
        if run.state() != RunState::Queued {
            return Ok(());
        }
        run.move_to(RunState::Starting).map_err(conflict)?;
        run.started_at.get_or_insert(self.needs().clock.now());
        self.save(&run).await?;
        drop(run);
        self.start_loader(entry).await
    }

    /// Starts, or finds, the loader of a run that is starting.
    pub(super) async fn start_loader(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let request = {
            let mut run = entry.run.lock().await;
            match self.request(&run) {
                Ok(request) => request,
                Err(reason) => return self.did_not_start(entry, &mut run, reason).await,
            }
        };
        // Not under the run's lock: pulling strings may take a while, and people may change their minds.
        let started = self.needs().orchestrator.start(request).await;
        let mut run = entry.run.lock().await;
        match started {
            Ok(loader) => {
                let text = format!("loader {loader} was started (attempt {})", run.attempt);
                self.note(&run.id, entry, self.line("info", text));
                run.loader = Some(loader.clone());
                self.save(&run).await?;
                if run.wanted != Wanted::Run {
                    self.ask_to_stop(&run, loader);
                }
                drop(run);
                self.follow(Arc::clone(entry));
                Ok(())
            }
            Err(error) => self.did_not_start(entry, &mut run, error.to_string()).await,
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

    async fn did_not_start(
        &self,
        entry: &Entry,
        run: &mut Run,
        reason: String,
    ) -> Result<(), Problem> {
        tracing::warn!(run.id = %run.id, error = %reason, "a loader could not be started");
        self.note(&run.id, entry, self.line("error", reason.clone()));
        run.move_to(RunState::Failed).map_err(conflict)?;
        run.ended_at = Some(self.needs().clock.now());
        run.outcome_reason = Some(reason);
        self.save(run).await
    }

    /// Writes down that a loader should stop, and why; then asks it to.
    async fn stop_loader(
        &self,
        entry: &Arc<Entry>,
        run: &mut Run,
        wanted: Wanted,
    ) -> Result<(), Problem> {
        run.move_to(RunState::Stopping).map_err(conflict)?;
        run.wanted = wanted;
        self.save(run).await?;
        let text = match wanted {
            Wanted::Pause => "asked to pause",
            Wanted::Cancel | Wanted::Run => "asked to stop",
        };
        self.note(&run.id, entry, self.line("info", text));
        // A loader that is being started at this moment is stopped by whoever starts it.
        if let Some(loader) = run.loader.clone() {
            self.ask_to_stop(run, loader);
        }
        Ok(())
    }

    /// Asks a loader to stop, in a task of its own; how it ends is heard by whoever follows it.
    pub(super) fn ask_to_stop(&self, run: &Run, loader: LoaderId) {
        let orchestrator = Arc::clone(&self.needs().orchestrator);
        let grace = Duration::from_secs(run.grace_s) + GRACE_MORE;
        self.spawn("stop a loader", async move {
            match orchestrator.stop(&loader, grace).await {
                Ok(()) | Err(OrchestratorError::NotFound(_)) => Ok(()),
                Err(error) => Err(unavailable(error)),
            }
        });
    }

    pub(super) fn line(&self, level: &str, text: impl Into<String>) -> crate::api::view::LogLine {
        log_lines::control(self.needs().clock.now(), level, text)
    }
}

pub(super) fn conflict(illegal: IllegalMove) -> Problem {
    Problem::new(Code::RunState, illegal.to_string())
}
