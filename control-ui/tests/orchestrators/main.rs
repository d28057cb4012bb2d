//! What every orchestrator promises, checked against Docker, processes and the fake.
//!
//! Docker and processes run the real loader (build it with `cargo build -p loader`). Without Docker its part is left out, unless
//! `CI=true` says that it must be there.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod contract;
mod setup;

use std::sync::Arc;

use contract::Bench;
use control_ui::orchestrator::{Change, Happened, Orchestrator};
use futures_util::StreamExt;

macro_rules! contract {
    ($($promise:ident)+) => {
        mod processes { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let bench = super::setup::processes();
                super::contract::$promise(&bench).await;
            }
        )+ }
        mod fake { $(
            #[tokio::test]
            async fn $promise() {
                super::contract::$promise(&super::setup::fake()).await;
            }
        )+ }
        mod docker { $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let Some(bench) = super::setup::docker().await else {
                    return;
                };
                super::contract::$promise(&bench).await;
            }
        )+ }
    };
}

contract! {
    it_is_ready
    a_loader_runs_reports_stops_and_is_removed
    starting_one_attempt_many_times_starts_one_loader
    loaders_that_share_a_run_are_started_stopped_and_seen_apart
    a_killed_loader_ends_without_a_last_word
    loaders_outlive_the_control_plane
    loaders_of_others_are_left_alone
    a_running_loader_is_not_removed
    names_that_are_no_names_of_loaders_are_refused
    a_command_is_run_to_its_end_and_leaves_nothing
    a_command_that_takes_too_long_is_ended
    what_commands_of_a_dead_control_plane_left_is_swept
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_is_closed_and_its_secret_is_nowhere_but_in_the_file_that_it_deletes() {
    let Some(bench) = setup::docker().await else {
        return;
    };
    let Bench { orchestrator, .. } = &bench;
    let request = contract::request(Some(setup::CANARY));
    let loader = orchestrator.start(request.clone()).await.unwrap();
    contract::first_progress(orchestrator.as_ref(), &loader).await;
    let inspected = setup::docker_command(&["inspect", &loader.0]);
    assert!(!inspected.contains(setup::CANARY));
    let volume = format!("trafficinator-state-{}", request.run);
    let files = setup::docker_command(&[
        "run",
        "--rm",
        "-v",
        &format!("{volume}:/state"),
        "debian:bookworm-slim",
        "sh",
        "-c",
        "ls /state; cat /state/*",
    ]);
    assert!(files.contains("run.json"), "{files}");
    assert!(!files.contains("secrets.json"), "{files}");
    assert!(!files.contains(setup::CANARY));
    let value: serde_json::Value = serde_json::from_str(&inspected).unwrap();
    let host = &value[0]["HostConfig"];
    assert_eq!(host["ReadonlyRootfs"], true);
    assert_eq!(host["CapDrop"], serde_json::json!(["ALL"]));
    assert_eq!(
        host["SecurityOpt"],
        serde_json::json!(["no-new-privileges:true"])
    );
    assert_eq!(host["Memory"], 512 * 1024 * 1024);
    assert_eq!(host["PidsLimit"], 256);
    assert_eq!(host["RestartPolicy"]["Name"], "no");
    assert_eq!(host["LogConfig"]["Config"]["max-size"], "10m");
    assert!(host["Binds"].is_null() || host["Binds"] == serde_json::json!([]));
    assert_eq!(value[0]["Config"]["User"], "65532:65532");
    contract::put_away(orchestrator.as_ref(), &loader, &request.run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_tells_at_once_of_own_loaders_alone_and_of_what_was_missed() {
    let Some(bench) = setup::docker().await else {
        return;
    };
    let since = chrono::Utc::now();
    let listen = async |orchestrator: &Arc<dyn Orchestrator>, loaders: usize| {
        let changes = orchestrator.changes(since).await.unwrap();
        let changes = changes.map(Result::unwrap).take(2 * loaders).collect();
        let told: Vec<Change> = tokio::time::timeout(contract::PATIENCE, changes)
            .await
            .expect("they are told in time");
        told.into_iter()
            .map(|change| (change.loader, change.what))
            .collect::<Vec<_>>()
    };
    let (own, strange) = (contract::request(None), contract::request(None));
    let live = async {
        let loader = bench.orchestrator.start(own.clone()).await.unwrap();
        // A command is no loader.
        bench
            .orchestrator
            .once(contract::command(None))
            .await
            .unwrap();
        bench.orchestrator.kill(&loader).await.unwrap();
        loader
    };
    let stranger = async {
        let loader = bench.stranger.start(strange.clone()).await.unwrap();
        bench.stranger.kill(&loader).await.unwrap();
        loader
    };
    let (heard, loader, foreign) = tokio::join!(listen(&bench.orchestrator, 1), live, stranger);
    let expected = [
        (loader.clone(), Happened::Started),
        (loader.clone(), Happened::Ended),
    ];
    assert_eq!(heard, expected);
    assert_eq!(
        listen(&bench.restarted, 1).await,
        expected,
        "what was missed"
    );
    contract::put_away(bench.orchestrator.as_ref(), &loader, &own.run).await;
    contract::put_away(bench.stranger.as_ref(), &foreign, &strange.run).await;
}

#[test]
fn a_loader_of_the_process_orchestrator_is_not_in_our_process_group() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let bench = setup::processes();
        let orchestrator = bench.orchestrator.as_ref();
        let request = contract::request(Some(setup::CANARY));
        let loader = orchestrator.start(request.clone()).await.unwrap();
        contract::first_progress(orchestrator, &loader).await;
        let pid = setup::pid_of(request.run.as_str()).expect("a loader runs");
        let group = nix::unistd::getpgid(Some(pid)).unwrap();
        assert_eq!(group, pid);
        let about = format!("/proc/{pid}");
        for file in ["cmdline", "environ"] {
            let text = std::fs::read(format!("{about}/{file}")).unwrap();
            let text = String::from_utf8_lossy(&text).into_owned();
            assert!(!text.contains(setup::CANARY), "{file}");
        }
        contract::put_away(orchestrator, &loader, &request.run).await;
    });
}
