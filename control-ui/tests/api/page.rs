//! The page and the headers around everything.

use reqwest::Method;

use crate::app::{App, spawn_app};

#[actix_web::test]
async fn the_page_has_a_fresh_nonce_each_time_and_allows_no_inline_script() {
    let app = spawn_app().await;
    let mut policies = Vec::new();
    for path in ["/", "/runs/abc"] {
        let answer = app.stranger(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let headers = answer.headers().clone();
        let policy = headers["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        let text = answer.text().await.unwrap();
        assert!(!text.contains("__CSP_NONCE__"));
        policies.push(policy);
    }
    assert_ne!(policies[0], policies[1]);
}

/// The first script that the page names; `None` when the page was not built.
async fn script_of(app: &App) -> Option<String> {
    let page = app.stranger(Method::GET, "/").send().await.unwrap();
    let page = page.text().await.unwrap();
    let from = page.find("assets/")?;
    let length = page[from..].find('"')?;
    Some(format!("/{}", &page[from..from + length]))
}

#[actix_web::test]
async fn scripts_come_in_the_form_that_the_client_reads_and_are_asked_for_once() {
    let app = spawn_app().await;
    let Some(path) = script_of(&app).await else {
        return;
    };
    let mut seen = Vec::new();
    for (accepted, encoding) in [
        (Some("gzip, deflate, br"), Some("br")),
        (Some("gzip"), Some("gzip")),
        (Some("br;q=0, gzip;q=0.5"), Some("gzip")),
        (Some("identity"), None),
        (None, None),
    ] {
        let mut request = app.stranger(Method::GET, &path);
        if let Some(accepted) = accepted {
            request = request.header("accept-encoding", accepted);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{accepted:?}");
        let headers = answer.headers().clone();
        let given = headers
            .get("content-encoding")
            .map(|value| value.to_str().unwrap());
        assert_eq!(given, encoding, "{accepted:?}");
        assert_eq!(headers["vary"], "Accept-Encoding");
        assert_eq!(headers["content-type"], "text/javascript");
        assert!(
            headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let body = answer.bytes().await.unwrap();
        seen.push((headers["etag"].clone(), body.len()));

        let mut again = app
            .stranger(Method::GET, &path)
            .header("if-none-match", &headers["etag"]);
        if let Some(accepted) = accepted {
            again = again.header("accept-encoding", accepted);
        }
        assert_eq!(again.send().await.unwrap().status(), 304, "{accepted:?}");
    }
    let [br, gzip, _, plain, none] = seen.as_slice() else {
        unreachable!()
    };
    assert!(br.1 < gzip.1 && gzip.1 * 2 < plain.1, "{seen:?}");
    assert_eq!(plain, none);
    assert!(br.0 != gzip.0 && gzip.0 != plain.0, "a tag for each form");
}

#[actix_web::test]
async fn files_that_are_not_of_the_page_do_not_exist() {
    let app = spawn_app().await;
    for path in [
        "/nothing.js",
        "/assets/../../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/Cargo.toml",
        "//etc/passwd.txt",
    ] {
        let answer = app.stranger(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let write = app.stranger(Method::POST, "/").send().await.unwrap();
    assert_eq!(write.status(), 404);
}

#[actix_web::test]
async fn refusals_carry_the_same_headers() {
    let app = spawn_app().await;
    let answer = app
        .stranger(Method::GET, "/api/status")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
}

#[actix_web::test]
async fn health_checks_need_nothing_and_tell_nothing() {
    let app = spawn_app().await;
    for path in ["/livez", "/readyz"] {
        let answer = app.stranger(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "ok\n");
    }
    assert!(app.port > 0);
}

#[actix_web::test]
async fn the_api_page_names_every_route_and_explains_every_problem_without_a_script() {
    let app = spawn_app().await;
    let answer = app.stranger(Method::GET, "/docs").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("style-src 'nonce-") && !policy.contains("unsafe"),
        "{policy}"
    );
    let text = answer.text().await.unwrap();
    assert!(!text.contains("<script"), "no script");
    for path in control_ui::api::openapi::document().paths.paths.keys() {
        assert!(text.contains(&format!("</b> {path}</code>")), "{path}");
    }
    for code in control_ui::api::problem::Code::ALL {
        let section = text
            .split(&format!("id=\"problem-{}\"", code.as_str()))
            .nth(1)
            .unwrap();
        let section = section.split("</article>").next().unwrap();
        assert!(
            section.matches("<p>").count() >= 1,
            "{} is explained",
            code.as_str()
        );
    }
}
