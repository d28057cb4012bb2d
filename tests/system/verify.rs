//! `verify-matomo` against a stand-in: a practice target, and reports drawn from its ledger.
//!
//! It shows that the comparison finds what is missing, not that Matomo answers so.

mod stand_in;

use std::process::Output;

use anyhow::{Context, Result, ensure};
use harness::practice::{Practice, TOKEN};
use serde_json::{Value, json};

/// Runs it against a practice target that misbehaves so.
async fn verified(faults: Value) -> Result<(Output, Practice)> {
    let practice = Practice::start(&[])?;
    practice.misbehave(faults).await?;
    let address = stand_in::start(&practice.base).await?;
    let program = env!("CARGO_BIN_EXE_verify-matomo");
    let mut command = tokio::process::Command::new(program);
    command
        .env("MATOMO_URL", format!("http://{address}/matomo.php"))
        .env("TOKEN", TOKEN)
        .env("SITE", "1")
        .kill_on_drop(true);
    let output = command.output().await.context("running verify-matomo")?;
    Ok((output, practice))
}

#[tokio::test]
async fn reports_that_hold_what_was_sent_agree() -> Result<()> {
    let (output, practice) = verified(json!([])).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let also = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(0), "{said}{also}");
    ensure!(said.contains("exactly what was sent"), "{said}");
    ensure!(said.matches("agrees").count() == 24, "{said}");
    ensure!(
        !said.contains(TOKEN) && !also.contains(TOKEN),
        "{said}{also}"
    );
    practice.summary().await?.in_order()
}

#[tokio::test]
async fn a_hit_in_fifty_that_matomo_left_out_shows() -> Result<()> {
    let (output, _) = verified(json!([{ "kind": "exclude_percent", "percent": 2 }])).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.code() == Some(1), "{said}");
    ensure!(said.contains("differs"), "{said}");
    Ok(())
}
