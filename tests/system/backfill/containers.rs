//! A backfill by a loader in a container, and what people and machines do to containers: stopped and paused behind the
//! control plane's back, and under an engine that is restarted or lost.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::control::{ControlPlane, Settings};
use harness::docker::LOADER_IMAGE;
use harness::own_engine::OwnEngine;
use harness::practice::{Practice, TOKEN};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::runs::{adds_up, full_run};

const WITHIN: Duration = Duration::from_secs(120);
const DAYS: u64 = 6;
const VISITS: u64 = 150;

/// Each answer takes so long, so that there is a middle of the backfill to do something in.
const SLOW_MS: u64 = 120;

fn config(target: &str) -> Value {
    json!({
        "targets": [{ "url": target, "site_id": 1, "token_auth": TOKEN }],
        "load": { "visits_per_day": VISITS, "concurrency": 4, "time_zone": "UTC" },
        "behaviour": { "visit_duration_min": 0.5, "visit_duration_max": 5 },
        "backfill": {
            "enabled": true, "run_once": true, "start_date": "2026-10-01", "end_date": "2026-10-06",
        },
        "delivery": { "doubt": "skip", "bulk_size": 20 },
    })
}

/// A backfill that is in its middle, in a container of an engine of the test's own.
struct Setup {
    plane: ControlPlane,
    practice: Practice,
    run: String,
    // After the control plane, which would look for it.
    engine: OwnEngine,
    _folder: TempDir,
}

async fn setup(test: &str) -> Result<Option<Setup>> {
    match OwnEngine::start(test, &[])? {
        Some(engine) => Ok(Some(begun(engine).await?)),
        None => Ok(None),
    }
}

async fn begun(engine: OwnEngine) -> Result<Setup> {
    let practice = Practice::start(&[])?;
    let slow = json!([{ "kind": "delay", "ms": SLOW_MS }]);
    practice.misbehave(slow).await?;
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
    let body = full_run(&config(&practice.url()), practice.host());
    let run = plane.start_run(&body).await?;
    let setup = Setup {
        plane,
        practice,
        run,
        engine,
        _folder: folder,
    };
    setup.hits(200).await?;
    Ok(setup)
}

impl Setup {
    /// Waits until so many hits more are in the ledger.
    async fn hits(&self, more: u64) -> Result<()> {
        let wanted = self.practice.summary().await?.hits + more;
        harness::until("hits arrive", WITHIN, || async {
            Ok((wanted <= self.practice.summary().await?.hits).then_some(()))
        })
        .await
    }

    fn container(&self) -> Result<String> {
        self.engine.docker(&["ps", "--quiet", "--no-trunc"])
    }

    /// Resumes it, as a person would.
    async fn resume(&self) -> Result<()> {
        let path = format!("/api/runs/{}/resume", self.run);
        let (status, answer) = self.plane.post(&path, &json!({})).await?;
        ensure!(status == 202, "{answer}");
        Ok(())
    }

    /// Lets it come to its end: every visit was made, no hit is there twice, and none is missing that is not told.
    /// Returns the number of unknown hits.
    async fn ends_whole(&self) -> Result<u64> {
        self.practice.misbehave(json!([])).await?;
        let ended = ["succeeded", "failed", "lost", "cancelled"];
        let run = self.plane.run_in(&self.run, &ended, WITHIN).await?;
        let account = &run["account"];
        ensure!(run["state"] == "succeeded" && adds_up(account), "{run}");
        ensure!(account["remaining"] == 0, "{run}");
        ensure!(run["visits"]["finished"] == DAYS * VISITS, "{run}");
        ensure!(run["days"]["done"] == DAYS, "{run}");
        let of = |name: &str| account[name].as_u64().unwrap_or_default();
        ensure!(of("accepted") + of("unknown") == of("planned"), "{run}");
        let summary = self.practice.summary().await?;
        // A ping whose visit was lost is answered as tracked, as Matomo does, and left out.
        let taken = summary.hits + summary.excluded;
        ensure!(
            of("accepted") <= taken && summary.hits <= of("planned"),
            "{summary:?}: {run}"
        );
        let different = self.different().await?;
        ensure!(different == summary.hits, "a hit is in the ledger twice");
        if of("unknown") == 0 {
            ensure!(summary.hits == of("planned"), "{summary:?}: {run}");
            summary.in_order()?;
        }
        Ok(of("unknown"))
    }

    /// Hits in the ledger that differ from all others in it.
    async fn different(&self) -> Result<u64> {
        let hits = self.practice.hits().await?.into_iter();
        let different: std::collections::BTreeSet<String> =
            hits.map(|hit| super::as_seen(hit.params)).collect();
        Ok(different.len() as u64)
    }
}

