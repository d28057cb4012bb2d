//! Who may ask what: every route of the document × every kind of caller. A route without a row here fails.

use std::collections::BTreeMap;

use control_ui::api::openapi::document;
use reqwest::{Method, RequestBuilder, Response};

use self::Kind::{Change, Open, Question, Read};
use crate::access::session_cookie_once;
use crate::app::{App, KEY, problem, spawn_app};
use crate::keys::make_key;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anybody may ask.
    Open,
    /// Whoever is known may ask.
    Read,
    /// A question with a body: as [`Read`], but not from another web site.
    Question,
    /// Whoever may change things.
    Change,
}

const ROUTES: &[(&str, Kind)] = &[
    ("POST /api/session", Open),
    ("GET /livez", Open),
    ("GET /readyz", Open),
    ("GET /api/session", Read),
    ("DELETE /api/session", Change),
    ("GET /api/sessions", Read),
    ("DELETE /api/sessions/{id}", Change),
    ("POST /api/sign-in-link", Change),
    ("GET /api/keys", Read),
    ("POST /api/keys", Change),
    ("DELETE /api/keys/{id}", Change),
    ("GET /api/audit", Read),
    ("GET /api/status", Read),
    ("GET /api/token-rights", Read),
    ("GET /api/configuration", Read),
    ("PUT /api/configuration", Change),
    ("GET /api/presets", Read),
    ("POST /api/presets", Change),
    ("GET /api/presets/{id}", Read),
    ("PUT /api/presets/{id}", Change),
    ("DELETE /api/presets/{id}", Change),
    ("GET /api/schema", Read),
    ("POST /api/validate", Question),
    ("POST /api/preview", Question),
    ("POST /api/test-connection", Change),
    ("GET /api/runs", Read),
    ("POST /api/runs", Change),
    ("GET /api/runs/{id}", Read),
    ("GET /api/runs/{id}/samples", Read),
    ("POST /api/backfill/plan", Question),
    ("GET /api/runs/{id}/days", Read),
    ("GET /api/runs/{id}/account", Read),
    ("GET /api/runs/{id}/account.html", Read),
    ("GET /api/runs/{id}/logs", Read),
    ("POST /api/runs/{id}/stop", Change),
    ("POST /api/runs/{id}/pause", Change),
    ("POST /api/runs/{id}/resume", Change),
    ("DELETE /api/runs/{id}", Change),
    ("PATCH /api/runs/{id}", Change),
    ("POST /api/runs/{id}/again", Change),
    ("POST /api/runs/{id}/apply", Change),
    ("POST /api/runs/{id}/restart", Change),
    ("POST /api/runs/{id}/restore", Change),
    ("GET /api/runs/{id}/logs/download", Read),
    ("GET /api/confirmations", Read),
    ("DELETE /api/confirmations/{host}", Change),
    ("GET /api/logs", Read),
    ("GET /api/logs/download", Read),
    ("GET /metrics", Read),
    ("POST /api/compare", Question),
    ("POST /api/convert", Question),
    ("POST /api/presets/import", Change),
    ("POST /api/presets/{id}/duplicate", Change),
    ("GET /api/presets/{id}/export", Read),
    ("POST /api/presets/{id}/migrate", Change),
    ("POST /api/presets/{id}/restore", Change),
    ("GET /api/events", Read),
    ("GET /api/openapi.json", Read),
];

const HOUR: i64 = 60 * 60 * 1_000;

/// A route with a value for each parameter.
struct Route {
    method: Method,
    path: String,
    kind: Kind,
}

impl Route {
    fn ask(&self, app: &App) -> RequestBuilder {
        // So that neither wrong keys nor costly requests of the rows above count.
        app.clock.advance_ms(HOUR);
        app.stranger(self.method.clone(), &self.path)
    }

    /// Whether pages of other web sites are kept away.
    fn is_guarded(&self) -> bool {
        self.method != Method::GET || self.path == "/api/events"
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

fn routes() -> Vec<Route> {
    let route = |(name, kind): &(&str, Kind)| {
        let (method, path) = name.split_once(' ').unwrap();
        Route {
            method: method.parse().unwrap(),
            path: path
                .replace("{id}", &"0".repeat(32))
                .replace("{host}", "a.example"),
            kind: *kind,
        }
    };
    ROUTES.iter().map(route).collect()
}

async fn sent(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

#[test]
fn every_route_of_the_document_has_a_row() {
    let document = serde_json::to_value(document()).unwrap();
    let mut found = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            found.insert(format!("{} {path}", method.to_uppercase()), ());
        }
    }
    let rows: BTreeMap<String, ()> = ROUTES
        .iter()
        .map(|(name, _)| ((*name).to_owned(), ()))
        .collect();
    assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    let missing: Vec<_> = found.keys().filter(|n| !rows.contains_key(*n)).collect();
    let gone: Vec<_> = rows.keys().filter(|n| !found.contains_key(*n)).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "say in ROUTES who may ask {missing:?}; there is no {gone:?}"
    );
}

