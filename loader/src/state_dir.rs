//! The state directory: what outlives an attempt.
//!
//! `lock` is held while the loader lives; `heartbeat` is touched each second; `checkpoint.json` holds the totals,
//! `cursor` how far visits were made, `account.json` the last line of the report; `journal.N` is a backfill's journal.
//!
//! Invariant: a file is either the old one or the new one, never a half; the cursor is never behind a hit that was sent.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::journal::Mark;
use crate::ledger::Saved;

const LOCK: &str = "lock";
const HEARTBEAT: &str = "heartbeat";
const CHECKPOINT: &str = "checkpoint.json";
const CURSOR: &str = "cursor";
const ACCOUNT: &str = "account.json";

/// A heartbeat older than this means that the loader hangs or is gone.
const HEARTBEAT_LIMIT: Duration = Duration::from_secs(10);

/// The version of the checkpoint that this program writes and reads.
const CHECKPOINT_VERSION: u32 = 1;

/// What is wrong with a state directory.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Another loader holds the lock.
    #[error("another loader works in {0}; stop it first, or give this one a directory of its own")]
    Locked(PathBuf),
    /// A file cannot be used.
    #[error("{path}: {source}; the state directory must exist or be creatable, and be writable")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A checkpoint that cannot be understood.
    #[error("{path} cannot be read: {why}; without it a run cannot be resumed")]
    Damaged {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl StateError {
    /// What is wrong with the file or directory of this path.
    #[must_use]
    pub fn of(path: &Path, source: io::Error) -> Self {
        file_error(path, source)
    }
}

/// What an attempt leaves for the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Version of this shape.
    pub v: u32,
    /// The run's keys: seed, population and origin in milliseconds since the Unix epoch.
    pub seed: u64,
    /// See `seed`.
    pub population: String,
    /// See `seed`.
    pub origin_ms: i64,
    /// Which loader of how many, from 1.
    pub shard: run_report::Shard,
    /// The number of visits of a trial.
    pub trial: Option<u64>,
    /// When it was written, on the plan's time line.
    pub plan_ms: i64,
    /// How far the wall clock was ahead of the plan.
    pub wall_minus_plan_ms: i64,
    /// Seconds that all attempts took together.
    pub active_s: f64,
    /// Whether the attempt ended in order, with nothing open.
    pub clean: bool,
    /// Hits sent so far, as the hit budget counts them.
    #[serde(default)]
    pub hits_sent: u64,
    /// The account.
    pub saved: Saved,
    /// How far a backfill is; `None` for other runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<SavedBackfill>,
}

/// What a checkpoint keeps of a backfill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedBackfill {
    /// What was to be sent.
    #[serde(flatten)]
    pub terms: Terms,
    /// Whether visitors have addresses of their own. It is decided once: other visitors would be other hits.
    #[serde(default)]
    pub countries: bool,
    /// The past days are done, and the run has gone on in real time.
    #[serde(default)]
    pub over: bool,
    /// What is left of the visits made.
    pub mark: Mark,
}

/// What a backfill is to send; a resume of another one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Visits of each whole day.
    pub visits_per_day: u32,
    /// Most visits of all days.
    #[serde(default)]
    pub visits_total: Option<u64>,
}

impl Checkpoint {
    /// The version to put into [`Checkpoint::v`].
    pub const VERSION: u32 = CHECKPOINT_VERSION;
}

/// A state directory that this process has locked.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    _lock: File,
}

