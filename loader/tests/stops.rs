//! Ends of a run: asked to, by its own guard, by a crash; and what a slow or absent target does to the pace.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod practice;

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use practice::{Loader, Target, quick};
use run_report::{LoaderState, Outcome};
use serde_json::{Value, json};

/// Visits of six seconds, live, without an end of their own.
fn live(target: &Target, visits_per_day: u32) -> Value {
    let mut config = quick(target, 0);
    config["load"]["pacing"] = json!("live");
    config["load"]["visits_per_day"] = json!(visits_per_day);
    config["behaviour"] = json!({"visit_duration_min": 0.1, "visit_duration_max": 0.1});
    config
}

#[test]
fn a_stop_in_mid_run_loses_no_hit_from_the_account() {
    let target = Target::start(&[]);
    let mut config = live(&target, 2_000_000);
    config["delivery"]["grace_seconds"] = json!(2);
    let run = Loader::start(
        &config,
        &["--confirm-target", target.host(), "--state", "state"],
    );
    run.wait_until("a hundred hits", |progress| 100 < progress.account.accepted);
    let asked = Instant::now();
    run.signal(Signal::SIGTERM);
    let ended = run.wait();
    assert!(asked.elapsed().as_secs_f64() < 4.0, "{:?}", asked.elapsed());
    let finished = ended.finished();
    assert_eq!((ended.code, finished.outcome), (Some(0), Outcome::Stopped));
    assert!(0 < finished.account.skipped, "{finished:?}");
    assert_eq!(ended.reason("stop.cut"), finished.account.skipped);
    assert_eq!(target.summary()["hits"], finished.account.accepted);
    assert_eq!(ended.days(), finished.account);
    let visits = finished.visits;
    assert_eq!(
        (visits.open, visits.finished + visits.cut),
        (0, visits.started)
    );
    assert!(0 < visits.cut, "{visits:?}");
    let path = ended.directory.path().join("state/account.json");
    let last: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(last["finished"]["account"], json!(finished.account));
}

/// Live trials that are stopped at moments of their youth, all at the same time; none may linger.
fn stop_young_trials(config: &Value) -> Vec<practice::Ended> {
    let stopped = |after_ms: u64| {
        let run = Loader::start(config, &["--trial", "50"]);
        run.wait_until("the start", |_| true);
        std::thread::sleep(Duration::from_millis(after_ms));
        let asked = Instant::now();
        run.signal(Signal::SIGTERM);
        let ended = run.wait();
        assert!(asked.elapsed().as_secs() < 8, "{:?}", ended.finished());
        ended
    };
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..12)
            .map(|number| scope.spawn(move || stopped(number * 250)))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

#[test]
fn a_young_trial_stops_at_once() {
    let target = Target::start(&[]);
    let config = json!({"targets": [{"url": target.url(), "site_id": 1}]});
    for ended in stop_young_trials(&config) {
        let account = ended.finished().account;
        assert_eq!(account.accepted + account.skipped, account.planned);
    }
}

#[test]
fn a_stop_does_not_wait_for_a_target_that_is_away() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "refuse", "ms": 60_000}]));
    let config = json!({"targets": [{"url": target.url(), "site_id": 1}]});
    let ended = stop_young_trials(&config);
    let went_down = ended
        .iter()
        .filter(|run| run.incidents().contains(&"target.down"));
    assert!(0 < went_down.count(), "no run was old enough");
    for run in &ended {
        let account = run.finished().account;
        assert_eq!(account.failed + account.skipped, account.planned);
    }
}

#[test]
fn a_second_signal_ends_at_once_and_what_is_in_flight_is_unknown() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "hang"}]));
    let config = live(&target, 5_000_000);
    let run = Loader::start(&config, &["--confirm-target", target.host()]);
    run.wait_until("requests in flight", |progress| progress.in_flight == 20);
    let asked = Instant::now();
    run.signal(Signal::SIGINT);
    run.wait_until("the stop", |progress| {
        progress.state == LoaderState::Stopping
    });
    run.signal(Signal::SIGINT);
    let ended = run.wait();
    assert!(asked.elapsed().as_secs() < 10);
    let account = ended.finished().account;
    assert_eq!(account.unknown, 20, "{:?}", ended.finished());
    assert_eq!(account.unknown + account.skipped, account.planned);
    assert_eq!(ended.reason("stop.in_flight"), 20);
}

