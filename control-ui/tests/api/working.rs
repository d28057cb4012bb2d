//! The run configuration that people edit: what is saved, what is kept apart, and two who save at once.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::app::{App, problem, spawn_app};

const URL: &str = "https://matomo.example/matomo.php";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

async fn put(app: &App, revision: u64, body: Value) -> Response {
    let request = app.request(Method::PUT, "/api/configuration");
    let request = request.header("If-Match", format!("\"{revision}\""));
    request.json(&body).send().await.unwrap()
}

async fn saved(app: &App, revision: u64, body: Value) -> Value {
    let answer = put(app, revision, body).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[actix_web::test]
async fn nothing_is_saved_at_first_and_what_is_saved_comes_back() {
    let app = spawn_app().await;
    let empty = app.get("/api/configuration").await;
    let nobody = json!({ "set": false, "last4": null, "origin": null });
    assert_eq!(
        empty,
        json!({ "revision": 0, "updated_at": null, "preset": null, "config": {}, "token": nobody, "secrets": {} })
    );
    let config = json!({ "targets": [{ "url": URL }], "load": { "visits_per_day": 500, "concurrency": null } });
    let body = json!({ "preset": "light", "config": config, "token": TOKEN });
    let view = saved(&app, 0, body).await;
    assert_eq!(view["revision"], 1);
    assert_eq!(
        view["config"],
        json!({ "targets": [{ "url": URL }], "load": { "visits_per_day": 500 } })
    );
    let yours = json!({ "set": true, "last4": "cdef", "origin": { "kind": "you", "name": "" } });
    assert_eq!(view["token"], yours);
    let answer = app.request(Method::GET, "/api/configuration").send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["etag"], "\"1\"");
    assert_eq!(answer.json::<Value>().await.unwrap(), view);

    let app = app.restart("boot-1").await;
    assert_eq!(app.get("/api/configuration").await, view);
}

#[actix_web::test]
async fn the_second_of_two_who_save_is_told_and_overwrites_nothing() {
    let app = spawn_app().await;
    let config = |visits: u32| json!({ "config": { "load": { "visits_per_day": visits } } });
    saved(&app, 0, config(100)).await;
    let late = put(&app, 0, config(200)).await;
    assert_eq!(problem(late).await, (412, "precondition.failed".into()));
    let careless = app.request(Method::PUT, "/api/configuration");
    let careless = careless.json(&config(300)).send().await.unwrap();
    assert_eq!(
        problem(careless).await,
        (428, "precondition.required".into())
    );
    let now = app.get("/api/configuration").await;
    assert_eq!(now["config"]["load"]["visits_per_day"], 100);
    saved(&app, 1, config(200)).await;
}

#[actix_web::test]
async fn of_many_who_save_at_once_one_succeeds() {
    let app = spawn_app().await;
    let config = |visits: u32| json!({ "config": { "load": { "visits_per_day": visits } } });
    let all = (1..=20).map(|visits| put(&app, 0, config(visits)));
    let answers = futures_util::future::join_all(all).await;
    let good = answers.iter().filter(|answer| answer.status() == 200);
    assert_eq!(good.count(), 1);
    assert_eq!(app.get("/api/configuration").await["revision"], 1);
}

#[actix_web::test]
async fn a_draft_may_lack_its_target_and_nothing_else() {
    let app = spawn_app().await;
    saved(&app, 0, json!({ "config": {} })).await;
    for (config, pointer) in [
        (
            json!({ "load": { "visits_per_day": 0 } }),
            "/load/visits_per_day",
        ),
        (json!({ "laod": {} }), "/laod"),
        (
            json!({ "targets": [{ "url": "matomo" }] }),
            "/targets/0/url",
        ),
        (json!({ "version": 99 }), "/version"),
    ] {
        let refused = put(&app, 1, json!({ "config": config })).await;
        assert_eq!(refused.status(), 422);
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["code"], "config.invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
}

#[actix_web::test]
async fn the_token_stays_goes_and_is_sent_to_no_other_server() {
    let app = spawn_app().await;
    let at = |url: &str| json!({ "targets": [{ "url": url }] });
    let view = saved(&app, 0, json!({ "config": at(URL), "token": TOKEN })).await;
    assert_eq!(view["token"]["set"], true);
    let view = saved(&app, 1, json!({ "config": at(URL) })).await;
    assert_eq!(view["token"]["set"], true, "left out it stays");

    let elsewhere = at("https://elsewhere.example/matomo.php");
    let body = json!({ "config": elsewhere, "use_saved_token": true });
    let found: Value = app.post("/api/validate", body).await.json().await.unwrap();
    assert_eq!(found["warnings"][0]["code"], "withheld", "{found}");
    let view = saved(&app, 2, json!({ "config": elsewhere })).await;
    assert_eq!(view["token"]["set"], false);
    let view = saved(&app, 3, json!({ "config": at(URL) })).await;
    assert_eq!(view["token"]["set"], true, "back at its server");

    let view = saved(&app, 4, json!({ "config": at(URL), "token": null })).await;
    assert_eq!(view["token"]["set"], false);
    assert!(!app.data().join("secrets/configuration.json").exists());
}

#[actix_web::test]
async fn a_password_of_the_web_server_is_kept_apart_like_the_token_until_it_is_taken_away() {
    const POINTER: &str = "/targets/0/basic_auth_password";
    let app = spawn_app().await;
    let target = json!({ "targets": [{ "url": URL, "basic_auth_user": "staging" }] });
    let given = json!({ POINTER: "a-canary-password-of-a-web-server" });
    let view = saved(&app, 0, json!({ "config": target, "secrets": given })).await;
    assert_eq!(view["secrets"][POINTER]["last4"], "rver");
    let view = saved(&app, 1, json!({ "config": target })).await;
    assert_eq!(view["secrets"][POINTER]["set"], true, "left out it stays");
    assert!(!view.to_string().contains("canary"), "{view}");

    let open = json!({ "targets": [{ "url": URL }] });
    let gone = json!({ POINTER: null });
    let view = saved(&app, 2, json!({ "config": open, "secrets": gone })).await;
    assert_eq!(view["secrets"], json!({}));
    assert!(!app.data().join("secrets/configuration.json").exists());
}

#[actix_web::test]
async fn every_setting_has_a_value_with_its_origin() {
    let app = spawn_app().await;
    let body = json!({ "preset": "light", "config": { "load": { "concurrency": 7 } } });
    let found: Value = app.post("/api/validate", body).await.json().await.unwrap();
    let values = found["values"].as_array().unwrap();
    let value = |pointer: &str| values.iter().find(|it| it["pointer"] == pointer).unwrap();
    assert_eq!(
        value("/load/concurrency"),
        &json!({ "pointer": "/load/concurrency", "value": 7, "origin": { "kind": "you", "name": "" } })
    );
    assert_eq!(value("/load/visits_per_day")["origin"]["kind"], "preset");
    assert_eq!(value("/load/visits_per_day")["origin"]["name"], "light");
    assert_eq!(value("/commerce/currency")["origin"]["kind"], "default");
    assert_eq!(value("/targets/0/token_auth")["value"], Value::Null);
    assert_eq!(value("/audience/seed")["value"], Value::Null);
    assert!(values.len() > 50);
}
