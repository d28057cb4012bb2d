//! A loader that is killed at random moments: what is in the ledger, and what the account says of it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::{Backfill, Ended, Hits};
use crate::runs::soak;

const ORIGIN: &str = "2026-11-10T15:30:00Z";

/// Requests in flight, and hits in each of them: what a kill may leave in doubt.
const IN_FLIGHT: u64 = 4;
const BULK: u64 = 10;

/// Lives of loaders that look random and are the same in each run of the test, in milliseconds; some end before the
/// first checkpoint.
fn lives(longest: u64) -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(2_463_534_242_u64), |n| {
        let n = n ^ (n << 13);
        let n = n ^ (n >> 7);
        Some(n ^ (n << 17))
    })
    .map(move |n| Duration::from_millis(20 + n % longest))
}

fn config(doubt: &str) -> Value {
    json!({
        "load": {
            "visits_per_day": soak(100, 2_000),
            "concurrency": IN_FLIGHT,
            "time_zone": "UTC",
        },
        "backfill": { "days_back": 30, "duration_days": soak(10, 30) },
        "delivery": { "bulk_size": BULK, "doubt": doubt },
    })
}

/// Kills a loader again and again, then lets one come to the end. The target misbehaves all the time.
async fn sent_with_kills(backfill: &Backfill, faults: &[Value]) -> Result<(Ended, u64)> {
    let slow = json!({ "kind": "delay", "ms": 30 });
    let slowly: Vec<&Value> = std::iter::once(&slow).chain(faults).collect();
    backfill.practice.misbehave(json!(slowly)).await?;
    let state = backfill.path("state").to_string_lossy().into_owned();
    let arguments = || {
        let mut arguments = vec!["--state", state.as_str()];
        if Path::new(&state).join("checkpoint.json").exists() {
            arguments.push("--resume");
        }
        arguments
    };
    let kills = soak(20, 200);
    for life in lives(soak(400, 3_000)).take(usize::try_from(kills)?) {
        let mut loader = backfill.begun(&arguments())?;
        // The moment is what is tested; nothing is waited for.
        tokio::time::sleep(life).await;
        loader.signal(Signal::SIGKILL)?;
        loader.wait()?;
    }
    backfill.practice.misbehave(json!(faults)).await?;
    let said = backfill.said()?;
    ensure!(
        said.finished().is_err(),
        "the last kill came after the end; the backfill is too small"
    );
    Ok((backfill.sent(&arguments()).await?, kills))
}

/// Hits that are in the ledger more than once, and those of the plan that are missing.
fn compared(planned: &Hits, recorded: &Hits) -> Result<(u64, u64)> {
    let strange = recorded.keys().find(|hit| !planned.contains_key(*hit));
    ensure!(strange.is_none(), "nobody planned {strange:?}");
    let more = recorded.values().filter(|times| 1 < **times).count() as u64;
    let missing = planned.keys().filter(|hit| !recorded.contains_key(*hit));
    Ok((more, missing.count() as u64))
}

#[tokio::test]
async fn with_skip_nothing_is_double_and_what_may_be_missing_is_said() -> Result<()> {
    let backfill = Backfill::new(ORIGIN, &config("skip"))?;
    let planned = backfill.planned().await?;

    let (ended, kills) = sent_with_kills(&backfill, &[]).await?;

    let account = ended.done()?.account;
    let recorded = backfill.recorded().await?;
    let (more, missing) = compared(&planned, &recorded)?;
    ensure!(account.planned == planned.len() as u64, "{account:?}");
    ensure!(more == 0, "{more} hits are in the ledger twice");
    ensure!(
        account.accepted + account.unknown == account.planned,
        "{account:?}"
    );
    ensure!(
        missing <= account.unknown,
        "{missing} are missing: {account:?}"
    );
    ensure!(
        0 < account.unknown && account.unknown <= kills * IN_FLIGHT * BULK,
        "{account:?}"
    );
    ensure!(
        ended.hits_of("attempt.ended")? == account.unknown,
        "{:?}",
        ended.finished()?
    );
    let summary = backfill.practice.summary().await?;
    ensure!(summary.out_of_order == 0, "{summary:?}");
    Ok(())
}

#[tokio::test]
async fn with_resend_nothing_is_missing_and_what_may_be_double_is_said() -> Result<()> {
    let backfill = Backfill::new(ORIGIN, &config("resend"))?;
    let planned = backfill.planned().await?;

    let (ended, kills) = sent_with_kills(&backfill, &[]).await?;

    let account = ended.done()?.account;
    let recorded = backfill.recorded().await?;
    let (more, missing) = compared(&planned, &recorded)?;
    let doubles = ended.hits_of("double.possible")?;
    ensure!(account.planned == planned.len() as u64, "{account:?}");
    ensure!(account.accepted == account.planned, "{account:?}");
    ensure!(missing == 0, "{missing} hits are missing");
    ensure!(
        more <= doubles,
        "{more} are there more than once, {doubles} were told"
    );
    ensure!(
        0 < doubles && doubles <= kills * IN_FLIGHT * BULK,
        "{doubles} possible doubles"
    );
    Ok(())
}

#[tokio::test]
async fn kills_while_the_target_misbehaves_lose_and_double_nothing_unsaid() -> Result<()> {
    let mut config = config("skip");
    config["load"]["stop_at_error_percent"] = 0.into();
    // A target that fails would leave the token unproven at times.
    config["audience"] = json!({ "countries": "off" });
    config["delivery"]["retries"] = 8.into();
    let backfill = Backfill::new(ORIGIN, &config)?;
    let planned = backfill.planned().await?;
    let faults = [
        json!({ "kind": "reset", "recorded": true, "every": 23 }),
        json!({ "kind": "500_before", "every": 17 }),
        json!({ "kind": "429", "retry_after_s": 0, "every": 13 }),
        json!({ "kind": "half_answer", "every": 29 }),
    ];

    let (ended, _) = sent_with_kills(&backfill, &faults).await?;

    let account = ended.done()?.account;
    let recorded = backfill.recorded().await?;
    let (more, missing) = compared(&planned, &recorded)?;
    ensure!(account.planned == planned.len() as u64, "{account:?}");
    ensure!(more == 0, "{more} hits are in the ledger twice");
    let settled = account.accepted + account.unknown + account.failed;
    ensure!(settled == account.planned, "{account:?}");
    ensure!(
        account.failed <= missing && missing <= account.failed + account.unknown,
        "{missing} are missing: {account:?}"
    );
    Ok(())
}
