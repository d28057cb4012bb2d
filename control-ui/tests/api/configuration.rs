//! Checking run configurations: the API says what the `config` crate says.

use config::Layers;
use serde_json::{Value, json};

use crate::app::{problem, spawn_app};

#[actix_web::test]
async fn all_problems_come_at_once_and_are_those_of_the_config_crate() {
    let app = spawn_app().await;
    let config = json!({
        "targets": [{ "url": "ftp://matomo.example" }],
        "load": { "visits_per_day": 0, "concurrency": 100_000 },
        "contnet": {},
    });
    let expected = Layers::new()
        .preset("light")
        .person(config.clone())
        .check(&|_| Err(std::io::Error::other("not read")));
    assert!(expected.problems.len() >= 4, "{:?}", expected.problems);
    let expected = serde_json::to_value(&expected.problems).unwrap();

    let found = app
        .post(
            "/api/validate",
            json!({ "preset": "light", "config": config }),
        )
        .await;
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["ok"], false);
    assert_eq!(found["figures"], Value::Null);
    assert_eq!(pointers(&found["problems"]), pointers(&expected));
    let messages = |list: &Value| -> Vec<Value> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|p| p["message"].clone())
            .collect()
    };
    assert_eq!(messages(&found["problems"]), messages(&expected));

    let refused = app
        .post("/api/runs", json!({ "preset": "light", "config": config }))
        .await;
    assert_eq!(refused.status(), 422);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "config.invalid");
    assert_eq!(refused["errors"], found["problems"]);
}

fn pointers(list: &Value) -> Vec<String> {
    let problems = list.as_array().unwrap();
    problems
        .iter()
        .map(|p| p["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_sound_configuration_comes_with_its_figures() {
    let app = spawn_app().await;
    let config = json!({
        "targets": [{ "url": "https://matomo.example/matomo.php" }],
        "load": { "visits_per_day": 86_400 },
    });
    let found = app.post("/api/validate", json!({ "config": config })).await;
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["ok"], true, "{found}");
    let figures = &found["figures"];
    assert_eq!(figures["visits_per_second"], 1.0);
    let hits = figures["hits_per_second_estimate"].as_f64().unwrap();
    assert!((1.0..100.0).contains(&hits), "{hits}");
    let per_day = figures["hits_per_day_estimate"].as_f64().unwrap();
    assert!((per_day - hits * 86_400.0).abs() < 1.0, "{per_day}");
    let confirmation = &found["confirmation"];
    assert_eq!(confirmation["host"], "matomo.example");
    assert_eq!(confirmation["needed"], true);
    let body = json!({ "config": config, "trial": 50 });
    let trial: Value = app.post("/api/validate", body).await.json().await.unwrap();
    assert_eq!(trial["confirmation"]["needed"], false);
    assert_eq!(trial["consequences"][0]["code"], "trial");
}

#[actix_web::test]
async fn every_preset_is_sound_and_says_its_rate() {
    let app = spawn_app().await;
    let presets = app.get("/api/presets").await["presets"].clone();
    let presets = presets.as_array().unwrap();
    let names: Vec<_> = presets.iter().map(|p| p["id"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["light", "medium", "heavy", "extreme"]);
    assert!(names.contains(&"demo-shop"), "{names:?}");
    for preset in presets {
        let name = preset["id"].as_str().unwrap();
        assert_eq!(app.get(&format!("/api/presets/{name}")).await, *preset);
        assert!(preset["visits_per_day"].as_u64().unwrap() > 0);
        // A preset that fills the past needs a token.
        let token = "0123456789abcdef0123456789abcdef";
        let target = json!({ "url": "https://matomo.example/matomo.php", "token_auth": token });
        let config = json!({ "targets": [target] });
        let found = app
            .post("/api/validate", json!({ "preset": name, "config": config }))
            .await;
        let found: Value = found.json().await.unwrap();
        assert_eq!(found["problems"], json!([]), "{name}");
        let alone = app
            .post("/api/validate", json!({ "config": preset["config"] }))
            .await;
        let alone: Value = alone.json().await.unwrap();
        let missing = pointers(&alone["problems"]);
        assert_eq!(missing[0], "/targets/0/url", "{name}");
        let needs_token = preset["config"]["backfill"]["enabled"] == true;
        let token = missing[1..].iter().any(|at| at == "/targets/0/token_auth");
        assert_eq!(token, needs_token, "{name}");
        assert_eq!(missing.len(), 1 + usize::from(needs_token), "{name}");
    }
}

#[actix_web::test]
async fn no_file_of_the_control_plane_is_read_for_a_run() {
    let app = spawn_app().await;
    let config = json!({
        "targets": [{ "url": "https://matomo.example/matomo.php" }],
        "content": { "urls_file": "/etc/passwd" },
    });
    let found = app.post("/api/validate", json!({ "config": config })).await;
    let found = found.text().await.unwrap();
    assert!(found.contains("not_available"), "{found}");
    assert!(!found.contains("root:"), "{found}");
}

#[actix_web::test]
async fn the_requests_own_fields_are_checked_with_the_rest() {
    let app = spawn_app().await;
    let body = json!({
        "trial": 0, "seed": 9_007_199_254_740_992_u64, "name": "", "population": "a\nb",
        "config": { "load": { "visits_per_day": 0 } },
    });
    let refused: Value = app.post("/api/runs", body).await.json().await.unwrap();
    let pointers = pointers(&refused["errors"]);
    for expected in [
        "/trial",
        "/seed",
        "/name",
        "/population",
        "/load/visits_per_day",
    ] {
        assert!(
            pointers.iter().any(|p| p == expected),
            "{expected} in {pointers:?}"
        );
    }
    let unknown = app.post("/api/runs", json!({ "trail": 5 })).await;
    assert_eq!(problem(unknown).await, (400, "request.malformed".into()));
}

#[actix_web::test]
async fn the_schema_is_the_config_crates() {
    let app = spawn_app().await;
    assert_eq!(app.get("/api/schema").await, config::schema());
}

#[test]
fn the_log_level_reads_as_a_loader_reads_it() {
    for (text, level) in [
        ("WARNING", config::LogLevel::Warn),
        ("debug", config::LogLevel::Debug),
        ("", config::LogLevel::Info),
    ] {
        assert_eq!(
            control_ui::configuration::log_level(text),
            Ok(level),
            "{text}"
        );
    }
    let refused = control_ui::configuration::log_level("loud").unwrap_err();
    assert!(
        refused.contains("loud") && refused.contains("LOG_LEVEL"),
        "{refused}"
    );
}
