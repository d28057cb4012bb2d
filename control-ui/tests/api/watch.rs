//! What happens to loaders is known at once where the orchestrator tells, and soon where it does not; what cannot be
//! read any more is told by its number.

use std::time::Duration;

use control_ui::orchestrator::fake::events;
use control_ui::orchestrator::{Ending, Orchestrator};
use reqwest::Method;
use serde_json::Value;
use tokio::time::{Instant, timeout};

use crate::app::{App, PATIENCE, Wish, spawn};

/// Sooner than a silent log is opened anew, and sooner than anything is compared without a reason.
const AT_ONCE: Duration = Duration::from_secs(3);

const KILLED: Ending = Ending {
    exit_code: Some(137),
    out_of_memory: true,
};

/// A control plane that compares this often without a reason.
async fn comparing(every: Duration) -> App {
    spawn(Wish {
        compare_every: Some(every),
        ..Wish::default()
    })
    .await
}

/// Waits until somebody listens, once more than before.
async fn listened(app: &App, before: u32) {
    let listening = async {
        while app.fake.listened() <= before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, listening)
        .await
        .expect("somebody listens");
}

#[actix_web::test]
async fn an_end_is_known_at_once_although_the_log_is_silent() {
    let app = comparing(PATIENCE).await;
    let id = app.running().await;
    app.fake.stall_logs(true);
    let ended = Instant::now();
    app.fake.end(&id, 1, KILLED);
    let run = app.until_state(&id, "failed").await;
    assert!(ended.elapsed() < AT_ONCE, "{:?}", ended.elapsed());
    let reason = run["outcome_reason"].as_str().unwrap();
    assert!(reason.contains("more memory than its limit"), "{reason}");
}

#[actix_web::test]
async fn an_end_that_was_not_told_is_found_when_everything_is_compared() {
    let app = comparing(Duration::from_millis(100)).await;
    let id = app.running().await;
    app.fake.keep_quiet(true);
    app.fake.stall_logs(true);
    let ended = Instant::now();
    app.fake.end(&id, 1, KILLED);
    app.until_state(&id, "failed").await;
    assert!(ended.elapsed() < AT_ONCE, "{:?}", ended.elapsed());
}

#[actix_web::test]
async fn whoever_was_cut_off_listens_again_and_finds_what_happened_meanwhile() {
    let app = comparing(PATIENCE).await;
    let id = app.running().await;
    listened(&app, 0).await;
    app.fake.stall_logs(true);
    for _ in 0..5 {
        let before = app.fake.listened();
        app.fake.break_with(Some("the connection is cut"));
        app.fake.break_with(None);
        listened(&app, before).await;
    }
    app.fake.break_with(Some("away"));
    app.fake.keep_quiet(true);
    app.fake.end(&id, 1, KILLED);
    let back = Instant::now();
    app.fake.break_with(None);
    app.until_state(&id, "failed").await;
    assert!(
        back.elapsed() < Duration::from_secs(5),
        "{:?}",
        back.elapsed()
    );
}

#[actix_web::test]
async fn a_loader_that_works_although_its_run_is_over_is_stopped() {
    let app = comparing(Duration::from_millis(100)).await;
    let id = app.running().await;
    let request = app.fake.request(&id, 1).unwrap();
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    app.until_state(&id, "cancelled").await;
    let mut astray = request;
    astray.attempt = 7;
    app.fake.start(astray).await.unwrap();
    let stopped = async {
        while app.fake.stops(&id, 7) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, stopped).await.expect("it is stopped");
}

#[actix_web::test]
async fn lines_that_were_rotated_away_are_told_by_number_in_the_log() {
    let mut app = comparing(PATIENCE).await;
    let id = app.running().await;
    for accepted in 11..=20 {
        app.fake.say(&id, 1, events::progress(accepted, 0));
    }
    app.fake.log(&id, 1, "a word of the loader");
    app.until(&id, |run| run["account"]["accepted"] == 20).await;
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    assert_eq!(log["missing"], Value::Null, "nothing is missing yet");
    app.shut_down().await;
    app.fake.rotate_away(&id, 1, 9);
    let app = app.restart("boot-1").await;
    app.fake.say(&id, 1, events::progress(21, 0));
    app.until(&id, |run| run["account"]["accepted"] == 21).await;
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    let words = "9 lines of the loader's report are missing";
    assert!(log["missing"].as_str().unwrap().contains(words), "{log}");
    assert_eq!(log["skipped"], 9);
    let lines = log["lines"].as_array().unwrap();
    let place = lines
        .iter()
        .position(|line| line["text"].as_str().unwrap().contains(words))
        .unwrap();
    assert_eq!(lines[place]["level"], "warn");
    assert_eq!(lines[place + 1]["text"], "a word of the loader");
    let text = app.request(Method::GET, &format!("/api/runs/{id}/logs/download"));
    let text = text.send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with("# 9 lines"), "{text}");
}
