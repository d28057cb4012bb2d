//! The engine comes and goes under a run: what the page shows is right again soon after.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::control::{ControlPlane, Settings};
use harness::docker::{LOADER_IMAGE, Network, container_of, docker, engine};
use harness::door::{Door, Instead};
use harness::practice::Practice;
use serde_json::{Value, json};

use crate::runs::{adds_up, full_run, short};

const WITHIN: Duration = Duration::from_secs(120);

/// How soon after the engine is back the state must be right.
const SOON: Duration = Duration::from_secs(5);

/// Times that the socket is cut.
const CUTS: u64 = 50;

struct Setup {
    plane: ControlPlane,
    door: Door,
    practice: Practice,
    run: String,
    // Last, so that the container goes before its network.
    _network: Network,
    _folder: tempfile::TempDir,
}

/// A control plane that reaches the engine through a door, and a run.
async fn setup(name: &str) -> Result<Setup> {
    setup_with(name, None).await
}

/// The same, with something instead of something else in what the engine is asked.
async fn setup_with(name: &str, instead: Option<Instead>) -> Result<Setup> {
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("engine.sock");
    let door = Door::open_with(&socket, Path::new("/var/run/docker.sock"), instead)?;
    let network = Network::with_practice_target(name)?;
    let practice = Practice::at(&network.ledger)?;
    let settings = Settings {
        data: folder.path().join("data"),
        orchestrator: "docker",
        environment: vec![
            ("LOADER_IMAGE".into(), LOADER_IMAGE.into()),
            ("LOADER_NETWORK".into(), network.name.clone()),
            ("DOCKER_HOST".into(), format!("unix://{}", socket.display())),
        ],
    };
    std::fs::create_dir_all(&settings.data)?;
    let plane = ControlPlane::start(settings).await?;
    let config = short(network.url(), "beacon", 1_000_000);
    let run = plane.start_run(&full_run(&config, network.host())).await?;
    harness::until("the run reports", WITHIN, || async {
        let run = plane.run(&run).await?;
        ensure!(run["state"] != "failed", "{run}");
        Ok((20 < accepted(&run)).then_some(()))
    })
    .await?;
    Ok(Setup {
        plane,
        door,
        practice,
        run,
        _network: network,
        _folder: folder,
    })
}

fn seq(run: &Value) -> u64 {
    run["report_seq"].as_u64().unwrap_or(0)
}

