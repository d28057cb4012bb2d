//! Runs that are done again, restarted and replaced; what becomes of both when something fails in between.

use control_ui::orchestrator::OnceOutput;
use control_ui::orchestrator::fake::events;
use control_ui::runs::RunId;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use run_report::Outcome;
use serde_json::{Value, json};

use crate::app::{App, id_of, problem, spawn_app};

const DONE: control_ui::orchestrator::Ending = control_ui::orchestrator::Ending {
    exit_code: Some(0),
    out_of_memory: false,
};

async fn made(app: &App, id: &RunId, what: &str, body: Value) -> RunId {
    let answer = app.post(&format!("/api/runs/{id}/{what}"), body).await;
    assert!(
        answer.status().is_success(),
        "{}",
        answer.text().await.unwrap()
    );
    id_of(&answer.json().await.unwrap())
}

/// Lets the loader of a run say that it is at work.
async fn at_work(app: &App, id: &RunId) {
    app.wait_for_loader(id, 1).await;
    app.fake.say(id, 1, events::started());
    app.fake.say(id, 1, events::progress(1, 0));
    app.until_state(id, "running").await;
}

#[actix_web::test]
async fn again_draws_fresh_keys_unless_the_same_visits_are_wanted() {
    let app = spawn_app().await;
    let id = app.running().await;
    let old = app.run(&id).await;
    let fresh = made(&app, &id, "again", json!({})).await;
    let fresh = app.run(&fresh).await;
    assert_ne!(fresh["seed"], old["seed"]);
    assert_ne!(fresh["population"], old["population"]);
    assert_eq!(fresh["config"], old["config"]);
    let same = made(
        &app,
        &id,
        "again",
        json!({ "same_visits": true, "name": "twin" }),
    )
    .await;
    let same = app.run(&same).await;
    for key in ["seed", "population", "origin", "config"] {
        assert_eq!(same[key], old[key], "{key}");
    }
    assert_eq!(same["name"], "twin");
    assert_eq!(app.run(&id).await["state"], "running");
}

#[actix_web::test]
async fn a_restart_ends_the_run_and_then_starts_it_anew_once() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.stop_slowly(true);
    let answers = join_all((0..20).map(|_| app.ask(&id, "restart"))).await;
    let mut next = None;
    for answer in answers {
        assert!(answer.status().is_success());
        let id = id_of(&answer.json().await.unwrap());
        assert_eq!(*next.get_or_insert(id.clone()), id);
    }
    let next = next.unwrap();
    app.until_state(&id, "stopping").await;
    assert_eq!(app.run(&next).await["state"], "queued");
    assert!(app.fake.request(&next, 1).is_none());
    app.fake.say(&id, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&id, 1, DONE);
    app.until_state(&id, "cancelled").await;
    at_work(&app, &next).await;
    assert_eq!(app.run(&next).await["replaces"], id.as_str());
    assert_eq!(app.run(&id).await["replaced_by"], next.as_str());
}

#[actix_web::test]
async fn a_restart_is_brought_to_its_end_by_the_next_control_plane() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.fake.break_with(Some("away"));
    app.fake.break_with(None);
    app.fake.stop_slowly(true);
    let next = made(&app, &id, "restart", json!({})).await;
    app.shut_down().await;
    let app = app.restart("boot-1").await;
    app.fake.say(&id, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&id, 1, DONE);
    app.until_state(&id, "cancelled").await;
    at_work(&app, &next).await;
    assert!(app.fake.stops(&id, 1) <= 2, "once by each control plane");
}

#[actix_web::test]
async fn applying_checks_then_pauses_the_old_run_and_ends_it_once_the_new_one_works() {
    let app = spawn_app().await;
    let id = app.running().await;
    let body =
        json!({ "use_practice_target": true, "config": { "load": { "visits_per_day": 777 } } });
    let next = made(&app, &id, "apply", body).await;
    app.until_state(&id, "paused").await;
    assert_eq!(app.fake.asked_once()[0].args[0], "check");
    at_work(&app, &next).await;
    let old = app.until_state(&id, "cancelled").await;
    assert!(
        old["outcome_reason"]
            .as_str()
            .unwrap()
            .contains("took its place")
    );
    let new = app.run(&next).await;
    assert_eq!(new["config"]["load"]["visits_per_day"], 777);
    assert_eq!(
        app.get(&format!("/api/runs/{next}/logs?contains=attempt"))
            .await["missing"],
        Value::Null
    );
}

