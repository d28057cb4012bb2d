//! Live hits and a backfill in bulk under each misbehaviour of the practice target, single and mixed.
//!
//! Whatever it does: nothing is lost, the account adds up, the ledger holds what the account says but for what is
//! unknown, and the run ends by itself. What becomes of the hits is written into `docs/delivery-faults.md`.

mod cases;
mod table;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, stream};
use harness::loader::{command, run};
use harness::practice::{Practice, Summary, TOKEN};
use run_report::{Event, Finished, HitOutcome};
use serde_json::{Value, json};

use crate::runs::short;
use cases::{Case, cases};

/// How long a run may take until it met a fault often enough.
const WITHIN: Duration = Duration::from_secs(60);

/// Runs at a time; each has two programs.
const AT_ONCE: usize = 8;

/// How hits travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Load {
    Live,
    Backfill,
}

/// What a run and its practice target counted.
struct Outcome {
    finished: Finished,
    summary: Summary,
}

fn config(practice: &Practice, load: Load, case: &Case) -> Value {
    let mut config = match load {
        Load::Live => short(&practice.url(), "beacon", 40),
        Load::Backfill => json!({
            "targets": [{ "url": practice.url(), "site_id": 1, "token_auth": TOKEN }],
            "load": { "visits_per_day": 150, "concurrency": 10, "time_zone": "UTC" },
            "backfill": { "enabled": true, "run_once": true, "days_back": 3, "duration_days": 2 },
            "delivery": {},
        }),
    };
    config["load"]["stop_at_error_percent"] = match case.guarded {
        true => json!(5),
        false => json!(0),
    };
    config["load"]["stop_at_p95_seconds"] = json!(0);
    // Nor is the target asked beforehand whether it honours the token, which would meet the fault first.
    config["audience"]["countries"] = json!("off");
    config["load"]["guard_window_seconds"] = json!(5);
    config["delivery"]["timeout_seconds"] = json!(case.timeout_s);
    config["delivery"]["retries"] = json!(20);
    config["delivery"]["adapt"] = json!("both");
    config
}

async fn run_against(case: &Case, load: Load) -> Result<Outcome> {
    let practice = Practice::start(&[])?;
    practice.misbehave(case.faults.clone()).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("run.json");
    std::fs::write(&file, config(&practice, load, case).to_string())?;
    let file = file.to_string_lossy().into_owned();
    let arguments = [
        "run",
        "--config",
        &file,
        "--confirm-target",
        practice.host(),
    ];
    let (said, lifted) = tokio::join!(run(command(&arguments)?), lifted(&practice, case));
    let said = said?;
    lifted?;
    for line in &said.lines {
        if let Event::Progress(progress) = &line.event {
            ensure!(progress.account.adds_up(), "{progress:?}");
        }
    }
    let fired = practice.faults().await?;
    let rules = fired["faults"].as_array().context("the faults in force")?;
    ensure!(
        rules.iter().all(|rule| rule["fired"] != json!(0)),
        "a fault never fired: {fired}"
    );
    Ok(Outcome {
        finished: said.finished()?.clone(),
        summary: practice.summary().await?,
    })
}

/// Ends the misbehaviour of a case that says when.
async fn lifted(practice: &Practice, case: &Case) -> Result<()> {
    let Some(times) = case.lifted_after else {
        return Ok(());
    };
    harness::until("the fault has fired", WITHIN, || async {
        let fired = practice.faults().await?["faults"][0]["fired"].as_u64();
        Ok((Some(times) <= fired).then_some(()))
    })
    .await?;
    practice.misbehave(json!([])).await
}

/// What must hold after every run.
fn check(case: &Case, load: Load, outcome: &Outcome) -> Result<()> {
    let Outcome { finished, summary } = outcome;
    let account = finished.account;
    let end = case.end(load);
    let expected = match case.guarded {
        true => run_report::Outcome::Guard,
        false => run_report::Outcome::Done,
    };
    ensure!(finished.outcome == expected, "{finished:?}");
    ensure!(account.adds_up() && 0 < account.planned, "{account:?}");
    ensure!(case.guarded || account.remaining == 0, "{account:?}");
    let most = account.accepted + account.unknown;
    // A ping whose visit was lost is answered as tracked, as Matomo does, and left out.
    let taken = summary.hits + summary.excluded;
    ensure!(
        (account.accepted..=most).contains(&taken),
        "{account:?} against {summary:?}"
    );
    // Whoever gave up waiting for an answer cannot know that the target is at it still.
    if account.unknown == 0 {
        summary.in_order()?;
    }
    ensure!(
        summary.overlapping + summary.out_of_order + summary.days_went_back <= account.unknown,
        "{summary:?}"
    );
    for outcome in [
        HitOutcome::Rejected,
        HitOutcome::Failed,
        HitOutcome::Unknown,
        HitOutcome::Skipped,
    ] {
        let hits = account.of(outcome);
        ensure!(hits == 0 || end.may.contains(&outcome), "{finished:?}");
        ensure!(0 < hits || end.must != Some(outcome), "{finished:?}");
    }
    match end.recorded {
        Some(true) => ensure!(taken == most, "{account:?} against {summary:?}"),
        Some(false) => ensure!(taken == account.accepted, "{account:?} against {summary:?}"),
        None => {}
    }
    Ok(())
}

#[tokio::test]
async fn whatever_the_server_does_nothing_is_lost_and_the_account_tells_the_truth() -> Result<()> {
    let cases = cases();
    let runs = cases
        .iter()
        .flat_map(|case| [(case, Load::Live), (case, Load::Backfill)]);
    let runs = runs.map(|(case, load)| async move {
        let outcome = run_against(case, load).await;
        outcome
            .and_then(|outcome| check(case, load, &outcome))
            .with_context(|| format!("{} ({load:?})", case.name))
    });
    // Each to its end: a loader whose target went with a failed test would go on trying.
    let ended: Vec<Result<()>> = stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    let wrong: Vec<String> = ended
        .into_iter()
        .filter_map(|ended| ended.err().map(|error| format!("{error:#}")))
        .collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    table::is_current(&cases)
}
