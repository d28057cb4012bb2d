//! Finding runs again when the control plane starts: the orchestrator knows what runs, the store what is wanted.

use std::sync::Arc;
use std::time::Duration;

use super::life::conflict;
use super::record::{Run, Wanted};
use super::{Entry, Runs, log_lines};
use crate::api::problem::Problem;
use crate::api::view::RunState;
use crate::orchestrator::{Loader, LoaderStatus, OrchestratorError};
use crate::report_reader::{Heard, ReportReader};

/// Pause between attempts while the orchestrator cannot be used.
const RETRY: Duration = Duration::from_secs(2);

impl Runs {
    /// Takes all runs that were active up again, each in a task of its own, because the orchestrator may be away.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn reconcile(&self) -> Result<(), Problem> {
        for row in self.needs().store.unfinished_runs(false).await? {
            let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            tracing::info!(run.id = %run.id, run.state = run.state().as_str(), "a run is taken up again");
            let entry = Entry::new(run.clone());
            let mut entries = self.0.entries.lock().await;
            entries.insert(run.id.clone(), Arc::clone(&entry));
            drop(entries);
            let runs = self.clone();
            self.spawn(
                "take a run up again",
                async move { runs.taken_up(&entry).await },
            );
        }
        self.resume_after_reboot().await
    }

    async fn taken_up(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let run = entry.run.lock().await.clone();
        if run.state() == RunState::Queued {
            self.launch(Arc::clone(entry));
            return Ok(());
        }
        let found = self.find_loader(&run).await;
        let started = match &found {
            Some(loader) => loader.status != LoaderStatus::Created,
            None => run.loader.is_some(),
        };
        match found {
            _ if !started && run.wanted == Wanted::Run => self.start_loader(entry).await,
            _ if !started => self.never_started(entry).await,
            found => {
                let mut run = entry.run.lock().await;
                if let Some(loader) = found {
                    run.loader = Some(loader.id.clone());
                    self.save(&run).await?;
                    if run.wanted != Wanted::Run {
                        self.ask_to_stop(&run, loader.id);
                    }
                }
                drop(run);
                self.follow(Arc::clone(entry));
                Ok(())
            }
        }
    }

    /// Somebody changed their mind before a loader was started.
    async fn never_started(&self, entry: &Entry) -> Result<(), Problem> {
        let mut run = entry.run.lock().await;
        let (state, ended_at) = match run.wanted {
            Wanted::Pause => (RunState::Paused, None),
            Wanted::Cancel | Wanted::Run => (RunState::Cancelled, Some(self.needs().clock.now())),
        };
        run.move_to(state).map_err(conflict)?;
        run.ended_at = ended_at;
        run.outcome_reason = Some("stopped before its loader was started".to_owned());
        self.save(&run).await
    }

    /// The loader of a run's attempt, however long it takes until the orchestrator answers.
    async fn find_loader(&self, run: &Run) -> Option<Loader> {
        loop {
            match self.needs().orchestrator.list().await {
                Ok(loaders) => {
                    return loaders
                        .into_iter()
                        .find(|loader| loader.run == run.id && loader.attempt == run.attempt);
                }
                Err(error) => {
                    tracing::warn!(run.id = %run.id, error = %error, "waiting for the orchestrator");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// A machine that shuts down stops its loaders, and their runs pause; they were meant to run.
    async fn resume_after_reboot(&self) -> Result<(), Problem> {
        for row in self.needs().store.unfinished_runs(true).await? {
            let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            let meant_to_run = run.state() == RunState::Paused && run.wanted == Wanted::Run;
            if meant_to_run && run.boot != self.needs().boot {
                let runs = self.clone();
                self.spawn("resume a run after a restart of the machine", async move {
                    runs.resume(&run.id).await.map(|_| ())
                });
            }
        }
        Ok(())
    }

    /// Reads a run's log again from what its last loader left, for runs that ended before a restart.
    pub(super) async fn recall_log(&self, entry: &Arc<Entry>) {
        let run = entry.run.lock().await.clone();
        let (Some(loader), false) = (run.loader.clone(), run.state().is_active()) else {
            return;
        };
        let orchestrator = Arc::clone(&self.needs().orchestrator);
        match orchestrator.inspect(&loader).await {
            Ok(Some(Loader {
                status: LoaderStatus::Ended(_),
                ..
            })) => {}
            Ok(_) | Err(OrchestratorError::NotFound(_)) => return,
            Err(error) => {
                tracing::warn!(run.id = %run.id, error = %error, "a run's log cannot be read again");
                return;
            }
        }
        let mut reader = ReportReader::new(orchestrator, loader, 0);
        loop {
            let line = match reader.next().await {
                Heard::Report(line) => log_lines::report(&line),
                Heard::Log(written) if log_lines::repeats_report(&written) => None,
                Heard::Log(written) => Some(log_lines::log(&written)),
                Heard::Unreadable(..) => None,
                Heard::Ended(_) | Heard::Gone => return,
            };
            if let Some(line) = line {
                entry.log().push(line);
            }
        }
    }
}
