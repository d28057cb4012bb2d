//! Each misbehaviour of a server ends in the counted state that the rules of delivery name for it.

use anyhow::{Result, ensure};
use harness::loader::{command, run};
use harness::practice::Practice;
use run_report::{Account, HitOutcome};
use serde_json::{Value, json};

use crate::runs::short;

/// What a fault leads to.
struct Case {
    name: &'static str,
    fault: Value,
    /// The state of the hits that the fault met.
    outcome: HitOutcome,
    /// Whether the ledger holds these hits all the same.
    recorded: bool,
}

fn case(name: &'static str, fault: Value, outcome: HitOutcome, recorded: bool) -> Case {
    Case {
        name,
        fault,
        outcome,
        recorded,
    }
}

fn cases() -> Vec<Case> {
    let twice = |kind: &str| json!({ "kind": kind, "after": 20, "times": 2 });
    vec![
        case(
            "429 is sent again",
            twice("429"),
            HitOutcome::Accepted,
            true,
        ),
        case(
            "503 is sent again",
            twice("503"),
            HitOutcome::Accepted,
            true,
        ),
        case(
            "500 before recording",
            twice("500_before"),
            HitOutcome::Unknown,
            false,
        ),
        case(
            "500 after recording",
            twice("500_after"),
            HitOutcome::Unknown,
            true,
        ),
        case("502", twice("502"), HitOutcome::Unknown, false),
        case(
            "connection reset",
            twice("reset"),
            HitOutcome::Unknown,
            false,
        ),
        case(
            "a login page instead",
            twice("html"),
            HitOutcome::Rejected,
            false,
        ),
        case(
            "no answer in time",
            twice("hang"),
            HitOutcome::Unknown,
            false,
        ),
        case(
            "half an answer",
            twice("half_answer"),
            HitOutcome::Unknown,
            true,
        ),
    ]
}

async fn run_against(fault: &Value, method: &str) -> Result<(Account, u64, u64)> {
    let practice = Practice::start(&[])?;
    practice.misbehave(json!([fault])).await?;
    let folder = tempfile::tempdir()?;
    let mut config = short(&practice.url(), method, 40);
    config["delivery"]["timeout_seconds"] = 1.into();
    config["load"]["stop_at_error_percent"] = 0.into();
    let file = folder.path().join("run.json");
    std::fs::write(&file, config.to_string())?;
    let file = file.to_string_lossy().into_owned();
    let said = run(command(&[
        "run",
        "--config",
        &file,
        "--confirm-target",
        practice.host(),
    ])?)
    .await?;
    let finished = said.finished()?;
    for line in &said.lines {
        if let run_report::Event::Progress(progress) = &line.event {
            ensure!(
                progress.account.adds_up(),
                "a report that does not add up: {progress:?}"
            );
        }
    }
    let control = practice.faults().await?;
    let fired = control["faults"][0]["fired"].as_u64().unwrap_or(0);
    Ok((finished.account, practice.summary().await?.hits, fired))
}

#[tokio::test]
async fn each_misbehaviour_ends_in_the_right_counted_state() -> Result<()> {
    let runs = cases().into_iter().map(|case| async move {
        let outcome = run_against(&case.fault, "beacon").await;
        (case, outcome)
    });
    for (case, outcome) in futures_util::future::join_all(runs).await {
        let (account, recorded, fired) = outcome?;
        let name = case.name;
        ensure!(fired == 2, "{name}: the fault fired {fired} times");
        ensure!(
            account.adds_up() && account.remaining == 0,
            "{name}: {account:?}"
        );
        let met = if case.outcome == HitOutcome::Accepted {
            0
        } else {
            2
        };
        if met == 2 {
            ensure!(account.of(case.outcome) == met, "{name}: {account:?}");
        }
        ensure!(
            account.accepted + met == account.planned,
            "{name}: {account:?}"
        );
        let missing = if case.recorded { 0 } else { met };
        ensure!(
            recorded + missing == account.planned,
            "{name}: {recorded} in the ledger, {account:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_refuses_everything_stops_the_run_at_its_guard() -> Result<()> {
    let practice = Practice::start(&[])?;
    practice
        .misbehave(json!([{ "kind": "500_before" }]))
        .await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("run.json");
    let mut config = short(&practice.url(), "beacon", 1_000_000);
    config["load"]["guard_window_seconds"] = 5.into();
    std::fs::write(&file, config.to_string())?;
    let file = file.to_string_lossy().into_owned();

    let said = run(command(&[
        "run",
        "--config",
        &file,
        "--confirm-target",
        practice.host(),
    ])?)
    .await?;

    ensure!(said.code == Some(3), "{:?} {}", said.code, said.stderr);
    let finished = said.finished()?;
    ensure!(
        finished.outcome == run_report::Outcome::Guard,
        "{finished:?}"
    );
    ensure!(
        finished.account.adds_up() && finished.account.accepted == 0,
        "{finished:?}"
    );
    ensure!(
        !finished.reasons.is_empty(),
        "the reasons are grouped: {finished:?}"
    );
    Ok(())
}
