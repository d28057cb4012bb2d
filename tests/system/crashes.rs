//! Deaths of programs: the control plane's is invisible to a run, a loader's is told with its doubt.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::practice::Practice;
use serde_json::json;

use crate::runs::{account_equals_ledger, adds_up, control_plane, full_run, short, soak};

const WITHIN: Duration = Duration::from_secs(180);

#[tokio::test]
async fn a_control_plane_killed_again_and_again_finds_its_run_with_right_totals() -> Result<()> {
    let kills = soak(3, 50);
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 300 + 150 * kills);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits arrive", WITHIN, || async {
        Ok((20 < practice.summary().await?.hits).then_some(()))
    })
    .await?;

    let mut plane = plane;
    for _ in 0..kills {
        let before = practice.summary().await?.hits;
        plane = plane.kill_and_start_again().await?;
        harness::until("the run goes on", WITHIN, || async {
            Ok((before + 20 < practice.summary().await?.hits).then_some(()))
        })
        .await?;
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
