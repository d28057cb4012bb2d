//! Starting, stopping, pausing, resuming: what people ask of a run, and the steps it takes.

use std::sync::Arc;

use config::Secret;

use super::create::too_many;
use super::log_lines;
use super::prepare::with_secrets;
use super::record::{How, Run, Wanted};
use super::shard::Shard;
use super::{ACTIVE_MAX, Entry, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::runs::resume::ResumeRequest;
use crate::api::view::{RunState, RunView};
use crate::configuration::Basis;
use crate::confirmation;

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
                self.stop_loaders(entry, run, Wanted::Cancel).await
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
                self.stop_loaders(entry, run, Wanted::Pause).await
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
        if run.checkpoint_gone && run.began() {
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
            self.still_confirmed(&run, secrets.as_ref(), typed, who)
                .await?;
        }
        self.ready().await?;
        if self.needs().store.active_runs().await? >= ACTIVE_MAX {
            return Err(too_many());
        }
        self.site_is_free(&run).await?;
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
        secrets: Option<&Secret>,
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
        // A backfill of old days is none without its token.
        let config = match secrets {
            Some(secrets) => with_secrets(Some(run.config.clone()), secrets),
            None => run.config.clone(),
        };
        let (trial, origin) = (run.trial, run.origin);
        let asked = tokio::task::spawn_blocking(move || {
            let plan = Basis::default().at(origin).check(Some(config)).plan?;
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
            run.boot = boot;
            run.ended_at = None;
            run.outcome_reason = None;
            run.doubt = None;
            run.shards.iter_mut().for_each(Shard::next_attempt);
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

    /// Writes down that a run's loaders should stop, and why; then asks them to.
    async fn stop_loaders(
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
        for shard in run.at_work() {
            self.ask_to_stop(entry, run, shard);
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
