//! What runs put into the days of a site: for whoever is about to put something there, too.

use chrono::NaiveDate;
use rusqlite::params;

use super::runs::{LIGHT, read};
use super::{RunRow, Store, StoreError};

/// Runs named at once. Of more, the newest are named.
const RUNS: u32 = 20;

/// What one run put into a range of days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeldDays {
    /// The run, without its configuration.
    pub(crate) run: RunRow,
    /// The first day of the range that holds something of it.
    pub(crate) first: NaiveDate,
    /// The last one.
    pub(crate) last: NaiveDate,
    /// Number of such days.
    pub(crate) days: u32,
    /// Hits that Matomo took.
    pub(crate) accepted: u64,
    /// Hits that Matomo may or may not hold.
    pub(crate) unknown: u64,
}

impl Store {
    /// What runs that are not deleted put into the days from `first` to `last` of a site, the newest run first.
    pub(crate) async fn held_days(
        &self,
        (host, site_id): (String, u32),
        (first, last): (NaiveDate, NaiveDate),
    ) -> Result<Vec<HeldDays>, StoreError> {
        self.with(move |db| {
            let sql = format!(
                "SELECT {LIGHT}, held.first, held.last, held.days, held.accepted, held.unknown
                 FROM runs JOIN (
                    SELECT run_id, min(day) AS first, max(day) AS last, count(DISTINCT day) AS days,
                        sum(account ->> '$.account.accepted') AS accepted,
                        sum(account ->> '$.account.unknown') AS unknown
                    FROM run_days WHERE host = ?1 AND site_id = ?2 AND day BETWEEN ?3 AND ?4 AND held > 0
                    GROUP BY run_id
                 ) AS held ON held.run_id = runs.id
                 WHERE deleted IS NULL ORDER BY created_at DESC, id DESC LIMIT {RUNS}"
            );
            let mut rows = db.prepare_cached(&sql)?;
            let parameters = params![host, site_id, first.to_string(), last.to_string()];
            let rows = rows.query_map(parameters, |row| {
                let day = |column| -> rusqlite::Result<NaiveDate> {
                    let text: String = row.get(column)?;
                    text.parse().map_err(|error| {
                        let text = rusqlite::types::Type::Text;
                        rusqlite::Error::FromSqlConversionFailure(column, text, Box::new(error))
                    })
                };
                let hits = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                Ok(HeldDays {
                    run: read(row)?,
                    first: day(7)?,
                    last: day(8)?,
                    days: row.get(9)?,
                    accepted: hits(10)?,
                    unknown: hits(11)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The newest backfills into a site, without their configurations.
    pub(crate) async fn backfills_into(
        &self,
        host: String,
        site_id: u32,
    ) -> Result<Vec<RunRow>, StoreError> {
        self.with(move |db| {
            let sql = format!(
                "SELECT {LIGHT} FROM runs WHERE deleted IS NULL AND (document ->> '$.kind') = 'backfill'
                 AND (document ->> '$.target.host') = ?1 AND (document ->> '$.target.site_id') = ?2
                 ORDER BY created_at DESC, id DESC LIMIT {RUNS}"
            );
            let mut rows = db.prepare_cached(&sql)?;
            let rows = rows.query_map(params![host, site_id], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
