//! A backfill through the control plane: started, paused, resumed, killed and resumed over the API, and looked at.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::control::ControlPlane;
use harness::practice::{Practice, TOKEN};
use serde_json::{Value, json};

use crate::runs::{adds_up, control_plane, full_run};

const WITHIN: Duration = Duration::from_secs(120);
const VISITS: u64 = 150;

fn config(target: &str) -> Value {
    json!({
        "targets": [{ "url": target, "site_id": 1, "token_auth": TOKEN }],
        "load": { "visits_per_day": VISITS, "concurrency": 4, "time_zone": "UTC" },
        "behaviour": { "visit_duration_min": 0.5, "visit_duration_max": 5 },
        "backfill": {
            "enabled": true,
            "run_once": true,
            "start_date": "2026-10-01",
            "end_date": "2026-10-08",
        },
        "delivery": { "doubt": "skip" },
    })
}

/// Checks the end of a run: its days and its account add up, and say what is in the ledger.
async fn ends_well(plane: &ControlPlane, practice: &Practice, id: &str) -> Result<Value> {
    let run = plane
        .run_in(id, &["succeeded", "failed", "lost"], WITHIN)
        .await?;
    let account = &run["account"];
    ensure!(run["state"] == "succeeded" && adds_up(account), "{run}");
    ensure!(account["remaining"] == 0, "{run}");
    let days = plane.get(&format!("/api/runs/{id}/days")).await?;
    let days = days["days"].as_array().cloned().unwrap_or_default();
    ensure!(days.len() == 8, "{days:?}");
    let sum = |name: &str| -> u64 {
        let of = days.iter().map(|day| day[name].as_u64());
        of.map(Option::unwrap_or_default).sum()
    };
    for name in ["planned", "accepted", "unknown"] {
        ensure!(
            json!(sum(name)) == account[name],
            "{name}: {days:?} against {run}"
        );
    }
    ensure!(days.iter().all(|day| day["closed"] == true), "{days:?}");
    ensure!(sum("visits_finished") == 8 * VISITS, "{days:?}");
    let recorded = practice.summary().await?.hits;
    let (accepted, unknown) = (sum("accepted"), sum("unknown"));
    ensure!(
        accepted <= recorded && recorded <= accepted + unknown,
        "{recorded} recorded: {account}"
    );
    let account = plane.get(&format!("/api/runs/{id}/account")).await?;
    let checks = account["checks"].as_array().cloned().unwrap_or_default();
    ensure!(
        !checks.is_empty() && checks.iter().all(|check| check["adds_up"] == true),
        "{checks:?}"
    );
    let next = account["next_steps"].to_string();
    ensure!(next.contains("2026-10-01,2026-10-08"), "{next}");
    Ok(run)
}

/// Kills the loaders of a run.
fn kill_loaders_of(id: &str) -> Result<()> {
    let mut killed = 0;
    for process in std::fs::read_dir("/proc")? {
        let process = process?;
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let is_loader = words
            .windows(2)
            .any(|pair| pair == [b"--run", id.as_bytes()]);
        if let (true, Some(pid)) = (is_loader, process.file_name().to_str()) {
            let pid = nix::unistd::Pid::from_raw(pid.parse()?);
            nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL)?;
            killed += 1;
        }
    }
    ensure!(0 < killed, "a loader was found to kill");
    Ok(())
}

async fn hits(practice: &Practice, more: u64) -> Result<()> {
    let wanted = practice.summary().await?.hits + more;
    harness::until("hits arrive", WITHIN, || async {
        Ok((wanted <= practice.summary().await?.hits).then_some(()))
    })
    .await
}

async fn go(plane: &ControlPlane, id: &str, what: &str) -> Result<()> {
    let (status, answer) = plane
        .post(&format!("/api/runs/{id}/{what}"), &json!({}))
        .await?;
    ensure!(status < 300, "{what} answered {status}: {answer}");
    Ok(())
}

