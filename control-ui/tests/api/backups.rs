//! The program's backups and its stop, as an operator sees them.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{KEY, Serving, client, program, said};

#[actix_web::test]
async fn a_backup_is_made_under_a_running_control_plane_and_restored_into_another_folder() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let file = data.path().join("copy.backup");
    let back_up = || {
        let mut command = program(data.path(), "127.0.0.1:0");
        command.arg("backup").arg(&file).output().unwrap()
    };
    let made = back_up();
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("tokens are not in it"));
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = back_up();
    assert!(!again.status.success(), "nothing is overwritten");

    let restore = |data: &std::path::Path| {
        let mut command = program(data, "127.0.0.1:0");
        command.arg("restore").arg(&file).output().unwrap()
    };
    let refused = restore(data.path());
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("another control plane"),
        "{}",
        said(&refused)
    );
    let other = tempfile::tempdir().unwrap();
    let restored = restore(other.path());
    assert!(restored.status.success(), "{}", said(&restored));
    let entries = audited(&serving).await;
    assert_eq!(entries[0]["action"], "backup.make");
    assert_eq!(entries[0]["detail"], "without secrets");
    let who = entries[0]["who"].as_str().unwrap();
    assert!(who.starts_with("the command line"), "{who}");
    serving.stop();
    let serving = Serving::start(other.path());
    let entries = audited(&serving).await;
    let restored = entries.iter().find(|it| it["action"] == "backup.restore");
    let detail = restored.unwrap()["detail"].as_str().unwrap();
    assert!(detail.contains("restored a database"), "{detail}");
    serving.stop();

    let piped = program(other.path(), "127.0.0.1:0")
        .args(["backup", "-"])
        .output()
        .unwrap();
    assert!(piped.status.success(), "{}", said(&piped));
    let mut restoring = program(data.path(), "127.0.0.1:0")
        .args(["restore", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut restoring.stdin.take().unwrap(), &piped.stdout).unwrap();
    let mut told = String::new();
    restoring
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert!(restoring.wait().unwrap().success());
    assert!(told.contains("the previous database is"), "{told}");
}

/// The audit list, newest first.
async fn audited(serving: &Serving) -> Vec<Value> {
    let request = client().get(format!("{}/api/audit", serving.address));
    let answer = request.header("X-API-Key", KEY).send().await.unwrap();
    let list: Value = answer.json().await.unwrap();
    list["entries"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn it_ends_within_five_seconds_of_being_told_although_streams_are_open() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let mut streams = Vec::new();
    for _ in 0..3 {
        let request = client().get(format!("{}/api/events", serving.address));
        let mut stream = request.header("X-API-Key", KEY).send().await.unwrap();
        assert!(stream.chunk().await.unwrap().is_some());
        streams.push(stream);
    }
    let told = Instant::now();
    serving.stop();
    assert!(
        told.elapsed() < Duration::from_secs(5),
        "{:?}",
        told.elapsed()
    );
}

#[actix_web::test]
async fn an_engine_that_takes_connections_and_never_answers_does_not_hold_up_the_page() {
    let data = tempfile::tempdir().unwrap();
    let socket = data.path().join("silent.sock");
    let _silent = UnixListener::bind(&socket).unwrap();
    let mut command = program(data.path(), "127.0.0.1:0");
    command
        .env("ORCHESTRATOR", "docker")
        .env("DOCKER_HOST", format!("unix://{}", socket.display()));
    let serving = Serving::start_as(command);
    for _ in 0..3 {
        let asked = Instant::now();
        let request = client().get(format!("{}/api/status", serving.address));
        let status: Value = request
            .header("X-API-Key", KEY)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "{:?}",
            asked.elapsed()
        );
        assert_eq!(status["orchestrator"]["ready"], false);
    }
    serving.stop();
}
