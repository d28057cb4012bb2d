//! The orchestrators that are checked.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

use control_ui::orchestrator::docker::Containers;
use control_ui::orchestrator::fake::Fake;
use control_ui::orchestrator::process::Processes;
use nix::unistd::Pid;
use uuid::Uuid;

use crate::contract::Bench;

/// A token that must be found nowhere.
pub(crate) const CANARY: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";

/// Image for the loader of this build.
const IMAGE: &str = "trafficinator-contract-test:latest";

/// The loader of the same build as this test.
fn loader_bin() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let loader = test
        .ancestors()
        .nth(2)
        .expect("target/PROFILE")
        .join("loader");
    assert!(
        loader.is_file(),
        "build the loader first: cargo build -p loader"
    );
    loader
}

pub(crate) fn fake() -> Bench {
    let fake = Fake::talkative();
    Bench {
        orchestrator: Arc::new(fake.clone()),
        restarted: Arc::new(fake),
        stranger: Arc::new(Fake::talkative()),
        left_by_commands: Box::new(Vec::new),
        _folders: Vec::new(),
    }
}

pub(crate) fn processes() -> Bench {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let on = |folder: &tempfile::TempDir| {
        Arc::new(Processes::new(loader_bin(), folder.path().join("loaders")))
    };
    let once = folders[0].path().join("loaders/once");
    Bench {
        orchestrator: on(&folders[0]),
        restarted: on(&folders[0]),
        stranger: on(&folders[1]),
        left_by_commands: Box::new(move || names_in(&once)),
        _folders: folders.into(),
    }
}

/// `None` when there is no Docker and need not be.
pub(crate) async fn docker() -> Option<Bench> {
    let there = Command::new("docker").arg("info").output();
    if !there.is_ok_and(|answer| answer.status.success()) {
        let needed = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!needed, "CI=true and there is no Docker");
        let _ = writeln!(std::io::stderr(), "left out: there is no Docker here");
        return None;
    }
    LazyLock::force(&IMAGE_BUILT);
    let on = |instance: &str| Arc::new(Containers::new(instance.to_owned(), IMAGE.into(), None));
    let (instance, other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    Some(Bench {
        orchestrator: on(&instance),
        restarted: on(&instance),
        stranger: on(&other),
        left_by_commands: Box::new(move || containers_of(&instance)),
        _folders: Vec::new(),
    })
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().display().to_string())
        .collect()
}

/// The containers of commands of this control plane.
fn containers_of(instance: &str) -> Vec<String> {
    let instance = format!("label=io.trafficinator.instance={instance}");
    let words = ["ps", "-aq", "--filter", "label=io.trafficinator.once"];
    let words = words.into_iter().chain(["--filter", &instance]);
    let found = docker_command(&words.collect::<Vec<_>>());
    found.lines().map(str::to_owned).collect()
}

/// The loader on a base with the C library that it was linked to.
static IMAGE_BUILT: LazyLock<()> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(loader_bin(), folder.path().join("loader")).unwrap();
    let dockerfile = "FROM debian:bookworm-slim\n\
        RUN install -d -o 65532 -g 65532 /state\n\
        COPY loader /loader\n\
        ENTRYPOINT [\"/loader\"]\n";
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
    docker_command(&[
        "build",
        "-q",
        "-t",
        IMAGE,
        &folder.path().display().to_string(),
    ]);
});

pub(crate) fn docker_command(words: &[&str]) -> String {
    let answer = Command::new("docker").args(words).output().unwrap();
    assert!(answer.status.success(), "{words:?}: {answer:?}");
    String::from_utf8(answer.stdout).unwrap()
}

/// The process whose command line has `word` in it.
pub(crate) fn pid_of(word: &str) -> Option<Pid> {
    let processes = std::fs::read_dir("/proc").unwrap();
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .find(|pid: &i32| {
            std::fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(word))
        })
        .map(Pid::from_raw)
}
