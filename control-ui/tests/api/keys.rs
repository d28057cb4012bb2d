//! Named keys: made once, accepted in two headers, limited by scope and end, revoked at once.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::app::{App, PATIENCE, problem, spawn_app};
use crate::secrets::holding;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Makes a key; the answer is its id and the key itself.
pub(crate) async fn make_key(app: &App, scope: &str, days: Option<u32>) -> (String, String) {
    let body = json!({ "name": "ci", "scope": scope, "expires_in_days": days });
    let answer = app.post("/api/keys", body).await;
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["key"]["id"]), text(&made["secret"]))
}

fn with_key(app: &App, method: Method, path: &str, key: &str) -> RequestBuilder {
    app.stranger(method, path).header("X-API-Key", key)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[actix_web::test]
async fn a_key_is_shown_once_and_listed_without_itself() {
    let app = spawn_app().await;
    let (id, key) = make_key(&app, "read_only", Some(30)).await;
    let random = key.strip_prefix("tfk_").unwrap();
    assert_eq!(random.len(), 48);
    let list = app.get("/api/keys").await;
    assert!(!list.to_string().contains(random), "{list}");
    assert!(
        holding(app.data(), random).is_empty(),
        "only its hash is kept"
    );
    assert_eq!(
        list["keys"],
        json!([{
            "id": id, "name": "ci", "prefix": &key[..12], "scope": "read_only",
            "created_at": "2026-09-21T14:13:20.000Z", "expires_at": "2026-10-21T14:13:20.000Z",
            "last_used_at": null,
        }])
    );
    assert_eq!(
        status(with_key(&app, Method::GET, "/api/status", &key)).await,
        200
    );
    let list = app.get("/api/keys").await;
    assert_eq!(list["keys"][0]["last_used_at"], "2026-09-21T14:13:20.000Z");
}

#[actix_web::test]
async fn a_key_is_accepted_in_either_header_and_not_in_the_address() {
    let app = spawn_app().await;
    let (_, key) = make_key(&app, "full", None).await;
    let bearer = |scheme: &str, key: &str| {
        let request = app.stranger(Method::GET, "/api/session");
        request.header("Authorization", format!("{scheme} {key}"))
    };
    assert_eq!(status(bearer("Bearer", &key)).await, 200);
    assert_eq!(status(bearer("bearer", &key)).await, 200);
    assert_eq!(status(bearer("Bearer", crate::app::KEY)).await, 200);
    assert_eq!(status(bearer("Bearer", &key[1..])).await, 401);
    let basic = bearer("Basic", "dXNlcjpwYXNz").send().await.unwrap();
    assert_eq!(problem(basic).await, (401, "auth.required".into()));
    for path in ["/api/status?key=", "/api/status?api_key="] {
        let path = format!("{path}{key}");
        assert_eq!(status(app.stranger(Method::GET, &path)).await, 401);
    }
}

#[actix_web::test]
async fn a_key_that_may_only_read_changes_nothing() {
    let app = spawn_app().await;
    let (_, key) = make_key(&app, "read_only", None).await;
    let ask = |method, path: &str| with_key(&app, method, path, &key);
    assert_eq!(
        status(ask(Method::POST, "/api/validate").json(&json!({}))).await,
        200
    );
    for (method, path) in [
        (Method::POST, "/api/runs"),
        (Method::POST, "/api/keys"),
        (Method::POST, "/api/sign-in-link"),
        (Method::POST, "/%61pi/keys"),
        (Method::DELETE, "/api/session"),
        (Method::PUT, "/api/validate"),
        (Method::POST, "/api/validate/x"),
        (Method::PATCH, "/api/nothing"),
    ] {
        let answer = ask(method.clone(), path).send().await.unwrap();
        assert_eq!(
            problem(answer).await,
            (403, "auth.read_only".into()),
            "{method} {path}"
        );
    }
}

#[actix_web::test]
async fn a_key_ends_when_revoked_or_expired() {
    let app = spawn_app().await;
    let (id, revoked) = make_key(&app, "full", None).await;
    let (_, expired) = make_key(&app, "full", Some(1)).await;
    let ask = |key: &str| status(with_key(&app, Method::GET, "/api/status", key));
    assert_eq!((ask(&revoked).await, ask(&expired).await), (200, 200));
    let path = format!("/api/keys/{id}");
    let delete = app.request(Method::DELETE, &path);
    assert_eq!(status(delete).await, 204);
    let again = app.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(problem(again).await, (404, "not_found".into()));
    app.clock.advance_ms(DAY);
    assert_eq!((ask(&revoked).await, ask(&expired).await), (401, 401));
}

#[actix_web::test]
async fn revoking_a_key_ends_its_event_streams_at_once() {
    let app = spawn_app().await;
    let (id, key) = make_key(&app, "read_only", None).await;
    let mut stream = with_key(&app, Method::GET, "/api/events", &key)
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    let delete = app.request(Method::DELETE, &format!("/api/keys/{id}"));
    assert_eq!(status(delete).await, 204);
    let end = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(PATIENCE, end).await.unwrap();
}

#[actix_web::test]
async fn what_a_key_may_be_called_and_how_many_there_may_be() {
    let app = spawn_app().await;
    let name = |name: String| app.post("/api/keys", json!({ "name": name, "scope": "full" }));
    for bad in [String::new(), " ".into(), "x".repeat(101), "a\nb".into()] {
        let answer = name(bad.clone()).await;
        assert_eq!(
            problem(answer).await,
            (400, "request.malformed".into()),
            "{bad:?}"
        );
    }
    for days in [json!(0), json!(3_651), json!(-1), json!("1"), json!(1e99)] {
        let body = json!({ "name": "x", "scope": "full", "expires_in_days": days });
        let answer = app.post("/api/keys", body).await;
        assert_eq!(problem(answer).await, (400, "request.malformed".into()));
    }
    let unknown = app.post("/api/keys", json!({ "name": "x", "scope": "root" }));
    assert_eq!(unknown.await.status(), 400);
    assert_eq!(name("ü".repeat(100)).await.status(), 201);
    make_key(&app, "full", Some(1)).await;
    for n in 0..48 {
        // Making keys is limited, too.
        app.clock.advance_ms(2_000);
        assert_eq!(name(n.to_string()).await.status(), 201, "{n}");
    }
    app.clock.advance_ms(2_000);
    let full = name("one more".into()).await;
    assert_eq!(problem(full).await, (409, "keys.too_many".into()));
    app.clock.advance_ms(DAY);
    assert_eq!(
        name("in place of the expired one".into()).await.status(),
        201
    );
}
