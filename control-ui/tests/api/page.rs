//! The page and the headers around everything.

use reqwest::Method;

use crate::app::spawn_app;

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