impl StateDir {
    /// Creates the directory if need be, and locks it for the life of the value.
    ///
    /// # Errors
    /// [`StateError::Locked`] when another loader has it.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        std::fs::create_dir_all(path).map_err(|source| file_error(path, source))?;
        let lock_path = path.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|source| file_error(&lock_path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StateError::Locked(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(file_error(&lock_path, source)),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Shows that the loader is alive.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn beat(&self) -> Result<(), StateError> {
        let path = self.path.join(HEARTBEAT);
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(|source| file_error(&path, source))
    }

    /// Replaces the checkpoint.
    ///
    /// # Errors
    /// When it cannot be written; the one before stays.
    pub fn save(&self, checkpoint: &Checkpoint) -> Result<(), StateError> {
        self.replace(CHECKPOINT, checkpoint)
    }

    /// Writes the final account.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_account(&self, account: &impl Serialize) -> Result<(), StateError> {
        self.replace(ACCOUNT, account)
    }

    /// The checkpoint of an earlier attempt; `None` when there is none. The cursor file, being newer, wins.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn load(&self) -> Result<Option<(Checkpoint, u64)>, StateError> {
        let path = self.path.join(CHECKPOINT);
        let Some(checkpoint) = read_json::<Checkpoint>(&path)? else {
            return Ok(None);
        };
        if checkpoint.v != CHECKPOINT_VERSION {
            let why = format!(
                "it has version {}, this loader reads version {CHECKPOINT_VERSION}",
                checkpoint.v
            );
            return Err(StateError::Damaged { path, why });
        }
        let made = match std::fs::read(self.path.join(CURSOR)) {
            Ok(bytes) => bytes.first_chunk().map_or(0, |b| u64::from_le_bytes(*b)),
            Err(_) => 0,
        };
        let made = made.max(checkpoint.saved.cursor);
        Ok(Some((checkpoint, made)))
    }

    /// Opens the cursor, which from now on is this attempt's.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn cursor(&self, from: u64) -> Result<Cursor, StateError> {
        let path = self.path.join(CURSOR);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .and_then(|file| file.write_all_at(&from.to_le_bytes(), 0).map(|()| file))
            .map_err(|source| file_error(&path, source))?;
        Ok(Cursor {
            file,
            noted: from,
            failed: false,
        })
    }

    fn replace(&self, name: &str, value: &impl Serialize) -> Result<(), StateError> {
        let path = self.path.join(name);
        let new = self.path.join(format!("{name}.new"));
        let write = || {
            let mut file = File::create(&new)?;
            file.write_all(&serde_json::to_vec(value)?)?;
            // What it replaces, and a journal, may go only when it surely is there.
            file.sync_data()?;
            std::fs::rename(&new, &path)
        };
        write().map_err(|source| {
            // On a full disk the half of a file takes room that the old one may need.
            let _ = std::fs::remove_file(&new);
            file_error(&path, source)
        })
    }
}

/// How far visits were made, written before their hits are sent: after a crash it says which visits are in doubt.
#[derive(Debug)]
pub struct Cursor {
    file: File,
    noted: u64,
    failed: bool,
}

impl Cursor {
    /// Notes that all visits below `ordinal` may have been sent. A write that fails is logged once; the run goes on,
    /// since only the account after a crash depends on it.
    pub fn note(&mut self, ordinal: u64) {
        if ordinal <= self.noted {
            return;
        }
        self.noted = ordinal;
        if let Err(error) = self.file.write_all_at(&ordinal.to_le_bytes(), 0)
            && !self.failed
        {
            self.failed = true;
            tracing::error!(%error, "the cursor cannot be written to the state directory");
        }
    }
}

/// Whether the loader that works in `path` is alive, and since when it was last seen.
///
/// # Errors
/// When there is no heartbeat, or an old one.
pub fn check_heartbeat(path: &Path) -> Result<Duration, StateError> {
    let path = path.join(HEARTBEAT);
    let modified = std::fs::metadata(&path)
        .and_then(|file| file.modified())
        .map_err(|source| file_error(&path, source))?;
    let age = modified.elapsed().unwrap_or_default();
    if HEARTBEAT_LIMIT <= age {
        let why = format!(
            "last heartbeat {:.0} s ago, the limit is {} s",
            age.as_secs_f64(),
            HEARTBEAT_LIMIT.as_secs()
        );
        return Err(file_error(&path, io::Error::other(why)));
    }
    Ok(age)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StateError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(file_error(path, source)),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| StateError::Damaged {
            path: path.to_owned(),
            why: error.to_string(),
        })
}

fn file_error(path: &Path, source: io::Error) -> StateError {
    StateError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
