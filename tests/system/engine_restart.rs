//! The engine itself is restarted under a run, as an upgrade or a crash of Docker does it: by an engine of the test's own.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::control::{ControlPlane, Settings};
use harness::docker::LOADER_IMAGE;
use harness::own_engine::OwnEngine;
use harness::practice::Practice;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::runs::{account_equals_ledger, adds_up, full_run, short};

const WITHIN: Duration = Duration::from_secs(120);

/// How soon after the engine is back the state must be right.
const SOON: Duration = Duration::from_secs(5);

/// Visits of a run that is over some ten seconds after it began, with each restart in the middle of it.
const VISITS: u64 = 900;

struct Setup {
    plane: ControlPlane,
    practice: Practice,
    run: String,
    // After the control plane, which would look for it.
    engine: OwnEngine,
    _folder: TempDir,
}

/// A control plane with an engine of its own, and a run of which hits have been accepted.
async fn setup(test: &str, options: &[&'static str]) -> Result<Option<Setup>> {
    let Some(engine) = OwnEngine::start(test, options)? else {
        return Ok(None);
    };
    let practice = Practice::start(&[])?;
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data: folder.path().join("data"),
        orchestrator: "docker",
        environment: vec![
            ("LOADER_IMAGE".into(), LOADER_IMAGE.into()),
            ("LOADER_NETWORK".into(), "host".into()),
            ("DOCKER_HOST".into(), engine.host()),
        ],
    };
    std::fs::create_dir_all(&settings.data)?;
    let plane = ControlPlane::start(settings).await?;
    let config = short(&practice.url(), "beacon", VISITS);
    let run = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits are accepted", WITHIN, || async {
        Ok((50 < accepted(&plane.run(&run).await?)).then_some(()))
    })
    .await?;
    Ok(Some(Setup {
        plane,
        practice,
        run,
        engine,
        _folder: folder,
    }))
}

impl Setup {
    /// Resumes the run, as a person would, and lets it come to its end.
    async fn resumed_to_the_end(&self) -> Result<Value> {
        let path = format!("/api/runs/{}/resume", self.run);
        let (status, answer) = self.plane.post(&path, &json!({})).await?;
        ensure!(status == 202, "{answer}");
        let ended = ["succeeded", "failed", "lost", "cancelled"];
        let run = self
            .plane
            .run_in(&self.run, &["starting", "running", "succeeded"], SOON)
            .await?;
        ensure!(run["attempt"] == 2, "{run}");
        let run = self.plane.run_in(&self.run, &ended, WITHIN).await?;
        ensure!(run["state"] == "succeeded", "{run}");
        ensure!(adds_up(&run["account"]), "{run}");
        Ok(run)
    }
}

fn count(run: &Value, what: &str) -> u64 {
    run["account"][what].as_u64().unwrap_or(0)
}

fn accepted(run: &Value) -> u64 {
    count(run, "accepted")
}

#[tokio::test]
async fn an_engine_that_is_lost_with_its_containers_leaves_a_lost_run_that_can_be_resumed()
-> Result<()> {
    let test = "an_engine_that_is_lost_with_its_containers_leaves_a_lost_run_that_can_be_resumed";
    let Some(setup) = setup(test, &[]).await? else {
        return Ok(());
    };
    setup.engine.lose()?;
    setup.engine.start_again()?;

    let lost = setup
        .plane
        .run_in(&setup.run, &["failed", "lost"], SOON)
        .await?;

    ensure!(lost["state"] == "lost", "{lost}");
    let reason = lost["outcome_reason"].as_str().unwrap_or_default();
    ensure!(reason.contains("nobody saw how it ended"), "{lost}");
    ensure!(lost["doubt"]["hits"].is_u64(), "{lost}");
    ensure!(adds_up(&lost["account"]), "{lost}");
    ensure!(
        accepted(&lost) <= setup.practice.summary().await?.hits,
        "{lost}"
    );
    let run = setup.resumed_to_the_end().await?;
    let recorded = setup.practice.summary().await?.hits;
    ensure!(
        accepted(&run) <= recorded && recorded <= accepted(&run) + count(&run, "unknown"),
        "what is not counted as accepted is counted as unknown, and nothing twice: {recorded} in the ledger, {run}"
    );
    Ok(())
}

#[tokio::test]
async fn an_engine_that_is_restarted_pauses_a_run_which_then_goes_on_without_a_hit_in_doubt()
-> Result<()> {
    let test = "an_engine_that_is_restarted_pauses_a_run_which_then_goes_on_without_a_hit_in_doubt";
    let Some(setup) = setup(test, &[]).await? else {
        return Ok(());
    };
    setup.engine.stop()?;
    setup.engine.start_again()?;
    pauses_and_goes_on(&setup).await
}

#[tokio::test]
async fn an_engine_that_crashes_pauses_a_run_when_it_comes_back() -> Result<()> {
    let test = "an_engine_that_crashes_pauses_a_run_when_it_comes_back";
    let Some(setup) = setup(test, &[]).await? else {
        return Ok(());
    };
    setup.engine.kill()?;
    // Without live-restore it stops what it finds running, as `docker stop` would.
    setup.engine.start_again()?;
    pauses_and_goes_on(&setup).await
}

async fn pauses_and_goes_on(setup: &Setup) -> Result<()> {
    let paused = setup.plane.run_in(&setup.run, &["paused"], SOON).await?;
    ensure!(adds_up(&paused["account"]), "{paused}");
    ensure!(
        accepted(&paused) == setup.practice.summary().await?.hits,
        "the last word was read although it came while the engine went: {paused}"
    );
    let run = setup.resumed_to_the_end().await?;
    ensure!(count(&run, "unknown") == 0, "{run}");
    ensure!(
        accepted(&run) == setup.practice.summary().await?.hits,
        "{run}"
    );
    Ok(())
}

#[tokio::test]
async fn an_engine_with_live_restore_that_crashes_disturbs_no_run() -> Result<()> {
    let test = "an_engine_with_live_restore_that_crashes_disturbs_no_run";
    let Some(setup) = setup(test, &["--live-restore"]).await? else {
        return Ok(());
    };
    setup.engine.kill()?;
    let before = setup.practice.summary().await?.hits;
    harness::until("the loader works without its engine", WITHIN, || async {
        Ok((before + 50 < setup.practice.summary().await?.hits).then_some(()))
    })
    .await?;
    let counted = setup.practice.summary().await?.hits;
    setup.engine.start_again()?;

    harness::until("the run is told right again", SOON, || async {
        let run = setup.plane.run(&setup.run).await?;
        ensure!(run["state"] == "running", "{run}");
        Ok((counted <= accepted(&run)).then_some(()))
    })
    .await?;

    let ended = ["succeeded", "failed", "lost", "cancelled"];
    let run = setup.plane.run_in(&setup.run, &ended, WITHIN).await?;
    ensure!(run["state"] == "succeeded" && run["attempt"] == 1, "{run}");
    account_equals_ledger(&run["account"], &setup.practice).await?;
    Ok(())
}
