//! The account of a run and the ledger of the target say the same, to the hit.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod practice;

use practice::{CANARY, Loader, Target, quick};
use serde_json::json;

fn run_300_visits(method: &str) {
    let target = Target::start(&[]);
    let mut config = quick(&target, 300);
    config["delivery"]["method"] = json!(method);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let finished = ended.finished();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert_eq!(finished.visits.started, 300);
    assert_eq!(finished.visits.finished, 300);
    assert_eq!(
        finished.account.accepted, finished.account.planned,
        "{finished:?}"
    );
    assert_eq!(ended.days(), finished.account);
    let summary = target.summary();
    assert_eq!(summary["hits"], finished.account.accepted, "{summary}");
    assert_eq!(summary["requests"], finished.requests);
    assert_eq!(summary["visits"], 300);
    for name in [
        "overlapping",
        "out_of_order",
        "tokens_in_urls",
        "time_disbelieved",
    ] {
        assert_eq!(summary[name], 0, "{name}: {summary}");
    }
    for (kind, hits) in &finished.by_kind {
        assert_eq!(summary["by_kind"][kind], *hits, "{kind}: {summary}");
    }
    let transport = summary["by_transport"][method].as_u64();
    assert_eq!(transport, Some(finished.account.accepted), "{summary}");
}

#[test]
fn three_hundred_visits_by_beacon_are_counted_exactly() {
    run_300_visits("beacon");
}

#[test]
fn three_hundred_visits_by_get_are_counted_exactly() {
    run_300_visits("get");
}

#[test]
fn three_hundred_visits_by_form_are_counted_exactly() {
    run_300_visits("form");
}

#[test]
fn three_hundred_visits_in_bulks_are_counted_exactly() {
    run_300_visits("bulk");
}

#[test]
fn a_token_is_proven_used_in_bodies_only_and_shows_up_nowhere() {
    for method in ["beacon", "get", "form", "bulk"] {
        let target = Target::start(&[]);
        let mut config = quick(&target, 40);
        config["delivery"]["method"] = json!(method);
        config["audience"]["countries"] = json!("on");
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().to_owned();
        std::fs::write(path.join("run.json"), config.to_string()).unwrap();
        let secrets = json!({"targets": [{"token_auth": CANARY}]});
        std::fs::write(path.join("secrets.json"), secrets.to_string()).unwrap();
        let options = [
            "--secrets",
            "secrets.json",
            "--state",
            "state",
            "--confirm-target",
            target.host(),
        ];
        let ended = Loader::start_in(directory, &options).wait();
        let finished = ended.finished();
        assert_eq!(
            finished.account.accepted, finished.account.planned,
            "{}",
            ended.report
        );
        let summary = target.summary();
        assert_eq!(
            summary["hits"], finished.account.accepted,
            "{method}: {summary}"
        );
        assert_eq!(summary["tokens_in_urls"], 0);
        let hits = target.hits();
        assert!(
            hits.iter().all(|hit| hit["params"]["cip"].is_string()),
            "{method}"
        );
        assert!(
            !path.join("secrets.json").exists(),
            "the secrets file is still there"
        );
        assert_canary_is_nowhere(&path);
    }
}

fn assert_canary_is_nowhere(directory: &std::path::Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_canary_is_nowhere(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes
                .windows(CANARY.len())
                .any(|part| part == CANARY.as_bytes());
            assert!(!found, "the token is in {}", path.display());
        }
    }
}

#[test]
fn a_refused_token_switches_countries_off_or_ends_the_run() {
    let target = Target::start(&["--token-role", "view"]);
    let mut config = quick(&target, 20);
    config["targets"][0]["token_auth"] = json!(CANARY);
    config["audience"]["countries"] = json!("auto");
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    assert_eq!(
        ended.finished().account.accepted,
        ended.finished().account.planned
    );
    assert_eq!(ended.incidents(), ["countries.off"]);
    assert!(!ended.log.contains(CANARY) && !ended.report.contains(CANARY));

    config["audience"]["countries"] = json!("on");
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.finished().account.planned, 0);
    let reason = &ended.finished().reason;
    assert!(reason.contains("write or admin access"), "{reason}");
}

#[test]
fn the_first_heartbeat_knows_the_rate_of_the_plan() {
    let target = Target::start(&[]);
    let mut config = quick(&target, 0);
    config["load"]["visits_per_day"] = json!(8_640);
    let run = Loader::start(&config, &["--confirm-target", target.host()]);
    run.wait_until("a heartbeat", |_| true);
    run.signal(nix::sys::signal::Signal::SIGTERM);
    let ended = run.wait();
    let first = ended.lines.iter().find_map(|line| match &line.event {
        run_report::Event::Progress(progress) => Some(progress.rate.visits_per_s_planned),
        _ => None,
    });
    assert_eq!(first, Some(0.1));
}