#[actix_web::test]
async fn a_configuration_that_the_loader_refuses_leaves_the_old_run_alone() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.answer_once(OnceOutput {
        stdout: json!({ "ok": false, "problems": [{ "message": "too many pages" }] }).to_string(),
        stderr: String::new(),
        exit_code: Some(2),
    });
    let next = made(&app, &id, "apply", json!({ "use_practice_target": true })).await;
    let failed = app.until_state(&next, "failed").await;
    assert!(
        failed["outcome_reason"]
            .as_str()
            .unwrap()
            .contains("too many pages")
    );
    let old = app.until(&id, |run| run["replaced_by"].is_null()).await;
    assert_eq!(old["state"], "running");
    assert_eq!(app.fake.stops(&id, 1), 0);
}

#[actix_web::test]
async fn the_old_run_goes_on_when_the_new_one_cannot_start() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.stop_slowly(true);
    let next = made(&app, &id, "apply", json!({ "use_practice_target": true })).await;
    app.until_state(&id, "stopping").await;
    app.fake.refuse_starts(Some("no more memory"));
    app.fake.say(&id, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&id, 1, DONE);
    let failed = app.until_state(&next, "failed").await;
    assert_eq!(failed["outcome_reason"], "no more memory");
    app.fake.refuse_starts(None);
    // The first attempt to go on may have met the same refusal; asking again works then.
    let gone_on = app.until(&id, |run| run["attempt"] == 2).await;
    if gone_on["state"] == "failed" {
        assert_eq!(app.ask(&id, "resume").await.status(), StatusCode::ACCEPTED);
    }
}

#[actix_web::test]
async fn a_new_run_that_dies_before_it_works_gives_the_place_back_also_after_a_restart() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    let next = made(&app, &id, "apply", json!({ "use_practice_target": true })).await;
    app.wait_for_loader(&next, 1).await;
    app.shut_down().await;
    app.fake.end(
        &next,
        1,
        control_ui::orchestrator::Ending {
            exit_code: Some(2),
            out_of_memory: false,
        },
    );
    let app = app.restart("boot-1").await;
    app.until_state(&next, "failed").await;
    app.wait_for_loader(&id, 2).await;
    let args = app.fake.request(&id, 2).unwrap().args;
    assert!(args.contains(&"--resume".to_owned()));
    assert_eq!(app.run(&id).await["replaced_by"], Value::Null);
}

#[actix_web::test]
async fn what_has_ended_is_run_again_not_restarted() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.ask(&id, "stop").await;
    app.until_state(&id, "cancelled").await;
    for what in ["restart", "apply"] {
        let answer = app.post(&format!("/api/runs/{id}/{what}"), json!({})).await;
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], "run.state");
        assert!(
            body["detail"].as_str().unwrap().contains("has ended"),
            "{body}"
        );
    }
    let request = |key: &'static str| {
        let request = app.request(Method::POST, &format!("/api/runs/{id}/again"));
        request.header("Idempotency-Key", key).send()
    };
    let answers = join_all((0..100).map(|_| request("k"))).await;
    let mut ids = std::collections::HashSet::new();
    for answer in answers {
        ids.insert(id_of(&answer.unwrap().json().await.unwrap()));
    }
    assert_eq!(ids.len(), 1);
}

#[actix_web::test]
async fn a_run_whose_token_is_gone_asks_for_it() {
    let app = spawn_app().await;
    let token = "0123456789abcdef0123456789abcdef";
    let config = json!({ "targets": [{ "url": "https://matomo.example/", "token_auth": token }] });
    let id = app.started(json!({ "config": config, "trial": 5 })).await;
    app.wait_for_loader(&id, 1).await;
    app.ask(&id, "stop").await;
    app.until_state(&id, "cancelled").await;
    let refused = app.post(&format!("/api/runs/{id}/again"), json!({})).await;
    assert_eq!(problem(refused).await, (409, "run.token_needed".into()));
    let next = made(&app, &id, "again", json!({ "token": token })).await;
    app.wait_for_loader(&next, 1).await;
    let secrets = app.fake.request(&next, 1).unwrap().secrets.unwrap();
    assert!(secrets.expose().contains(token));
}
