//! Runs: starting, stopping, pausing, resuming, and what becomes of them.

use std::collections::HashSet;

use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use run_report::Outcome;
use serde_json::{Value, json};

use crate::app::{Wish, id_of, problem, spawn, spawn_app};

fn exit(code: i64) -> Ending {
    Ending {
        exit_code: Some(code),
        out_of_memory: false,
    }
}

#[actix_web::test]
async fn a_run_is_started_with_its_keys_and_shows_what_its_report_says() {
    let app = spawn_app().await;
    let body = json!({
        "name": "first", "preset": "light", "use_practice_target": true, "trial": 20, "seed": 7,
        "population": "people", "origin": "2026-03-01T00:00:00Z",
    });
    let id = app.started(body).await;
    app.wait_for_loader(&id, 1).await;
    let request = app.fake.request(&id, 1).unwrap();
    let words =
        "--seed 7 --population people --origin 2026-03-01T00:00:00.000Z --shard 1/1 --trial 20";
    assert_eq!(request.args.join(" "), words);
    assert!(request.secrets.is_none());
    app.fake.say(&id, 1, events::started());
    app.fake.say(&id, 1, events::progress(10, 3));
    app.fake.say(&id, 1, events::incident("target.slow"));
    let run = app.until(&id, |run| run["report_seq"] == 3).await;
    assert_eq!(run["state"], "running");
    assert_eq!(run["account"]["planned"], 13);
    assert_eq!(
        run["loader_state"],
        json!({ "state": "running", "detail": "sending", "next_visit_at": null, "until": null })
    );
    assert_eq!(run["by_kind"], json!({ "pageview": 10 }));
    assert_eq!(run["incidents"][0]["code"], "target.slow");
    assert_eq!(run["rate"]["visits_per_s"], 1.5);

    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(&id, 1, exit(0));
    let run = app.until_state(&id, "succeeded").await;
    assert_eq!(run["account"]["accepted"], 13);
    assert_eq!(run["outcome_reason"], "everything planned was done");
    assert_eq!(run["doubt"], Value::Null);
    assert_ne!(run["ended_at"], Value::Null);

    let samples = app.get(&format!("/api/runs/{id}/samples")).await;
    assert_eq!(samples["samples"].as_array().unwrap().len(), 1);
    assert_eq!(samples["samples"][0]["latency_p95_ms"], 20.0);
    let listed = app.get("/api/runs?limit=5").await;
    assert_eq!(id_of(&listed["runs"][0]), id);
    assert_eq!(app.get("/api/status").await["active_runs"], json!([]));
}

#[actix_web::test]
async fn the_ends_of_loaders_end_runs() {
    let app = spawn_app().await;
    for (outcome, code, state) in [
        (Some(Outcome::Done), 0, "succeeded"),
        (Some(Outcome::Guard), 3, "failed"),
        (Some(Outcome::Failed), 1, "failed"),
        (Some(Outcome::Stopped), 0, "paused"),
        (None, 137, "failed"),
        (None, 2, "failed"),
    ] {
        let id = app.running().await;
        if let Some(outcome) = outcome {
            app.fake.say(&id, 1, events::finished(outcome, 13));
        }
        app.fake.end(&id, 1, exit(code));
        let run = app.until_state(&id, state).await;
        assert_eq!(run["doubt"].is_null(), outcome.is_some(), "{outcome:?}");
    }
}

#[actix_web::test]
async fn a_killed_loader_leaves_a_cause_and_a_doubt() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.end(&id, 1, exit(137));
    let run = app.until_state(&id, "failed").await;
    assert_eq!(
        run["outcome_reason"],
        "the loader was killed (SIGKILL, exit code 137)"
    );
    assert_eq!(run["doubt"]["hits"], 3);
    assert_eq!(run["doubt"]["since"], run["last_report_at"]);
    assert_eq!(run["account"]["accepted"], 10);
}

#[actix_web::test]
async fn a_loader_that_vanished_loses_the_run_which_may_resume() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.lose(&id, 1);
    app.until_state(&id, "lost").await;
    assert_eq!(app.ask(&id, "resume").await.status(), StatusCode::ACCEPTED);
    app.wait_for_loader(&id, 2).await;
}

