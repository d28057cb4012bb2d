//! A backfill that goes on in real time behind its last day.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::{TimeDelta, Utc};
use nix::sys::signal::Signal;
use serde_json::json;

use super::{Backfill, booked};

const WITHIN: Duration = Duration::from_secs(60);
const PAST: u64 = 60;

#[tokio::test]
async fn a_backfill_goes_on_in_real_time_with_new_people_and_resumes_there() -> Result<()> {
    let now = Utc::now();
    let origin = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let config = json!({
        "load": { "visits_per_day": 2_000_000, "concurrency": 4, "time_zone": "UTC" },
        "backfill": {
            "days_back": 3,
            "duration_days": 3,
            "max_visits_per_day": PAST / 3,
            "run_once": false,
        },
    });
    let backfill = Backfill::new(&origin, &config)?;
    let practice = &backfill.practice;
    let state = backfill.path("state").to_string_lossy().into_owned();
    let visitors = |more: u64| async move {
        let wanted = practice.summary().await?.visitors + more;
        harness::until("visitors arrive", WITHIN, || async {
            Ok((wanted <= practice.summary().await?.visitors).then_some(()))
        })
        .await
    };

    let mut loader = backfill.begun(&["--state", &state])?;
    visitors(PAST + 30).await?;
    loader.signal(Signal::SIGKILL)?;
    loader.wait()?;
    let said = backfill.said()?;
    ensure!(said.0.stdout.contains("run.live"), "{}", said.0.stdout);
    ensure!(said.days().len() == 3, "{:?}", said.days());

    let mut loader = backfill.begun(&["--state", &state, "--resume"])?;
    visitors(30).await?;
    loader.signal(Signal::SIGTERM)?;
    loader.wait()?;

    let ended = backfill.said()?;
    let finished = ended.finished()?;
    let account = finished.account;
    ensure!(account.adds_up() && account.remaining == 0, "{finished:?}");
    ensure!(
        finished
            .next
            .as_ref()
            .is_some_and(|next| next.contains("core:archive")),
        "{finished:?}"
    );
    let recorded = practice.hits().await?;
    ensure!(
        account.accepted <= recorded.len() as u64
            && recorded.len() as u64 <= account.accepted + account.unknown,
        "{} recorded: {account:?}",
        recorded.len()
    );
    let (mut past, mut live) = (BTreeSet::new(), BTreeSet::new());
    for hit in &recorded {
        let visitor = hit.params.get("cid").cloned().unwrap_or_default();
        match booked(hit)? < now - TimeDelta::minutes(1) {
            true => past.insert(visitor),
            false => live.insert(visitor),
        };
    }
    ensure!(past.len() as u64 == PAST, "{} visitors before", past.len());
    ensure!(60 <= live.len(), "{} visitors live", live.len());
    ensure!(past.is_disjoint(&live), "live visitors are other people");
    let summary = practice.summary().await?;
    ensure!(summary.visits == summary.visitors, "{summary:?}");
    Ok(())
}