fn accepted(run: &Value) -> u64 {
    run["account"]["accepted"].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn a_socket_that_is_cut_fifty_times_leaves_the_state_right_within_five_seconds() -> Result<()>
{
    if !engine("a_socket_that_is_cut_fifty_times_leaves_the_state_right_within_five_seconds")? {
        return Ok(());
    }
    let mut setup = setup("cuts").await?;
    let mut cut = 0;
    for n in 0..CUTS {
        cut += setup.door.shut().await;
        // From a short break to one in which the control plane tries in vain.
        tokio::time::sleep(Duration::from_millis(n * 7 % 350)).await;
        let counted = setup.practice.summary().await?.hits;
        setup.door.reopen()?;
        harness::until("the run is told right again", SOON, || async {
            let run = setup.plane.run(&setup.run).await?;
            ensure!(run["state"] == "running", "after cut {n}: {run}");
            Ok((counted <= accepted(&run)).then_some(()))
        })
        .await
        .with_context(|| format!("after cut {n}"))?;
    }
    ensure!(
        usize::try_from(CUTS)? <= cut,
        "each cut hit a connection: {cut}"
    );

    setup
        .plane
        .post(&format!("/api/runs/{}/stop", setup.run), &json!({}))
        .await?;
    let run = setup
        .plane
        .run_in(&setup.run, &["cancelled"], WITHIN)
        .await?;
    ensure!(adds_up(&run["account"]), "{run}");
    ensure!(
        accepted(&run) == setup.practice.summary().await?.hits,
        "no line was missed at the end: {run}"
    );
    Ok(())
}

/// A log that keeps some three lines, instead of some ten thousand.
const TINY_LOG: Instead = [br#""max-size":"10m""#, br#""max-size":"01k""#];

#[tokio::test]
async fn lines_that_the_engine_rotated_away_are_told_by_number_and_cost_no_hit() -> Result<()> {
    if !engine("lines_that_the_engine_rotated_away_are_told_by_number_and_cost_no_hit")? {
        return Ok(());
    }
    let setup = setup_with("rotation", Some(TINY_LOG)).await?;
    let kept = docker(&[
        "inspect",
        "--format",
        "{{json .HostConfig.LogConfig.Config}}",
        &container_of(&setup.run)?,
    ])?;
    ensure!(kept.contains(r#""max-size":"01k""#), "{kept}");
    let first = harness::until("the log was rotated many times", WITHIN, || async {
        let run = setup.plane.run(&setup.run).await?;
        ensure!(run["state"] == "running", "{run}");
        Ok((15 < seq(&run)).then_some(seq(&run)))
    })
    .await?;
    let plane = setup.plane.kill_and_start_again().await?;
    let (lines, log) = harness::until("the run is followed again", SOON, || async {
        if seq(&plane.run(&setup.run).await?) <= first {
            return Ok(None);
        }
        let log = plane.get(&format!("/api/runs/{}/logs", setup.run)).await?;
        let said = log["missing"].as_str().unwrap_or_default();
        let lines = said.split_once(" lines of the loader's report are missing");
        Ok(lines.and_then(|(lines, _)| Some((lines.parse::<u64>().ok()?, log.clone()))))
    })
    .await?;
    ensure!(first / 2 < lines && lines <= first, "of {first}: {log}");
    let words = format!("{lines} lines of the loader's report are missing");
    ensure!(
        log["lines"].to_string().contains(&words) && Some(lines) <= log["skipped"].as_u64(),
        "{log}"
    );

    plane
        .post(&format!("/api/runs/{}/stop", setup.run), &json!({}))
        .await?;
    let run = plane.run_in(&setup.run, &["cancelled"], WITHIN).await?;
    ensure!(adds_up(&run["account"]), "{run}");
    ensure!(
        accepted(&run) == setup.practice.summary().await?.hits,
        "{run}"
    );
    Ok(())
}

#[tokio::test]
async fn a_loader_that_dies_while_the_engine_is_away_is_told_soon_after_and_may_be_resumed()
-> Result<()> {
    if !engine("a_loader_that_dies_while_the_engine_is_away_is_told_soon_after_and_may_be_resumed")?
    {
        return Ok(());
    }
    let mut setup = setup("away").await?;
    let container = container_of(&setup.run)?;
    setup.door.shut().await;
    // What an engine without live-restore does to its containers when it is killed.
    docker(&["kill", &container])?;
    ensure!(
        setup.plane.run(&setup.run).await?["state"] == "running",
        "nobody can know yet"
    );
    let asked = std::time::Instant::now();
    let status = setup.plane.get("/api/status").await?;
    ensure!(
        asked.elapsed() < Duration::from_secs(2),
        "an engine that is away does not hold up the page"
    );
    drop(status);
    setup.door.reopen()?;
    let run = setup
        .plane
        .run_in(&setup.run, &["failed", "lost"], SOON)
        .await?;
    let reason = run["outcome_reason"].as_str().unwrap_or_default();
    ensure!(reason.contains("SIGKILL"), "{run}");
    ensure!(run["doubt"]["hits"].is_u64(), "{run}");

    let (status, answer) = setup
        .plane
        .post(&format!("/api/runs/{}/resume", setup.run), &json!({}))
        .await?;
    ensure!(status == 202, "{answer}");
    let before = accepted(&run);
    harness::until("the run goes on", WITHIN, || async {
        let run = setup.plane.run(&setup.run).await?;
        Ok((run["state"] == "running" && before + 20 < accepted(&run)).then_some(()))
    })
    .await?;
    setup
        .plane
        .post(&format!("/api/runs/{}/stop", setup.run), &json!({}))
        .await?;
    setup
        .plane
        .run_in(&setup.run, &["cancelled"], WITHIN)
        .await?;
    Ok(())
}