#[actix_web::test]
async fn stopping_ends_a_run_for_good_however_often_it_is_asked() {
    let app = spawn_app().await;
    let id = app.running().await;
    for answer in join_all((0..5).map(|_| app.ask(&id, "stop"))).await {
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    app.until_state(&id, "cancelled").await;
    assert_eq!(app.ask(&id, "stop").await.status(), StatusCode::ACCEPTED);
    for what in ["pause", "resume"] {
        let refused = problem(app.ask(&id, what).await).await;
        assert_eq!(refused, (409, "run.state".into()), "{what}");
    }
}

#[actix_web::test]
async fn pausing_and_resuming_continue_the_same_run() {
    let app = spawn_app().await;
    let id = app.running().await;
    let first = app.fake.request(&id, 1).unwrap();
    assert_eq!(app.ask(&id, "pause").await.status(), StatusCode::ACCEPTED);
    let paused = app.until_state(&id, "paused").await;
    assert_eq!(paused["ended_at"], Value::Null);
    assert_eq!(app.ask(&id, "pause").await.status(), StatusCode::ACCEPTED);
    assert_eq!(
        app.get("/api/status").await["active_runs"][0]["state"],
        "paused"
    );

    for answer in join_all((0..5).map(|_| app.ask(&id, "resume"))).await {
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    app.wait_for_loader(&id, 2).await;
    let second = app.fake.request(&id, 2).unwrap();
    assert_eq!(second.config, first.config);
    assert_eq!(second.args[..first.args.len()], first.args[..]);
    assert_eq!(second.args[first.args.len()..], ["--resume"]);
    app.fake.say(&id, 2, events::started());
    app.fake.say(&id, 2, events::progress(25, 0));
    let run = app.until(&id, |run| run["account"]["accepted"] == 25).await;
    assert_eq!(
        (&run["attempt"], &run["report_seq"]),
        (&json!(2), &json!(2))
    );
    assert!(app.fake.request(&id, 3).is_none());
}

#[actix_web::test]
async fn moves_that_a_run_does_not_have_are_refused() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(&id, 1, exit(0));
    app.until_state(&id, "succeeded").await;
    for what in ["stop", "pause", "resume"] {
        let refused = problem(app.ask(&id, what).await).await;
        assert_eq!(refused, (409, "run.state".into()), "{what}");
    }
    assert_eq!(app.run(&id).await["state"], "succeeded");
}

#[actix_web::test]
async fn a_hundred_parallel_starts_with_one_key_make_one_run() {
    let app = spawn_app().await;
    let body = json!({ "use_practice_target": true, "trial": 5 });
    let start = |body: &Value| {
        let request = app
            .request(Method::POST, "/api/runs")
            .header("Idempotency-Key", "k-1");
        request.json(body).send()
    };
    let answers = join_all((0..100).map(|_| start(&body))).await;
    let mut ids = HashSet::new();
    let mut created = 0;
    for answer in answers {
        let answer = answer.unwrap();
        created += usize::from(answer.status() == StatusCode::CREATED);
        assert!(answer.status().is_success());
        ids.insert(id_of(&answer.json().await.unwrap()));
    }
    assert_eq!((ids.len(), created), (1, 1));
    let id = ids.into_iter().next().unwrap();
    app.wait_for_loader(&id, 1).await;
    assert_eq!(app.fake.count(), 1);

    let other = start(&json!({ "use_practice_target": true, "trial": 6 }))
        .await
        .unwrap();
    assert_eq!(problem(other).await, (422, "idempotency.mismatch".into()));
    let request = app
        .request(Method::POST, "/api/runs")
        .header("Idempotency-Key", "a b");
    let malformed = request.json(&body).send().await.unwrap();
    assert_eq!(problem(malformed).await, (400, "request.malformed".into()));
}

#[actix_web::test]
async fn a_full_run_needs_its_target_confirmed_once() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "https://matomo.example/matomo.php" }] });
    let start = |more: Value| {
        let mut body = json!({ "config": config });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        app.post("/api/runs", body)
    };
    for more in [
        json!({}),
        json!({ "trial": 51 }),
        json!({ "trial": 5, "confirm_target": "other.example" }),
    ] {
        let answer = start(more.clone()).await;
        assert_eq!(answer.status(), 409, "{more}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], "target.unconfirmed");
        assert!(
            body["detail"].as_str().unwrap().contains("matomo.example"),
            "{body}"
        );
    }
    assert_eq!(start(json!({ "trial": 50 })).await.status(), 201);
    assert_eq!(
        start(json!({ "confirm_target": "Matomo.Example" }))
            .await
            .status(),
        201
    );
    let id = id_of(&start(json!({})).await.json().await.unwrap());
    app.wait_for_loader(&id, 1).await;
    let args = app.fake.request(&id, 1).unwrap().args.join(" ");
    assert!(args.ends_with("--confirm-target matomo.example"), "{args}");
    let confirmed = app.get("/api/status").await["confirmed_hosts"].clone();
    assert_eq!(confirmed, json!(["127.0.0.1:9", "matomo.example"]));
}

