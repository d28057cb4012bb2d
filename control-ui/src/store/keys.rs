//! Named keys for programs, as hashes.

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::auth::Scope;
use crate::time::Timestamp;

/// Keys kept. When full, expired ones are forgotten; when none is, a further one is refused.
pub const KEYS: u32 = 50;

/// A named key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// What it is revoked by; says nothing about the key.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Hash of the key.
    pub hash: String,
    /// The key's first characters, by which a person knows it again.
    pub prefix: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `None`: when it is revoked.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

impl KeyRow {
    const COLUMNS: &str = "id, name, hash, prefix, scope, created, expires, last_used";

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let scope: String = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            hash: row.get(2)?,
            prefix: row.get(3)?,
            // What is not known for certain may only read.
            scope: match scope.as_str() {
                "full" => Scope::Full,
                _ => Scope::ReadOnly,
            },
            created: Timestamp(row.get(5)?),
            expires: row.get::<_, Option<i64>>(6)?.map(Timestamp),
            last_used: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        })
    }

    /// Whether it is still accepted.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

impl Store {
    /// Keeps a key. False when there is no room for it.
    pub(crate) async fn add_key(&self, key: KeyRow) -> Result<bool, StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            let count = |db: &rusqlite::Connection| -> rusqlite::Result<u32> {
                db.query_row("SELECT count(*) FROM keys", [], |row| row.get(0))
            };
            if count(&change)? >= KEYS {
                change.execute("DELETE FROM keys WHERE expires <= ?1", [key.created.0])?;
            }
            if count(&change)? >= KEYS {
                return Ok(false);
            }
            change.execute(
                "INSERT INTO keys (id, name, hash, prefix, scope, created, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    key.id,
                    key.name,
                    key.hash,
                    key.prefix,
                    key.scope.as_str(),
                    key.created.0,
                    key.expires.map(|expires| expires.0),
                ],
            )?;
            change.commit()?;
            Ok(true)
        })
        .await
    }

    /// All keys, oldest first; expired ones too.
    pub(crate) async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        self.with(|db| {
            let columns = KeyRow::COLUMNS;
            let query = format!("SELECT {columns} FROM keys ORDER BY created, id");
            let mut keys = db.prepare(&query)?;
            let keys = keys.query_map([], KeyRow::from_row)?;
            Ok(keys.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The key with this hash.
    pub(crate) async fn key(&self, hash: String) -> Result<Option<KeyRow>, StoreError> {
        self.with(move |db| {
            let columns = KeyRow::COLUMNS;
            let query = format!("SELECT {columns} FROM keys WHERE hash = ?1");
            Ok(db.query_row(&query, [hash], KeyRow::from_row).optional()?)
        })
        .await
    }

    /// Writes down that a key was used.
    pub(crate) async fn touch_key(&self, hash: String, now: Timestamp) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "UPDATE keys SET last_used = ?2 WHERE hash = ?1",
                params![hash, now.0],
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets a key; the answer is what it was.
    pub(crate) async fn remove_key(&self, id: String) -> Result<Option<KeyRow>, StoreError> {
        self.with(move |db| {
            let columns = KeyRow::COLUMNS;
            let query = format!("DELETE FROM keys WHERE id = ?1 RETURNING {columns}");
            Ok(db.query_row(&query, [id], KeyRow::from_row).optional()?)
        })
        .await
    }
}
