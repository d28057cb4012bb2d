//! Presets of people's own.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::app::{App, problem, spawn_app};

async fn made(app: &App, body: Value) -> Value {
    let answer = app.post("/api/presets", body).await;
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn change(app: &App, id: &str, revision: u64, body: Value) -> Response {
    let request = app.request(Method::PUT, &format!("/api/presets/{id}"));
    let request = request.header("If-Match", format!("\"{revision}\""));
    request.json(&body).send().await.unwrap()
}

async fn delete(app: &App, id: &str) -> Response {
    let request = app.request(Method::DELETE, &format!("/api/presets/{id}"));
    request.send().await.unwrap()
}

#[actix_web::test]
async fn a_preset_is_made_found_changed_and_deleted() {
    let app = spawn_app().await;
    let config = json!({
        "targets": [{ "url": "https://matomo.example/matomo.php", "site_id": 3, "token_auth": "secret-secret" }],
        "load": { "visits_per_day": 777 },
    });
    let body = json!({ "title": " Spring  sale ", "description": "For April.", "config": config });
    let preset = made(&app, body).await;
    assert_eq!(preset["id"], "spring-sale");
    assert_eq!(preset["title"], "Spring sale");
    assert_eq!(preset["built_in"], false);
    assert_eq!(preset["visits_per_day"], 777);
    assert_eq!(
        preset["config"],
        json!({ "load": { "visits_per_day": 777 } })
    );
    assert_eq!(
        preset["removed"],
        json!([
            "/targets/0/site_id",
            "/targets/0/token_auth",
            "/targets/0/url"
        ])
    );
    let listed = app.get("/api/presets").await["presets"].clone();
    let (own, built_in) = listed.as_array().unwrap().split_last().unwrap();
    assert_eq!(own["id"], "spring-sale");
    assert!(
        built_in.iter().all(|one| one["built_in"] == true),
        "{listed}"
    );

    let body = json!({ "preset": "spring-sale", "config": { "targets": [{ "url": "https://a.example/" }] } });
    let found: Value = app.post("/api/validate", body).await.json().await.unwrap();
    let rate = found["values"].as_array().unwrap().iter();
    let rate: Vec<_> = rate
        .filter(|it| it["pointer"] == "/load/visits_per_day")
        .collect();
    assert_eq!(rate[0]["value"], 777);
    assert_eq!(
        rate[0]["origin"],
        json!({ "kind": "preset", "name": "Spring sale" })
    );

    let body = json!({ "title": "Summer sale", "config": { "load": { "visits_per_day": 888 } } });
    let changed = change(&app, "spring-sale", 1, body.clone()).await;
    assert_eq!(changed.status(), 200);
    assert_eq!(changed.headers()["etag"], "\"2\"");
    let changed: Value = changed.json().await.unwrap();
    assert_eq!(changed["id"], "spring-sale", "the id stays");
    let late = change(&app, "spring-sale", 1, body).await;
    assert_eq!(problem(late).await, (412, "precondition.failed".into()));

    assert_eq!(delete(&app, "spring-sale").await.status(), 204);
    assert_eq!(problem(delete(&app, "spring-sale").await).await.0, 404);
}

#[actix_web::test]
async fn built_in_presets_stay_as_they_are() {
    let app = spawn_app().await;
    let body = json!({ "title": "x", "config": {} });
    let refused = change(&app, "light", 1, body).await;
    assert_eq!(problem(refused).await, (409, "preset.built_in".into()));
    let refused = delete(&app, "light").await;
    assert_eq!(problem(refused).await, (409, "preset.built_in".into()));
}

#[actix_web::test]
async fn titles_and_sizes_have_bounds() {
    let app = spawn_app().await;
    made(&app, json!({ "title": "Mine", "config": {} })).await;
    let long = "x".repeat(61);
    for title in ["", "   ", "MINE", "Light", long.as_str(), "a\u{7}b"] {
        let refused = app
            .post("/api/presets", json!({ "title": title, "config": {} }))
            .await;
        assert_eq!(refused.status(), 422, "{title:?}");
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["errors"][0]["pointer"], "/title");
    }
    let names: Vec<_> = (0..250)
        .map(|_| json!({ "country": "x".repeat(300), "weight": 1 }))
        .collect();
    let body = json!({ "title": "Long", "config": { "audience": { "weights": names } } });
    let refused: Value = app.post("/api/presets", body).await.json().await.unwrap();
    let codes: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].clone())
        .collect();
    assert!(codes.contains(&json!("preset.too_large")), "{codes:?}");
    for at in 1..100 {
        made(&app, json!({ "title": format!("Number {at}") })).await;
    }
    let refused = app
        .post("/api/presets", json!({ "title": "One more" }))
        .await;
    assert_eq!(problem(refused).await, (409, "presets.too_many".into()));
}

