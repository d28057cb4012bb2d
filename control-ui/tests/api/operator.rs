//! What the operator gives for every run: a document and variables, below what people set.

use control_ui::configuration::Operator;
use control_ui::settings::Settings;
use serde_json::{Value, json};

use crate::app::{App, Wish, spawn};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

async fn app(change: fn(&mut Settings)) -> App {
    spawn(Wish {
        change,
        ..Wish::default()
    })
    .await
}

fn with_variables(settings: &mut Settings) {
    let file = settings.data_dir.join("run.toml");
    std::fs::write(&file, "[load]\nconcurrency = 11\nvisits_per_day = 1111\n").unwrap();
    let variables = [
        ("MATOMO_URL", "https://matomo.example/matomo.php"),
        ("MATOMO_TOKEN_AUTH", TOKEN),
        ("TARGET_VISITS_PER_DAY", "2222"),
        ("PAGEVIEWS_MIX", "3"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    settings.operator = Operator::read(Some(&file), variables);
}

#[actix_web::test]
async fn people_win_over_the_environment_and_it_over_the_document_and_that_over_presets() {
    let app = app(with_variables).await;
    let body = json!({ "preset": "heavy", "config": { "behaviour": { "page_views_max": 9 } } });
    let found = app.post("/api/validate", body).await.text().await.unwrap();
    assert!(!found.contains(TOKEN), "{found}");
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["ok"], true, "{found}");
    let values = found["values"].as_array().unwrap();
    let value = |pointer: &str| {
        let found = values.iter().find(|it| it["pointer"] == pointer).unwrap();
        (found["value"].clone(), found["origin"]["kind"].clone())
    };
    assert_eq!(
        value("/load/visits_per_day"),
        (json!(2222), json!("environment"))
    );
    assert_eq!(value("/load/concurrency"), (json!(11), json!("file")));
    assert_eq!(
        value("/behaviour/page_views_min"),
        (json!(4), json!("preset"))
    );
    assert_eq!(value("/behaviour/page_views_max"), (json!(9), json!("you")));
    assert_eq!(
        value("/targets/0/token_auth"),
        (Value::Null, json!("environment"))
    );
    let warnings = found["warnings"].as_array().unwrap();
    assert!(
        warnings.iter().any(|it| it["code"] == "near_miss"),
        "{warnings:?}"
    );

    let token = app.get("/api/configuration").await["token"].clone();
    let origin = json!({ "kind": "environment", "name": "MATOMO_TOKEN_AUTH" });
    assert_eq!(
        token,
        json!({ "set": true, "last4": "cdef", "origin": origin })
    );
}

#[actix_web::test]
async fn a_run_gets_the_operators_target_and_token() {
    let app = app(with_variables).await;
    let id = app.started(json!({ "trial": 5 })).await;
    app.wait_for_loader(&id, 1).await;
    let request = app.fake.request(&id, 1).unwrap();
    assert!(request.secrets.unwrap().expose().contains(TOKEN));
    assert!(!request.config.contains(TOKEN));
    assert!(request.config.contains("matomo.example"));

    let body = json!({ "trial": 5, "use_practice_target": true });
    let id = app.started(body).await;
    app.wait_for_loader(&id, 1).await;
    let request = app.fake.request(&id, 1).unwrap();
    let secrets = request.secrets.map(|secrets| secrets.expose().to_owned());
    assert!(
        !secrets.unwrap_or_default().contains(TOKEN),
        "it is another server's"
    );
}

fn with_pages(settings: &mut Settings) {
    let variables = [
        ("MATOMO_URL", "https://matomo.example/matomo.php"),
        ("URLS_FILE", "/config/urls.txt"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    settings.operator = Operator::read(None, variables);
}

#[actix_web::test]
async fn a_list_of_pages_from_the_environment_is_refused_with_two_ways_out() {
    let app = app(with_pages).await;
    let refused = app.post("/api/runs", json!({ "trial": 5 })).await;
    assert_eq!(refused.status(), 422);
    let refused: Value = refused.json().await.unwrap();
    let problem = &refused["errors"][0];
    assert_eq!(problem["pointer"], "/content/urls_file", "{refused}");
    assert_eq!(problem["code"], "not_available");
    let hint = problem["hint"].as_str().unwrap();
    for way in ["remove content.urls_file", "URLS_FILE", "loader run"] {
        assert!(hint.contains(way), "{hint}");
    }
}

#[actix_web::test]
async fn a_bad_document_is_a_problem_and_stops_nothing() {
    for (text, code) in [
        (Some("[load]\nconcurrency = = 3"), "syntax"),
        (None, "unreadable"),
    ] {
        let file = tempfile::tempdir().unwrap().keep().join("run.toml");
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let operator = Operator::read(Some(&file), []);
        let basis = control_ui::configuration::Basis::of(operator);
        let checked = basis.check(Some(
            json!({ "targets": [{ "url": "https://a.example/" }] }),
        ));
        assert_eq!(checked.problems.len(), 1, "{:?}", checked.problems);
        assert_eq!(checked.problems[0].code, code);
        assert_eq!(checked.problems[0].origin.as_deref(), file.to_str());
        std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    }
}
