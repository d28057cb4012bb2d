//! Loaders as processes of this machine, for machines without Docker, demos, tests and the all-in-one image.
//!
//! Each loader leads a process group of its own and writes to files, so neither Ctrl-C nor the control plane's death
//! reaches it. What runs is read from the machine (its processes, the lock of a run's state), never from memory.
//! Invariant: a signal is sent only to a process whose own command line names the folder that was made for it.

mod folders;
mod once;
mod proc;
mod tail;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nix::sys::signal::Signal;
use tokio::time::{Instant, sleep};

use self::folders::{Folders, Place};
use super::{
    Ending, Loader, LoaderId, LoaderStatus, LogStream, OnceOutput, OnceRequest, Orchestrator,
    OrchestratorError, StartRequest, Usage,
};
use crate::runs::RunId;

/// What this program itself uses.
#[must_use]
pub fn own_usage() -> Option<Usage> {
    proc::usage(nix::unistd::Pid::this())
}

/// How often a process is looked at while waiting for its end.
const LOOK: Duration = Duration::from_millis(50);

/// How often, and how long, a process that was just started is looked for.
const APPEAR_LOOK: Duration = Duration::from_millis(2);
const APPEAR_WAIT: Duration = Duration::from_secs(2);

/// How long a killed process may take to vanish.
const KILL_WAIT: Duration = Duration::from_secs(10);

/// Endings of own children that are remembered. When full, all are forgotten: their runs read "nobody saw it end".
/// Children that still run are kept in any case.
const ENDINGS: usize = 1_000;

/// Starts loaders as processes.
pub struct Processes {
    loader_bin: PathBuf,
    folders: Folders,
    /// Own children, and how they ended; `None` while the system has not told. Between the two a child has left
    /// `/proc` already, and whoever asked there would never learn how it ended. Children of an earlier control
    /// plane are nobody's.
    children: Arc<Mutex<HashMap<LoaderId, Option<Ending>>>>,
    /// Starting twice at the same time starts once.
    starting: tokio::sync::Mutex<()>,
}

impl Processes {
    /// Loaders are started from `loader_bin` and keep their files below `folder`.
    #[must_use]
    pub fn new(loader_bin: PathBuf, folder: PathBuf) -> Self {
        Self {
            loader_bin,
            folders: Folders::new(folder),
            children: Arc::default(),
            starting: tokio::sync::Mutex::default(),
        }
    }

    fn place(&self, id: &LoaderId) -> Result<Place, OrchestratorError> {
        self.folders
            .place_of(id)
            .filter(|place| place.attempt_dir.is_dir())
            .ok_or_else(|| OrchestratorError::NotFound(id.clone()))
    }

    fn look(&self, place: &Place) -> Loader {
        let child = lock(&self.children).get(&place.id).cloned();
        let there = || proc::find(place).is_some() || folders::is_locked_by(place);
        let status = match child {
            Some(None) => LoaderStatus::Running,
            Some(Some(ending)) => LoaderStatus::Ended(ending),
            None if there() => LoaderStatus::Running,
            None if place.was_started() => LoaderStatus::Ended(Ending::default()),
            None => LoaderStatus::Created,
        };
        Loader {
            id: place.id.clone(),
            run: place.run.clone(),
            attempt: place.attempt,
            shard: place.shard,
            status,
        }
    }

