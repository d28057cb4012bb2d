//! Backfills: planned before they start, one at a time for each site, never twice into the same days unasked.

use chrono::NaiveDate;
use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use control_ui::runs::RunId;
use reqwest::Method;
use run_report::{Event, Outcome};
use serde_json::{Value, json};

use crate::app::{App, id_of, spawn_app};

/// The manual clock stands at 21 September 2026.
const FIRST: &str = "2026-09-01";

fn config(first: &str, last: &str) -> Value {
    json!({
        "targets": [{ "url": "http://matomo.example/matomo.php", "token_auth": "0123456789abcdef0123456789abcdef" }],
        "backfill": {
            "enabled": true, "run_once": true, "start_date": first, "end_date": last, "max_visits_per_day": 20,
        },
        "load": { "time_zone": "UTC" },
    })
}

fn body(first: &str, last: &str) -> Value {
    json!({ "config": config(first, last), "confirm_target": "matomo.example" })
}

fn day(day: u32, accepted: u64) -> Event {
    let day = NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
    events::day(day, accepted, 0)
}

async fn plan(app: &App, config: Value) -> Value {
    let answer = app
        .post("/api/backfill/plan", json!({ "config": config }))
        .await;
    let status = answer.status();
    let plan: Value = answer.json().await.unwrap();
    assert_eq!(status, 200, "{plan}");
    plan
}

/// A backfill of two days that put 5 hits into the first, and paused.
async fn half_done(app: &App) -> RunId {
    let id = app.started(body(FIRST, "2026-09-02")).await;
    app.wait_for_loader(&id, 1).await;
    app.fake.say(&id, 1, events::started());
    app.fake.say(&id, 1, events::progress(5, 0));
    app.fake.say(&id, 1, day(1, 5));
    app.until(&id, |run| run["report_seq"] == 3).await;
    assert_eq!(app.ask(&id, "pause").await.status(), 202);
    app.until_state(&id, "paused").await;
    id
}

#[actix_web::test]
async fn a_plan_says_days_visits_and_estimates_and_what_is_not_known() {
    let app = spawn_app().await;
    let plan = plan(&app, config(FIRST, "2026-09-10")).await;
    assert_eq!(
        plan["window"],
        json!({ "first": FIRST, "last": "2026-09-10", "days": 10, "time_zone": "UTC" })
    );
    assert_eq!(
        plan["days"][9],
        json!({ "day": "2026-09-10", "visits": 20 })
    );
    assert_eq!(plan["visits"], 200);
    assert!(plan["hits_estimate"].as_u64().unwrap() > 200, "{plan}");
    assert_eq!(plan["visits_simulated"], 300);
    assert_eq!(plan["duration_s_estimate"], Value::Null);
    assert!(
        plan["duration_basis"]
            .as_str()
            .unwrap()
            .starts_with("unknown")
    );
    assert_eq!(plan["site_time_zone"], Value::Null);
    assert_ne!(plan["site_time_zone_unknown"], Value::Null);
    assert_eq!(plan["overlaps"], json!([]));
    assert_eq!(app.get("/api/runs").await["runs"], json!([]));
}

#[actix_web::test]
async fn what_is_no_backfill_or_lies_in_the_future_is_not_planned() {
    let app = spawn_app().await;
    let live = json!({ "targets": [{ "url": "http://matomo.example/" }] });
    for (config, pointer) in [
        (live, "/backfill/enabled"),
        (config(FIRST, "2026-09-30"), "/backfill/end_date"),
        (config("2026-09-03", FIRST), "/backfill/start_date"),
    ] {
        let answer = app
            .post("/api/backfill/plan", json!({ "config": config }))
            .await;
        assert_eq!(answer.status(), 422);
        let refused: Value = answer.json().await.unwrap();
        let errors = refused["errors"].as_array().unwrap();
        assert!(
            errors.iter().any(|error| error["pointer"] == pointer),
            "{refused}"
        );
    }
}

