//! What is kept: one SQLite file. The only place that speaks SQL.
//!
//! It holds runs, samples, sessions, codes and confirmed hosts; never a token or a key. Invariants: one connection
//! does everything, so there is one writer; a schema newer than this program knows is refused; a migration happens
//! in a transaction, after a copy of the file was made; a run's state changes only along a legal move, which the
//! database itself checks.

mod audit;
mod configuration;
mod confirmations;
mod figures;
mod keys;
mod lines;
mod migrations;
mod presets;
mod runs;
mod samples;
mod sessions;

pub use audit::AuditRow;
pub use configuration::ConfigurationRow;
pub use confirmations::ConfirmedHost;
pub use keys::{KEYS, KeyRow};
pub use presets::PresetRow;
pub use runs::{Inserted, RunFilter, RunRow};
pub use samples::{MINUTES_MAX, SECONDS_MAX};
pub use sessions::SessionRow;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::api::problem::Problem;

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
        Self::internal(&error)
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    connection: Mutex<Connection>,
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
            .pragma_update(None, "journal_mode", "wal")
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
