//! What visits would look like, before any is sent.

use serde_json::{Value, json};

use crate::app::{App, spawn_app};

async fn preview(app: &App, body: Value) -> Value {
    let answer = app.post("/api/preview", body).await;
    let status = answer.status();
    let seen: Value = answer.json().await.unwrap();
    assert_eq!(status, 200, "{seen}");
    seen
}

#[actix_web::test]
async fn a_preset_is_looked_at_without_a_target() {
    let app = spawn_app().await;
    let seen = preview(&app, json!({ "preset": "medium" })).await;
    assert_eq!(seen["days"].as_array().unwrap().len(), 28);
    assert_eq!(seen["hours"].as_array().unwrap().len(), 168);
    assert!(seen["visits_simulated"].as_u64().unwrap() > 1_000);
    assert!(
        !seen["countries"].as_array().unwrap().is_empty(),
        "{seen:#}"
    );
    let story = seen["stories"][0].as_array().unwrap();
    assert!(
        story[0].as_str().unwrap().contains("visitor from"),
        "{story:?}"
    );
    assert_eq!(app.fake.count(), 0);
}

#[actix_web::test]
async fn the_same_question_has_the_same_answer_and_another_seed_has_another() {
    let app = spawn_app().await;
    let first = preview(&app, json!({ "preset": "light", "seed": 1 })).await;
    assert_eq!(
        preview(&app, json!({ "preset": "light", "seed": 1 })).await,
        first
    );
    assert_ne!(
        preview(&app, json!({ "preset": "light", "seed": 2 })).await,
        first
    );
}

#[actix_web::test]
async fn a_target_without_a_token_shows_no_countries() {
    let app = spawn_app().await;
    let target = json!({ "targets": [{ "url": "http://matomo.example/matomo.php" }] });
    let seen = preview(&app, json!({ "config": target })).await;
    assert_eq!(seen["countries"], json!([]));
}

#[actix_web::test]
async fn problems_beside_the_target_are_all_named() {
    let app = spawn_app().await;
    let config = json!({
        "load": { "visits_per_day": 0 },
        "behaviour": { "page_views_min": 9, "page_views_max": 3 },
    });
    let answer = app.post("/api/preview", json!({ "config": config })).await;
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().await.unwrap();
    let mut pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.retain(|pointer| !pointer.starts_with("/targets"));
    assert_eq!(
        pointers,
        ["/load/visits_per_day", "/behaviour/page_views_min"]
    );
}
