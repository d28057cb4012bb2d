//! Presets of people's own.

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError};
use crate::time::Timestamp;

/// A preset as it is stored, without target and secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct PresetRow {
    /// What requests name it by; never changes.
    pub id: String,
    /// Grows with each change, from 1.
    pub revision: u32,
    /// What people name it by.
    pub title: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub updated: Timestamp,
    /// When it was deleted; it can be restored for a while.
    pub deleted: Option<Timestamp>,
    /// What it says.
    pub document: serde_json::Value,
}

const COLUMNS: &str = "id, revision, title, created, updated, deleted, document";

impl Store {
    /// All presets, by title; deleted ones too.
    pub(crate) async fn presets(&self) -> Result<Vec<PresetRow>, StoreError> {
        self.with(|db| {
            let mut rows = db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM presets ORDER BY title COLLATE NOCASE, id"
            ))?;
            let rows = rows.query_map([], read)?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
    }

    /// A preset, deleted or not.
    pub(crate) async fn preset(&self, id: String) -> Result<Option<PresetRow>, StoreError> {
        self.with(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM presets WHERE id = ?1");
            Ok(db.query_row(&sql, [id], read).optional()?)
        })
        .await
    }

    /// Writes a preset, new or changed.
    pub(crate) async fn save_preset(&self, row: PresetRow) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "INSERT INTO presets (id, revision, title, created, updated, deleted, document)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, title = excluded.title,
                 updated = excluded.updated, deleted = excluded.deleted, document = excluded.document",
                params![
                    row.id,
                    row.revision,
                    row.title,
                    row.created.0,
                    row.updated.0,
                    row.deleted.map(|at| at.0),
                    row.document.to_string()
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Forgets presets that were deleted before `since`.
    pub(crate) async fn forget_presets(&self, since: Timestamp) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute("DELETE FROM presets WHERE deleted < ?1", [since.0])?;
            Ok(())
        })
        .await
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<PresetRow> {
    let document: String = row.get(6)?;
    Ok(PresetRow {
        id: row.get(0)?,
        revision: row.get(1)?,
        title: row.get(2)?,
        created: Timestamp(row.get(3)?),
        updated: Timestamp(row.get(4)?),
        deleted: row.get::<_, Option<i64>>(5)?.map(Timestamp),
        document: serde_json::from_str(&document).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, error.into())
        })?,
    })
}
