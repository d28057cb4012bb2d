//! The command line and the API say the same of one configuration.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use harness::loader::{command, run};
use harness::practice::Practice;
use serde_json::{Value, json};

use crate::runs::control_plane;

/// A configuration with a mistake of each sort.
fn bad() -> Value {
    json!({
        "targets": [{ "url": "ftp://matomo.example/matomo.php", "site_id": 0 }],
        "load": { "concurrency": 501, "visits_per_day": "many", "consurrency": 4 },
        "behaviour": { "page_views_min": 9, "page_views_max": 3, "search": 1.5 },
        "commerce": { "currency": "euro" },
    })
}

fn names(problems: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = problems.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|problem| (text(&problem["pointer"]), text(&problem["code"])))
        .collect()
}

#[tokio::test]
async fn all_problems_of_one_configuration_come_at_once_and_alike_by_cli_and_api() -> Result<()> {
    let (plane, folder) = control_plane("process").await?;
    let file = folder.path().join("bad.json");
    std::fs::write(&file, bad().to_string())?;
    let file = file.to_string_lossy().into_owned();

    let said = run(command(&["check", "--config", &file, "--format", "json"])?).await?;
    let (status, answer) = plane
        .post("/api/validate", &json!({ "config": bad() }))
        .await?;

    ensure!(said.code == Some(2), "{:?} {}", said.code, said.stderr);
    ensure!(status == 200 && answer["ok"] == false, "{status} {answer}");
    let by_cli: Value = serde_json::from_str(&said.stdout)?;
    let (by_cli, by_api) = (names(&by_cli["problems"]), names(&answer["problems"]));
    ensure!(by_cli == by_api, "by CLI {by_cli:#?}, by API {by_api:#?}");
    for pointer in [
        "/targets/0/url",
        "/targets/0/site_id",
        "/load/concurrency",
        "/load/visits_per_day",
        "/load/consurrency",
        "/commerce/currency",
    ] {
        ensure!(
            by_api.iter().any(|(found, _)| found == pointer),
            "{pointer} is missing in {by_api:#?}"
        );
    }
    ensure!(8 <= by_api.len(), "each mistake is named: {by_api:#?}");

    let run_of_it = run(command(&["run", "--config", &file, "--trial", "5"])?).await?;
    ensure!(run_of_it.code == Some(2), "{:?}", run_of_it.code);
    let (status, answer) = plane
        .post("/api/runs", &json!({ "config": bad(), "trial": 5 }))
        .await?;
    ensure!(status == 422, "{status} {answer}");
    ensure!(names(&answer["errors"]) == by_api, "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_full_run_needs_the_host_typed_back_by_cli_and_api() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let unconfirmed = |arguments: &[&str]| -> Result<_> {
        let mut command = command(arguments)?;
        command.env("MATOMO_URL", practice.url());
        Ok(run(command))
    };

    for arguments in [
        &["run"][..],
        &["run", "--trial", "51"],
        &["run", "--confirm-target", "matomo.example"],
    ] {
        let said = unconfirmed(arguments)?.await?;
        ensure!(said.code == Some(2), "{arguments:?}: {:?}", said.code);
        ensure!(
            said.stderr.contains(practice.host()),
            "the host is named: {}",
            said.stderr
        );
    }
    let config = json!({ "targets": [{ "url": practice.url(), "site_id": 1 }] });
    for body in [
        json!({ "config": config }),
        json!({ "config": config, "trial": 51 }),
        json!({ "config": config, "confirm_target": "matomo.example" }),
    ] {
        let (status, answer) = plane.post("/api/runs", &body).await?;
        ensure!(
            status == 409 && answer["code"] == "target.unconfirmed",
            "{status} {answer}"
        );
    }
    ensure!(practice.summary().await?.requests == 0, "nothing was sent");
    Ok(())
}

#[tokio::test]
async fn an_environment_file_of_the_python_original_runs_unchanged() -> Result<()> {
    let practice = Practice::start(&[])?;
    let mut loader = command(&["run", "--trial", "5"])?;
    for (name, value) in [
        ("MATOMO_URL", practice.url().as_str()),
        ("MATOMO_SITE_ID", "1"),
        ("MATOMO_TOKEN_AUTH", ""),
        ("TARGET_VISITS_PER_DAY", "2000"),
        ("PAGEVIEWS_MIN", "3"),
        ("PAGEVIEWS_MAX", "4"),
        ("CONCURRENCY", "50"),
        ("PAUSE_BETWEEN_PVS_MIN", "0.1"),
        ("PAUSE_BETWEEN_PVS_MAX", "0.2"),
        ("AUTO_STOP_AFTER_HOURS", "0"),
        ("MAX_TOTAL_VISITS", "0"),
        ("VISIT_DURATION_MIN", "1.0"),
        ("VISIT_DURATION_MAX", "8.0"),
        ("ECOMMERCE_CURRENCY", "SEK"),
        ("TIMEZONE", "CET"),
        ("CONTROL_UI_PORT", "8000"),
        ("CORS_ORIGINS", "*"),
    ] {
        loader.env(name, value);
    }

    let said = run(loader).await?;

    let finished = said.finished()?;
    ensure!(said.code == Some(0), "{}", said.stderr);
    ensure!(
        finished.account.accepted == finished.account.planned,
        "{finished:?}"
    );
    let hits = practice.hits().await?;
    ensure!(
        hits.len() as u64 == finished.account.accepted,
        "{}",
        hits.len()
    );
    // Pauses are given, so the visits of minutes went by in seconds, back-dated by at least 60 s.
    for hit in &hits {
        let came = chrono::DateTime::parse_from_rfc3339(&hit.at)?;
        let booked = chrono::DateTime::parse_from_rfc3339(&hit.time)?;
        ensure!(59 <= (came - booked).num_seconds(), "{hit:?}");
    }
    Ok(())
}