#[actix_web::test]
async fn nobody_and_a_wrong_key_are_refused_everywhere_but_where_everybody_may_ask() {
    let app = spawn_app().await;
    for route in routes() {
        let nobody = sent(route.ask(&app)).await;
        if route.kind == Open {
            assert_ne!(nobody.status(), 403, "{route}");
            continue;
        }
        let refused = problem(nobody).await;
        assert_eq!(refused, (401, "auth.required".into()), "{route}");
        for (name, value) in [
            ("X-API-Key", "x".repeat(20)),
            ("X-API-Key", String::new()),
            ("Authorization", format!("Bearer tfk_{}", "0".repeat(48))),
        ] {
            let wrong = sent(route.ask(&app).header(name, value)).await;
            let refused = problem(wrong).await;
            assert_eq!(refused, (401, "auth.refused".into()), "{route}");
        }
    }
}

#[actix_web::test]
async fn who_may_only_read_gets_what_changes_nothing() {
    let app = spawn_app().await;
    let (_, key) = make_key(&app, "read_only", None).await;
    for route in routes() {
        let answer = sent(route.ask(&app).header("X-API-Key", &key)).await;
        if route.kind == Change {
            let refused = problem(answer).await;
            assert_eq!(refused, (403, "auth.read_only".into()), "{route}");
        } else {
            let status = answer.status().as_u16();
            assert!(![401, 403, 429].contains(&status), "{route}: {status}");
        }
    }
}

#[actix_web::test]
async fn who_may_do_everything_is_refused_nothing() {
    let app = spawn_app().await;
    let (_, key) = make_key(&app, "full", None).await;
    for route in routes() {
        app.clock.advance_ms(HOUR);
        let cookie = session_cookie_once(&app).await;
        for (name, value) in [("X-API-Key", KEY), ("X-API-Key", &key), ("Cookie", &cookie)] {
            let answer = sent(route.ask(&app).header(name, value)).await;
            let status = answer.status().as_u16();
            assert!(
                ![401, 403, 421, 429].contains(&status) || route.kind == Open,
                "{route} with {name}: {status}"
            );
        }
    }
}

#[actix_web::test]
async fn hosts_that_are_not_ours_are_refused() {
    let app = spawn_app().await;
    for route in routes() {
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example:80/x",
        ] {
            let request = route.ask(&app).header("X-API-Key", KEY);
            let refused = problem(sent(request.header("Host", host)).await).await;
            assert_eq!(refused, (421, "host.unknown".into()), "{host} {route}");
        }
    }
}

#[actix_web::test]
async fn other_web_sites_change_nothing_and_read_no_stream() {
    let app = spawn_app().await;
    let foreign = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ];
    for route in routes() {
        for (name, value) in foreign {
            let request = route.ask(&app).header("X-API-Key", KEY);
            let answer = sent(request.header(name, value)).await;
            assert_eq!(answer.headers().get("Access-Control-Allow-Origin"), None);
            if route.is_guarded() {
                let refused = problem(answer).await;
                assert_eq!(refused, (403, "origin.foreign".into()), "{route}");
            }
        }
    }
}

#[actix_web::test]
async fn another_spelling_of_a_path_is_the_same_path() {
    let app = spawn_app().await;
    for (method, path) in [
        (Method::GET, "/%61pi/status"),
        (Method::GET, "/api/%73tatus"),
        (Method::GET, "/api/%65vents"),
        (Method::POST, "/%61pi/runs"),
        (Method::GET, "/api/nothing"),
        (Method::GET, "/api"),
    ] {
        let answer = sent(app.stranger(method.clone(), path)).await;
        let refused = problem(answer).await;
        assert_eq!(refused, (401, "auth.required".into()), "{method} {path}");
    }
    let request = app.request(Method::GET, "/api/%65vents");
    let foreign = sent(request.header("Sec-Fetch-Site", "cross-site")).await;
    assert_eq!(problem(foreign).await, (403, "origin.foreign".into()));
}
