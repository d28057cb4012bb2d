//! Runs: a document each, with the columns that are searched.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::api::view::{RunKind, RunState};
use crate::time::Timestamp;

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
    /// The run whose place it is taking, until that is settled.
    pub replaces: Option<String>,
    /// When it was deleted, milliseconds.
    pub deleted: Option<i64>,
}

/// Which runs a list shows.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// States; empty for all.
    pub states: Vec<RunState>,
    /// The kind; `None` for all.
    pub kind: Option<RunKind>,
    /// Text that name, notes, preset or target contain, or the id begins with; any case.
    pub text: Option<String>,
    /// Only runs older than this one: when it was accepted, and its id.
    pub before: Option<(i64, String)>,
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

/// What [`read`] reads, in its order.
const COLUMNS: &str = "id, state, created_at, document, config, replaces, deleted";

/// The same without the configuration, which may be long.
pub(super) const LIGHT: &str = "id, state, created_at, document, 'null', replaces, deleted";

/// States in which a run holds one of the places for active runs.
const ACTIVE: &str = "('queued', 'starting', 'running', 'stopping')";

impl Store {
    /// Writes a new run, unless its idempotency key was used before or `active_max` runs are active. One
    /// transaction, so that parallel requests with one key make one run. `other` is a run that changes with it.
    pub(crate) async fn insert_run(
        &self,
        run: RunRow,
        idempotency: Option<(String, String)>,
        active_max: u32,
        other: Option<RunRow>,
    ) -> Result<Inserted, StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            let (key, hash) = idempotency.unzip();
            if let Some(key) = &key
                && let Some((run, request_hash)) = of_key(&change, key)?
            {
                let run = Box::new(run);
                return Ok(Inserted::Before { run, request_hash });
            }
            if count_active(&change)? >= active_max {
                return Ok(Inserted::TooMany);
            }
            change.execute(
                "INSERT INTO runs (id, state, created_at, idempotency_key, request_hash, document, config, replaces)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    run.id,
                    run.state.as_str(),
                    run.created_at,
                    key,
                    hash,
                    run.document.to_string(),
                    run.config.to_string(),
                    run.replaces,
                ],
            )?;
            if let Some(other) = other {
                save(&change, &other)?;
            }
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
        self.with(move |db| Ok(of_key(db, &key)?)).await
    }

    /// Writes everything of a run but its configuration. An illegal move is refused by the database.
    pub(crate) async fn save_run(&self, run: RunRow) -> Result<(), StoreError> {
        self.with(move |db| Ok(save(db, &run)?)).await
    }

    /// A run, deleted or not.
    pub(crate) async fn run(&self, id: String) -> Result<Option<RunRow>, StoreError> {
        self.with(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = ?1");
            Ok(db.prepare_cached(&sql)?.query_row([id], read).optional()?)
        })
        .await
    }

    /// Runs that are not deleted, newest first; without their configurations.
    pub(crate) async fn list_runs(
        &self,
        filter: RunFilter,
        limit: u32,
    ) -> Result<Vec<RunRow>, StoreError> {
        self.with(move |db| {
            let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
            let states = (!states.is_empty()).then(|| format!(",{},", states.join(",")));
            let (at, id) = filter.before.unzip();
            let kind = filter.kind.map(RunKind::as_str);
            let sql = format!(
                "SELECT {LIGHT} FROM runs WHERE deleted IS NULL
                 AND (?1 IS NULL OR instr(?1, ',' || state || ',') > 0)
                 AND (?6 IS NULL OR coalesce(document ->> '$.kind', 'realtime') = ?6)
                 AND (?2 IS NULL OR (created_at, id) < (?2, ?3))
                 AND (?4 IS NULL OR instr(lower(id), ?4) = 1 OR instr(lower(
                    (document ->> '$.name') || char(10) || coalesce(document ->> '$.notes', '') || char(10)
                    || coalesce(document ->> '$.preset', '') || char(10) || (document ->> '$.target.url')), ?4) > 0)
                 ORDER BY created_at DESC, id DESC LIMIT ?5"
            );
            let text = filter.text.map(|text| text.to_ascii_lowercase());
            let mut runs = db.prepare_cached(&sql)?;
            let runs = runs.query_map(params![states, at, id, text, limit, kind], read)?;
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

    /// Number of runs that hold one of the places for active runs.
    pub(crate) async fn active_runs(&self) -> Result<u32, StoreError> {
        self.with(|db| Ok(count_active(db)?)).await
    }

    /// Runs that were active, or whose taking of another one's place is not settled; with their configurations.
    pub(crate) async fn unsettled_runs(&self) -> Result<Vec<RunRow>, StoreError> {
        self.rows(format!(
            "SELECT {COLUMNS} FROM runs WHERE state IN {ACTIVE} OR replaces IS NOT NULL
             ORDER BY created_at, id"
        ))
        .await
    }

    /// The newest runs that have not ended, newest first; without their configurations.
    pub(crate) async fn unfinished_runs(&self, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        self.rows(format!(
            "SELECT {LIGHT} FROM runs WHERE (state IN {ACTIVE} OR state = 'paused') AND deleted IS NULL
             ORDER BY created_at DESC, id DESC LIMIT {limit}"
        ))
        .await
    }

    /// Ids of deleted runs that cannot be restored any more: deleted before that moment, or not among the `kept` that
    /// were deleted last.
    pub(crate) async fn outlived_runs(
        &self,
        before: i64,
        kept: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.with(move |db| {
            let mut ids = db.prepare(
                "SELECT id FROM runs WHERE deleted < ?1 UNION
                 SELECT id FROM (SELECT id FROM runs WHERE deleted IS NOT NULL
                                 ORDER BY deleted DESC, id DESC LIMIT -1 OFFSET ?2)",
            )?;
            let ids = ids.query_map(params![before, kept], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Ids of the ended runs, not deleted, beyond the `kept` newest.
    pub(crate) async fn oldest_ended_runs(&self, kept: u32) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM runs WHERE deleted IS NULL AND replaces IS NULL
             AND state IN ('succeeded', 'failed', 'cancelled', 'lost')
             ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?1",
            i64::from(kept),
        )
        .await
    }

    /// Ids of the runs that failed or were lost before a moment, and were not resumed.
    pub(crate) async fn resting_since(&self, before: Timestamp) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM runs WHERE state IN ('failed', 'lost') AND (document ->> '$.ended_at') < ?1",
            before.to_string(),
        )
        .await
    }

    /// Ids of the runs that failed or were lost before a moment, were not resumed, and still have their checkpoint.
    /// Deleted ones have a time of their own.
    pub(crate) async fn checkpoints_before(
        &self,
        before: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM runs WHERE state IN ('failed', 'lost') AND deleted IS NULL AND replaces IS NULL
             AND coalesce(document ->> '$.checkpoint_gone', 0) = 0 AND (document ->> '$.ended_at') < ?1",
            before.to_string(),
        )
        .await
    }

    /// Ids that a query with one parameter finds.
    async fn ids(
        &self,
        sql: &'static str,
        parameter: impl rusqlite::ToSql + Send + 'static,
    ) -> Result<Vec<String>, StoreError> {
        self.with(move |db| {
            let mut ids = db.prepare(sql)?;
            let ids = ids.query_map([parameter], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Removes a run and everything about it.
    pub(crate) async fn remove_run(&self, id: String) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute("DELETE FROM runs WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
    }

    /// Runs of this query.
    async fn rows(&self, sql: String) -> Result<Vec<RunRow>, StoreError> {
        self.with(move |db| {
            let mut runs = db.prepare_cached(&sql)?;
            let runs = runs.query_map([], read)?;
            Ok(runs.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn of_key(db: &Connection, key: &str) -> rusqlite::Result<Option<(RunRow, String)>> {
    let sql = format!("SELECT {COLUMNS}, request_hash FROM runs WHERE idempotency_key = ?1");
    db.prepare_cached(&sql)?
        .query_row([key], |row| Ok((read(row)?, row.get(7)?)))
        .optional()
}

fn count_active(db: &Connection) -> rusqlite::Result<u32> {
    let sql = format!("SELECT count(*) FROM runs WHERE state IN {ACTIVE}");
    db.query_row(&sql, [], |row| row.get(0))
}

fn save(db: &Connection, run: &RunRow) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE runs SET state = ?2, document = ?3, replaces = ?4, deleted = ?5 WHERE id = ?1",
    )?
    .execute(params![
        run.id,
        run.state.as_str(),
        run.document.to_string(),
        run.replaces,
        run.deleted,
    ])?;
    Ok(())
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RunRow> {
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
        replaces: row.get(5)?,
        deleted: row.get(6)?,
    })
}
