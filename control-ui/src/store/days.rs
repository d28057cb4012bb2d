//! What runs put into each day of each site: running totals, one row for each loader, the last word counts.

use run_report::DayAccount;
use rusqlite::params;

use super::{Store, StoreError};

/// Days kept of each loader of a run. When full, the oldest is dropped; a backfill has at most 180, so only a run of
/// years meets it, and its totals still hold them.
const DAYS: i64 = 1_000;

impl Store {
    /// Writes what a loader (from 1) says of a day, in the place of what it said before.
    pub(crate) async fn save_day(
        &self,
        run: String,
        shard: u32,
        day: DayAccount,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            let held = day.account.accepted + day.account.unknown;
            let change = db.transaction()?;
            change
                .prepare_cached(
                    "INSERT OR REPLACE INTO run_days (run_id, day, host, site_id, shard, held, account)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    run,
                    day.day.to_string(),
                    day.target.host,
                    day.target.site_id,
                    shard,
                    i64::try_from(held).unwrap_or(i64::MAX),
                    serde_json::to_string(&day)?,
                ])?;
            change
                .prepare_cached(
                    "DELETE FROM run_days WHERE run_id = ?1 AND shard = ?2 AND day <= (SELECT day FROM run_days
                     WHERE run_id = ?1 AND shard = ?2 ORDER BY day DESC LIMIT 1 OFFSET ?3)",
                )?
                .execute(params![run, shard, DAYS])?;
            Ok(change.commit()?)
        })
        .await
    }

    /// Writes what a run plans for its days, before any loader says something of them.
    pub(crate) async fn plan_days(
        &self,
        run: String,
        days: Vec<DayAccount>,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            for day in days {
                change
                    .prepare_cached(
                        "INSERT OR REPLACE INTO run_days (run_id, day, host, site_id, shard, held, account)
                         VALUES (?1, ?2, ?3, ?4, 0, 0, ?5)",
                    )?
                    .execute(params![
                        run,
                        day.day.to_string(),
                        day.target.host,
                        day.target.site_id,
                        serde_json::to_string(&day)?,
                    ])?;
            }
            Ok(change.commit()?)
        })
        .await
    }

    /// What the loaders of a run said of its days, each with the loader's number, and with 0 what was planned; days
    /// ascend.
    pub(crate) async fn days(&self, run: String) -> Result<Vec<(u32, DayAccount)>, StoreError> {
        self.with(move |db| {
            let mut rows = db.prepare_cached(
                "SELECT shard, account FROM run_days WHERE run_id = ?1 ORDER BY day, host, site_id, shard",
            )?;
            let mut rows = rows.query([run])?;
            let mut days = Vec::new();
            while let Some(row) = rows.next()? {
                let day = serde_json::from_str(&row.get::<_, String>(1)?)?;
                days.push((row.get(0)?, day));
            }
            Ok(days)
        })
        .await
    }
}
