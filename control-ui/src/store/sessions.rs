//! Sign-in codes and sessions, as hashes.

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::time::Timestamp;

/// Sessions kept. When full, the one unused the longest ends.
const SESSIONS: u32 = 1_000;

/// Unused codes kept. When full, the one that expires first is forgotten.
const CODES: u32 = 20;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Hash of its token.
    pub hash: String,
    /// What it is called in lists; says nothing about the token.
    pub id: String,
    /// When it began.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Timestamp,
    /// The address that signed in.
    pub address: String,
    /// What the browser says of itself.
    pub agent: String,
}

impl SessionRow {
    const COLUMNS: &str = "hash, id, created, last_used, address, agent";

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            hash: row.get(0)?,
            id: row.get(1)?,
            created: Timestamp(row.get(2)?),
            last_used: Timestamp(row.get(3)?),
            address: row.get(4)?,
            agent: row.get(5)?,
        })
    }
}

impl Store {
    /// Writes a code's hash down, and forgets expired ones.
    pub(crate) async fn add_code(
        &self,
        hash: String,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            change.execute("DELETE FROM codes WHERE expires <= ?1", [now.0])?;
            change.execute(
                "INSERT INTO codes (hash, expires) VALUES (?1, ?2)",
                params![hash, expires.0],
            )?;
            change.execute(
                "DELETE FROM codes WHERE hash NOT IN
                 (SELECT hash FROM codes ORDER BY expires DESC LIMIT ?1)",
                [CODES],
            )?;
            Ok(change.commit()?)
        })
        .await
    }

    /// Uses a code up. False when there is no such code, it was used before, or it expired.
    pub(crate) async fn use_code(&self, hash: String, now: Timestamp) -> Result<bool, StoreError> {
        self.with(move |db| {
            let expires: Option<i64> = db
                .query_row(
                    "DELETE FROM codes WHERE hash = ?1 RETURNING expires",
                    [hash],
                    |row| row.get(0),
                )
                .optional()?;
            Ok(expires.is_some_and(|expires| now.0 < expires))
        })
        .await
    }

    pub(crate) async fn add_session(&self, session: SessionRow) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            change.execute(
                "INSERT INTO sessions (hash, id, created, last_used, address, agent)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    session.hash,
                    session.id,
                    session.created.0,
                    session.last_used.0,
                    session.address,
                    session.agent
                ],
            )?;
            change.execute(
                "DELETE FROM sessions WHERE hash NOT IN
                 (SELECT hash FROM sessions ORDER BY last_used DESC LIMIT ?1)",
                [SESSIONS],
            )?;
            Ok(change.commit()?)
        })
        .await
    }

    pub(crate) async fn session(&self, hash: String) -> Result<Option<SessionRow>, StoreError> {
        self.with(move |db| {
            let columns = SessionRow::COLUMNS;
            let query = format!("SELECT {columns} FROM sessions WHERE hash = ?1");
            Ok(db
                .query_row(&query, [hash], SessionRow::from_row)
                .optional()?)
        })
        .await
    }

    pub(crate) async fn touch_session(
        &self,
        hash: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "UPDATE sessions SET last_used = ?2 WHERE hash = ?1",
                params![hash, now.0],
            )?;
            Ok(())
        })
        .await
    }

    /// All sessions, last used first; those that ended too.
    pub(crate) async fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.with(|db| {
            let columns = SessionRow::COLUMNS;
            let query = format!("SELECT {columns} FROM sessions ORDER BY last_used DESC, id");
            let mut sessions = db.prepare(&query)?;
            let sessions = sessions.query_map([], SessionRow::from_row)?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Ends a session; the answer is what it was.
    pub(crate) async fn remove_session(
        &self,
        id: String,
    ) -> Result<Option<SessionRow>, StoreError> {
        self.with(move |db| {
            let columns = SessionRow::COLUMNS;
            let query = format!("DELETE FROM sessions WHERE id = ?1 RETURNING {columns}");
            Ok(db
                .query_row(&query, [id], SessionRow::from_row)
                .optional()?)
        })
        .await
    }
}
