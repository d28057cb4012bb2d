//! Sessions as people see them, links for others, and the list of who did what.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::app::{App, PATIENCE, Wish, problem, spawn, spawn_app};
use control_ui::settings::SessionTimes;

const HOUR: i64 = 60 * 60 * 1_000;

async fn cookie(app: &App, code: &str) -> String {
    let answer = app.sign_in(code).await;
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn new_code(app: &App) -> String {
    let answer = app.post("/api/sign-in-link", json!({})).await;
    assert_eq!(answer.status(), 201);
    let link: Value = answer.json().await.unwrap();
    let url = link["url"].as_str().unwrap();
    let (address, code) = url.split_once("/#code=").unwrap();
    assert_eq!(address, app.address);
    code.to_owned()
}

fn with(app: &App, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    app.stranger(method, path).header("Cookie", cookie)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[actix_web::test]
async fn sessions_are_listed_with_their_end_and_revoked() {
    let app = spawn_app().await;
    let first = cookie(&app, &app.code).await;
    app.clock.advance_ms(HOUR);
    let request = app.stranger(Method::POST, "/api/session");
    let code = new_code(&app).await;
    let answer = request
        .header("User-Agent", "Browser/1")
        .json(&json!({ "code": code }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);

    let list = with(&app, Method::GET, "/api/sessions", &first);
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    let (own, other) = (&list["sessions"][0], &list["sessions"][1]);
    let (own, other) = match own["current"].as_bool().unwrap() {
        true => (own, other),
        false => (other, own),
    };
    assert_eq!(
        (&own["current"], &other["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(other["agent"], "Browser/1");
    assert_eq!(other["address"], "127.0.0.1");
    assert_eq!(other["created_at"], "2026-09-21T15:13:20.000Z");
    assert_eq!(other["ends_at"], "2026-09-22T03:13:20.000Z");

    let path = format!("/api/sessions/{}", own["id"].as_str().unwrap());
    assert_eq!(status(app.request(Method::DELETE, &path)).await, 204);
    assert_eq!(
        status(with(&app, Method::GET, "/api/session", &first)).await,
        401
    );
    let again = app.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(problem(again).await, (404, "not_found".into()));
    app.clock.advance_ms(12 * HOUR);
    assert_eq!(app.get("/api/sessions").await["sessions"], json!([]));
}

#[actix_web::test]
async fn a_revoked_session_loses_its_event_stream_at_once() {
    let app = spawn(Wish::default()).await;
    let cookie = cookie(&app, &app.code).await;
    let stream = with(&app, Method::GET, "/api/events", &cookie);
    let mut stream = stream.send().await.unwrap();
    let list = app.get("/api/sessions").await;
    let id = list["sessions"][0]["id"].as_str().unwrap();
    let revoke = app.request(Method::DELETE, &format!("/api/sessions/{id}"));
    assert_eq!(status(revoke).await, 204);
    let end = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(PATIENCE, end).await.unwrap();
}

#[actix_web::test]
async fn the_operator_says_how_long_sessions_live() {
    let app = spawn(Wish {
        change: |settings| settings.sessions = SessionTimes::new(2, 1),
        ..Wish::default()
    })
    .await;
    let cookie = cookie(&app, &app.code).await;
    let ask = || status(with(&app, Method::GET, "/api/session", &cookie));
    for _ in 0..12 {
        app.clock.advance_ms(2 * HOUR - 1);
        assert_eq!(ask().await, 200);
    }
    app.clock.advance_ms(12);
    assert_eq!(ask().await, 401);
}

#[actix_web::test]
async fn a_link_for_somebody_else_is_good_once() {
    let app = spawn_app().await;
    let code = new_code(&app).await;
    assert_eq!(app.sign_in(&code).await.status(), 204);
    assert_eq!(app.sign_in(&code).await.status(), 401);
}

#[actix_web::test]
async fn who_did_what_is_listed_newest_first_in_pages() {
    let app = spawn_app().await;
    let cookie = cookie(&app, &app.code).await;
    let (id, key) = crate::keys::make_key(&app, "read_only", None).await;
    let revoke = app.request(Method::DELETE, &format!("/api/keys/{id}"));
    assert_eq!(status(revoke).await, 204);
    let run = app.running().await;
    app.ask(&run, "stop").await;
    let leave = with(&app, Method::DELETE, "/api/session", &cookie);
    assert_eq!(status(leave).await, 204);

    let all = app.get("/api/audit").await;
    let entries = all["entries"].as_array().unwrap();
    let actions: Vec<&str> = entries
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    let expected = [
        "sign_out",
        "run.stop",
        "run.start",
        "key.revoke",
        "key.create",
        "sign_in",
    ];
    assert_eq!(actions, expected);
    assert_eq!(all["next"], Value::Null);
    assert_eq!(entries[1]["subject"], run.as_str());
    assert_eq!(entries[1]["who"], "key CONTROL_UI_API_KEY");
    assert_eq!(entries[4]["detail"], format!("{}, read_only", &key[..12]));
    assert_eq!(entries[5]["address"], "127.0.0.1");
    assert_eq!(entries[5]["request_id"].as_str().unwrap().len(), 32);
    assert!(!all.to_string().contains(&key), "{all}");

    let mut pages = Vec::new();
    let mut path = "/api/audit?limit=4".to_owned();
    loop {
        let page = app.get(&path).await;
        pages.extend(page["entries"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => path = format!("/api/audit?limit=4&before={next}"),
            None => break,
        }
    }
    assert_eq!(&pages, entries);
    for query in ["limit=0", "limit=201", "limit=x", "before=x", "unknown=1"] {
        let answer = app.request(Method::GET, &format!("/api/audit?{query}"));
        let answer = answer.send().await.unwrap();
        assert_eq!(
            problem(answer).await,
            (400, "request.malformed".into()),
            "{query}"
        );
    }
}

#[actix_web::test]
async fn who_changed_which_settings_is_told_and_never_their_values() {
    const SECRET: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";
    let app = spawn_app().await;
    let put = |path: &str, tag: &str, body: Value| {
        let request = app.request(Method::PUT, path).header("If-Match", tag);
        request.json(&body).send()
    };
    let detail = async || {
        let list = app.get("/api/audit").await;
        assert!(!list.to_string().contains(SECRET), "{list}");
        list["entries"][0]["detail"].as_str().unwrap().to_owned()
    };
    let target = json!([{ "url": "https://matomo.example/matomo.php" }]);
    let config = |visits: u32| json!({ "targets": target, "load": { "visits_per_day": visits } });
    let body = json!({ "preset": "light", "config": config(4321), "token": SECRET });
    let saved = put("/api/configuration", "\"0\"", body).await.unwrap();
    assert_eq!(saved.status(), 200);
    assert_eq!(
        detail().await,
        "revision 1; changed: /load/visits_per_day, /targets/0/url, the preset that it begins from, \
         /targets/0/token_auth"
    );
    let body = json!({ "preset": "light", "config": config(4322), "token": null });
    put("/api/configuration", "\"1\"", body).await.unwrap();
    let told = detail().await;
    assert_eq!(
        told,
        "revision 2; changed: /load/visits_per_day, /targets/0/token_auth"
    );

    let new = json!({ "title": "mine", "config": { "load": { "visits_per_day": 10 } } });
    let made = app.post("/api/presets", new).await;
    assert_eq!(made.status(), 201);
    let body = json!({ "title": "ours", "config": { "load": { "concurrency": 3 } } });
    let saved = put("/api/presets/mine", "\"1\"", body).await.unwrap();
    assert_eq!(saved.status(), 200);
    assert_eq!(
        detail().await,
        "ours; changed: /load/concurrency, /load/visits_per_day, the title"
    );

    let id = app.running().await;
    let body =
        json!({ "use_practice_target": true, "config": { "load": { "visits_per_day": 77 } } });
    let applied = app.post(&format!("/api/runs/{id}/apply"), body).await;
    assert_eq!(applied.status(), 202);
    let told = detail().await;
    assert!(told.ends_with("; changed: /load/visits_per_day"), "{told}");
}
