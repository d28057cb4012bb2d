//! The control plane dies and comes back; runs do not notice.

use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use run_report::Outcome;
use serde_json::{Value, json};

use crate::app::spawn_app;

const DONE: Ending = Ending {
    exit_code: Some(0),
    out_of_memory: false,
};

#[actix_web::test]
async fn a_run_goes_on_and_its_report_counts_once() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.shut_down().await;
    app.fake.say(&id, 1, events::progress(11, 1));
    app.fake.say(&id, 1, events::incident("target.slow"));
    let app = app.restart("boot-1").await;
    let run = app.until(&id, |run| run["report_seq"] == 4).await;
    assert_eq!(
        (&run["state"], &run["account"]["accepted"]),
        (&json!("running"), &json!(11))
    );
    assert_eq!(run["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(app.fake.count(), 1);
    app.fake.say(&id, 1, events::progress(12, 0));
    app.until(&id, |run| run["account"]["accepted"] == 12).await;
    let samples = app.get(&format!("/api/runs/{id}/samples")).await;
    assert_eq!(samples["samples"].as_array().unwrap().len(), 3);
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    assert!(
        log.to_string().contains("started: 1000 visits a day"),
        "{log}"
    );
}

#[actix_web::test]
async fn a_run_that_ended_meanwhile_is_found_ended() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.shut_down().await;
    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(&id, 1, DONE);
    let app = app.restart("boot-1").await;
    let run = app.until_state(&id, "succeeded").await;
    assert_eq!(run["account"]["accepted"], 13);
    let app = app.restart("boot-1").await;
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    assert!(
        log.to_string()
            .contains("finished: everything planned was done"),
        "{log}"
    );
}

#[actix_web::test]
async fn a_stop_that_was_asked_for_is_done_after_the_restart() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.fake.break_with(Some("away"));
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    app.shut_down().await;
    app.fake.break_with(None);
    let app = app.restart("boot-1").await;
    app.until_state(&id, "cancelled").await;
}

#[actix_web::test]
async fn a_loader_that_vanished_meanwhile_loses_the_run() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.shut_down().await;
    app.fake.lose(&id, 1);
    let app = app.restart("boot-1").await;
    let run = app.until_state(&id, "lost").await;
    assert_eq!(run["doubt"]["hits"], 3);
}

#[actix_web::test]
async fn runs_that_were_meant_to_run_resume_after_a_reboot() {
    let mut app = spawn_app().await;
    let (stopped, killed) = (app.running().await, app.running().await);
    let paused = app.running().await;
    app.ask(&paused, "pause").await;
    app.until_state(&paused, "paused").await;
    app.fake
        .say(&stopped, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&stopped, 1, DONE);
    app.until_state(&stopped, "paused").await;
    app.shut_down().await;
    app.fake.end(
        &killed,
        1,
        Ending {
            exit_code: Some(255),
            out_of_memory: false,
        },
    );
    let app = app.restart("boot-2").await;
    for id in [&stopped, &killed] {
        app.wait_for_loader(id, 2).await;
        assert!(
            app.fake
                .request(id, 2)
                .unwrap()
                .args
                .contains(&"--resume".to_owned())
        );
    }
    let run = app.run(&paused).await;
    assert_eq!(
        (&run["state"], &run["attempt"]),
        (&json!("paused"), &json!(1))
    );
    assert_eq!(run["doubt"], Value::Null);
}

#[actix_web::test]
async fn sessions_and_idempotency_keys_survive_a_restart() {
    let app = spawn_app().await;
    let body = json!({ "use_practice_target": true, "trial": 5 });
    let start = async |app: &crate::app::App| {
        let request = app.request(reqwest::Method::POST, "/api/runs");
        let answer = request
            .header("Idempotency-Key", "k")
            .json(&body)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap()["id"].clone(),
        )
    };
    let (created, id) = start(&app).await;
    let app = app.restart("boot-1").await;
    let (repeated, same) = start(&app).await;
    assert_eq!((created, repeated), (201, 200));
    assert_eq!(id, same);
}
