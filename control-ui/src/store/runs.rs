//! Runs: a document each, with the columns that are searched.

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::api::view::RunState;

/// A run as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: RunState,
    /// When it was accepted, milliseconds.
    pub created_at: i64,
    /// Everything about it but its configuration, without secrets.
    pub document: serde_json::Value,
    /// Its configuration, without secrets; written once.
    pub config: serde_json::Value,
}

/// What became of a new run.
#[derive(Debug, PartialEq)]
pub enum Inserted {
    /// It was written.
    New,
    /// Its idempotency key was used before.
    Before {
        /// The run of that time.
        run: Box<RunRow>,
        /// The hash of that time's request.
        request_hash: String,
    },
    /// As many runs are active as are allowed.
    TooMany,
}

/// States in which a run holds one of the places for active runs.
const ACTIVE: &str = "('queued', 'starting', 'running', 'stopping')";

impl Store {
    /// Writes a new run, unless its idempotency key was used before or `active_max` runs are active. One
    /// transaction, so that parallel requests with one key make one run.
    pub(crate) async fn insert_run(
        &self,
        run: RunRow,
        idempotency: Option<(String, String)>,
        active_max: u32,
    ) -> Result<Inserted, StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            let (key, hash) = idempotency.unzip();
            if let Some(key) = &key {
                let before = change
                    .query_row(
                        "SELECT id, state, created_at, document, config, request_hash FROM runs
                         WHERE idempotency_key = ?1",
                        [key],
                        |row| Ok((read(row)?, row.get::<_, String>(5)?)),
                    )
                    .optional()?;
                if let Some((run, request_hash)) = before {
                    let run = Box::new(run);
                    return Ok(Inserted::Before { run, request_hash });
                }
            }
            let active: u32 = change.query_row(
                &format!("SELECT count(*) FROM runs WHERE state IN {ACTIVE}"),
                [],
                |row| row.get(0),
            )?;
            if active >= active_max {
                return Ok(Inserted::TooMany);
            }
            change.execute(
                "INSERT INTO runs (id, state, created_at, idempotency_key, request_hash, document, config)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    run.id,
                    run.state.as_str(),
                    run.created_at,
                    key,
                    hash,
                    run.document.to_string(),
                    run.config.to_string()
                ],
            )?;
            change.commit()?;
            Ok(Inserted::New)
        })
        .await
    }

    /// The run that an idempotency key made, with the hash of its request.
    pub(crate) async fn run_of_key(
        &self,
        key: String,
    ) -> Result<Option<(RunRow, String)>, StoreError> {
        self.with(move |db| {
            Ok(db
                .query_row(
                    "SELECT id, state, created_at, document, config, request_hash FROM runs
                     WHERE idempotency_key = ?1",
                    [key],
                    |row| Ok((read(row)?, row.get(5)?)),
                )
                .optional()?)
        })
        .await
    }

    /// Writes a run's state and document, not its configuration. An illegal move is refused by the database.
    pub(crate) async fn save_run(&self, run: RunRow) -> Result<(), StoreError> {
        self.with(move |db| {
            db.prepare_cached("UPDATE runs SET state = ?2, document = ?3 WHERE id = ?1")?
                .execute(params![
                    run.id,
                    run.state.as_str(),
                    run.document.to_string()
                ])?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn run(&self, id: String) -> Result<Option<RunRow>, StoreError> {
        self.with(move |db| {
            Ok(db
                .query_row(
                    "SELECT id, state, created_at, document, config FROM runs WHERE id = ?1",
                    [id],
                    read,
                )
                .optional()?)
        })
        .await
    }

    /// The newest runs, newest first; without their configurations, which may be long.
    pub(crate) async fn newest_runs(&self, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        self.with(move |db| {
            let mut runs = db.prepare_cached(
                "SELECT id, state, created_at, document, 'null' FROM runs
                 ORDER BY created_at DESC, id DESC LIMIT ?1",
            )?;
            let runs = runs.query_map([limit], read)?;
            Ok(runs.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Ids of the runs that may still need their secrets: all but those that ended for good.
    pub(crate) async fn resumable_runs(&self) -> Result<Vec<String>, StoreError> {
        self.with(|db| {
            let mut ids =
                db.prepare("SELECT id FROM runs WHERE state NOT IN ('succeeded', 'cancelled')")?;
            let ids = ids.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Runs that have not ended, newest first; paused ones only when `paused`.
    pub(crate) async fn unfinished_runs(&self, paused: bool) -> Result<Vec<RunRow>, StoreError> {
        self.with(move |db| {
            let paused = if paused { " OR state = 'paused'" } else { "" };
            let mut runs = db.prepare_cached(&format!(
                "SELECT id, state, created_at, document, config FROM runs
                 WHERE state IN {ACTIVE}{paused} ORDER BY created_at DESC, id DESC"
            ))?;
            let runs = runs.query_map([], read)?;
            Ok(runs.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let damaged = |column, error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error)
    };
    let state: String = row.get(1)?;
    let json = |column| {
        let text: String = row.get(column)?;
        serde_json::from_str(&text).map_err(|error| damaged(column, error.into()))
    };
    Ok(RunRow {
        id: row.get(0)?,
        state: RunState::parse(&state).ok_or_else(|| damaged(1, "unknown state".into()))?,
        created_at: row.get(2)?,
        document: json(3)?,
        config: json(4)?,
    })
}
