//! Equal keys give equal hits, however they are sent, by how many loaders, and whatever happens between.

use anyhow::{Result, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use std::time::Duration;

use super::{Backfill, Hits, same};

const ORIGIN: &str = "2026-11-10T15:30:00Z";

fn four_days() -> Value {
    json!({
        "load": { "visits_per_day": 60, "concurrency": 8, "time_zone": "UTC" },
        "backfill": { "days_back": 3, "duration_days": 4 },
    })
}

async fn sent(change: impl Fn(&mut Value), shards: u32) -> Result<Hits> {
    let mut config = four_days();
    change(&mut config);
    let backfill = Backfill::new(ORIGIN, &config)?;
    let of: Vec<String> = (1..=shards).map(|nth| format!("{nth}/{shards}")).collect();
    let loaders = of.iter().map(|shard| async {
        let ended = backfill.sent(&["--shard", shard]).await?;
        ended.done().map(|finished| finished.account)
    });
    for account in futures_util::future::try_join_all(loaders).await? {
        ensure!(account.accepted == account.planned, "{account:?}");
    }
    let recorded = match shards {
        1 => backfill.recorded().await?,
        _ => backfill.recorded_by_several().await?,
    };
    let summary = backfill.practice.summary().await?;
    ensure!(
        summary.overlapping == 0 && summary.out_of_order == 0 && summary.tokens_in_urls == 0,
        "{summary:?}"
    );
    Ok(recorded)
}

#[tokio::test]
async fn a_backfill_is_its_preview_by_all_ways_and_numbers_of_loaders() -> Result<()> {
    let planned = Backfill::new(ORIGIN, &four_days())?.planned().await?;
    ensure!(1_000 < planned.len(), "{} hits", planned.len());
    let method = |config: &mut Value, method: &str| {
        // Past days are not late, whatever is to become of late hits.
        config["delivery"] = json!({ "method": method, "late": "skip" });
    };
    let (one, many, beacon, form, shards) = tokio::try_join!(
        sent(|config| config["load"]["concurrency"] = 1.into(), 1),
        sent(|config| config["load"]["concurrency"] = 40.into(), 1),
        sent(|config| method(config, "beacon"), 1),
        sent(|config| method(config, "form"), 1),
        sent(|_| (), 3),
    )?;
    same("one request at a time", &planned, &one)?;
    same("forty requests at a time", &planned, &many)?;
    same("beacons", &planned, &beacon)?;
    same("forms", &planned, &form)?;
    same("three loaders", &planned, &shards)
}

#[tokio::test]
async fn a_stop_leaves_the_rest_and_a_resume_sends_exactly_that() -> Result<()> {
    let backfill = Backfill::new(ORIGIN, &four_days())?;
    let planned = backfill.planned().await?;
    let practice = &backfill.practice;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 100 }]))
        .await?;
    let state = backfill.path("state").to_string_lossy().into_owned();
    let mut stops = 0;
    let mut more = vec!["--state", state.as_str()];
    let ended = loop {
        let before = practice.summary().await?.hits;
        let mut loader = backfill.begun(&more)?;
        more = vec!["--state", state.as_str(), "--resume"];
        let enough = |hits: u64| before + 250 < hits;
        harness::until(
            "hits arrive, or all are there",
            Duration::from_secs(60),
            || async {
                let all = practice.summary().await?.hits == planned.len() as u64;
                Ok((all || enough(practice.summary().await?.hits)).then_some(()))
            },
        )
        .await?;
        loader.signal(Signal::SIGTERM)?;
        loader.wait()?;
        let ended = backfill.said()?;
        let finished = ended.finished()?;
        ensure!(finished.account.adds_up(), "{finished:?}");
        if finished.outcome == run_report::Outcome::Done {
            break ended;
        }
        stops += 1;
        let account = finished.account;
        ensure!(
            account.planned == account.accepted + account.remaining,
            "{finished:?}"
        );
        ensure!(
            finished
                .next
                .as_ref()
                .is_some_and(|next| next.contains("resume")),
            "{finished:?}"
        );
        ensure!(
            account.accepted == practice.summary().await?.hits,
            "{finished:?}"
        );
    };
    ensure!(1 < stops, "{stops} stops");
    ensure!(ended.done()?.account.accepted == planned.len() as u64);
    same("stopped and resumed", &planned, &backfill.recorded().await?)
}

#[tokio::test]
async fn a_resume_keeps_the_visitors_when_the_token_cannot_be_proven_anew() -> Result<()> {
    let backfill = Backfill::new(ORIGIN, &four_days())?;
    let planned = backfill.planned().await?;
    let practice = &backfill.practice;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 100 }]))
        .await?;
    let state = backfill.path("state").to_string_lossy().into_owned();
    let mut loader = backfill.begun(&["--state", &state])?;
    harness::until("hits arrive", Duration::from_secs(60), || async {
        Ok((100 < practice.summary().await?.hits).then_some(()))
    })
    .await?;
    loader.signal(Signal::SIGTERM)?;
    loader.wait()?;
    // Whoever asks first is sent away.
    practice
        .misbehave(json!([{ "kind": "429", "retry_after_s": 0, "times": 1 }]))
        .await?;

    let ended = backfill.sent(&["--state", &state, "--resume"]).await?;

    ensure!(ended.done()?.account.accepted == planned.len() as u64);
    same("resumed", &planned, &backfill.recorded().await?)
}
