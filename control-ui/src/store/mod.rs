//! What is kept: one SQLite file. The only place that speaks SQL.
//!
//! It holds runs, samples, sessions, codes and confirmed hosts; never a token or a key. Invariants: one connection
//! does everything, so there is one writer; a schema newer than this program knows is refused; a migration happens
//! in a transaction, after a copy of the file was made; a run's state changes only along a legal move, which the
//! database itself checks.

mod audit;
mod configuration;
mod confirmations;
pub mod copies;
mod days;
mod figures;
mod keys;
mod lines;
mod migrations;
mod overlaps;
mod presets;
mod runs;
mod samples;
mod sessions;
mod sites;

pub use audit::{AuditRow, add_beside};
pub use configuration::ConfigurationRow;
pub use confirmations::ConfirmedHost;
pub use keys::{KEYS, KeyRow};
pub use presets::PresetRow;
pub use runs::{Inserted, RunFilter, RunRow};
pub use samples::{MINUTES_MAX, SECONDS_MAX};
pub use sessions::SessionRow;
pub use sites::SeenSite;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior, ffi};
use tokio::sync::Notify;

use crate::api::problem::{Code, Problem, chain};
use crate::data_dir::FileSystem;

/// How long a statement waits for another process (`control-ui login-link`) that writes at the moment.
const BUSY: Duration = Duration::from_secs(5);

/// Name of the database in the data folder.
const FILE: &str = "control-ui.sqlite3";

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite said no.
    #[error("the database {path} did not do what was asked")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        #[source]
        source: rusqlite::Error,
    },
    /// There is no room for the file, or it may not be written.
    #[error("the database {path} cannot be written")]
    Full {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        #[source]
        source: rusqlite::Error,
    },
    /// The file is not what it should be.
    #[error("the database {path} cannot be used: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The folder lies on a network file system.
    #[error(
        "the database {path} would lie on a network file system ({kind}), where locks do not hold and databases get \
         damaged: set DATA_DIR to a folder on a disk of this machine, or use a volume of the engine; to keep copies on \
         the network, send them there with `control-ui backup`"
    )]
    Network {
        /// The file.
        path: PathBuf,
        /// The file system.
        kind: &'static str,
    },
    /// A newer program wrote the file.
    #[error(
        "the database {path} was written by a newer version of this program: start that version, or move the file away"
    )]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The schema could not be brought up to date.
    #[error("the database {path} could not be brought up to date; a copy from before is beside it")]
    Migration {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        source: rusqlite_migration::Error,
    },
    /// The copy before a migration could not be made.
    #[error("the database {path} could not be copied before a migration: {why}")]
    Backup {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// A stored document cannot be read or written.
    #[error("a stored document is damaged: {0}")]
    Document(#[from] serde_json::Error),
    /// The thread that does the work is gone.
    #[error("the database thread ended")]
    Gone,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full { .. } => Self::new(
                Code::StorageFull,
                format!("{}; {}", chain(&error), crate::storage::cure()),
            ),
            error => Self::internal(&error),
        }
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    connection: Mutex<Connection>,
    /// Whether the last thing that had to be written could not be.
    full: AtomicBool,
    /// Told when that becomes true.
    no_room: Notify,
}

impl Store {
    /// Opens the store in `data_dir`, and makes or migrates it when necessary.
    ///
    /// # Errors
    /// The file cannot be opened, is newer than this program, or cannot be migrated.
    pub fn open(data_dir: &Path) -> Result<Self, StoreError> {
        let path = data_dir.join(FILE);
        let failed = |source| StoreError::Sqlite {
            path: path.clone(),
            source,
        };
        let mut connection = Connection::open(&path).map_err(failed)?;
        connection.busy_timeout(BUSY).map_err(failed)?;
        connection
            .pragma_update(None, "journal_mode", journal(data_dir, &path)?)
            .map_err(failed)?;
        connection
            .pragma_update(None, "synchronous", "normal")
            .map_err(failed)?;
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(failed)?;
        // A transaction that begins with reading does not wait for another writer: SQLite answers "locked" at once.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        migrations::bring_up_to_date(&mut connection, &path)?;
        Ok(Self(Arc::new(Inner {
            path,
            connection: Mutex::new(connection),
            full: AtomicBool::new(false),
            no_room: Notify::new(),
        })))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.with(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?))
            .await
    }

    /// Writes for real, and changes nothing.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn try_to_write(&self) -> Result<(), StoreError> {
        self.with(|db| {
            let writing = db.transaction()?;
            let version: i64 =
                writing.pragma_query_value(None, "user_version", |row| row.get(0))?;
            writing.pragma_update(None, "user_version", version)?;
            Ok(writing.commit()?)
        })
        .await?;
        self.0.full.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Whether something could not be written, and nothing was since that shows that it can be again.
    #[must_use]
    pub fn could_not_write(&self) -> bool {
        self.0.full.load(Ordering::Relaxed)
    }

    /// Waits until something cannot be written.
    pub async fn no_room(&self) {
        self.0.no_room.notified().await;
    }

    /// Does `work` on the connection, on a thread where blocking is fine.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, WorkError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        let span = tracing::Span::current();
        tokio::task::spawn_blocking(move || {
            span.in_scope(|| {
                // A panic in another call rolled its transaction back; the connection is whole.
                let mut connection = inner
                    .connection
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                work(&mut connection).map_err(|error| match error {
                    WorkError::Sqlite(source) if is_full(&source) => {
                        inner.full.store(true, Ordering::Relaxed);
                        inner.no_room.notify_one();
                        StoreError::Full {
                            path: inner.path.clone(),
                            source,
                        }
                    }
                    WorkError::Sqlite(source) => StoreError::Sqlite {
                        path: inner.path.clone(),
                        source,
                    },
                    WorkError::Document(error) => StoreError::Document(error),
                })
            })
        })
        .await
        .map_err(|_| StoreError::Gone)?
    }
}

/// How changes are written: beside the database first, which needs memory that processes share, and where a file system
/// of a program may not have it, the older way.
fn journal(data_dir: &Path, path: &Path) -> Result<&'static str, StoreError> {
    match FileSystem::of(data_dir) {
        FileSystem::Local => Ok("wal"),
        FileSystem::Program(kind) => {
            tracing::warn!(
                folder = %data_dir.display(), kind,
                "DATA_DIR lies on a file system that a program provides; a volume of the engine or a local disk is safer"
            );
            Ok("delete")
        }
        FileSystem::Network(kind) => Err(StoreError::Network {
            path: path.into(),
            kind,
        }),
    }
}

/// Whether SQLite could not write: no room, or no right to.
fn is_full(error: &rusqlite::Error) -> bool {
    let Some(error) = error.sqlite_error() else {
        return false;
    };
    let writing = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        ffi::SQLITE_IOERR_SHMSIZE,
    ];
    matches!(error.code, ErrorCode::DiskFull | ErrorCode::ReadOnly)
        || writing.contains(&error.extended_code)
}

/// What can go wrong inside [`Store::with`].
#[derive(Debug)]
enum WorkError {
    Sqlite(rusqlite::Error),
    Document(serde_json::Error),
}

impl From<rusqlite::Error> for WorkError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for WorkError {
    fn from(error: serde_json::Error) -> Self {
        Self::Document(error)
    }
}

#[cfg(test)]
mod tests;