#[test]
fn a_slow_target_does_not_bend_the_start_of_visits() {
    let started = |slow: bool| {
        let target = Target::start(&[]);
        if slow {
            target.misbehave(json!([{"kind": "delay", "ms": 500}]));
        }
        let mut config = live(&target, 864_000);
        config["load"]["concurrency"] = json!(500);
        config["load"]["stop_after_visits"] = json!(40);
        let ended =
            Loader::start(&config, &["--confirm-target", target.host(), "--seed", "3"]).wait();
        let finished = ended.finished();
        assert_eq!(finished.account.accepted, finished.account.planned);
        (finished.latency_ms.unwrap(), finished.lateness_ms.unwrap())
    };
    let ((fast, _), (slow, lateness)) = (started(false), started(true));
    assert!(fast.p50 < 200.0 && 490.0 < slow.p50, "{fast:?} {slow:?}");
    assert!(lateness.p50 < 100.0, "{lateness:?}");
}

#[test]
fn a_run_that_fails_stops_itself_with_a_reason() {
    let target = Target::start(&["--sites", "2"]);
    let config = live(&target, 5_000_000);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let finished = ended.finished();
    assert_eq!((ended.code, finished.outcome), (Some(3), Outcome::Guard));
    assert!(
        finished.reason.contains("were not accepted"),
        "{}",
        finished.reason
    );
    assert!(50 <= ended.reason("http.400"), "{finished:?}");
    for part in [
        "for example https://",
        "[http.400]",
        "stop_at_error_percent",
    ] {
        assert!(finished.reason.contains(part), "{}", finished.reason);
    }
    assert_eq!(ended.incidents(), ["hits.rejected", "run.guard"]);
}

#[test]
fn refused_hits_of_a_slow_run_are_told_within_seconds() {
    let target = Target::start(&["--sites", "2"]);
    let began = Instant::now();
    let run = Loader::start(&live(&target, 86_400), &["--confirm-target", target.host()]);
    run.wait_until("the reason", |progress| {
        progress
            .reasons
            .iter()
            .any(|reason| reason.code == "http.400" && reason.example.is_some())
    });
    practice::wait_for("the incident", || {
        let report = std::fs::read_to_string(run.path().join("stdout")).unwrap();
        report.contains("hits.rejected").then_some(())
    });
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    run.signal(Signal::SIGTERM);
    run.wait();
}

#[test]
fn a_target_that_does_not_keep_up_is_told_with_its_cause() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "delay", "ms": 300}]));
    let mut config = live(&target, 2_000_000);
    config["load"]["concurrency"] = json!(2);
    config["load"]["stop_at_p95_seconds"] = json!(0);
    config["delivery"]["grace_seconds"] = json!(1);
    let run = Loader::start(&config, &["--confirm-target", target.host()]);
    run.wait_until("the state", |progress| {
        progress.state == LoaderState::Slowed
            && progress
                .detail
                .starts_with("slowed by the server: hits leave")
    });
    practice::wait_for("the incident", || {
        let report = std::fs::read_to_string(run.path().join("stdout")).unwrap();
        report
            .contains("all 2 requests in flight wait")
            .then_some(())
    });
    run.signal(Signal::SIGTERM);
    let ended = run.wait();
    assert_eq!(ended.incidents(), ["guard.latency_off", "target.slow"]);
    assert!(0 < ended.finished().visits.cut, "{:?}", ended.finished());
}

#[test]
fn a_repeated_sigterm_does_not_cut_the_grace() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "delay", "ms": 1_500}]));
    let mut config = live(&target, 1_000_000);
    config["load"]["concurrency"] = json!(200);
    let run = Loader::start(&config, &["--confirm-target", target.host()]);
    run.wait_until("requests in flight", |progress| 10 <= progress.in_flight);
    run.signal(Signal::SIGTERM);
    run.wait_until("the stop", |progress| {
        progress.state == LoaderState::Stopping && progress.detail.contains("still open, at most")
    });
    run.signal(Signal::SIGTERM);
    let ended = run.wait();
    let finished = ended.finished();
    assert_eq!(
        (finished.account.unknown, finished.visits.cut),
        (0, 0),
        "{finished:?}"
    );
    assert_eq!(finished.visits.finished, finished.visits.started);
}

