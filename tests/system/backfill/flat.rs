//! A long backfill: the loader's memory does not grow with what it has sent.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::practice::Practice;
use harness::process::memory_mib;
use serde_json::json;

use super::Backfill;
use crate::runs::soak;

/// How often the loader's memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Growth between the second and the last quarter of the time that is taken for chance, MiB: days differ in how many
/// visits are open at once.
const CHANCE_MIB: f64 = 4.0;

#[tokio::test]
async fn the_memory_of_a_loader_is_flat_however_many_hits_it_sends() -> Result<()> {
    // What it keeps of hits would be its own gigabytes; the totals are exact without.
    let practice = Practice::start(&["--max-hits-kept", "0"])?;
    let config = json!({
        "load": {
            "visits_per_day": soak(200, 9_500),
            "time_zone": "UTC",
            "stop_at_p95_seconds": 0,
        },
        "backfill": {
            "days_back": 180,
            "duration_days": soak(10, 180),
            "max_visits_per_day": 0,
            "max_visits_total": 0,
        },
    });
    let backfill = Backfill::against(practice, "2026-11-10T15:30:00Z", &config)?;
    let began = Instant::now();
    let mut loader = backfill.begun(&[])?;
    let mut seen = Vec::new();
    let status = loop {
        if let Some(status) = loader.ended()? {
            break status;
        }
        seen.extend(memory_mib(loader.id(), "VmRSS"));
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let seconds = began.elapsed().as_secs_f64();
    ensure!(status.success(), "{status}");

    let ended = backfill.said()?;
    let account = ended.done()?.account;
    ensure!(account.accepted == account.planned, "{account:?}");
    ensure!(soak(1_000, 10_000_000) <= account.planned, "{account:?}");
    let summary = backfill.practice.summary().await?;
    ensure!(summary.hits == account.accepted, "{summary:?}");
    summary.in_order()?;

    let quarter = seen.len() / 4;
    let most = |from: usize| {
        let quarter = seen.get(from * quarter..(from + 1) * quarter)?;
        quarter.iter().copied().reduce(f64::max)
    };
    let (second, last) = most(1).zip(most(3)).context("memory was looked at")?;
    println!(
        "{} hits in {seconds:.0} s; memory of the second quarter {second:.1} MiB, of the last {last:.1} MiB",
        account.accepted
    );
    ensure!(
        last <= second + CHANCE_MIB,
        "memory grew from {second:.1} to {last:.1} MiB"
    );
    Ok(())
}