/// Backfills that are refused; the command line and the page are tested with the same.
const REFUSALS: &str = include_str!("../../../tests/fixtures/backfill-refusals.json");

#[actix_web::test]
async fn a_backfill_that_is_refused_says_what_to_change() {
    let app = spawn_app().await;
    let refusals: Value = serde_json::from_str(REFUSALS).unwrap();
    for case in refusals["cases"].as_array().unwrap() {
        let mut config = refusals["base"].clone();
        for (name, value) in case["backfill"].as_object().unwrap() {
            config["backfill"][name] = value.clone();
        }
        if case["without_token"] == true {
            config["targets"][0]["token_auth"] = Value::Null;
        }
        let asked = |path: &'static str, body: Value| app.post(path, body);
        let planned = asked("/api/backfill/plan", json!({ "config": config }));
        let begun = json!({ "config": config, "confirm_target": "matomo.example" });
        for answer in [planned.await, asked("/api/runs", begun).await] {
            assert_eq!(answer.status(), 422, "{case}");
            let refused: Value = answer.json().await.unwrap();
            let errors = refused["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{case}: {refused}");
            for name in ["pointer", "code"] {
                assert_eq!(errors[0][name], case[name], "{refused}");
            }
            let hint = errors[0]["hint"].as_str().unwrap();
            assert!(hint.contains(case["hint"].as_str().unwrap()), "{refused}");
        }
    }
    assert_eq!(app.get("/api/runs").await["runs"], json!([]));
}

#[actix_web::test]
async fn a_backfill_has_its_days_before_its_loader_speaks_and_says_what_comes_afterwards() {
    let app = spawn_app().await;
    let id = app.started(body(FIRST, "2026-09-02")).await;
    let run = app.run(&id).await;
    assert_eq!(
        (&run["kind"], &run["window"]["days"]),
        (&json!("backfill"), &json!(2))
    );
    let days = app.get(&format!("/api/runs/{id}/days")).await;
    assert_eq!(days["days"].as_array().unwrap().len(), 2);
    assert_eq!(days["days"][1]["visits_planned"], 20);
    assert_eq!(days["days"][1]["closed"], false);
    app.wait_for_loader(&id, 1).await;
    app.fake.say(&id, 1, day(1, 5));
    app.fake.say(&id, 1, events::finished(Outcome::Done, 5));
    let done = Ending {
        exit_code: Some(0),
        out_of_memory: false,
    };
    app.fake.end(&id, 1, done);
    let run = app.until_state(&id, "succeeded").await;
    let steps = run["next_steps"].to_string();
    let command =
        "./console core:archive --force-idsites=1 --force-date-range=2026-09-01,2026-09-02";
    assert_eq!(run["next_steps"][0]["command"], command, "{steps}");
    assert_eq!(
        app.get("/api/runs?kind=backfill").await["runs"][0]["id"],
        id.to_string()
    );
}

#[actix_web::test]
async fn days_that_a_backfill_filled_are_filled_again_only_when_a_person_says_add() {
    let app = spawn_app().await;
    let first = half_done(&app).await;
    let overlap = plan(&app, config(FIRST, "2026-09-10")).await["overlaps"][0].clone();
    assert_eq!(overlap["run"], first.to_string());
    assert_eq!(overlap["hits_accepted"], 5);
    assert_eq!(
        (&overlap["first"], &overlap["last"]),
        (&json!(FIRST), &json!(FIRST))
    );
    assert_eq!(overlap["can_continue"], true);

    let refused = app.post("/api/runs", body(FIRST, "2026-09-10")).await;
    assert_eq!(refused.status(), 409);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "backfill.overlap");
    assert_eq!(refused["overlaps"][0], overlap);
    let detail = refused["detail"].as_str().unwrap();
    for way in ["continue it", "other days", "\"overlap\": \"add\""] {
        assert!(detail.contains(way), "{detail}");
    }
    // Other days hold nothing.
    let other = app.started(body("2026-09-05", "2026-09-06")).await;
    app.wait_for_loader(&other, 1).await;
    assert_eq!(app.ask(&other, "stop").await.status(), 202);
    app.until_state(&other, "cancelled").await;

    let mut added = body(FIRST, "2026-09-10");
    added["overlap"] = json!("add");
    app.started(added).await;
}

