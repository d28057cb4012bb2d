//! What the control plane says of itself: its own log, and its figures.

use reqwest::Method;
use serde_json::Value;

use control_ui::metrics::ALL;

use crate::app::{KEY, problem, spawn_app};

#[actix_web::test]
async fn figures_are_for_those_with_a_key_and_speak_of_active_runs() {
    let app = spawn_app().await;
    let refused = app.stranger(Method::GET, "/metrics").send().await.unwrap();
    assert_eq!(problem(refused).await, (401, "auth.required".into()));
    let id = app.running().await;
    let answer = app.request(Method::GET, "/metrics").send().await.unwrap();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = answer.text().await.unwrap();
    assert!(!text.contains(KEY));
    for line in [
        format!("trafficinator_run_hits_total{{outcome=\"accepted\",run=\"{id}\"}} 10"),
        "trafficinator_runs{state=\"running\"} 1".to_owned(),
        "trafficinator_orchestrator_ready{orchestrator=\"process\"} 1".to_owned(),
        "trafficinator_http_requests_total{code=\"4xx\"} 1".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    for metric in ALL {
        assert!(
            text.contains(&format!("# HELP {} ", metric.name)),
            "{}",
            metric.name
        );
    }
}

#[actix_web::test]
async fn the_log_takes_a_level_and_refuses_what_is_none() {
    let app = spawn_app().await;
    let log = app.get("/api/logs?lines=10&level=warn&contains=x").await;
    assert_eq!(log["skipped"], 0);
    assert_eq!(log["lines"], Value::Array(vec![]));
    for path in ["/api/logs?level=loud", "/api/logs/download?level=loud"] {
        let answer = app.request(Method::GET, path).send().await.unwrap();
        assert_eq!(problem(answer).await, (400, "request.malformed".into()));
    }
}
