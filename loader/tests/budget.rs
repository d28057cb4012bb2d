//! The hit budget and the size of a trial: never one hit, never one visit more.

mod practice;

use nix::sys::signal::Signal;
use practice::{Ended, Loader, Target, quick};
use run_report::{Event, Outcome};
use serde_json::{Value, json};

const BUDGET: u64 = 137;

/// An open-ended run that may send so many hits.
fn with_budget(target: &Target, method: &str) -> Value {
    let mut config = quick(target, 0);
    config["load"]["stop_after_hits"] = json!(BUDGET);
    config["delivery"]["method"] = json!(method);
    config
}

fn assert_used_up(ended: &Ended) {
    let finished = ended.finished();
    assert_eq!((ended.code, finished.outcome), (Some(0), Outcome::Done));
    assert_eq!(
        finished.reason,
        format!("the hit budget of {BUDGET} is used up")
    );
    assert!(
        finished.visits.finished < finished.visits.started,
        "{finished:?}"
    );
}

#[test]
fn a_run_sends_its_hit_budget_to_the_last_hit_and_never_one_more() {
    for method in ["beacon", "bulk"] {
        let target = Target::start(&[]);
        let config = with_budget(&target, method);
        let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
        assert_used_up(&ended);
        assert_eq!(ended.finished().account.accepted, BUDGET, "{method}");
        assert_eq!(target.summary()["hits"], BUDGET, "{method}");
        let told = ended.lines.iter().find_map(|line| match &line.event {
            Event::Started(started) => Some(started.hit_budget),
            _ => None,
        });
        assert_eq!(told, Some(Some(BUDGET)));
    }
}

#[test]
fn hits_that_are_sent_again_are_paid_for_again() {
    let target = Target::start(&[]);
    target.misbehave(json!([{"kind": "429", "every": 3}]));
    let config = with_budget(&target, "beacon");
    let ended = Loader::start(&config, &["--confirm-target", target.host()]).wait();
    assert_used_up(&ended);
    assert_eq!(ended.finished().requests, BUDGET);
    assert!(ended.finished().account.accepted < BUDGET);
}

#[test]
fn a_budget_goes_on_where_a_pause_left_it() {
    let target = Target::start(&[]);
    let mut config = with_budget(&target, "beacon");
    config["load"]["visits_per_day"] = json!(500_000);
    let options = ["--confirm-target", target.host(), "--state", "state"];
    let run = Loader::start(&config, &options);
    run.wait_until("the first hits", |progress| 10 < progress.account.accepted);
    run.signal(Signal::SIGTERM);
    let paused = run.wait();
    assert!(
        paused.finished().account.accepted < BUDGET,
        "{:?}",
        paused.finished()
    );
    let resume = [&options[..], &["--resume"]].concat();
    let ended = Loader::start_in(paused.directory, &resume).wait();
    assert_used_up(&ended);
    let account = ended.finished().account;
    let hits = target.summary()["hits"].as_u64().unwrap();
    assert_eq!((hits, account.accepted), (BUDGET, BUDGET));
}

#[test]
fn loaders_that_share_a_run_share_its_budget() {
    let target = Target::start(&[]);
    let config = with_budget(&target, "beacon");
    let shared = [
        "--seed",
        "7",
        "--population",
        "p",
        "--confirm-target",
        target.host(),
    ];
    let loaders: Vec<Loader> = ["1/2", "2/2"]
        .iter()
        .map(|shard| Loader::start(&config, &[&shared[..], &["--shard", shard]].concat()))
        .collect();
    for loader in loaders {
        assert_eq!(loader.wait().finished().outcome, Outcome::Done);
    }
    assert_eq!(target.summary()["hits"], BUDGET);
}

#[test]
fn an_unconfirmed_target_gets_fifty_visits_and_never_fifty_one() {
    let target = Target::start(&[]);
    let config = quick(&target, 0);
    let ended = Loader::start(&config, &["--trial", "50"]).wait();
    assert_eq!((ended.code, ended.finished().visits.started), (Some(0), 50));
    assert_eq!(target.summary()["visits"], 50);
    for options in [&["--trial", "51"][..], &[]] {
        let refused = Loader::start(&config, options).wait();
        assert_eq!(refused.code, Some(2), "{options:?}");
        assert!(refused.log.contains("is not confirmed"), "{}", refused.log);
    }
    assert_eq!(target.summary()["visits"], 50);
}