#[tokio::test]
async fn a_backfill_is_paused_killed_and_resumed_over_the_api_and_its_days_add_up() -> Result<()> {
    let practice = Practice::start(&[])?;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 150 }]))
        .await?;
    let (plane, _folder) = control_plane("process").await?;
    let body = full_run(&config(&practice.url()), practice.host());
    let id = plane.start_run(&body).await?;

    hits(&practice, 300).await?;
    go(&plane, &id, "pause").await?;
    let run = plane.run_in(&id, &["paused"], WITHIN).await?;
    let accepted = run["account"]["accepted"].as_u64();
    ensure!(accepted == Some(practice.summary().await?.hits), "{run}");
    ensure!(run["window"]["first"] == "2026-10-01", "{run}");
    ensure!(run["days"]["planned"] == 8, "{run}");

    go(&plane, &id, "resume").await?;
    hits(&practice, 300).await?;
    kill_loaders_of(&id)?;
    let run = plane.run_in(&id, &["failed", "lost"], WITHIN).await?;
    ensure!(adds_up(&run["account"]), "{run}");

    go(&plane, &id, "resume").await?;
    practice.misbehave(json!([])).await?;
    let run = ends_well(&plane, &practice, &id).await?;
    ensure!(run["attempt"] == 3, "{run}");
    ensure!(run["days"]["done"] == 8, "{run}");
    Ok(())
}

#[tokio::test]
async fn three_loaders_share_a_backfill() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let mut config = config(&practice.url());
    config["load"]["loaders"] = 3.into();
    let id = plane.start_run(&full_run(&config, practice.host())).await?;

    let run = ends_well(&plane, &practice, &id).await?;

    ensure!(run["loaders"].as_array().map(Vec::len) == Some(3), "{run}");
    ensure!(
        run["account"]["accepted"] == run["account"]["planned"],
        "{run}"
    );
    let summary = practice.summary().await?;
    ensure!(
        summary.hits == run["account"]["accepted"].as_u64().unwrap_or(0),
        "{summary:?}"
    );
    ensure!(summary.visitors == 8 * VISITS, "{summary:?}");
    ensure!(
        summary.overlapping == 0 && summary.out_of_order == 0,
        "{summary:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_backfill_that_goes_on_in_real_time_stays_one_run() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let mut config = config(&practice.url());
    config["load"]["visits_per_day"] = 2_000_000.into();
    config["backfill"]["max_visits_per_day"] = 20.into();
    config["backfill"]["run_once"] = false.into();
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("visits begin in real time", WITHIN, || async {
        Ok((8 * 20 + 20 < practice.summary().await?.visitors).then_some(()))
    })
    .await?;
    go(&plane, &id, "pause").await?;
    let run = plane.run_in(&id, &["paused"], WITHIN).await?;
    ensure!(
        run["kind"] == "backfill" && run["days"]["done"] == 8,
        "{run}"
    );

    let before = practice.summary().await?.visitors;
    go(&plane, &id, "resume").await?;
    harness::until("visits begin again", WITHIN, || async {
        Ok((before + 20 < practice.summary().await?.visitors).then_some(()))
    })
    .await?;
    go(&plane, &id, "stop").await?;
    let run = plane
        .run_in(&id, &["cancelled", "succeeded", "failed", "lost"], WITHIN)
        .await?;
    ensure!(adds_up(&run["account"]), "{run}");
    let summary = practice.summary().await?;
    ensure!(run["account"]["accepted"] == json!(summary.hits), "{run}");
    ensure!(summary.visits == summary.visitors, "{summary:?}");
    let account = plane.get(&format!("/api/runs/{id}/account")).await?;
    let checks = account["checks"].as_array().cloned().unwrap_or_default();
    ensure!(
        checks.iter().all(|check| check["adds_up"] == true),
        "{checks:?}"
    );
    Ok(())
}
