//! Each misbehaviour of the target ends in the right counted state.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod practice;

use practice::{Ended, Loader, Target, quick};
use serde_json::{Value, json};

/// Runs 30 visits against a target with `faults`; the guards are off.
fn run(faults: Value, delivery: Value) -> (Ended, Value) {
    let target = Target::start(&[]);
    target.misbehave(faults);
    let mut config = quick(&target, 30);
    config["load"]["stop_at_error_percent"] = json!(0);
    config["load"]["stop_at_p95_seconds"] = json!(0);
    config["delivery"]["timeout_seconds"] = json!(0.5);
    config["delivery"]["retries"] = json!(1);
    for (name, value) in delivery.as_object().unwrap() {
        config["delivery"][name] = value.clone();
    }
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    assert_eq!(ended.code, Some(0), "{}", ended.log);
    assert_eq!(
        ended.incidents()[..2],
        ["guard.errors_off", "guard.latency_off"]
    );
    (ended, target.summary())
}

/// Asserts that all hits ended in `state` for the reason `code`, and what the ledger holds of them.
fn all_end_in(faults: Value, delivery: Value, state: &str, code: &str, recorded: bool) {
    let what = format!("{faults} {delivery}");
    let (ended, summary) = run(faults, delivery);
    let finished = ended.finished();
    let account = serde_json::to_value(finished.account).unwrap();
    assert_eq!(
        account[state], finished.account.planned,
        "{what}: {finished:?}"
    );
    assert_eq!(
        ended.reason(code),
        finished.account.planned,
        "{what}: {finished:?}"
    );
    let hits = if recorded {
        finished.account.planned
    } else {
        0
    };
    assert_eq!(summary["hits"], hits, "{what}: {summary}");
}

#[test]
fn an_answer_that_says_no_is_rejected_and_not_sent_again() {
    let html = json!([{"kind": "html"}]);
    all_end_in(
        html.clone(),
        json!({}),
        "rejected",
        "http.200.not_matomo",
        false,
    );
    all_end_in(
        html,
        json!({"method": "bulk"}),
        "rejected",
        "http.200.not_matomo",
        false,
    );
    all_end_in(
        json!([{"kind": "413"}]),
        json!({}),
        "rejected",
        "http.413",
        false,
    );
    all_end_in(
        json!([{"kind": "413"}]),
        json!({"method": "bulk"}),
        "rejected",
        "http.413",
        false,
    );
}

#[test]
fn an_answer_that_proves_nothing_is_unknown() {
    all_end_in(
        json!([{"kind": "502"}]),
        json!({}),
        "unknown",
        "http.502",
        false,
    );
    all_end_in(
        json!([{"kind": "500_before"}]),
        json!({}),
        "unknown",
        "http.500",
        false,
    );
    all_end_in(
        json!([{"kind": "500_after"}]),
        json!({}),
        "unknown",
        "http.500",
        true,
    );
    let bulk = json!({"method": "bulk"});
    all_end_in(
        json!([{"kind": "500_after"}]),
        bulk,
        "unknown",
        "http.500",
        true,
    );
}

#[test]
fn no_answer_after_sending_is_unknown() {
    let hang = json!([{"kind": "hang", "recorded": true}]);
    all_end_in(
        hang,
        json!({"method": "bulk"}),
        "unknown",
        "answer.timeout",
        true,
    );
    all_end_in(
        json!([{"kind": "reset"}]),
        json!({}),
        "unknown",
        "answer.broken",
        false,
    );
    let reset = json!([{"kind": "reset", "recorded": true}]);
    all_end_in(
        reset,
        json!({"method": "bulk"}),
        "unknown",
        "answer.broken",
        true,
    );
    all_end_in(
        json!([{"kind": "half_answer"}]),
        json!({}),
        "unknown",
        "answer.broken",
        true,
    );
}

#[test]
fn what_surely_was_not_recorded_is_tried_again_and_then_failed() {
    all_end_in(
        json!([{"kind": "429"}]),
        json!({"retries": 0}),
        "failed",
        "http.429",
        false,
    );
    let bulk = json!({"method": "bulk", "retries": 0});
    all_end_in(
        json!([{"kind": "500_before"}]),
        bulk,
        "failed",
        "matomo.rolled_back",
        false,
    );
    let bulk = json!({"method": "bulk"});
    let off = json!([{"kind": "record_statistics_off"}]);
    all_end_in(off, bulk, "failed", "matomo.shortfall", false);
}