#[actix_web::test]
async fn one_backfill_fills_a_site_at_a_time_and_a_realtime_run_goes_on_beside_it() {
    let app = spawn_app().await;
    let paused = half_done(&app).await;
    let first = app.started(body("2026-09-05", "2026-09-06")).await;
    app.wait_for_loader(&first, 1).await;
    let second = app
        .post("/api/runs", body("2026-09-07", "2026-09-08"))
        .await;
    assert_eq!(second.status(), 409);
    assert_eq!(
        second.json::<Value>().await.unwrap()["code"],
        "backfill.site_busy"
    );
    let resumed = app.ask(&paused, "resume").await;
    assert_eq!(
        resumed.json::<Value>().await.unwrap()["code"],
        "backfill.site_busy"
    );
    let live = json!({ "config": { "targets": [{ "url": "http://matomo.example/matomo.php" }] } });
    app.started(live).await;
    let people = json!({ "use_practice_target": true, "same_people_as": first.to_string() });
    let refused = app.post("/api/runs", people).await;
    assert_eq!(
        refused.json::<Value>().await.unwrap()["errors"][0]["code"],
        "run.active"
    );

    assert_eq!(app.ask(&first, "stop").await.status(), 202);
    app.until_state(&first, "cancelled").await;
    assert_eq!(app.ask(&paused, "resume").await.status(), 202);
    app.wait_for_loader(&paused, 2).await;
    let words = app.fake.request(&paused, 2).unwrap().args.join(" ");
    assert!(
        !words.contains("--resume") || words.ends_with("--resume"),
        "{words}"
    );
}

#[actix_web::test]
async fn a_backfill_is_run_again_only_beside_itself() {
    let app = spawn_app().await;
    let id = half_done(&app).await;
    let path = format!("/api/runs/{id}/again");
    let refused = app.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(
        refused.json::<Value>().await.unwrap()["code"],
        "backfill.overlap"
    );
    let added = app
        .post(&path, json!({ "overlap": "add", "same_visits": true }))
        .await;
    assert_eq!(added.status(), 201);
    let again = id_of(&added.json().await.unwrap());
    let (before, now) = (app.run(&id).await, app.run(&again).await);
    assert_eq!(
        (&before["seed"], &before["window"]),
        (&now["seed"], &now["window"])
    );
}

#[actix_web::test]
async fn days_are_laid_over_the_saved_configuration_whose_token_they_need() {
    let app = spawn_app().await;
    let mut days = config(FIRST, "2026-09-02");
    let targets = days.as_object_mut().unwrap().remove("targets").unwrap();
    let saved = json!({
        "preset": null,
        "config": { "targets": [{ "url": targets[0]["url"] }] },
        "token": targets[0]["token_auth"],
    });
    let request = app.request(Method::PUT, "/api/configuration");
    let request = request.header("If-Match", "\"0\"").json(&saved);
    assert_eq!(request.send().await.unwrap().status(), 200);

    let body = json!({ "use_configuration": true, "config": days });
    let answer = app.post("/api/backfill/plan", body.clone()).await;
    let plan: Value = answer.json().await.unwrap();
    assert_eq!(plan["visits"], 40, "{plan}");
    let mut run = body;
    run["confirm_target"] = json!("matomo.example");
    let id = app.started(run.clone()).await;
    assert_eq!(app.run(&id).await["token_set"], true);
    run["preset"] = json!("light");
    let refused = app.post("/api/runs", run).await;
    assert_eq!(
        refused.json::<Value>().await.unwrap()["errors"][0]["code"],
        "configuration.twice"
    );
}
