//! Texts into documents and back, and documents side by side.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, problem, spawn_app};

async fn converted(app: &App, body: Value) -> Value {
    let answer = app.post("/api/convert", body).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[actix_web::test]
async fn an_env_file_of_the_original_moves_over() {
    let app = spawn_app().await;
    let text = "\
MATOMO_URL=https://matomo.example/matomo.php
MATOMO_TOKEN_AUTH=planted-token-0123
TARGET_VISITS_PER_DAY=5000
PAGEVIEW_MIN=3
TIMEZONE=UTC
CONCURRENCY=9999
";
    let read = converted(&app, json!({ "text": text })).await;
    assert!(!read.to_string().contains("planted"), "{read}");
    assert_eq!(read["format"], "env");
    assert_eq!(read["secrets_removed"], true);
    assert_eq!(read["config"]["load"]["visits_per_day"], 5000);
    assert_eq!(read["legacy"]["settings"][0]["to"], "CET");
    let problems: Vec<_> = read["problems"].as_array().unwrap().iter().collect();
    let told: Vec<_> = problems
        .iter()
        .map(|it| (&it["code"], &it["line"], &it["column"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("near_miss"), &json!(4), &json!(1)),
            (&json!("above_limit"), &json!(6), &json!(1))
        ]
    );
}

#[actix_web::test]
async fn documents_become_texts_without_secrets() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "https://a.example/", "token_auth": "planted" }], "load": { "concurrency": 3 } });
    for format in ["toml", "json", "env"] {
        let text = converted(&app, json!({ "config": config, "to": format })).await["text"].clone();
        assert!(!text.to_string().contains("planted"), "{text}");
        let again = converted(&app, json!({ "text": text, "format": "auto" })).await;
        assert_eq!(again["format"], format);
        assert_eq!(
            again["config"],
            json!({ "targets": [{ "url": "https://a.example/" }], "load": { "concurrency": 3 } })
        );
    }
    for body in [
        json!({}),
        json!({ "text": "", "to": "toml" }),
        json!({ "config": {} }),
    ] {
        let refused = app.post("/api/convert", body).await;
        assert_eq!(problem(refused).await, (400, "request.malformed".into()));
    }
}

#[actix_web::test]
async fn two_sides_are_compared_by_what_runs_would_use() {
    let app = spawn_app().await;
    let config =
        json!({ "targets": [{ "url": "https://a.example/" }], "load": { "concurrency": 50 } });
    let request = app
        .request(Method::PUT, "/api/configuration")
        .header("If-Match", "\"0\"");
    let saved = request
        .json(&json!({ "config": config, "token": "planted-token-0123" }))
        .send();
    assert_eq!(saved.await.unwrap().status(), 200);

    let document = json!({ "config": config, "use_saved_token": true });
    let body = json!({ "from": { "configuration": true }, "to": { "document": document } });
    let same: Value = app.post("/api/compare", body).await.json().await.unwrap();
    assert_eq!(same, json!({ "changes": [] }));

    let document = json!({ "config": { "targets": [{ "url": "https://a.example/" }], "load": { "visits_per_day": 5 } } });
    let body = json!({ "from": { "configuration": true }, "to": { "document": document } });
    let text = app.post("/api/compare", body).await.text().await.unwrap();
    assert!(!text.contains("planted"), "{text}");
    let found: Value = serde_json::from_str(&text).unwrap();
    let you = json!({ "kind": "you", "name": "" });
    let default = json!({ "kind": "default", "name": "" });
    assert_eq!(
        found["changes"],
        json!([
            { "pointer": "/targets/0/token_auth", "title": "Token", "unit": null, "from": "set", "to": "not set",
              "from_origin": you, "to_origin": default },
            { "pointer": "/load/visits_per_day", "title": "Visits per day", "unit": "visits/day", "from": 20000, "to": 5,
              "from_origin": default, "to_origin": you },
        ])
    );
    let id = app
        .started(json!({ "use_practice_target": true, "preset": "light" }))
        .await;
    let body = json!({ "from": { "run": id.to_string() }, "to": { "preset": "light" } });
    let found: Value = app.post("/api/compare", body).await.json().await.unwrap();
    let changed: Vec<_> = found["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pointer"].clone())
        .collect();
    assert_eq!(changed, ["/targets/0/url"]);
    let body = json!({ "from": { "run": "nobody" }, "to": {} });
    assert_eq!(problem(app.post("/api/compare", body).await).await.0, 404);
    let body = json!({ "from": { "run": "x", "preset": "light" }, "to": {} });
    assert_eq!(problem(app.post("/api/compare", body).await).await.0, 400);
}
