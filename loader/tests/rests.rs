//! Times at which nothing is sent on purpose: before a start, in quiet hours, at the cap; and how they are told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod practice;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use nix::sys::signal::Signal;
use practice::{Ended, Loader, Target, quick};
use run_report::{Event, LoaderState, Outcome, Progress};
use serde_json::json;

/// Starts a run that rests, waits for the words, and stops it.
fn rest(config: &serde_json::Value, options: &[&str], words: &str) -> (Progress, Ended) {
    let run = Loader::start(config, options);
    run.wait_until(words, |progress| progress.detail.starts_with(words));
    let asked = Instant::now();
    run.signal(Signal::SIGTERM);
    let ended = run.wait();
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(ended.finished().outcome, Outcome::Stopped);
    let told = ended.lines.iter().find_map(|line| match &line.event {
        Event::Progress(progress) if progress.detail.starts_with(words) => Some(progress.clone()),
        _ => None,
    });
    (*told.unwrap(), ended)
}

#[test]
fn a_start_that_lies_ahead_is_waited_for_in_words_and_can_be_stopped_at_once() {
    let target = Target::start(&[]);
    let origin = Utc::now() + TimeDelta::minutes(80);
    let origin_text = origin.to_rfc3339();
    let options = ["--confirm-target", target.host(), "--origin", &origin_text];
    let (told, ended) = rest(&quick(&target, 100), &options, "starts at");
    assert_eq!(
        (told.state, told.rate.visits_per_s_planned),
        (LoaderState::Waiting, 0.0)
    );
    assert!(told.detail.ends_with("(in 1 h 19 min)") || told.detail.ends_with("(in 1 h 20 min)"));
    let near = |at: Option<DateTime<Utc>>| (at.unwrap() - origin).num_milliseconds().abs() < 1_000;
    assert!(near(told.until), "{told:?}");
    let started = ended.lines.iter().find_map(|line| match &line.event {
        Event::Started(started) => Some(started.start_at),
        _ => None,
    });
    assert!(near(started.unwrap()));
    assert_eq!(ended.finished().account.planned, 0);
    assert_eq!(target.summary()["hits"], 0);
}

#[test]
fn the_time_set_for_a_run_counts_from_its_start() {
    let target = Target::start(&[]);
    let mut config = quick(&target, 0);
    config["load"]["visits_per_day"] = json!(2_000_000);
    config["load"]["stop_after_hours"] = json!(0.0005);
    config["delivery"]["grace_seconds"] = json!(1);
    let origin = (Utc::now() + TimeDelta::seconds(4)).to_rfc3339();
    let options = ["--confirm-target", target.host(), "--origin", &origin];
    let began = Instant::now();
    let ended = Loader::start(&config, &options).wait();
    assert_eq!(ended.finished().outcome, Outcome::Done);
    assert_eq!(ended.finished().reason, "the time set for the run is over");
    assert!(Duration::from_secs(5) < began.elapsed());
    assert!(
        0 < ended.finished().account.accepted,
        "{:?}",
        ended.finished()
    );
}

#[test]
fn no_visit_starts_in_quiet_hours_and_the_end_of_them_is_told() {
    let target = Target::start(&[]);
    let mut config = quick(&target, 0);
    let clock = |shift| {
        (Utc::now() + TimeDelta::minutes(shift))
            .format("%H:%M")
            .to_string()
    };
    let until = clock(61);
    config["load"]["time_zone"] = json!("UTC");
    config["load"]["quiet_hours"] = json!(format!("{}-{until}", clock(-61)));
    let options = ["--confirm-target", target.host()];
    let (told, ended) = rest(&config, &options, "quiet hours until");
    assert_eq!(told.detail, format!("quiet hours until {until} UTC"));
    assert_eq!(
        (told.state, told.rate.visits_per_s_planned),
        (LoaderState::Waiting, 0.0)
    );
    assert_eq!(told.until.unwrap().format("%H:%M").to_string(), until);
    assert_eq!(
        told.next_visit_at.unwrap().format("%H:%M").to_string(),
        until
    );
    assert_eq!(ended.incidents(), ["run.quiet_hours"]);
    assert_eq!(ended.finished().account.planned, 0);

    let trial = Loader::start(&config, &["--trial", "5"]).wait();
    assert_eq!(trial.finished().visits.finished, 5);
}

#[test]
fn a_run_at_its_cap_says_until_when_it_pauses() {
    let target = Target::start(&[]);
    let mut config = quick(&target, 0);
    config["load"]["max_visits_per_window"] = json!(20);
    let options = ["--confirm-target", target.host()];
    let (told, ended) = rest(&config, &options, "paused at the cap until");
    assert_eq!(told.state, LoaderState::PausedAtCap);
    let pause = told.until.unwrap() - Utc::now();
    assert!((23..=24).contains(&pause.num_hours()), "{pause}");
    assert_eq!(ended.finished().visits.started, 20);
    assert_eq!(ended.incidents(), ["run.cap"]);
}
