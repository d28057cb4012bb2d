//! Lines that the control plane itself wrote into the logs of runs; what loaders wrote is with the orchestrator.

use rusqlite::params;

use super::{Store, StoreError};
use crate::api::view::{LogLine, LogSource};
use crate::time::Timestamp;

/// Lines kept for each run: a few for each attempt. When full, the oldest is dropped.
const LINES: i64 = 200;

impl Store {
    /// Adds a line to a run's log.
    pub(crate) async fn add_line(&self, run: String, line: LogLine) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            let next: i64 = change.query_row(
                "SELECT coalesce(max(n), 0) + 1 FROM run_lines WHERE run_id = ?1",
                [&run],
                |row| row.get(0),
            )?;
            change.execute(
                "INSERT INTO run_lines (run_id, n, at, level, text) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![run, next, line.at.0, line.level, line.text],
            )?;
            change.execute(
                "DELETE FROM run_lines WHERE run_id = ?1 AND n <= ?2",
                params![run, next - LINES],
            )?;
            Ok(change.commit()?)
        })
        .await
    }

    /// The lines of a run, oldest first, and how many were dropped before them.
    pub(crate) async fn lines(&self, run: String) -> Result<(Vec<LogLine>, u64), StoreError> {
        self.with(move |db| {
            let mut rows = db.prepare_cached(
                "SELECT n, at, level, text FROM run_lines WHERE run_id = ?1 ORDER BY n",
            )?;
            let mut rows = rows.query([run])?;
            let (mut lines, mut dropped) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                if lines.is_empty() {
                    dropped = u64::try_from(row.get::<_, i64>(0)? - 1).unwrap_or_default();
                }
                lines.push(LogLine {
                    at: Timestamp(row.get(1)?),
                    stream: LogSource::Control,
                    level: row.get(2)?,
                    text: row.get(3)?,
                });
            }
            Ok((lines, dropped))
        })
        .await
    }
}
