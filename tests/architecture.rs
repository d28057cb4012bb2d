//! The rules of the house that a reader of `ARCHITECTURE.md` relies on, held by tests instead of by good will.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use harness::process::workspace;

/// The most lines that a source file may have.
const LINES_MAX: usize = 400;

/// Which crates of ours a crate may know. A crate that is not named here is a finding too.
const ARROWS: [(&str, &[&str]); 8] = [
    ("config", &[]),
    ("tracking", &[]),
    ("run-report", &[]),
    ("demo-matomo", &[]),
    ("simulation", &["config", "tracking"]),
    (
        "loader",
        &["config", "simulation", "tracking", "run-report"],
    ),
    (
        "control-ui",
        &["config", "run-report", "tracking", "simulation"],
    ),
    (
        "system-tests",
        &[
            "config",
            "run-report",
            "tracking",
            "simulation",
            "loader",
            "control-ui",
        ],
    ),
];

/// Libraries that only one place may touch, so that the rest does not come to depend on them.
const CONFINED: [(&str, &[&str]); 3] = [
    ("bollard", &["control-ui/src/orchestrator/docker"]),
    ("rusqlite", &["control-ui/src/store"]),
    ("tokio", &["loader", "control-ui", "demo-matomo", "tests"]),
];

fn metadata() -> cargo_metadata::Metadata {
    cargo_metadata::MetadataCommand::new()
        .manifest_path(workspace().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace")
}

#[test]
fn crates_know_only_the_crates_that_the_design_allows() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(name, arrows)| (*name, arrows.iter().copied().collect()))
        .collect();
    for package in &metadata.packages {
        let arrows = allowed.get(package.name.as_str());
        assert!(
            arrows.is_some(),
            "{} is not drawn in the architecture",
            package.name
        );
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if ours.contains(name) {
                assert!(
                    arrows.is_some_and(|arrows| arrows.contains(name)),
                    "{} must not know {name}",
                    package.name
                );
            }
        }
    }
}

#[test]
fn pure_crates_bring_no_runtime_and_no_network() {
    let banned = [
        "tokio",
        "reqwest",
        "actix-web",
        "bollard",
        "rusqlite",
        "nix",
    ];
    for package in metadata().packages {
        if package.manifest_path.as_str().contains("/crates/") {
            for dependency in &package.dependencies {
                assert!(
                    !banned.contains(&dependency.name.as_str()),
                    "{} must stay pure, but depends on {}",
                    package.name,
                    dependency.name
                );
            }
        }
    }
}

#[test]
fn pure_crates_read_no_clock_no_environment_and_no_files() {
    let banned = [
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "Instant::now",
        "std::env::var",
        "env::vars",
        "std::fs::",
        "rand::rng(",
        "thread_rng",
        "std::net::TcpStream",
    ];
    for file in sources(&["rs"]) {
        let shown = relative(&file);
        let production =
            shown.starts_with("crates/") && shown.contains("/src/") && !is_test(&shown);
        if production {
            let text = without_tests(&read(&file));
            for word in banned {
                assert!(
                    !text.contains(word),
                    "{shown} must stay pure, but says {word}"
                );
            }
        }
    }
}

#[test]
fn libraries_with_one_place_stay_in_it() {
    for file in sources(&["rs"]) {
        let shown = relative(&file);
        let text = read(&file);
        for (library, places) in CONFINED {
            let uses = text.contains(&format!("{library}::"));
            let at_home = places.iter().any(|place| shown.starts_with(place));
            assert!(
                !uses || at_home || shown.contains("/tests/"),
                "{shown} must not use {library}"
            );
        }
    }
}

#[test]
fn parameter_names_of_matomo_occur_in_tracking_alone() {
    let names = [
        "\"action_name\"",
        "\"ec_items\"",
        "\"pv_id\"",
        "\"urlref\"",
        "\"e_c\"",
        "&ec_id=",
        "&cdt=",
    ];
    for file in sources(&["rs"]) {
        let shown = relative(&file);
        let elsewhere = shown.starts_with("loader/src")
            || shown.starts_with("control-ui/src")
            || shown.starts_with("crates/simulation/src")
            || shown.starts_with("crates/config/src");
        if elsewhere && !is_test(&shown) {
            let text = without_tests(&read(&file));
            for name in names {
                assert!(
                    !text.contains(name),
                    "{shown} speaks Matomo's words: {name}"
                );
            }
        }
    }
}

#[test]
fn source_files_stay_short() {
    let mut long = Vec::new();
    for file in sources(&["rs", "ts", "tsx", "css"]) {
        let lines = read(&file).lines().count();
        let shown = relative(&file);
        let generated = shown.ends_with("schema.ts") || shown.contains("/data/");
        if LINES_MAX < lines && !generated {
            long.push(format!("{shown}: {lines} lines"));
        }
    }
    assert!(
        long.is_empty(),
        "over {LINES_MAX} lines, split them: {long:#?}"
    );
}

#[test]
fn each_rust_file_says_what_it_is_for() {
    for file in sources(&["rs"]) {
        let text = read(&file);
        let shown = relative(&file);
        assert!(
            is_test(&shown) || text.starts_with("//!"),
            "{shown} opens without a word on its purpose"
        );
    }
}

#[test]
fn paths_named_in_the_documents_exist() {
    let folders = [
        "crates/",
        "loader/",
        "control-ui/",
        "demo-matomo/",
        "presets/",
        "tests/",
        "docs/",
        "scripts/",
    ];
    let mut missing = Vec::new();
    for file in sources(&["md"]) {
        for path in read(&file).split('`').skip(1).step_by(2) {
            let plain = path
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            let named = plain && folders.iter().any(|folder| path.starts_with(folder));
            if named && !workspace().join(path).exists() {
                missing.push(format!("{} names {path}", relative(&file)));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

fn sources(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![workspace().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the workspace can be read") {
            let path = entry.expect("an entry of the workspace can be read").path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if path.is_dir() {
                if !name.starts_with('.')
                    && !["target", "node_modules", "dist", "data"].contains(&name)
                {
                    folders.push(path);
                }
            } else if endings
                .iter()
                .any(|ending| name.ends_with(&format!(".{ending}")))
            {
                found.push(path);
            }
        }
    }
    assert!(
        !found.is_empty(),
        "the workspace holds files ending in {endings:?}"
    );
    found
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a source file can be read")
}

fn relative(file: &Path) -> String {
    file.strip_prefix(workspace())
        .unwrap_or(file)
        .display()
        .to_string()
}

fn is_test(shown: &str) -> bool {
    shown.contains("/tests/") || shown.ends_with("tests.rs") || shown.contains("/benches/")
}

fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .to_owned()
}
