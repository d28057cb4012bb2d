//! Finding and renaming runs, their logs, the hosts that were confirmed, and when runs begin.

use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use control_ui::runs::RunId;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{App, PATIENCE, id_of, problem, spawn_app};

pub(crate) async fn ended(app: &App, name: &str) -> RunId {
    let id = app
        .started(json!({ "use_practice_target": true, "trial": 5, "name": name }))
        .await;
    app.wait_for_loader(&id, 1).await;
    app.ask(&id, "stop").await;
    app.until_state(&id, "cancelled").await;
    id
}

pub(crate) async fn status(app: &App, method: Method, path: &str) -> u16 {
    let answer = app.request(method, path).send().await.unwrap();
    answer.status().as_u16()
}

#[actix_web::test]
async fn runs_are_listed_page_by_page_by_state_and_by_text() {
    let app = spawn_app().await;
    for n in 0..5 {
        app.clock.advance_ms(1);
        ended(&app, &format!("number {n}")).await;
    }
    app.running().await;
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let page = app
            .get(&format!("/api/runs?limit=2&state=cancelled{next}"))
            .await;
        let runs = page["runs"].as_array().unwrap();
        names.extend(
            runs.iter()
                .map(|run| run["name"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(cursor) => next = format!("&before={cursor}"),
            None => break,
        }
    }
    assert_eq!(
        names,
        ["number 4", "number 3", "number 2", "number 1", "number 0"]
    );
    let found = app.get("/api/runs?q=NUMBER%203").await;
    assert_eq!(found["runs"].as_array().unwrap().len(), 1);
    let none = app.get("/api/runs?q=%25").await;
    assert_eq!(none["runs"], json!([]));
    for wrong in [
        "limit=0",
        "limit=201",
        "state=asleep",
        "before=x",
        "colour=red",
    ] {
        let code = status(&app, Method::GET, &format!("/api/runs?{wrong}")).await;
        assert_eq!(code, 400, "{wrong}");
    }
}

#[actix_web::test]
async fn name_and_notes_change_only_from_the_version_that_was_read() {
    let app = spawn_app().await;
    let id = ended(&app, "first").await;
    let path = format!("/api/runs/{id}");
    let change = |tag: Option<&'static str>, body: Value| {
        let mut request = app.request(Method::PATCH, &path);
        if let Some(tag) = tag {
            request = request.header("If-Match", tag);
        }
        request.json(&body).send()
    };
    let missing = change(None, json!({ "name": "x" })).await.unwrap();
    assert_eq!(
        problem(missing).await,
        (428, "precondition.required".into())
    );
    let answer = change(Some("\"0\""), json!({ "name": "second", "notes": "n" }))
        .await
        .unwrap();
    assert_eq!(answer.headers()["etag"], "\"1\"");
    let stale = change(Some("\"0\""), json!({ "notes": "lost" }))
        .await
        .unwrap();
    assert_eq!(problem(stale).await, (412, "precondition.failed".into()));
    let empty = change(Some("\"1\""), json!({ "name": "" })).await.unwrap();
    assert_eq!(problem(empty).await, (422, "config.invalid".into()));
    let run = app.run(&id).await;
    assert_eq!(
        (&run["name"], &run["notes"]),
        (&json!("second"), &json!("n"))
    );
}

