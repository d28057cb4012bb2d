//! Testing a connection: what is asked of the loader, what is answered, and what when no loader can be started.

use control_ui::orchestrator::OnceOutput;
use serde_json::{Value, json};

use crate::app::{App, spawn_app};

/// A token that must come back nowhere.
const CANARY: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";

/// What a loader says, whole.
fn report() -> Value {
    let names = [
        "address", "dns", "connect", "tls", "http", "matomo", "site", "token", "clock", "hit",
    ];
    let steps: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "step": name, "state": "ok", "code": format!("{name}.ok"),
                "message": "as it should be", "hint": null,
            })
        })
        .collect();
    json!({
        "ok": true,
        "target": { "url": "https://matomo.example/matomo.php", "host": "matomo.example", "site_id": 3 },
        "steps": steps,
        "matomo": {
            "version": "5.2.0", "latency_ms": 12.5, "clock_difference_s": -1,
            "site": { "name": "Shop", "time_zone": "Europe/Stockholm", "currency": "SEK", "ecommerce": false },
        },
        "token": { "state": "write" },
    })
}

fn said(stdout: &str) -> OnceOutput {
    OnceOutput {
        stdout: stdout.to_owned(),
        stderr: "error: unrecognized subcommand 'probe'".to_owned(),
        exit_code: Some(0),
    }
}

async fn ask(app: &App, body: &Value) -> (u16, Value) {
    let response = app
        .request(reqwest::Method::POST, "/api/test-connection")
        .json(body)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn target() -> Value {
    json!({ "targets": [{
        "url": "https://matomo.example/matomo.php", "site_id": 3, "token_auth": CANARY,
    }]})
}

#[tokio::test]
async fn a_loader_tests_and_its_report_is_the_answer() {
    let app = spawn_app().await;
    app.fake.answer_once(said(&report().to_string()));
    let (status, mut answer) = ask(&app, &json!({ "config": target(), "write_hit": true })).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["from"], "a loader that a test made up");
    answer.as_object_mut().unwrap().remove("from");
    assert_eq!(answer, report());
    let asked = app.fake.asked_once();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].args,
        ["probe", "--json", "--beside-control-plane", "--write-hit"]
    );
    assert!(!asked[0].config.contains(CANARY));
    assert!(asked[0].secrets.as_ref().unwrap().expose().contains(CANARY));
    assert!(!answer.to_string().contains(CANARY));
    let audit = app.get("/api/audit").await;
    assert_eq!(audit["entries"][0]["action"], "connection.test", "{audit}");
    assert_eq!(audit["entries"][0]["subject"], "matomo.example");
}

/// The plan of a backfill into the site that is tested.
async fn plan(app: &App, zone: &str, more: Value) -> Value {
    let mut config = target();
    config["load"] = json!({ "time_zone": zone });
    config["backfill"] =
        json!({ "enabled": true, "start_date": "2026-09-01", "end_date": "2026-09-02" });
    config["commerce"] = more;
    let answer = app
        .post("/api/backfill/plan", json!({ "config": config }))
        .await;
    answer.json().await.unwrap()
}

fn codes(plan: &Value) -> Vec<&str> {
    let warnings = plan["warnings"].as_array().unwrap();
    let codes = warnings.iter().filter_map(|one| one["code"].as_str());
    codes.filter(|code| code.starts_with("site.")).collect()
}

#[tokio::test]
async fn what_matomo_says_of_the_site_is_kept_for_plans_of_backfills() {
    let app = spawn_app().await;
    let before = plan(&app, "UTC", json!({})).await;
    assert_eq!(before["site_time_zone"], Value::Null);
    let why = before["site_time_zone_unknown"].as_str().unwrap();
    assert!(why.contains("test the connection"), "{why}");

    app.fake.answer_once(said(&report().to_string()));
    ask(&app, &json!({ "config": target() })).await;

    let differs = plan(&app, "UTC", json!({})).await;
    assert_eq!(differs["site_time_zone"], "Europe/Stockholm");
    assert_eq!(differs["better_time_zone"], "Europe/Stockholm");
    assert_eq!(differs["site_time_zone_unknown"], Value::Null);
    assert!(differs["site_seen_at"].is_string(), "{differs}");
    assert_eq!(codes(&differs), ["site.time_zone", "site.no_shop"]);
    let agrees = plan(&app, "CET", json!({ "order": 0 })).await;
    assert_eq!(codes(&agrees), [""; 0], "{agrees}");
    assert_eq!(agrees["better_time_zone"], Value::Null);

    // A later test knows better; one without a token that may see the site takes nothing away.
    for site in [
        json!({ "name": "Shop", "time_zone": "UTC+5.5", "currency": "INR", "ecommerce": true }),
        Value::Null,
    ] {
        let mut report = report();
        report["matomo"]["site"] = site;
        app.fake.answer_once(said(&report.to_string()));
        ask(&app, &json!({ "config": target() })).await;
        let plan = plan(&app, "UTC", json!({})).await;
        assert_eq!(plan["site_time_zone"], "UTC+5.5");
        assert_eq!(plan["better_time_zone"], Value::Null);
        assert_eq!(codes(&plan), ["site.time_zone", "site.currency"]);
    }
}

#[tokio::test]
async fn an_address_that_no_loader_could_try_needs_no_loader() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "matomo" }] });
    let (status, answer) = ask(&app, &json!({ "config": config })).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["steps"][0]["code"], "address.invalid");
    assert_eq!(answer["steps"].as_array().unwrap().len(), 10);
    assert_eq!(answer["steps"][9]["state"], "skipped");
    assert!(app.fake.asked_once().is_empty());
}

#[tokio::test]
async fn problems_that_are_not_the_targets_do_not_matter() {
    let app = spawn_app().await;
    app.fake.answer_once(said(&report().to_string()));
    let mut config = target();
    config["load"] = json!({ "visits_per_day": 0 });
    let (status, answer) = ask(&app, &json!({ "config": config })).await;
    assert_eq!((status, &answer["ok"]), (200, &json!(true)), "{answer}");
}

#[tokio::test]
async fn without_loaders_the_answer_names_the_cure() {
    let app = spawn_app().await;
    app.fake.break_with(Some("no Docker; start it"));
    let (status, answer) = ask(&app, &json!({ "config": target() })).await;
    assert_eq!(status, 503);
    assert_eq!(answer["code"], "orchestrator.unavailable");
    assert_eq!(answer["detail"], "no Docker; start it");
}

#[tokio::test]
async fn a_loader_of_another_version_is_named_as_the_cause() {
    let app = spawn_app().await;
    app.fake.answer_once(said("Usage: loader"));
    let (status, answer) = ask(&app, &json!({ "config": target() })).await;
    assert_eq!(status, 503);
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains("LOADER_IMAGE"), "{detail}");
}

#[tokio::test]
async fn the_table_of_rights_says_what_works_with_which_token() {
    let app = spawn_app().await;
    let table = app.get("/api/token-rights").await;
    let rows = table["rows"].as_array().unwrap();
    assert!(rows.len() >= 5);
    assert!(rows.iter().all(|row| row["superuser"] == true));
    assert!(
        rows.iter()
            .any(|row| row["none"] == false && row["write"] == true)
    );
    assert!(table["where"].as_str().unwrap().contains("Security"));
}
