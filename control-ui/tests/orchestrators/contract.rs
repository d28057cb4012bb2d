//! The promises.

use std::sync::Arc;
use std::time::Duration;

use config::Secret;
use control_ui::orchestrator::{
    Ending, LoaderId, LoaderStatus, LogEntry, OnceRequest, Orchestrator, OrchestratorError, Output,
    StartRequest,
};
use control_ui::runs::RunId;
use futures_util::{StreamExt, TryStreamExt};
use run_report::{Event, Line, Outcome};
use serde_json::json;

/// Nothing here takes longer, not even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// An orchestrator to be checked.
pub(crate) struct Bench {
    /// The orchestrator.
    pub(crate) orchestrator: Arc<dyn Orchestrator>,
    /// What a restarted control plane would use.
    pub(crate) restarted: Arc<dyn Orchestrator>,
    /// What another control plane on the same machine would use.
    pub(crate) stranger: Arc<dyn Orchestrator>,
    /// What commands left that are run once.
    pub(crate) left_by_commands: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    /// Deleted in the end.
    pub(crate) _folders: Vec<tempfile::TempDir>,
}

/// A run that goes on until it is stopped: its target refuses connections, which is all the same here.
pub(crate) fn request(token: Option<&str>) -> StartRequest {
    let secrets = token.map(|token| json!({ "targets": [{ "token_auth": token }] }).to_string());
    let config = json!({
        "targets": [{ "url": "http://127.0.0.1:9/matomo.php" }],
        "load": { "visits_per_day": 86_400 },
    });
    StartRequest {
        run: RunId::fresh(),
        attempt: 1,
        shard: 1,
        config: config.to_string(),
        secrets: secrets.map(Secret::from),
        args: ["--seed", "1", "--confirm-target", "127.0.0.1:9"]
            .map(str::to_owned)
            .to_vec(),
        log_level: "info".into(),
    }
}

pub(crate) async fn it_is_ready(bench: &Bench) {
    bench.orchestrator.check().await.unwrap();
}