#[test]
fn a_second_attempt_brings_home_what_the_first_did_not() {
    for (fault, delivery) in [
        (json!({"kind": "429", "every": 7}), json!({"retries": 5})),
        (
            json!({"kind": "503", "every": 9, "retry_after_s": 1}),
            json!({"retries": 5}),
        ),
        (
            json!({"kind": "500_before", "every": 3}),
            json!({"method": "bulk", "retries": 9}),
        ),
        // The first bulk has gathered hits for a while; a later one may hold a single hit, which cannot be halved.
        (
            json!({"kind": "413", "times": 1}),
            json!({"method": "bulk"}),
        ),
    ] {
        let what = fault.to_string();
        let (ended, summary) = run(json!([fault]), delivery);
        let account = ended.finished().account;
        assert_eq!(
            account.accepted,
            account.planned,
            "{what}: {:?}",
            ended.finished()
        );
        assert_eq!(summary["hits"], account.planned, "{what}: {summary}");
    }
}

#[test]
fn a_target_that_restarts_costs_doubt_about_what_was_under_way_and_nothing_else() {
    let fault = json!([{"kind": "refuse", "ms": 1500, "after": 20}]);
    // Long enough for a busy machine: an answer that merely takes its time would be in doubt, too.
    let (ended, summary) = run(fault, json!({"retries": 9, "timeout_seconds": 20}));
    let account = ended.finished().account;
    assert_eq!(
        account.accepted + account.unknown,
        account.planned,
        "{:?}",
        ended.finished()
    );
    // Those in flight, and as many that went out on a connection that was just being closed.
    assert!(account.unknown <= 2 * 20, "{account:?}");
    let broken = ended.reason("answer.broken");
    assert_eq!(broken, account.unknown, "{:?}", ended.finished().reasons);
    let recorded = summary["hits"].as_u64().unwrap();
    assert!(account.accepted <= recorded && recorded <= account.accepted + account.unknown);
}

#[test]
fn hits_in_doubt_are_sent_again_only_when_asked_and_counted_as_possible_doubles() {
    let fault = json!([{"kind": "reset", "recorded": true, "every": 10}]);
    let (ended, summary) = run(fault, json!({"doubt": "resend", "retries": 9}));
    let account = ended.finished().account;
    assert_eq!(account.accepted, account.planned);
    let doubles = ended.reason("double.possible");
    assert!(0 < doubles, "{:?}", ended.finished());
    // A double ping or order is left out by the target, like by Matomo; page views count twice.
    let recorded = summary["hits"].as_u64().unwrap();
    assert!(
        account.planned < recorded && recorded <= account.planned + 2 * doubles,
        "{summary}"
    );
}

#[test]
fn queued_hits_are_accepted_but_not_verified() {
    let queued = json!([{"kind": "queued_tracking"}]);
    let (ended, _) = run(queued, json!({"method": "bulk"}));
    let finished = ended.finished();
    assert_eq!(finished.account.accepted, finished.account.planned);
    assert_eq!(finished.unverified, finished.account.planned);
}

#[test]
fn a_bulk_with_refused_hits_is_split_by_matomos_own_counts() {
    let target = Target::start(&["--sites", "2"]);
    let mut config = quick(&target, 30);
    config["delivery"]["method"] = json!("bulk");
    config["load"]["stop_at_error_percent"] = json!(0);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let account = ended.finished().account;
    assert_eq!(account.rejected, account.planned, "{:?}", ended.finished());
    assert_eq!(ended.reason("matomo.invalid"), account.planned);
}

#[test]
fn a_refusal_for_want_of_the_database_is_told_from_a_real_one_and_tried_again() {
    let target = Target::start(&[]);
    // One at a time, so that the question for the database finds it away as the hit did.
    target.misbehave(json!([{"kind": "database_down", "after": 20, "times": 6}]));
    let mut config = quick(&target, 10);
    config["load"]["concurrency"] = json!(1);
    config["delivery"]["retries"] = json!(9);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let finished = ended.finished();
    let summary = target.summary();
    assert_eq!(finished.account.accepted, finished.account.planned);
    assert_eq!(summary["hits"], finished.account.planned, "{summary}");
    // Three hits were refused, and three times the database was asked for.
    assert_eq!(finished.requests, finished.account.planned + 6);
}

/// Why hits were rejected, told by Matomo's list of tracking failures.
fn told(method: &str, options: &[&str]) -> (u64, String) {
    let target = Target::start(options);
    let mut config = quick(&target, 10);
    config["targets"][0]["token_auth"] = json!(practice::CANARY);
    config["delivery"]["method"] = json!(method);
    config["load"]["stop_at_error_percent"] = json!(0);
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    let finished = ended.finished();
    assert_eq!(finished.account.rejected, finished.account.planned);
    assert_eq!(target.summary()["tokens_in_urls"], 0);
    (
        finished.account.planned,
        finished.reasons[0].message.clone(),
    )
}

#[test]
fn matomos_own_list_says_why_hits_were_rejected_where_the_token_may_read_it() {
    for method in ["beacon", "bulk"] {
        let (_, message) = told(method, &["--sites", "2"]);
        assert!(
            message.contains("there is no site with this id"),
            "{message}"
        );
        let role = ["--sites", "2", "--token-role", "write"];
        let (_, message) = told(method, &role);
        assert!(!message.contains("noted"), "{message}");
    }
}
