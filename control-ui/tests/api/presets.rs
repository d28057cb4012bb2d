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
    assert_eq!(listed[4]["id"], "spring-sale", "behind the built-in ones");

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