#[actix_web::test]
async fn only_so_many_runs_are_active() {
    let app = spawn_app().await;
    let trial = json!({ "use_practice_target": true, "trial": 5 });
    let mut first = None;
    for _ in 0..8 {
        let id = app.started(trial.clone()).await;
        first.get_or_insert(id);
    }
    let refused = app.post("/api/runs", trial.clone()).await;
    assert_eq!(problem(refused).await, (409, "runs.too_many".into()));
    let first = first.unwrap();
    app.wait_for_loader(&first, 1).await;
    app.ask(&first, "stop").await;
    app.until_state(&first, "cancelled").await;
    app.started(trial).await;
}

#[actix_web::test]
async fn an_orchestrator_that_is_away_is_said_with_its_cure() {
    let app = spawn_app().await;
    app.fake.break_with(Some("there is no engine; start it"));
    let refused = app
        .post("/api/runs", json!({ "use_practice_target": true }))
        .await;
    assert_eq!(refused.status(), 503);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["code"], "orchestrator.unavailable");
    assert_eq!(body["detail"], "there is no engine; start it");
    assert_eq!(app.get("/api/runs").await["runs"], json!([]));
    let ready = app.stranger(Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), 200);
}

#[actix_web::test]
async fn an_orchestrator_that_comes_and_goes_loses_nothing() {
    let app = spawn(Wish::default()).await;
    let id = app.running().await;
    app.fake.break_with(Some("restarting"));
    app.fake.say(&id, 1, events::progress(11, 0));
    app.fake.say(&id, 1, events::finished(Outcome::Done, 12));
    app.fake.end(&id, 1, exit(0));
    app.fake.break_with(None);
    let run = app.until_state(&id, "succeeded").await;
    assert_eq!(run["account"]["accepted"], 12);
}

#[actix_web::test]
async fn the_log_holds_loader_report_and_control_plane_in_words() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.log(
        &id,
        1,
        r#"{"level":"WARN","message":"slow","target":"loader"}"#,
    );
    app.fake.log(&id, 1, "plain words");
    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(&id, 1, exit(0));
    app.until_state(&id, "succeeded").await;
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    let words: Vec<String> = log["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            format!("{} {}: {}", line["stream"], line["level"], line["text"]).replace('"', "")
        })
        .collect();
    let all = words.join("\n");
    for expected in [
        "control info: loader fake-",
        "report info: started: 1000 visits a day to matomo.example, site 1",
        "log warn: slow",
        "log info: plain words",
        "report info: finished: everything planned was done",
        "control info: succeeded: everything planned was done",
    ] {
        assert!(all.contains(expected), "{expected} in\n{all}");
    }
    let last = app.get(&format!("/api/runs/{id}/logs?lines=1")).await;
    assert_eq!(last["lines"].as_array().unwrap().len(), 1);
    assert_eq!(last["skipped"], words.len() - 1);
}
