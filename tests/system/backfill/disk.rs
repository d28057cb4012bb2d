//! A state directory without room: the backfill ends with its cause, and goes on when there is room again.

use std::process::Command;

use anyhow::{Result, ensure};
use run_report::Outcome;
use serde_json::json;
use tempfile::TempDir;

use super::{Backfill, same};

/// A file system with little room, as long as the handle lives.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// Needs the right to mount; without it the test is left out, and says so.
    fn mount(size: &str) -> Result<Option<Self>> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", size, "tmpfs"])
            .arg(folder.path())
            .output();
        Ok(mounted
            .is_ok_and(|done| done.status.success())
            .then(|| Self(folder)))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.0.path())
            .status();
    }
}

#[tokio::test]
async fn a_full_volume_ends_a_backfill_with_its_cause_and_a_checkpoint_to_go_on_from() -> Result<()>
{
    let Some(disk) = SmallDisk::mount("size=128k")? else {
        println!("left out: mounting a small file system is not permitted here");
        return Ok(());
    };
    let config = json!({
        "load": { "visits_per_day": 150, "concurrency": 4, "time_zone": "UTC" },
        "backfill": { "days_back": 5, "duration_days": 4 },
        "delivery": { "doubt": "skip" },
    });
    let backfill = Backfill::new("2026-11-10T15:30:00Z", &config)?;
    let planned = backfill.planned().await?;
    let practice = &backfill.practice;
    practice
        .misbehave(json!([{ "kind": "delay", "ms": 100 }]))
        .await?;
    let state = disk.0.path().join("state").to_string_lossy().into_owned();
    let ballast = disk.0.path().join("ballast");

    let loader = backfill.begun(&["--state", &state])?;
    harness::until(
        "hits arrive",
        std::time::Duration::from_secs(60),
        || async { Ok((200 < practice.summary().await?.hits).then_some(())) },
    )
    .await?;
    // The last of it is refused, which is what is wanted.
    let _ = std::fs::write(&ballast, vec![1; 1 << 20]);
    let mut loader = loader;
    let code = loader.wait()?;

    let ended = backfill.said()?;
    let finished = ended.finished()?;
    ensure!(
        finished.outcome == Outcome::Failed && code.code() == Some(1),
        "{finished:?}"
    );
    ensure!(
        finished.reason.contains("No space left") && finished.reason.contains("resume"),
        "{finished:?}"
    );
    ensure!(
        finished.account.adds_up() && 0 < finished.account.remaining,
        "{finished:?}"
    );

    std::fs::remove_file(&ballast)?;
    practice.misbehave(json!([])).await?;
    let ended = backfill.sent(&["--state", &state, "--resume"]).await?;

    let account = ended.done()?.account;
    ensure!(account.planned == planned.len() as u64, "{account:?}");
    ensure!(
        account.accepted + account.unknown == account.planned,
        "{account:?}"
    );
    let recorded = backfill.recorded().await?;
    if account.unknown == 0 {
        return same("after the full volume", &planned, &recorded);
    }
    ensure!(
        recorded.values().all(|times| *times == 1),
        "a hit is in the ledger twice"
    );
    let missing = planned.len() - recorded.len();
    ensure!(
        missing as u64 <= account.unknown,
        "{missing} are missing: {account:?}"
    );
    Ok(())
}
