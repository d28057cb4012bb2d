//! Who did what, newest last. Entries are added and, beyond a bound, forgotten; never changed.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::{BUSY, FILE, Store, StoreError};
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
            add(&change, &entry)?;
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

/// Adds an entry to the database in `data_dir` while it may be another program's: nothing is migrated, and one that is
/// from before there was an audit list gets none.
///
/// # Errors
/// There is no database, or it cannot be written.
pub fn add_beside(data_dir: &Path, entry: &AuditRow) -> Result<(), StoreError> {
    let path = data_dir.join(FILE);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let note = || -> rusqlite::Result<()> {
        let mut db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(BUSY)?;
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if change.table_exists(None, "audit")? {
            add(&change, entry)?;
        }
        change.commit()
    };
    note().map_err(|source| StoreError::Sqlite {
        path: path.clone(),
        source,
    })
}

fn add(db: &Connection, entry: &AuditRow) -> rusqlite::Result<()> {
    db.execute(
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
    db.execute(
        "DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?1",
        [ENTRIES],
    )?;
    Ok(())
}
