//! Deaths of programs: the control plane's is invisible to a run, a loader's is told with its doubt.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::practice::Practice;
use serde_json::json;

use crate::runs::{account_equals_ledger, adds_up, control_plane, full_run, short, soak};

const WITHIN: Duration = Duration::from_secs(180);

/// The longest that a control plane lives before it is killed, in milliseconds: some die before they listen, some in the
/// middle of taking the run up again, some while it is told.
const LIFE_MS: u64 = 400;

/// Moments that look random and are the same in each run of the test.
fn moments() -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(88_172_645_463_325_252_u64), |n| {
        let n = n ^ (n << 13);
        let n = n ^ (n >> 7);
        Some(n ^ (n << 17))
    })
    .map(|n| Duration::from_millis(n % LIFE_MS))
}

/// Loaders of a run on this machine.
fn loaders_of(run: &str) -> Result<usize> {
    let mut number = 0;
    for process in std::fs::read_dir("/proc")? {
        let line = std::fs::read(process?.path().join("cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        number += usize::from(
            words
                .windows(2)
                .any(|pair| pair == [b"--run", run.as_bytes()]),
        );
    }
    Ok(number)
}

#[tokio::test]
async fn a_control_plane_killed_at_random_moments_finds_its_run_with_right_totals() -> Result<()> {
    let rounds = soak(10, 100);
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 300 + 150 * rounds);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits arrive", WITHIN, || async {
        Ok((20 < practice.summary().await?.hits).then_some(()))
    })
    .await?;

    let mut plane = plane;
    for life in moments().take(usize::try_from(rounds)?) {
        let before = practice.summary().await?.hits;
        tokio::time::sleep(life).await;
        plane = plane
            .kill_twice(Duration::from_millis(LIFE_MS) - life)
            .await?;
        harness::until("the run goes on and is told", WITHIN, || async {
            let run = plane.run(&id).await?;
            let told = run["account"]["accepted"].as_u64().unwrap_or(0);
            Ok((before < told && before + 20 < practice.summary().await?.hits).then_some(()))
        })
        .await?;
        ensure!(loaders_of(&id)? <= 1, "one loader for one run");
    }

    let run = plane
        .run_in(&id, &["succeeded", "failed", "lost", "cancelled"], WITHIN)
        .await?;
    ensure!(run["state"] == "succeeded" && run["attempt"] == 1, "{run}");
    account_equals_ledger(&run["account"], &practice).await?;
    Ok(())
}

#[tokio::test]
async fn a_run_that_ends_while_the_control_plane_is_dead_is_told_right_afterwards() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "bulk", 100);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    plane.run_in(&id, &["running"], WITHIN).await?;

    let plane = plane.kill_and_start_again().await?;

    let run = plane
        .run_in(&id, &["succeeded", "failed", "lost"], WITHIN)
        .await?;
    ensure!(run["state"] == "succeeded", "{run}");
    account_equals_ledger(&run["account"], &practice).await?;
    Ok(())
}

#[tokio::test]
async fn a_control_plane_killed_during_a_stop_asks_again_and_cuts_nothing_short() -> Result<()> {
    let practice = Practice::start(&[])?;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 1_500 }]))
        .await?;
    let (plane, _folder) = control_plane("process").await?;
    let mut config = short(&practice.url(), "beacon", 100_000);
    config["load"]["visits_per_day"] = json!(1_000_000);
    config["load"]["concurrency"] = json!(200);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits are under way", WITHIN, || async {
        Ok((10
            < plane.run(&id).await?["account"]["remaining"]
                .as_u64()
                .unwrap_or(0))
        .then_some(()))
    })
    .await?;
    plane
        .post(&format!("/api/runs/{id}/stop"), &json!({}))
        .await?;
    harness::until("the loader stops", WITHIN, || async {
        let run = plane.run(&id).await?;
        Ok((run["loader_state"]["state"] == "stopping").then_some(()))
    })
    .await?;

    let plane = plane.kill_and_start_again().await?;

    let run = plane.run_in(&id, &["cancelled"], WITHIN).await?;
    ensure!(
        run["account"]["unknown"] == 0 && run["visits"]["cut"] == 0,
        "what was in flight came to its end: {run}"
    );
    let log = plane.get(&format!("/api/runs/{id}/logs")).await?;
    ensure!(
        log.to_string().contains("stopping already"),
        "it was asked again while it was stopping: {log}"
    );
    ensure!(
        run["account"]["accepted"] == json!(practice.summary().await?.hits),
        "{run}"
    );
    Ok(())
}

#[tokio::test]
async fn a_killed_loader_is_a_failed_run_with_cause_and_doubt() -> Result<()> {
    let practice = Practice::start(&[])?;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 300 }]))
        .await?;
    let (plane, folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 100_000);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits are accepted", WITHIN, || async {
        let run = plane.run(&id).await?;
        Ok((50 < run["account"]["accepted"].as_u64().unwrap_or(0)).then_some(()))
    })
    .await?;

    let pattern = format!("--state {}", folder.path().join("data").display());
    let killed = std::process::Command::new("pkill")
        .args(["-KILL", "-f", "--", &pattern])
        .status()?;
    ensure!(killed.success(), "a loader was found to kill");

    let run = plane.run_in(&id, &["failed", "lost"], WITHIN).await?;
    ensure!(
        run["outcome_reason"]
            .as_str()
            .is_some_and(|why| !why.is_empty()),
        "{run}"
    );
    ensure!(
        run["doubt"]["hits"].as_u64().is_some_and(|hits| 0 < hits),
        "{run}"
    );
    ensure!(adds_up(&run["account"]), "{run}");
    Ok(())
}
