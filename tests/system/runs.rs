//! What the tests of whole runs share: a small run configuration that is over in seconds.

use anyhow::{Result, ensure};
use harness::control::{ControlPlane, Settings};
use harness::practice::{Practice, Summary, TOKEN};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A run of `visits` short visits against `target`, sent by `method`, at about 60 visits a second.
pub(crate) fn short(target_url: &str, method: &str, visits: u64) -> Value {
    json!({
        "targets": [{ "url": target_url, "site_id": 1, "token_auth": TOKEN }],
        "load": {
            "visits_per_day": 5_000_000,
            "stop_after_visits": visits,
            "concurrency": 20,
            "pacing": "live",
        },
        "behaviour": { "visit_duration_min": 0.1, "visit_duration_max": 0.12 },
        "commerce": { "order": 0.3 },
        "delivery": { "method": method },
    })
}

/// `usual`, or `long` when `SOAK=1` asks for the long runs.
pub(crate) fn soak(usual: u64, long: u64) -> u64 {
    if std::env::var("SOAK").as_deref() == Ok("1") {
        long
    } else {
        usual
    }
}

/// A control plane on a data directory of its own.
pub(crate) async fn control_plane(orchestrator: &'static str) -> Result<(ControlPlane, TempDir)> {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data: folder.path().join("data"),
        orchestrator,
        environment: Vec::new(),
    };
    std::fs::create_dir_all(&settings.data)?;
    Ok((ControlPlane::start(settings).await?, folder))
}

/// The body that starts a full run of `config`, confirmed.
pub(crate) fn full_run(config: &Value, host: &str) -> Value {
    json!({ "config": config, "confirm_target": host })
}

/// Whether an account of the API adds up.
pub(crate) fn adds_up(account: &Value) -> bool {
    let of = |name: &str| account[name].as_u64().unwrap_or(u64::MAX / 8);
    let parts = [
        "accepted",
        "rejected",
        "failed",
        "unknown",
        "skipped",
        "remaining",
    ];
    of("planned") == parts.iter().map(|part| of(part)).sum::<u64>()
}

/// Checks that all planned hits were accepted and that the ledger holds exactly these.
pub(crate) async fn account_equals_ledger(account: &Value, practice: &Practice) -> Result<Summary> {
    ensure!(adds_up(account), "the account does not add up: {account}");
    ensure!(
        account["accepted"] == account["planned"],
        "not all were accepted: {account}"
    );
    let summary = practice.summary().await?;
    ensure!(
        account["accepted"] == json!(summary.hits),
        "{account} against {summary:?}"
    );
    summary.in_order()?;
    ensure!(
        summary.tokens_in_urls == 0,
        "a token travelled in a URL: {summary:?}"
    );
    Ok(summary)
}