#[tokio::test]
async fn a_container_that_is_stopped_within_its_grace_leaves_a_backfill_that_goes_on_without_a_doubt()
-> Result<()> {
    let test = "a_container_that_is_stopped_within_its_grace_leaves_a_backfill_that_goes_on_without_a_doubt";
    let Some(setup) = setup(test).await? else {
        return Ok(());
    };
    setup
        .engine
        .docker(&["stop", "--time", "30", &setup.container()?])?;

    let left = ["paused", "failed", "cancelled"];
    let run = setup.plane.run_in(&setup.run, &left, WITHIN).await?;
    ensure!(
        run["state"] == "paused" && adds_up(&run["account"]),
        "{run}"
    );
    ensure!(run["account"]["unknown"] == 0, "{run}");
    let recorded = setup.practice.summary().await?.hits;
    ensure!(run["account"]["accepted"] == recorded, "{run}");
    setup.resume().await?;
    ensure!(setup.ends_whole().await? == 0, "nothing was in doubt");
    Ok(())
}

#[tokio::test]
async fn a_container_that_is_paused_for_a_while_goes_on_with_its_backfill() -> Result<()> {
    let test = "a_container_that_is_paused_for_a_while_goes_on_with_its_backfill";
    let Some(setup) = setup(test).await? else {
        return Ok(());
    };
    let container = setup.container()?;
    setup.engine.docker(&["pause", &container])?;
    // What was under way is answered while nobody listens; how long that lasts is what is tested.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let still = setup.practice.summary().await?.hits;
    let run = setup.plane.run(&setup.run).await?;
    ensure!(run["state"] == "running", "{run}");
    setup.engine.docker(&["unpause", &container])?;
    setup.hits(50).await?;
    ensure!(still < setup.practice.summary().await?.hits, "it goes on");
    ensure!(setup.ends_whole().await? == 0, "nothing was in doubt");
    let run = setup.plane.run(&setup.run).await?;
    ensure!(run["attempt"] == 1, "{run}");
    Ok(())
}

#[tokio::test]
async fn an_engine_that_is_restarted_under_a_backfill_pauses_it_and_it_goes_on_without_a_doubt()
-> Result<()> {
    let test =
        "an_engine_that_is_restarted_under_a_backfill_pauses_it_and_it_goes_on_without_a_doubt";
    let Some(setup) = setup(test).await? else {
        return Ok(());
    };
    setup.engine.stop()?;
    setup.engine.start_again()?;
    let run = setup.plane.run_in(&setup.run, &["paused"], WITHIN).await?;
    ensure!(adds_up(&run["account"]), "{run}");
    setup.resume().await?;
    ensure!(setup.ends_whole().await? == 0, "nothing was in doubt");
    Ok(())
}

#[tokio::test]
async fn an_engine_that_is_lost_with_its_containers_leaves_a_backfill_that_is_resumed_without_a_double()
-> Result<()> {
    let test = "an_engine_that_is_lost_with_its_containers_leaves_a_backfill_that_is_resumed_without_a_double";
    let Some(setup) = setup(test).await? else {
        return Ok(());
    };
    setup.engine.lose()?;
    setup.engine.start_again()?;
    let run = setup
        .plane
        .run_in(&setup.run, &["failed", "lost"], WITHIN)
        .await?;
    ensure!(run["doubt"]["hits"].is_u64(), "{run}");
    setup.resume().await?;
    let unknown = setup.ends_whole().await?;
    ensure!(unknown <= 4 * 20, "{unknown} are more than were in flight");
    Ok(())
}

#[tokio::test]
async fn a_volume_that_is_full_ends_a_backfill_with_its_cause_and_it_goes_on_when_there_is_room()
-> Result<()> {
    let test =
        "a_volume_that_is_full_ends_a_backfill_with_its_cause_and_it_goes_on_when_there_is_room";
    let Some(engine) = OwnEngine::start(test, &[])? else {
        return Ok(());
    };
    engine.give_volumes("512k")?;
    let setup = begun(engine).await?;
    setup.engine.fill_volumes()?;

    let run = setup.plane.run_in(&setup.run, &["failed"], WITHIN).await?;
    let reason = run["outcome_reason"].as_str().unwrap_or_default();
    ensure!(reason.contains("No space left"), "{run}");
    ensure!(adds_up(&run["account"]), "{run}");
    setup.engine.relieve_volumes()?;
    setup.resume().await?;
    let unknown = setup.ends_whole().await?;
    ensure!(unknown <= 4 * 20, "{unknown} are more than were in flight");
    Ok(())
}
