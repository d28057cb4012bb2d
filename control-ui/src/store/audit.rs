//! Who did what, newest last. Entries are added and, beyond a bound, forgotten; never changed.

use rusqlite::params;

use super::{Store, StoreError};
use crate::time::Timestamp;

/// Entries kept. When full, the oldest is forgotten with each new one.
const ENTRIES: i64 = 10_000;

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number; later entries have higher ones.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a session or key by its name.
    pub who: String,
    /// What, such as `run.start`.
    pub action: String,
    /// To what: an id, a host, a name.
    pub subject: String,
    /// More, in words; without secrets.
    pub detail: String,
    /// The address that asked.
    pub address: String,
    /// The id of the request.
    pub request: String,
}

impl Store {
    /// Adds an entry; its `id` is given by the store.
    pub(crate) async fn add_audit(&self, entry: AuditRow) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            change.execute(
                "INSERT INTO audit (at, who, action, subject, detail, address, request)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    entry.at.0,
                    entry.who,
                    entry.action,
                    entry.subject,
                    entry.detail,
                    entry.address,
                    entry.request
                ],
            )?;
            change.execute(
                "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?1",
                [ENTRIES],
            )?;
            Ok(change.commit()?)
        })
        .await
    }

    /// At most `limit` entries older than the one numbered `before`, newest first.
    pub(crate) async fn audit(
        &self,
        limit: u32,
        before: Option<i64>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        self.with(move |db| {
            let mut entries = db.prepare_cached(
                "SELECT id, at, who, action, subject, detail, address, request FROM audit
                 WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let entries = entries.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
                Ok(AuditRow {
                    id: row.get(0)?,
                    at: Timestamp(row.get(1)?),
                    who: row.get(2)?,
                    action: row.get(3)?,
                    subject: row.get(4)?,
                    detail: row.get(5)?,
                    address: row.get(6)?,
                    request: row.get(7)?,
                })
            })?;
            Ok(entries.collect::<Result<_, _>>()?)
        })
        .await
    }
}
