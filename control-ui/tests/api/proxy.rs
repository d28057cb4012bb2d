//! Behind a reverse proxy: whom it speaks for, and serving below a path.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, KEY, Wish, spawn, spawn_app};

async fn behind_a_proxy() -> App {
    spawn(Wish {
        change: |settings| settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()],
        ..Wish::default()
    })
    .await
}

async fn below_a_path() -> App {
    spawn(Wish {
        change: |settings| settings.public_url = "https://site.example/tools/traffic".parse().ok(),
        ..Wish::default()
    })
    .await
}

/// The address that signing in with `X-Forwarded-For` is noted with.
async fn noted_address(app: &App) -> String {
    let request = app.stranger(Method::POST, "/api/session");
    let answer = request
        .header("X-Forwarded-For", "127.0.0.1, 203.0.113.9")
        .header("X-Forwarded-Proto", "https")
        .json(&json!({ "key": KEY }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204);
    let entries = app.get("/api/audit").await;
    entries["entries"][0]["address"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[actix_web::test]
async fn only_a_trusted_proxy_says_who_asks() {
    assert_eq!(noted_address(&behind_a_proxy().await).await, "203.0.113.9");
    assert_eq!(noted_address(&spawn_app().await).await, "127.0.0.1");
}

#[actix_web::test]
async fn only_a_trusted_proxy_says_that_a_request_came_over_tls() {
    for (app, tls) in [(behind_a_proxy().await, true), (spawn_app().await, false)] {
        let request = app.stranger(Method::POST, "/api/session");
        let answer = request
            .header("X-Forwarded-Proto", "https")
            .json(&json!({ "code": app.code }))
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert_eq!(cookie.starts_with("__Host-"), tls, "{cookie}");
        assert_eq!(cookie.contains("Secure"), tls, "{cookie}");
        let strict = answer.headers().contains_key("strict-transport-security");
        assert_eq!(strict, tls);
    }
}

#[actix_web::test]
async fn guessing_from_one_address_costs_another_nothing_behind_a_proxy() {
    let app = behind_a_proxy().await;
    let guess = |address: &'static str, code: &str| {
        let request = app.stranger(Method::POST, "/api/session");
        let request = request.header("X-Forwarded-For", address);
        request.json(&json!({ "code": code })).send()
    };
    for _ in 0..6 {
        assert_eq!(guess("203.0.113.9", "guess").await.unwrap().status(), 401);
    }
    assert_eq!(guess("203.0.113.9", &app.code).await.unwrap().status(), 429);
    assert_eq!(guess("203.0.113.8", &app.code).await.unwrap().status(), 204);
}

#[actix_web::test]
async fn below_a_path_everything_works_whether_the_proxy_takes_it_away_or_not() {
    let app = below_a_path().await;
    for base in ["/tools/traffic", ""] {
        let health = app.stranger(Method::GET, &format!("{base}/livez"));
        assert_eq!(health.send().await.unwrap().status(), 200);
        let status = app.get(&format!("{base}/api/status?")).await;
        assert!(status["version"].is_string());
        let page = app.stranger(Method::GET, &format!("{base}/runs/abc"));
        let page = page.send().await.unwrap();
        assert_eq!(page.status(), 200);
        let wrong = app.stranger(Method::GET, &format!("{base}/api/status"));
        let wrong = wrong.send().await.unwrap();
        assert_eq!(wrong.status(), 401);
        let body: Value = wrong.json().await.unwrap();
        assert_eq!(body["type"], "/tools/traffic/docs#problem-auth.required");
        let missing = app.request(Method::GET, &format!("{base}/api/runs/{}", "0".repeat(32)));
        let missing: Value = missing.send().await.unwrap().json().await.unwrap();
        assert_eq!(missing["type"], "/tools/traffic/docs#problem-not_found");
        let unreadable = app.request(Method::POST, &format!("{base}/api/validate"));
        let unreadable = unreadable
            .header("Content-Type", "application/json")
            .body("{");
        let unreadable: Value = unreadable.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            unreadable["type"],
            "/tools/traffic/docs#problem-request.malformed"
        );
    }
    let elsewhere = app.request(Method::GET, "/tools/trafficx/api/status");
    let elsewhere = elsewhere.send().await.unwrap();
    assert_eq!(
        elsewhere.headers()["content-type"],
        "text/html; charset=utf-8"
    );
}

#[actix_web::test]
async fn below_a_path_cookies_and_addresses_stay_below_it() {
    let app = below_a_path().await;
    let sign_in = app.stranger(Method::POST, "/tools/traffic/api/session");
    let answer = sign_in
        .json(&json!({ "code": app.code }))
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Secure-trafficinator_session="),
        "{cookie}"
    );
    assert!(cookie.ends_with("Path=/tools/traffic"), "{cookie}");
    let body = json!({ "use_practice_target": true, "trial": 1 });
    let run = app.post("/tools/traffic/api/runs", body).await;
    let location = run.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.starts_with("/tools/traffic/api/runs/"),
        "{location}"
    );
    assert!(app.get(&location).await["state"].is_string());
    let link: Value = app
        .post("/api/sign-in-link", json!({}))
        .await
        .json()
        .await
        .unwrap();
    let url = link["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://site.example/tools/traffic/#code="),
        "{url}"
    );
}