#[actix_web::test]
async fn a_log_has_all_attempts_also_after_a_restart_and_says_what_is_missing() {
    let app = spawn_app().await;
    let id = app.running().await;
    let folder = app.data().display().to_string();
    app.fake
        .log(&id, 1, &format!("first attempt, {folder}/loaders/x"));
    app.ask(&id, "pause").await;
    app.until_state(&id, "paused").await;
    app.ask(&id, "resume").await;
    app.wait_for_loader(&id, 2).await;
    app.fake.say(&id, 2, events::started());
    app.fake
        .log(&id, 2, r#"{"level":"WARN","message":"second attempt"}"#);
    let app = app.restart("boot-1").await;
    let logs = async {
        loop {
            let log = app.get(&format!("/api/runs/{id}/logs?lines=5000")).await;
            if log.to_string().contains("second attempt") {
                return log;
            }
        }
    };
    let log = tokio::time::timeout(PATIENCE, logs).await.unwrap();
    let text = log.to_string();
    for expected in [
        "first attempt, DATA_DIR/loaders/x",
        "asked to pause",
        "(attempt 2)",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert_eq!(
        (&log["skipped"], &log["missing"]),
        (&json!(0), &Value::Null)
    );
    let warned = app
        .get(&format!("/api/runs/{id}/logs?level=warn&contains=SECOND"))
        .await;
    assert_eq!(warned["lines"].as_array().unwrap().len(), 1);

    let (mut all, mut before) = (Vec::new(), String::new());
    loop {
        let page = app
            .get(&format!("/api/runs/{id}/logs?lines=2{before}"))
            .await;
        let mut lines = page["lines"].as_array().unwrap().clone();
        lines.append(&mut all);
        all = lines;
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    assert_eq!(json!(all), log["lines"], "pages have no gap and no double");

    let download = app.request(Method::GET, &format!("/api/runs/{id}/logs/download"));
    let answer = download.send().await.unwrap();
    assert!(
        answer.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains(".log")
    );
    assert_eq!(answer.text().await.unwrap().lines().count(), all.len());

    app.fake.lose(&id, 1);
    let app = app.restart("boot-1").await;
    let log = app.get(&format!("/api/runs/{id}/logs")).await;
    assert!(
        log["missing"].as_str().unwrap().contains("attempt 1"),
        "{log}"
    );
}

#[actix_web::test]
async fn a_host_that_is_forgotten_must_be_typed_back_again() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "https://matomo.example:8443/" }] });
    let id = app
        .started(json!({ "config": config, "confirm_target": "matomo.example:8443" }))
        .await;
    let known = app.get("/api/confirmations").await;
    assert_eq!(known["hosts"][0]["host"], "matomo.example:8443");
    assert_ne!(known["hosts"][0]["who"], Value::Null);
    app.wait_for_loader(&id, 1).await;
    app.fake.say(&id, 1, events::started());
    app.ask(&id, "pause").await;
    app.until_state(&id, "paused").await;
    let path = "/api/confirmations/matomo.example:8443";
    assert_eq!(status(&app, Method::DELETE, path).await, 204);
    assert_eq!(status(&app, Method::DELETE, path).await, 404);
    let refused: Value = app.ask(&id, "resume").await.json().await.unwrap();
    assert_eq!(refused["code"], "target.unconfirmed");
    let text = refused["confirmation"]["text"].as_str().unwrap();
    assert!(text.contains("hits a day into site 1"), "{text}");
    let typed = json!({ "confirm_target": "matomo.example:8443" });
    let answer = app.post(&format!("/api/runs/{id}/resume"), typed).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
}

#[actix_web::test]
async fn a_host_that_bills_by_hits_needs_a_budget() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "https://shop.matomo.cloud/" }] });
    let body = json!({ "config": config, "confirm_target": "shop.matomo.cloud" });
    let refused = app.post("/api/runs", body.clone()).await;
    assert_eq!(problem(refused).await, (409, "target.needs_budget".into()));
    let mut budgeted = body;
    budgeted["hit_budget"] = json!(1000);
    let run: Value = app.post("/api/runs", budgeted).await.json().await.unwrap();
    assert_eq!(run["config"]["load"]["stop_after_hits"], 1000);
    assert!(run["guards"].to_string().contains("1000 hits"), "{run}");
    app.started(json!({ "config": config, "trial": 50 })).await;
}

#[actix_web::test]
async fn a_run_begins_when_it_is_told_to() {
    let app = spawn_app().await;
    let start = |at: &str| {
        app.post(
            "/api/runs",
            json!({ "use_practice_target": true, "start_at": at }),
        )
    };
    for (wrong, code) in [
        ("2026-09-21T14:13:19Z", "start_at.past"),
        ("2026-10-22T14:13:20Z", "start_at.too_far"),
    ] {
        let body: Value = start(wrong).await.json().await.unwrap();
        assert_eq!(body["errors"][0]["code"], code, "{body}");
    }
    let run: Value = start("2026-09-22T02:00:00+02:00")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(run["start_at"], "2026-09-22T00:00:00.000Z");
    let id = id_of(&run);
    app.wait_for_loader(&id, 1).await;
    let args = app.fake.request(&id, 1).unwrap().args.join(" ");
    assert!(args.contains("--origin 2026-09-22T00:00:00.000Z"), "{args}");
}

#[actix_web::test]
async fn a_silent_loader_is_not_said_to_do_anything() {
    let app = spawn_app().await;
    let id = app.running().await;
    assert_eq!(app.run(&id).await["stale_since"], Value::Null);
    app.clock.advance_ms(6_000);
    let run = app.run(&id).await;
    assert_eq!(run["stale_since"], run["last_report_at"]);
    assert_eq!(run["loader_state"], Value::Null);
    app.fake.say(&id, 1, events::progress(11, 0));
    let run = app.until(&id, |run| run["stale_since"].is_null()).await;
    assert_eq!(run["loader_state"]["state"], "running");
}

#[actix_web::test]
async fn a_hundred_stops_are_one_and_a_restarted_control_plane_asks_once_more() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.stop_slowly(true);
    for answer in join_all((0..100).map(|_| app.ask(&id, "stop"))).await {
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    let asked = async {
        while app.fake.stops(&id, 1) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap();
    assert_eq!(app.fake.stops(&id, 1), 1);
    let app = app.restart("boot-1").await;
    app.fake.say(&id, 1, events::progress(12, 0));
    app.until(&id, |run| run["account"]["accepted"] == 12).await;
    app.fake.end(
        &id,
        1,
        Ending {
            exit_code: Some(0),
            out_of_memory: false,
        },
    );
    app.until_state(&id, "cancelled").await;
    assert!(app.fake.stops(&id, 1) <= 2);
}
