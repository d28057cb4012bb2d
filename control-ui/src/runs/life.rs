//! Starting, stopping, pausing, resuming: what people ask of a run, and the steps it takes.

use std::sync::Arc;

use config::Secrets;

use super::create::too_many;
use super::log_lines;
use super::record::{How, Run, Wanted};
use super::{ACTIVE_MAX, Entry, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::runs::resume::ResumeRequest;
use crate::api::view::{RunState, RunView};
use crate::configuration::Basis;
use crate::confirmation;
use crate::orchestrator::{LoaderId, LoaderStatus, OrchestratorError, StartRequest};

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
        self.stop_now(&entry, &mut run).await?;
        Ok(self.view_of(&run))
    }

    /// Ends a run for good, or lets it end.
    pub(super) async fn stop_now(&self, entry: &Arc<Entry>, run: &mut Run) -> Result<(), Problem> {
        match run.state() {
            RunState::Cancelled => Ok(()),
            RunState::Stopping if run.wanted == Wanted::Cancel => Ok(()),
            RunState::Stopping => self.want(run, Wanted::Cancel).await,
            RunState::Queued | RunState::Paused => {
                let now = self.needs().clock.now();
                self.change(run, |run| {
                    run.wanted = Wanted::Cancel;
                    run.move_to(RunState::Cancelled)?;
                    run.ended_at = Some(now);
                    run.outcome_reason = Some("stopped by a person".to_owned());
                    Ok(())
                })
                .await?;
                self.settle(entry, run);
                self.tidy();
                Ok(())
            }
            RunState::Starting | RunState::Running => {
                self.stop_loader(entry, run, Wanted::Cancel).await
            }
            RunState::Succeeded | RunState::Failed | RunState::Lost => {
                Err(cannot(run, "be stopped"))
            }
        }
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
        if run.taking_over().is_some() && run.state().may_pause() {
            return Err(Problem::new(
                Code::RunState,
                format!(
                    "run {} is taking the place of another one; stop it, or wait until it runs",
                    run.name
                ),
            ));
        }
        self.pause_now(&entry, &mut run).await?;
        Ok(self.view_of(&run))
    }

    /// Stops a run's loader with a checkpoint, or lets it stop.
    pub(super) async fn pause_now(&self, entry: &Arc<Entry>, run: &mut Run) -> Result<(), Problem> {
        match run.state() {
            RunState::Paused if run.wanted == Wanted::Pause => Ok(()),
            // Something else stopped it; from now on it is not meant to run.
            RunState::Paused => self.want(run, Wanted::Pause).await,
            RunState::Stopping if run.wanted == Wanted::Pause => Ok(()),
            RunState::Stopping => Err(cannot(run, "be paused")),
            RunState::Queued => {
                self.change(run, |run| {
                    run.wanted = Wanted::Pause;
                    run.move_to(RunState::Paused)?;
                    run.outcome_reason = Some("paused before its loader was started".to_owned());
                    Ok(())
                })
                .await
            }
            RunState::Starting | RunState::Running => {
                self.stop_loader(entry, run, Wanted::Pause).await
            }
            _ => Err(cannot(run, "be paused")),
        }
    }

    /// Goes on with a run that is paused, failed or lost.
    ///
    /// # Errors
    /// No such run, its state does not allow it, its token is no longer kept, its target is no longer confirmed, too
    /// many runs are active, or no loader can be started. `who` is the person who asks; what the control plane does by
    /// itself was confirmed before.
    pub async fn resume(
        &self,
        id: &RunId,
        request: ResumeRequest,
        who: Option<String>,
    ) -> Result<RunView, Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move { runs.resumed(&id, request, who).await })
            .await
    }

    async fn resumed(
        &self,
        id: &RunId,
        request: ResumeRequest,
        who: Option<String>,
    ) -> Result<RunView, Problem> {
        let entry = self.entry(id).await?;
        let _place = self.0.admission.lock().await;
        let mut run = entry.run.lock().await;
        if run.state().is_active() && run.state() != RunState::Stopping {
            return Ok(self.view_of(&run));
        }
        if !run.state().may_resume() {
            return Err(cannot(&run, "be resumed"));
        }
        if run.checkpoint_gone && run.began {
            return Err(Problem::new(
                Code::RunState,
                format!(
                    "nobody resumed run {} for 30 days, so its checkpoint was removed; run it again instead",
                    run.name
                ),
            ));
        }
        if run.replaced_by.is_some() {
            self.successor(&run, How::Apply).await?;
        }
        let secrets = self.secrets_for(&run, request.secrets())?;
        if let Some(who) = who {
            let typed = request.confirm_target;
            self.still_confirmed(&run, typed, who).await?;
        }
        self.ready().await?;
        if self.needs().store.active_runs().await? >= ACTIVE_MAX {
            return Err(too_many());
        }
        if let Some(secrets) = &secrets {
            let written = self.needs().secrets.write(&run.id, secrets);
            written.map_err(|error| Problem::internal(&error))?;
            run.has_secrets = true;
        }
        self.requeue(&mut run).await?;
        let view = self.view_of(&run);
        drop(run);
        self.launch(entry);
        Ok(view)
    }

    /// A confirmation that was taken back counts for runs that rest: who resumes one types the host again.
    async fn still_confirmed(
        &self,
        run: &Run,
        typed: Option<String>,
        who: String,
    ) -> Result<(), Problem> {
        let Some(host) = run.confirmed_host.clone() else {
            return Ok(());
        };
        let known = self.confirmed_hosts().await?.contains(&host);
        if known && typed.is_none() {
            return Ok(());
        }
        let (config, trial) = (run.config.clone(), run.trial);
        let asked = tokio::task::spawn_blocking(move || {
            let plan = Basis::default().check(Some(config)).plan?;
            confirmation::about(&plan, trial, known)
        });
        let Some(asked) = asked.await.map_err(|error| Problem::internal(&error))? else {
            return Ok(());
        };
        let confirms = confirmation::demand(&asked, typed.as_deref())?;
        if let Some(host) = confirms {
            let now = self.needs().clock.now();
            self.needs().store.confirm(host, who, now).await?;
        }
        Ok(())
    }

    /// Makes a run ready for its next attempt.
    pub(super) async fn requeue(&self, run: &mut Run) -> Result<(), Problem> {
        let boot = self.needs().boot.clone();
        self.change(run, |run| {
            run.move_to(RunState::Queued)?;
            run.wanted = Wanted::Run;
            run.attempt += 1;
            run.checkpoint_gone = false;
            run.loader = None;
            run.asked_at_seq = None;
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

    pub(super) async fn launched(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
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
        self.remark(entry, "info", text).await;
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

    pub(super) fn request(&self, run: &Run) -> Result<StartRequest, String> {
        let secrets = run
            .has_secrets
            .then(|| self.needs().secrets.read(&run.id))
            .transpose()
            .map_err(|error| error.to_string())?;
        let proxies = self.needs().settings.operator.proxies();
        let secrets = Secrets::hand_over(secrets, &proxies).map_err(|error| error.to_string())?;
        Ok(StartRequest {
            run: run.id.clone(),
            attempt: run.attempt,
            config: run.config.to_string(),
            secrets,
            args: run.args(),
            log_level: run.log_level.clone(),
        })
    }

    pub(super) async fn did_not_start(
        &self,
        entry: &Arc<Entry>,
        reason: String,
    ) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let reason = self.hide_paths(&reason);
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
        self.settle(entry, &run);
        drop(run);
        self.remark(entry, "error", reason).await;
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
        self.remark(entry, "info", text).await;
        // A loader that is being started at this moment is stopped by whoever starts it.
        if let Some(loader) = run.loader.clone() {
            self.ask_to_stop(entry, run, loader);
        }
        Ok(())
    }

    /// Adds a line of the control plane to a run's log.
    pub(super) async fn remark(&self, entry: &Entry, level: &str, text: impl Into<String>) {
        let line = log_lines::control(self.needs().clock.now(), level, text);
        let kept = self
            .needs()
            .store
            .add_line(entry.id.to_string(), line.clone());
        if let Err(error) = kept.await {
            tracing::warn!(run.id = %entry.id, error = %error, "a line of a run's log could not be kept");
        }
        self.note(entry, line);
    }
}

/// Why something cannot be asked of a run in its state, as a person says it.
pub(super) fn cannot(run: &Run, what: &str) -> Problem {
    let state = match run.state() {
        RunState::Queued => "is waiting for its loader",
        RunState::Starting => "is starting",
        RunState::Running => "is running",
        RunState::Paused => "is paused",
        RunState::Stopping => "is stopping",
        RunState::Succeeded => "has ended: everything planned was done",
        RunState::Failed => "has failed",
        RunState::Cancelled => "was stopped for good",
        RunState::Lost => "is lost",
    };
    Problem::new(
        Code::RunState,
        format!("run {} {state}; it cannot {what}", run.name),
    )
}
