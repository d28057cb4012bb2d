//! Signing in, guessing, and what every request must bring.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::app::{App, KEY, Wish, problem, spawn, spawn_app};

async fn session_cookie(app: &App) -> String {
    let answer = app.sign_in(&app.code).await;
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

pub(crate) async fn session_cookie_once(app: &App) -> String {
    let answer = app
        .stranger(Method::POST, "/api/session")
        .json(&json!({ "key": KEY }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[actix_web::test]
async fn our_own_page_may_change_things() {
    let app = spawn_app().await;
    let own = app.address.clone();
    for (name, value) in [("Sec-Fetch-Site", "same-origin"), ("Origin", own.as_str())] {
        let request = app
            .request(Method::POST, "/api/validate")
            .header(name, value);
        assert_eq!(status(request.json(&json!({}))).await, 200, "{name}");
    }
}

#[actix_web::test]
async fn a_sign_in_code_is_good_once() {
    let app = spawn_app().await;
    let cookie = session_cookie(&app).await;
    let again = app.sign_in(&app.code).await;
    assert_eq!(problem(again).await, (401, "auth.refused".into()));
    let who = app
        .stranger(Method::GET, "/api/session")
        .header("Cookie", cookie);
    let who: Value = who.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        who,
        json!({ "signed_in": true, "kind": "session", "scope": "full" })
    );
}

#[actix_web::test]
async fn a_sign_in_code_expires_after_15_minutes() {
    let app = spawn_app().await;
    app.clock.advance_ms(15 * 60 * 1_000);
    assert_eq!(
        problem(app.sign_in(&app.code).await).await,
        (401, "auth.refused".into())
    );
}

#[actix_web::test]
async fn a_session_ends_when_idle_when_old_and_when_signed_out() {
    const HOUR: i64 = 60 * 60 * 1_000;
    let app = spawn_app().await;
    let ask = |cookie: &str| {
        let request = app.stranger(Method::GET, "/api/session");
        status(request.header("Cookie", cookie.to_owned()))
    };
    let idle = session_cookie_once(&app).await;
    app.clock.advance_ms(11 * HOUR);
    assert_eq!(ask(&idle).await, 200);
    app.clock.advance_ms(12 * HOUR);
    assert_eq!(ask(&idle).await, 401);

    let old = session_cookie_once(&app).await;
    for _ in 0..16 {
        app.clock.advance_ms(10 * HOUR);
        assert_eq!(ask(&old).await, 200);
    }
    app.clock.advance_ms(10 * HOUR);
    assert_eq!(ask(&old).await, 401);

    let left = session_cookie_once(&app).await;
    let leave = app
        .stranger(Method::DELETE, "/api/session")
        .header("Cookie", &left);
    assert_eq!(status(leave).await, 204);
    assert_eq!(ask(&left).await, 401);
}

#[actix_web::test]
async fn guessing_is_slowed_down() {
    let app = spawn_app().await;
    for n in 0..6 {
        let refused = app.sign_in(&format!("guess-{n}")).await;
        assert_eq!(refused.status(), 401, "attempt {n}");
    }
    let slowed = app.sign_in(&app.code).await;
    assert_eq!(slowed.headers()["retry-after"], "2");
    assert_eq!(
        problem(slowed).await,
        (429, "auth.too_many_attempts".into())
    );
    app.clock.advance_ms(2_000);
    assert_eq!(app.sign_in(&app.code).await.status(), 204);
}

#[actix_web::test]
async fn guessing_keys_is_slowed_down_whatever_the_guess() {
    let app = spawn_app().await;
    let ask = |key: &'static str| {
        let request = app.stranger(Method::GET, "/api/session");
        request.header("X-API-Key", key).send()
    };
    for n in 0..6 {
        assert_eq!(ask("guess").await.unwrap().status(), 401, "attempt {n}");
    }
    let slowed = ask(KEY).await.unwrap();
    assert_eq!(
        problem(slowed).await,
        (429, "auth.too_many_attempts".into())
    );
    app.clock.advance_ms(2_000);
    assert_eq!(ask(KEY).await.unwrap().status(), 200);
}

#[actix_web::test]
async fn a_wrong_key_is_refused_beside_a_good_session() {
    let app = spawn_app().await;
    let cookie = session_cookie(&app).await;
    let request = app
        .stranger(Method::GET, "/api/status")
        .header("Cookie", cookie);
    let answer = request
        .header("X-API-Key", "x".repeat(20))
        .send()
        .await
        .unwrap();
    assert_eq!(problem(answer).await, (401, "auth.refused".into()));
}

#[actix_web::test]
async fn under_tls_the_cookie_belongs_to_this_host_and_to_https_alone() {
    let wish = Wish {
        change: |settings| settings.public_url = "https://traffic.example".parse().ok(),
        ..Wish::default()
    };
    let app = spawn(wish).await;
    let answer = app.sign_in(&app.code).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-trafficinator_session="),
        "{cookie}"
    );
    assert!(cookie.contains("Secure"), "{cookie}");
    assert!(answer.headers().contains_key("strict-transport-security"));
    let session = cookie.split(';').next().unwrap();
    let ask = app
        .stranger(Method::GET, "/api/session")
        .header("Cookie", session);
    assert_eq!(status(ask.header("Host", "traffic.example")).await, 200);
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_refused() {
    let app = spawn_app().await;
    let send = |kind: &'static str, body: &'static str| {
        let request = app.request(Method::POST, "/api/validate");
        request.header("Content-Type", kind).body(body).send()
    };
    let form = send("application/x-www-form-urlencoded", "a=1")
        .await
        .unwrap();
    assert_eq!(problem(form).await, (415, "request.media_type".into()));
    let broken = send("application/json", "{").await.unwrap();
    assert_eq!(problem(broken).await, (400, "request.malformed".into()));
    let unknown = send("application/json", "{\"presett\":\"light\"}")
        .await
        .unwrap();
    assert_eq!(problem(unknown).await, (400, "request.malformed".into()));
    let large = app
        .request(Method::POST, "/api/validate")
        .header("Content-Type", "application/json");
    let large = large.body("x".repeat(5 << 20)).send().await.unwrap();
    assert_eq!(problem(large).await, (413, "request.too_large".into()));
}

#[actix_web::test]
async fn what_does_not_exist_is_not_found_whatever_its_spelling() {
    let app = spawn_app().await;
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/runs/xyz",
        "/api/runs/..%2f..%2fetc",
        "/api/presets/nothing",
    ] {
        let answer = app.request(Method::GET, path).send().await.unwrap();
        assert_eq!(problem(answer).await, (404, "not_found".into()), "{path}");
    }
}
