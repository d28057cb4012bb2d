//! The image with everything in it: no engine's socket, no rights, any user, and runs that outlive its restarts.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::control::{API_KEY, ControlPlane};
use harness::docker::{Network, docker, engine, logs};
use harness::practice::Practice;
use serde_json::Value;

use crate::runs::{account_equals_ledger, adds_up, full_run, short};

/// `scripts/test-rust` builds it before the tests run.
const IMAGE: &str = "trafficinator-all-in-one:local";

const WITHIN: Duration = Duration::from_secs(120);

/// Starts the container as the strictest host would, with a user that no image knows.
fn start(network: &Network, name: &str, volume: &str) -> Result<()> {
    let arguments = [
        "run --detach --read-only --cap-drop ALL --security-opt no-new-privileges --user 12345:54321",
        "--memory 256m --pids-limit 128 --publish 127.0.0.1::8000",
        &format!(
            "--network {} --name {name} --volume {volume}:/data",
            network.name
        ),
        &format!("--env CONTROL_UI_API_KEY={API_KEY} {IMAGE}"),
    ];
    let arguments = arguments.join(" ");
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    docker(&arguments).map(drop)
}

/// A volume that goes when its handle does; made before the network, so that the containers go first.
struct Volume(String);

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = docker(&["volume", "rm", "--force", &self.0]); // Never made: nothing to do.
    }
}

async fn plane_in(container: &str) -> Result<ControlPlane> {
    let port = docker(&["port", container, "8000/tcp"])?;
    let address = port.lines().next().context("the port is published")?;
    ControlPlane::at(format!("http://{address}")).await
}

fn accepted(run: &Value) -> u64 {
    run["account"]["accepted"].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn any_user_runs_it_without_rights_and_a_run_goes_on_after_a_restart_of_its_container()
-> Result<()> {
    let test = "any_user_runs_it_without_rights_and_a_run_goes_on_after_a_restart_of_its_container";
    if !engine(test)? {
        return Ok(());
    }
    let volume = Volume(format!("trafficinator-test-data-{}", std::process::id()));
    let network = Network::with_practice_target("all-in-one")?;
    let practice = Practice::at(&network.ledger)?;
    let name = format!("{}-all-in-one", network.name);
    start(&network, &name, &volume.0)?;
    let plane = plane_in(&name).await?;
    let whole = plane
        .start_run(&full_run(
            &short(network.url(), "beacon", 200),
            network.host(),
        ))
        .await?;
    let ended = plane
        .run_in(&whole, &["succeeded", "failed", "lost"], WITHIN)
        .await?;
    ensure!(ended["state"] == "succeeded", "{ended}");
    account_equals_ledger(&ended["account"], &practice).await?;

    let id = plane
        .start_run(&full_run(
            &short(network.url(), "beacon", 100_000),
            network.host(),
        ))
        .await?;
    let before = harness::until("hits are accepted", WITHIN, || async {
        let accepted = accepted(&plane.run(&id).await?);
        Ok((50 < accepted).then_some(accepted))
    })
    .await?;
    docker(&["stop", &name])?;
    docker(&["start", &name])?;
    let plane = plane_in(&name).await?;
    let run = harness::until("the run goes on by itself", WITHIN, || async {
        let run = plane.run(&id).await?;
        Ok((run["attempt"] == 2 && before + 100 < accepted(&run)).then_some(run))
    })
    .await?;

    ensure!(adds_up(&run["account"]), "{run}");
    ensure!(
        run["account"]["unknown"] == 0,
        "a stop leaves no doubt: {run}"
    );
    ensure!(!logs(&name)?.contains(API_KEY), "the key is not in the log");
    Ok(())
}