pub(crate) async fn a_loader_runs_reports_stops_and_is_removed(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let request = request(None);
    let loader = orchestrator.start(request.clone()).await.unwrap();
    assert_eq!(status(orchestrator, &loader).await, LoaderStatus::Running);
    assert!(listed(orchestrator, &request.run).await);
    first_progress(orchestrator, &loader).await;
    assert!(orchestrator.usage(&loader).await.unwrap().is_some());

    orchestrator.stop(&loader, PATIENCE).await.unwrap();
    assert_eq!(status(orchestrator, &loader).await, ended(0));
    assert_eq!(orchestrator.usage(&loader).await.unwrap(), None);
    let written = everything(orchestrator, &loader, None).await;
    let report = report(&written);
    assert!(matches!(report[0].event, Event::Started(_)));
    let numbers: Vec<u64> = report.iter().map(|line| line.seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let Event::Finished(finished) = &report[report.len() - 1].event else {
        panic!("no last word: {report:?}");
    };
    assert_eq!(finished.outcome, Outcome::Stopped);

    let last = written
        .iter()
        .rfind(|entry| entry.output == Output::Standard)
        .unwrap();
    let late = everything(orchestrator, &loader, Some(last.at)).await;
    assert!(late.contains(last), "{late:?}");
    assert!(late.iter().all(|entry| last.at <= entry.at), "{late:?}");

    put_away(orchestrator, &loader, &request.run).await;
    assert!(!listed(orchestrator, &request.run).await);
    assert_eq!(orchestrator.inspect(&loader).await.unwrap(), None);
}

pub(crate) async fn starting_one_attempt_many_times_starts_one_loader(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let request = request(None);
    let loader = orchestrator.start(request.clone()).await.unwrap();
    for _ in 0..3 {
        assert_eq!(orchestrator.start(request.clone()).await.unwrap(), loader);
    }
    let all = orchestrator.list().await.unwrap();
    assert_eq!(all.iter().filter(|l| l.run == request.run).count(), 1);
    orchestrator.kill(&loader).await.unwrap();
    assert_eq!(
        orchestrator.start(request.clone()).await.unwrap(),
        loader,
        "an attempt that ended is not begun again"
    );
    put_away(orchestrator, &loader, &request.run).await;
}

pub(crate) async fn loaders_that_share_a_run_are_started_stopped_and_seen_apart(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let first = StartRequest {
        args: shared("1/2"),
        ..request(None)
    };
    let second = StartRequest {
        shard: 2,
        args: shared("2/2"),
        ..first.clone()
    };
    let one = orchestrator.start(first.clone()).await.unwrap();
    let two = orchestrator.start(second.clone()).await.unwrap();
    assert_ne!(one, two);
    first_progress(orchestrator, &one).await;
    first_progress(orchestrator, &two).await;
    let restarted = bench.restarted.as_ref();
    let mut found = restarted.list().await.unwrap();
    found.retain(|loader| loader.run == first.run);
    found.sort_by_key(|loader| loader.shard);
    let seen: Vec<_> = found.iter().map(|found| (&found.id, found.shard)).collect();
    assert_eq!(seen, [(&one, 1), (&two, 2)]);

    orchestrator.stop(&two, PATIENCE).await.unwrap();
    assert_eq!(status(orchestrator, &one).await, LoaderStatus::Running);
    let again = StartRequest {
        attempt: 2,
        args: [shared("2/2"), vec!["--resume".to_owned()]].concat(),
        ..second.clone()
    };
    let three = orchestrator.start(again).await.unwrap();
    first_progress(orchestrator, &three).await;
    for loader in [&one, &three] {
        orchestrator.kill(loader).await.unwrap();
    }
    for loader in [&one, &two, &three] {
        orchestrator.remove(loader).await.unwrap();
    }
    orchestrator.forget(&first.run).await.unwrap();
    assert!(!listed(orchestrator, &first.run).await);
}

/// Options of a loader that shares its run.
fn shared(shard: &str) -> Vec<String> {
    let mut args = request(None).args;
    args.extend(["--shard".to_owned(), shard.to_owned()]);
    args
}

pub(crate) async fn a_killed_loader_ends_without_a_last_word(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let request = request(None);
    let loader = orchestrator.start(request.clone()).await.unwrap();
    first_progress(orchestrator, &loader).await;
    orchestrator.kill(&loader).await.unwrap();
    within(async || status(orchestrator, &loader).await == ended(137)).await;
    let report = report(&everything(orchestrator, &loader, None).await);
    assert!(
        !report
            .iter()
            .any(|line| matches!(line.event, Event::Finished(_)))
    );
    orchestrator.kill(&loader).await.unwrap();
    orchestrator.stop(&loader, PATIENCE).await.unwrap();
    put_away(orchestrator, &loader, &request.run).await;
}

pub(crate) async fn loaders_outlive_the_control_plane(bench: &Bench) {
    let request = request(None);
    let loader = bench.orchestrator.start(request.clone()).await.unwrap();
    let restarted = bench.restarted.as_ref();
    assert!(listed(restarted, &request.run).await);
    first_progress(restarted, &loader).await;
    restarted.stop(&loader, PATIENCE).await.unwrap();
    assert_ne!(status(restarted, &loader).await, LoaderStatus::Running);
    let report = report(&everything(restarted, &loader, None).await);
    assert!(matches!(report[report.len() - 1].event, Event::Finished(_)));
    put_away(restarted, &loader, &request.run).await;
}

pub(crate) async fn loaders_of_others_are_left_alone(bench: &Bench) {
    let (orchestrator, stranger) = (bench.orchestrator.as_ref(), bench.stranger.as_ref());
    let request = request(None);
    let loader = orchestrator.start(request.clone()).await.unwrap();
    assert!(!listed(stranger, &request.run).await);
    assert_eq!(stranger.inspect(&loader).await.unwrap(), None);
    refused(stranger.stop(&loader, PATIENCE).await);
    refused(stranger.kill(&loader).await);
    refused(stranger.remove(&loader).await);
    refused(stranger.usage(&loader).await);
    refused(stranger.logs(&loader, None, false).await);
    assert_eq!(status(orchestrator, &loader).await, LoaderStatus::Running);
    orchestrator.kill(&loader).await.unwrap();
    put_away(orchestrator, &loader, &request.run).await;
}

pub(crate) async fn a_running_loader_is_not_removed(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let request = request(None);
    let loader = orchestrator.start(request.clone()).await.unwrap();
    let refused = orchestrator.remove(&loader).await;
    assert!(
        matches!(refused, Err(OrchestratorError::Refused(_))),
        "{refused:?}"
    );
    assert_eq!(status(orchestrator, &loader).await, LoaderStatus::Running);
    orchestrator.kill(&loader).await.unwrap();
    put_away(orchestrator, &loader, &request.run).await;
}

pub(crate) async fn names_that_are_no_names_of_loaders_are_refused(bench: &Bench) {
    let run = RunId::fresh();
    for name in [
        "",
        "../../etc/passwd",
        "0123456789ab",
        "x/../y",
        &format!("{run}-1"),
        &format!("{run}-../1"),
    ] {
        let id = LoaderId(name.to_owned());
        assert_eq!(
            bench.orchestrator.inspect(&id).await.unwrap(),
            None,
            "{name}"
        );
        refused(bench.orchestrator.kill(&id).await);
        refused(bench.orchestrator.remove(&id).await);
    }
}

/// A command that ends by itself: the test of a target that refuses connections.
pub(crate) fn command(token: Option<&str>) -> OnceRequest {
    let StartRequest {
        config, secrets, ..
    } = request(token);
    OnceRequest {
        config,
        secrets,
        args: ["probe", "--json"].map(str::to_owned).to_vec(),
        time_limit: PATIENCE,
    }
}

pub(crate) async fn a_command_is_run_to_its_end_and_leaves_nothing(bench: &Bench) {
    let orchestrator = bench.orchestrator.as_ref();
    let before = orchestrator.list().await.unwrap();
    let output = orchestrator.once(command(Some("a-token"))).await.unwrap();
    if orchestrator.whereabouts() != "a loader that a test made up" {
        let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        // In a container the reason is another one.
        assert_eq!(report["steps"][2]["state"], "failed", "{report}");
        assert_eq!(output.exit_code, Some(1), "{output:?}");
    }
    assert_eq!(orchestrator.list().await.unwrap(), before);
    assert_eq!((bench.left_by_commands)(), [""; 0]);
}

/// A command that does not end by itself.
fn endless(time_limit: Duration) -> OnceRequest {
    let StartRequest { config, .. } = request(None);
    OnceRequest {
        config,
        secrets: None,
        args: ["run", "--confirm-target", "127.0.0.1:9"]
            .map(str::to_owned)
            .to_vec(),
        time_limit,
    }
}

pub(crate) async fn a_command_that_takes_too_long_is_ended(bench: &Bench) {
    let output = bench
        .orchestrator
        .once(endless(Duration::from_secs(1)))
        .await;
    if bench.orchestrator.whereabouts() != "a loader that a test made up" {
        assert!(
            matches!(output, Err(OrchestratorError::Unavailable(_))),
            "{output:?}"
        );
    }
    assert_eq!((bench.left_by_commands)(), [""; 0]);
}

pub(crate) async fn what_commands_of_a_dead_control_plane_left_is_swept(bench: &Bench) {
    // Dropped on the way, as when the control plane is killed.
    let command = bench.orchestrator.once(endless(PATIENCE));
    let _ = tokio::time::timeout(Duration::from_secs(3), command).await;
    bench.stranger.sweep().await.unwrap();
    if bench.orchestrator.whereabouts() != "a loader that a test made up" {
        assert_eq!((bench.left_by_commands)().len(), 1);
    }
    bench.restarted.sweep().await.unwrap();
    assert_eq!((bench.left_by_commands)(), [""; 0]);
}

fn refused<T>(result: Result<T, OrchestratorError>) {
    assert!(matches!(result, Err(OrchestratorError::NotFound(_))));
}

fn ended(code: i64) -> LoaderStatus {
    LoaderStatus::Ended(Ending {
        exit_code: Some(code),
        out_of_memory: false,
    })
}

async fn status(orchestrator: &dyn Orchestrator, loader: &LoaderId) -> LoaderStatus {
    orchestrator.inspect(loader).await.unwrap().unwrap().status
}

async fn listed(orchestrator: &dyn Orchestrator, run: &RunId) -> bool {
    let all = orchestrator.list().await.unwrap();
    all.iter()
        .any(|loader| loader.run == *run && loader.attempt == 1)
}

/// Follows a loader until its first heartbeat.
pub(crate) async fn first_progress(orchestrator: &dyn Orchestrator, loader: &LoaderId) {
    let mut lines = orchestrator.logs(loader, None, true).await.unwrap();
    let heartbeat = async {
        let mut seen = Vec::new();
        while let Some(entry) = lines.next().await {
            let entry = entry.unwrap();
            if let Ok(Line {
                event: Event::Progress(_),
                ..
            }) = Line::parse(&entry.text)
            {
                return;
            }
            seen.push(entry.text);
        }
        panic!("no heartbeat: {seen:?}");
    };
    tokio::time::timeout(PATIENCE, heartbeat)
        .await
        .expect("a heartbeat in time");
}

async fn everything(
    orchestrator: &dyn Orchestrator,
    loader: &LoaderId,
    since: Option<chrono::DateTime<chrono::Utc>>,
) -> Vec<LogEntry> {
    let lines = orchestrator.logs(loader, since, false).await.unwrap();
    lines.try_collect().await.unwrap()
}

fn report(written: &[LogEntry]) -> Vec<Line> {
    let standard = written
        .iter()
        .filter(|entry| entry.output == Output::Standard);
    standard
        .map(|entry| Line::parse(&entry.text).unwrap())
        .collect()
}

/// Ends a loader and removes what it leaves.
pub(crate) async fn put_away(orchestrator: &dyn Orchestrator, loader: &LoaderId, run: &RunId) {
    if status(orchestrator, loader).await == LoaderStatus::Running {
        orchestrator.kill(loader).await.unwrap();
    }
    orchestrator.remove(loader).await.unwrap();
    orchestrator.forget(run).await.unwrap();
}

async fn within(condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("it comes true in time");
}
