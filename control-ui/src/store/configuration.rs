//! The run configuration that people edit: one row.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::time::Timestamp;

/// The saved configuration, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigurationRow {
    /// Grows with each save, from 1.
    pub revision: u32,
    /// When it was saved.
    pub updated: Timestamp,
    /// The preset that it begins from.
    pub preset: Option<String>,
    /// What was set.
    pub document: serde_json::Value,
}

impl Store {
    /// The saved configuration; `None` until somebody saves one.
    pub(crate) async fn configuration(&self) -> Result<Option<ConfigurationRow>, StoreError> {
        self.with(|db| {
            let row = db
                .query_row(
                    "SELECT revision, updated, preset, document FROM configuration WHERE id = 1",
                    [],
                    |row| {
                        Ok((
                            row.get(0)?,
                            row.get(1)?,
                            row.get(2)?,
                            row.get::<_, String>(3)?,
                        ))
                    },
                )
                .optional()?;
            row.map(|(revision, updated, preset, document)| {
                Ok(ConfigurationRow {
                    revision,
                    updated: Timestamp(updated),
                    preset,
                    document: serde_json::from_str(&document)?,
                })
            })
            .transpose()
        })
        .await
    }

    /// Saves the configuration.
    pub(crate) async fn save_configuration(&self, row: ConfigurationRow) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "INSERT INTO configuration (id, revision, updated, preset, document) VALUES (1, ?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, updated = excluded.updated,
                 preset = excluded.preset, document = excluded.document",
                params![row.revision, row.updated.0, row.preset, row.document.to_string()],
            )?;
            Ok(())
        })
        .await
    }
}
