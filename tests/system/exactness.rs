//! What the account says was accepted is what the practice target recorded, to the hit.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::practice::Practice;
use serde_json::json;

use crate::runs::{account_equals_ledger, adds_up, control_plane, full_run, short, soak};

const WITHIN: Duration = Duration::from_secs(600);

async fn three_hundred_visits(method: &str) -> Result<()> {
    let visits = soak(300, 30_000);
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), method, visits);

    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    let run = plane
        .run_in(&id, &["succeeded", "failed", "lost", "cancelled"], WITHIN)
        .await?;

    ensure!(
        run["state"] == "succeeded",
        "the run did not succeed: {run}"
    );
    ensure!(run["visits_planned"] == json!(visits), "{run}");
    let summary = account_equals_ledger(&run["account"], &practice).await?;
    ensure!(summary.visitors == visits, "{summary:?}");
    let by_kind: u64 = summary.by_kind.values().sum();
    ensure!(
        by_kind == summary.hits,
        "kinds add up to the hits: {summary:?}"
    );
    ensure!(
        run["by_kind"]["pageview"] == json!(summary.by_kind["pageview"]),
        "{run}"
    );
    Ok(())
}

#[tokio::test]
async fn three_hundred_visits_as_beacons_are_counted_exactly() -> Result<()> {
    three_hundred_visits("beacon").await
}

#[tokio::test]
async fn three_hundred_visits_by_get_are_counted_exactly() -> Result<()> {
    three_hundred_visits("get").await
}

#[tokio::test]
async fn three_hundred_visits_by_form_post_are_counted_exactly() -> Result<()> {
    three_hundred_visits("form").await
}

#[tokio::test]
async fn three_hundred_visits_in_bulk_are_counted_exactly() -> Result<()> {
    three_hundred_visits("bulk").await
}

#[tokio::test]
async fn the_account_adds_up_at_every_report_and_after_a_stop_in_mid_run() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 100_000);

    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    let running = harness::until("hits are accepted", WITHIN, || async {
        let run = plane.run(&id).await?;
        let accepted = run["account"]["accepted"].as_u64().unwrap_or(0);
        Ok((50 < accepted).then_some(run))
    })
    .await?;
    ensure!(adds_up(&running["account"]), "{running}");

    let (status, answer) = plane
        .post(&format!("/api/runs/{id}/stop"), &json!({}))
        .await?;
    ensure!(status == 202, "{status} {answer}");
    let ended = plane
        .run_in(&id, &["cancelled", "failed", "lost", "succeeded"], WITHIN)
        .await?;

    ensure!(ended["state"] == "cancelled", "{ended}");
    let account = &ended["account"];
    ensure!(adds_up(account) && account["remaining"] == 0, "{account}");
    ensure!(
        account["unknown"] == 0 && account["rejected"] == 0,
        "{account}"
    );
    let summary = practice.summary().await?;
    ensure!(
        account["accepted"] == json!(summary.hits),
        "{account} against {summary:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_paused_run_resumes_with_the_same_totals_and_goes_on() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 100_000);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits are accepted", WITHIN, || async {
        let run = plane.run(&id).await?;
        Ok((50 < run["account"]["accepted"].as_u64().unwrap_or(0)).then_some(()))
    })
    .await?;

    plane
        .post(&format!("/api/runs/{id}/pause"), &json!({}))
        .await?;
    let paused = plane.run_in(&id, &["paused"], WITHIN).await?;
    let before = paused["account"]["accepted"].as_u64().unwrap_or(0);
    ensure!(before == practice.summary().await?.hits, "{paused}");

    let (status, answer) = plane
        .post(&format!("/api/runs/{id}/resume"), &json!({}))
        .await?;
    ensure!(status == 202, "{status} {answer}");
    harness::until("more hits are accepted", WITHIN, || async {
        let run = plane.run(&id).await?;
        Ok((before + 50 < run["account"]["accepted"].as_u64().unwrap_or(0)).then_some(()))
    })
    .await?;
    plane
        .post(&format!("/api/runs/{id}/stop"), &json!({}))
        .await?;
    let ended = plane.run_in(&id, &["cancelled"], WITHIN).await?;

    ensure!(adds_up(&ended["account"]), "{ended}");
    ensure!(ended["attempt"] == 2, "{ended}");
    let summary = practice.summary().await?;
    ensure!(
        ended["account"]["accepted"] == json!(summary.hits),
        "{ended} against {summary:?}"
    );
    ensure!(
        summary.visitors == summary.visits,
        "no visitor came twice: {summary:?}"
    );
    Ok(())
}
