//! Where the files of loaders lie: `FOLDER/<run>/state` for all attempts, `FOLDER/<run>/attempt-<n>` for each; of a
//! run's second loader and the following ones with their number behind it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::orchestrator::{LoaderId, OrchestratorError, StartRequest, suffix};
use crate::runs::RunId;

/// The folder of all loaders.
pub(super) struct Folders(PathBuf);

/// Where one loader's files lie.
pub(super) struct Place {
    pub(super) id: LoaderId,
    pub(super) run: RunId,
    pub(super) attempt: u32,
    pub(super) shard: u32,
    /// The loader's state, shared by its attempts.
    pub(super) state_dir: PathBuf,
    /// What this attempt writes.
    pub(super) attempt_dir: PathBuf,
}

impl Folders {
    /// A process's command line is compared with these paths, so they must not depend on the current folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(std::path::absolute(&folder).unwrap_or(folder))
    }

    pub(super) fn run_dir(&self, run: &RunId) -> PathBuf {
        self.0.join(run.as_str())
    }

    /// The folder of commands that are run once; no run has this name.
    pub(super) fn once_dir(&self) -> PathBuf {
        self.0.join("once")
    }

    pub(super) fn place(&self, run: &RunId, attempt: u32, shard: u32) -> Place {
        let suffix = suffix(shard);
        Place {
            id: LoaderId(format!("{run}-{attempt}{suffix}")),
            run: run.clone(),
            attempt,
            shard,
            state_dir: self.run_dir(run).join(format!("state{suffix}")),
            attempt_dir: self.run_dir(run).join(format!("attempt-{attempt}{suffix}")),
        }
    }

    /// The place that a name stands for; `None` when it is not a name that we give.
    pub(super) fn place_of(&self, id: &LoaderId) -> Option<Place> {
        let (run, rest) = id.0.split_once('-')?;
        self.numbered(&RunId::parse(run)?, rest)
    }

    /// The place of `<attempt>` or `<attempt>-<shard>`.
    fn numbered(&self, run: &RunId, rest: &str) -> Option<Place> {
        let (attempt, shard) = match rest.split_once('-') {
            Some((attempt, shard)) => (attempt, shard.parse().ok()?),
            None => (rest, 1),
        };
        Some(self.place(run, attempt.parse().ok()?, shard))
    }

    pub(super) fn check(&self) -> Result<(), OrchestratorError> {
        private_dir(&self.0)
    }

    /// All places that exist.
    pub(super) fn all(&self) -> Result<Vec<Place>, OrchestratorError> {
        let mut places = Vec::new();
        for run in names_in(&self.0)? {
            let Some(run) = RunId::parse(&run) else {
                continue;
            };
            for name in names_in(&self.run_dir(&run))? {
                let rest = name.strip_prefix("attempt-");
                places.extend(rest.and_then(|rest| self.numbered(&run, rest)));
            }
        }
        Ok(places)
    }
}

impl Place {
    pub(super) fn config_file(&self) -> PathBuf {
        self.attempt_dir.join("run.json")
    }

    pub(super) fn secrets_file(&self) -> PathBuf {
        self.attempt_dir.join("secrets.json")
    }

    /// The run report, and the part that was rotated away.
    pub(super) fn report_file(&self) -> PathBuf {
        self.attempt_dir.join("report.jsonl")
    }

    pub(super) fn log_file(&self) -> PathBuf {
        self.attempt_dir.join("loader.log")
    }

    /// What a loader says before it writes to its log: mostly why it does not start.
    pub(super) fn early_file(&self) -> PathBuf {
        self.attempt_dir.join("stderr.log")
    }

    pub(super) fn early_errors(&self) -> Option<File> {
        File::create(self.early_file()).ok()
    }

    /// Whether a loader was ever started here.
    pub(super) fn was_started(&self) -> bool {
        self.early_file().exists()
    }

    /// Makes the folders and writes the configuration and the secrets.
    pub(super) fn prepare(&self, request: &StartRequest) -> Result<(), OrchestratorError> {
        private_dir(&self.state_dir)?;
        private_dir(&self.attempt_dir)?;
        private_file(&self.config_file(), request.config.as_bytes())?;
        if let Some(secrets) = &request.secrets {
            private_file(&self.secrets_file(), secrets.expose().as_bytes())?;
        }
        Ok(())
    }

    /// Deletes the secrets that no loader read.
    pub(super) fn forget_secrets(&self) -> Result<(), OrchestratorError> {
        let path = self.secrets_file();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(refused("delete", &path, &error))
            }
            _ => Ok(()),
        }
    }
}

/// Whether some process holds the lock of the run's state on behalf of this attempt. A shared lock is tried, and
/// only when no process was found by name, so a loader that is just starting is not disturbed.
pub(super) fn is_locked_by(place: &Place) -> bool {
    let lock = place.state_dir.join("lock");
    let Ok(file) = File::open(lock) else {
        return false;
    };
    let newest = !place
        .attempt_dir
        .with_file_name(format!(
            "attempt-{}{}",
            place.attempt + 1,
            suffix(place.shard)
        ))
        .exists();
    newest && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

pub(super) fn remove(folder: &Path) -> Result<(), OrchestratorError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(refused("remove", folder, &error)),
        _ => Ok(()),
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>, OrchestratorError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refused("read", folder, &error)),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.collect())
}

pub(super) fn private_dir(folder: &Path) -> Result<(), OrchestratorError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| refused("make", folder, &error))
}

/// Writes a file that nobody else may read, through a temporary one, so that it is never half there.
pub(super) fn private_file(path: &Path, content: &[u8]) -> Result<(), OrchestratorError> {
    let temporary = path.with_extension("new");
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(content)?;
        fs::rename(&temporary, path)
    };
    write().map_err(|error| {
        // Half a file may hold half a secret.
        let _ = fs::remove_file(&temporary);
        refused("write", path, &error)
    })
}

fn refused(what: &str, path: &Path, error: &std::io::Error) -> OrchestratorError {
    OrchestratorError::Unavailable(format!(
        "could not {what} {}: {error}; check the folder DATA_DIR and its owner",
        path.display()
    ))
}
