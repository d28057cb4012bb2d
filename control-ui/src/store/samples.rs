//! Samples of runs: one for each second of the last hour, one for each minute before.

use rusqlite::{Transaction, params};

use super::{Store, StoreError, WorkError};
use crate::api::view::Sample;
use crate::time::Timestamp;

/// Samples of one second kept for each run: an hour. Older ones live on in the samples of a minute.
pub const SECONDS_MAX: i64 = 3_600;

/// Samples of one minute kept for each run: a week. Older ones are deleted.
pub const MINUTES_MAX: i64 = 7 * 24 * 60;

const MINUTE_MS: i64 = 60_000;

impl Store {
    /// Adds a sample of one second. When it begins a new minute, the last minute is folded into one sample.
    pub(crate) async fn add_sample(&self, run: String, sample: Sample) -> Result<(), StoreError> {
        self.with(move |db| {
            let change = db.transaction()?;
            let last: Option<i64> = change.query_row(
                "SELECT max(at) FROM samples WHERE run_id = ?1 AND step_s = 1",
                [&run],
                |row| row.get(0),
            )?;
            insert(&change, &run, 1, sample.at.0, &sample)?;
            if let Some(last) = last
                && last.div_euclid(MINUTE_MS) < sample.at.0.div_euclid(MINUTE_MS)
            {
                fold(&change, &run, last.div_euclid(MINUTE_MS) * MINUTE_MS)?;
                let delete = "DELETE FROM samples WHERE run_id = ?1 AND step_s = ?2 AND at < ?3";
                let hour_ago = sample.at.0 - SECONDS_MAX * 1_000;
                change.execute(delete, params![run, 1, hour_ago])?;
                let week_ago = sample.at.0 - MINUTES_MAX * MINUTE_MS;
                change.execute(delete, params![run, 60, week_ago])?;
            }
            Ok(change.commit()?)
        })
        .await
    }

    /// Removes the samples of runs that ended before a moment.
    pub(crate) async fn remove_samples_before(&self, before: Timestamp) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "DELETE FROM samples WHERE run_id IN
                 (SELECT id FROM runs WHERE (document ->> '$.ended_at') < ?1)",
                [before.to_string()],
            )?;
            Ok(())
        })
        .await
    }

    /// All samples of a run, oldest first: minutes, and seconds where there are any.
    pub(crate) async fn samples(&self, run: String) -> Result<Vec<Sample>, StoreError> {
        self.with(move |db| {
            let mut rows = db.prepare_cached(
                "SELECT sample FROM samples WHERE run_id = ?1 AND (step_s = 1 OR at < coalesce(
                    (SELECT min(at) FROM samples WHERE run_id = ?1 AND step_s = 1) / 60000 * 60000,
                    9223372036854775807))
                 ORDER BY at",
            )?;
            let mut rows = rows.query([run])?;
            let mut samples = Vec::new();
            while let Some(row) = rows.next()? {
                samples.push(serde_json::from_str(&row.get::<_, String>(0)?)?);
            }
            Ok(samples)
        })
        .await
    }
}

fn insert(
    change: &Transaction<'_>,
    run: &str,
    step_s: i64,
    at: i64,
    sample: &Sample,
) -> Result<(), WorkError> {
    let text = serde_json::to_string(sample)?;
    change
        .prepare_cached(
            "INSERT OR REPLACE INTO samples (run_id, step_s, at, sample) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![run, step_s, at, text])?;
    Ok(())
}

/// Folds the seconds of the minute that begins at `minute` into one sample.
fn fold(change: &Transaction<'_>, run: &str, minute: i64) -> Result<(), WorkError> {
    let mut seconds = Vec::new();
    {
        let mut rows = change.prepare_cached(
            "SELECT sample FROM samples
             WHERE run_id = ?1 AND step_s = 1 AND at >= ?2 AND at < ?3 ORDER BY at",
        )?;
        let mut rows = rows.query(params![run, minute, minute + MINUTE_MS])?;
        while let Some(row) = rows.next()? {
            seconds.push(serde_json::from_str::<Sample>(&row.get::<_, String>(0)?)?);
        }
    }
    match mean(&seconds) {
        Some(sample) => insert(change, run, 60, minute, &sample),
        None => Ok(()),
    }
}

/// Means of the rates, the worst of the times, the last of the totals.
fn mean(seconds: &[Sample]) -> Option<Sample> {
    let last = seconds.last()?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most a few hundred samples a minute"
    )]
    let count = seconds.len() as f64;
    let average = |of: fn(&Sample) -> f64| seconds.iter().map(of).sum::<f64>() / count;
    let worst = |of: fn(&Sample) -> Option<f64>| seconds.iter().filter_map(of).reduce(f64::max);
    Some(Sample {
        at: last.at,
        visits_per_s: average(|s| s.visits_per_s),
        visits_per_s_planned: average(|s| s.visits_per_s_planned),
        hits_per_s: average(|s| s.hits_per_s),
        errors_per_s: average(|s| s.errors_per_s),
        latency_p50_ms: worst(|s| s.latency_p50_ms),
        latency_p95_ms: worst(|s| s.latency_p95_ms),
        lateness_p95_ms: worst(|s| s.lateness_p95_ms),
        in_flight: seconds
            .iter()
            .map(|s| s.in_flight)
            .max()
            .unwrap_or_default(),
        account: last.account,
    })
}