    fn spawn(&self, place: &Place, request: &StartRequest) -> Result<(), OrchestratorError> {
        let mut command = tokio::process::Command::new(&self.loader_bin);
        command
            .arg("run")
            .arg("--config")
            .arg(place.config_file())
            .arg("--state")
            .arg(&place.state_dir)
            .arg("--output")
            .arg(&place.attempt_dir)
            .args(["--run", request.run.as_str()])
            .args(&request.args);
        if request.secrets.is_some() {
            command.arg("--secrets").arg(place.secrets_file());
        }
        command
            .env_clear()
            .env("LOG_LEVEL", &request.log_level)
            .current_dir(&place.attempt_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(place.early_errors().map_or_else(Stdio::null, Stdio::from))
            .process_group(0)
            .kill_on_drop(false);
        let mut child = command.spawn().map_err(|error| {
            OrchestratorError::Refused(format!(
                "the loader {} could not be started: {error}",
                self.loader_bin.display()
            ))
        })?;
        let (children, id) = (Arc::clone(&self.children), place.id.clone());
        lock(&children).insert(id.clone(), None);
        tokio::spawn(async move {
            let ending = child
                .wait()
                .await
                .map_or_else(|_| Ending::default(), proc::ending);
            let mut children = lock(&children);
            if children.len() >= ENDINGS {
                children.retain(|_, ending| ending.is_none());
            }
            children.insert(id, Some(ending));
        });
        Ok(())
    }

    /// Waits until a loader that was just started can be found. Its command line can be read a moment after the
    /// system says that it was started; whoever looked in between would take it for ended.
    async fn appeared(&self, place: &Place) {
        let until = Instant::now() + APPEAR_WAIT;
        while Instant::now() < until && proc::find(place).is_none() {
            if self.look(place).status != LoaderStatus::Running {
                return;
            }
            sleep(APPEAR_LOOK).await;
        }
    }

    /// Waits until the loader ended, or `limit` is over; says which.
    async fn ended_within(&self, place: &Place, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        loop {
            if self.look(place).status != LoaderStatus::Running {
                return true;
            }
            if Instant::now() >= until {
                return false;
            }
            sleep(LOOK).await;
        }
    }

    fn signal(&self, place: &Place, signal: Signal) -> Result<(), OrchestratorError> {
        let Some(pid) = proc::find(place) else {
            return Ok(());
        };
        proc::signal(pid, signal).map_err(|error| {
            OrchestratorError::Refused(format!(
                "the loader (process {pid}) took no {signal}: {error}"
            ))
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Orchestrator for Processes {
    fn kind(&self) -> &'static str {
        "process"
    }

    async fn check(&self) -> Result<(), OrchestratorError> {
        proc::check_executable(&self.loader_bin)?;
        self.folders.check()
    }

    async fn start(&self, request: StartRequest) -> Result<LoaderId, OrchestratorError> {
        let _one_at_a_time = self.starting.lock().await;
        proc::check_executable(&self.loader_bin)?;
        let place = self
            .folders
            .place(&request.run, request.attempt, request.shard);
        if place.attempt_dir.is_dir() && self.look(&place).status != LoaderStatus::Created {
            return Ok(place.id);
        }
        place.prepare(&request)?;
        if let Err(error) = self.spawn(&place, &request) {
            // Nobody will read and delete them.
            place.forget_secrets()?;
            return Err(error);
        }
        self.appeared(&place).await;
        Ok(place.id)
    }

    async fn stop(&self, id: &LoaderId, grace: Duration) -> Result<(), OrchestratorError> {
        let place = self.place(id)?;
        self.signal(&place, Signal::SIGTERM)?;
        if self.ended_within(&place, grace).await {
            return Ok(());
        }
        self.kill(id).await
    }

    async fn kill(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        let place = self.place(id)?;
        self.signal(&place, Signal::SIGKILL)?;
        if self.ended_within(&place, KILL_WAIT).await {
            return Ok(());
        }
        Err(OrchestratorError::Refused(format!(
            "the loader {id} was killed and did not end within {} s",
            KILL_WAIT.as_secs()
        )))
    }

    async fn list(&self) -> Result<Vec<Loader>, OrchestratorError> {
        let places = self.folders.all()?;
        Ok(places.iter().map(|place| self.look(place)).collect())
    }

    async fn inspect(&self, id: &LoaderId) -> Result<Option<Loader>, OrchestratorError> {
        match self.place(id) {
            Ok(place) => Ok(Some(self.look(&place))),
            Err(OrchestratorError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn logs(
        &self,
        id: &LoaderId,
        since: Option<DateTime<Utc>>,
        follow: bool,
    ) -> Result<LogStream, OrchestratorError> {
        Ok(tail::lines(self.place(id)?, since, follow))
    }

    async fn usage(&self, id: &LoaderId) -> Result<Option<Usage>, OrchestratorError> {
        let place = self.place(id)?;
        Ok(proc::find(&place).and_then(proc::usage))
    }

    async fn remove(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        let place = self.place(id)?;
        if self.look(&place).status == LoaderStatus::Running {
            return Err(OrchestratorError::Refused(format!(
                "the loader {id} runs; stop it before it is removed"
            )));
        }
        folders::remove(&place.attempt_dir)
    }

    async fn forget(&self, run: &RunId) -> Result<(), OrchestratorError> {
        folders::remove(&self.folders.run_dir(run))
    }

    fn whereabouts(&self) -> String {
        "a loader on this machine".to_owned()
    }

    async fn once(&self, request: OnceRequest) -> Result<OnceOutput, OrchestratorError> {
        once::run(&self.loader_bin, &self.folders, &request).await
    }

    async fn sweep(&self) -> Result<(), OrchestratorError> {
        once::sweep(&self.folders)
    }
}