#[test]
fn answers_that_take_too_long_stop_a_run() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "delay", "ms": 400}]));
    let mut config = live(&target, 5_000_000);
    config["load"]["guard_window_seconds"] = json!(3);
    config["load"]["stop_at_p95_seconds"] = json!(0.2);
    config["load"]["concurrency"] = json!(200);
    config["delivery"]["grace_seconds"] = json!(1);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    assert_eq!(ended.code, Some(3), "{:?}", ended.finished());
    assert!(ended.finished().reason.contains("does not keep up"));
    assert!(ended.finished().reason.contains("stop_at_p95_seconds"));
}

#[test]
fn a_target_that_stays_away_is_told_and_ends_the_run() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "refuse", "ms": 60_000}]));
    let mut config = live(&target, 5_000_000);
    config["load"]["guard_window_seconds"] = json!(3);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let finished = ended.finished();
    assert_eq!(ended.code, Some(3), "{finished:?}");
    assert!(finished.reason.contains("down"), "{}", finished.reason);
    assert_eq!(ended.incidents()[0], "target.down");
    assert!(
        finished.reason.contains("nothing listens"),
        "{}",
        finished.reason
    );
    assert_eq!(
        finished.account.failed + finished.account.skipped,
        finished.account.planned
    );
    assert!(0 < ended.reason("connect.refused"), "{finished:?}");
}

#[test]
fn two_loaders_do_not_share_a_state_directory() {
    let target = Target::start(&[]);
    let config = live(&target, 86_400);
    let first = Loader::start(
        &config,
        &["--confirm-target", target.host(), "--state", "state"],
    );
    first.wait_until("the start", |_| true);
    let state = first.path().join("state");
    let state = state.to_str().unwrap();
    let second = Loader::start(
        &config,
        &["--confirm-target", target.host(), "--state", state],
    );
    let ended = second.wait();
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.log.contains("another loader works in"),
        "{}",
        ended.log
    );
    let (code, out, _) = practice::command(&["healthcheck", "--state", state], &[]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn a_killed_loader_resumes_and_no_hit_vanishes() {
    let target = Target::start(&[]);
    let config = live(&target, 2_000_000);
    let options = ["--confirm-target", target.host(), "--state", "state"];
    let run = Loader::start(&config, &options);
    run.wait_until("a hundred hits", |progress| 100 < progress.account.accepted);
    run.signal(Signal::SIGKILL);
    let killed = run.wait();
    assert_eq!(killed.code, None);
    let before = target.summary()["hits"].as_u64().unwrap();

    let resume = [&options[..], &["--resume"]].concat();
    let run = Loader::start_in(killed.directory, &resume);
    run.wait_until("hits of the next attempt", |progress| {
        progress.rate.hits_per_s > 0.0 && 0 < progress.account.unknown
    });
    run.signal(Signal::SIGINT);
    run.wait_until("the stop", |progress| {
        progress.state == LoaderState::Stopping
    });
    run.signal(Signal::SIGINT);
    let ended = run.wait();
    let account = ended.finished().account;
    assert!(
        ended.incidents().contains(&"run.interrupted"),
        "{:?}",
        ended.incidents()
    );
    let recorded = target.summary()["hits"].as_u64().unwrap();
    assert!(before < recorded);
    // What was recorded is accepted or unknown, and nothing is accepted that was not recorded.
    assert!(account.accepted <= recorded, "{account:?} {recorded}");
    assert!(
        recorded <= account.accepted + account.unknown,
        "{account:?} {recorded}"
    );
}

#[test]
fn a_paused_trial_goes_on_where_it_stopped() {
    let target = Target::start(&[]);
    let config = quick(&target, 0);
    let options = ["--trial", "20", "--state", "state"];
    let run = Loader::start(&config, &options);
    run.wait_until("five visits", |progress| 5 <= progress.visits.started);
    run.signal(Signal::SIGTERM);
    let first = run.wait();
    assert!(first.finished().visits.started < 20);
    let resume = [&options[..], &["--resume"]].concat();
    let ended = Loader::start_in(first.directory, &resume).wait();
    let finished = ended.finished();
    assert_eq!(
        (finished.visits.started, finished.visits_planned),
        (20, Some(20))
    );
    assert_eq!(target.summary()["hits"], finished.account.accepted);
    assert_eq!(target.summary()["visits"], 20);
}