#[actix_web::test]
async fn a_preset_can_be_made_of_the_saved_configuration() {
    let app = spawn_app().await;
    let config =
        json!({ "targets": [{ "url": "https://a.example/" }], "load": { "concurrency": 9 } });
    let request = app
        .request(Method::PUT, "/api/configuration")
        .header("If-Match", "\"0\"");
    let saved = request
        .json(&json!({ "config": config, "token": "t0k3nt0k3nt0k3n" }))
        .send();
    assert_eq!(saved.await.unwrap().status(), 200);
    let preset = made(&app, json!({ "title": "Mine", "from": "configuration" })).await;
    assert_eq!(preset["config"], json!({ "load": { "concurrency": 9 } }));
}

async fn act(app: &App, id: &str, what: &str, body: Value) -> Response {
    app.post(&format!("/api/presets/{id}/{what}"), body).await
}

#[actix_web::test]
async fn a_deleted_preset_can_be_restored_for_thirty_days() {
    let app = spawn_app().await;
    let config = json!({ "load": { "visits_per_day": 7 } });
    made(&app, json!({ "title": "Mine", "config": config })).await;
    delete(&app, "mine").await;
    // The name is free, the id is not.
    let other = made(&app, json!({ "title": "Mine", "config": {} })).await;
    assert_eq!(other["id"], "mine-2");
    let restored = act(&app, "mine", "restore", json!({})).await;
    assert_eq!(restored.status(), 200);
    let restored: Value = restored.json().await.unwrap();
    assert_eq!(restored["config"], config);
    assert_eq!(restored["title"], "Mine (2)");
    delete(&app, "mine").await;
    app.clock.advance_ms(31 * 24 * 3_600_000);
    let late = act(&app, "mine", "restore", json!({})).await;
    assert_eq!(problem(late).await, (404, "not_found".into()));
}

#[actix_web::test]
async fn presets_are_duplicated_and_exported() {
    let app = spawn_app().await;
    let copy = act(&app, "heavy", "duplicate", json!({ "title": "Heavier" })).await;
    assert_eq!(copy.status(), 201);
    let copy: Value = copy.json().await.unwrap();
    assert_eq!(
        copy["config"],
        app.get("/api/presets/heavy").await["config"]
    );
    for (format, kind, sign) in [
        (
            "toml",
            "application/toml",
            "visits_per_day = 50000 # Visits per day",
        ),
        ("json", "application/json", "\"visits_per_day\": 50000"),
        (
            "env",
            "text/plain; charset=utf-8",
            "TARGET_VISITS_PER_DAY=50000",
        ),
    ] {
        let path = format!("/api/presets/heavier/export?format={format}");
        let file = app.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], kind);
        let name = file.headers()["content-disposition"].to_str().unwrap();
        assert_eq!(name, format!("attachment; filename=\"heavier.{format}\""));
        let text = file.text().await.unwrap();
        assert!(text.contains(sign), "{text}");
        let body = json!({ "text": text, "title": format!("Again {format}") });
        let again = app.post("/api/presets/import", body).await;
        assert_eq!(again.status(), 201);
        assert_eq!(
            again.json::<Value>().await.unwrap()["config"],
            copy["config"]
        );
    }
    let path = "/api/presets/heavier/export?format=xml";
    let refused = app.request(Method::GET, path).send().await.unwrap();
    assert_eq!(refused.status(), 400);
}

#[actix_web::test]
async fn a_preset_of_the_original_is_offered_its_later_defaults_and_changed_on_demand_alone() {
    let app = spawn_app().await;
    let text = json!({ "name": "Old", "config": {
        "matomo_url": "https://matomo.example/", "matomo_token_auth": "planted-token-0123",
        "target_visits_per_day": 700, "timezone": "UTC", "ecommerce_currency": "USD" } });
    let body = json!({ "text": text.to_string() });
    let old = app.post("/api/presets/import", body).await;
    assert_eq!(old.status(), 201);
    let old: Value = old.json().await.unwrap();
    assert!(!old.to_string().contains("planted-token"), "{old}");
    assert_eq!(old["title"], "Old");
    assert_eq!(
        old["removed"],
        json!(["/targets/0/token_auth", "/targets/0/url"])
    );
    assert_eq!(old["config"]["commerce"]["currency"], "USD", "as it was");
    assert_eq!(
        old["legacy"],
        json!({ "settings": [
            { "pointer": "/load/time_zone", "from": "UTC", "to": "CET" },
            { "pointer": "/commerce/currency", "from": "USD", "to": "SEK" },
        ] })
    );
    let changed = act(&app, "old", "migrate", json!({})).await;
    let changed: Value = changed.json().await.unwrap();
    assert_eq!(changed["config"]["commerce"]["currency"], "SEK");
    assert_eq!(
        changed["config"]["load"],
        json!({ "time_zone": "CET", "visits_per_day": 700 })
    );
    assert_eq!(changed["legacy"], Value::Null);
    // What somebody chose here is no leftover.
    let own = json!({ "title": "Own", "config": { "commerce": { "currency": "USD" } } });
    assert_eq!(made(&app, own).await["legacy"], Value::Null);
}

#[actix_web::test]
async fn a_text_with_problems_is_no_preset() {
    let app = spawn_app().await;
    let body = json!({ "text": "[load]\nvisits_per_day = 0\n", "title": "Bad" });
    let refused: Value = app
        .post("/api/presets/import", body)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(refused["code"], "config.invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/load/visits_per_day");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("line 2: "), "{message}");
}
