//! Deleting and restoring runs, and what is kept how long.

use control_ui::orchestrator::Ending;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{PATIENCE, problem, spawn_app};
use crate::keeping::{ended, status};

const DAY: i64 = 24 * 3_600 * 1_000;

#[actix_web::test]
async fn a_deleted_run_is_nowhere_until_it_is_restored() {
    let app = spawn_app().await;
    let id = app.running().await;
    let path = format!("/api/runs/{id}");
    let active = app.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(problem(active).await, (409, "run.state".into()));
    app.ask(&id, "stop").await;
    app.until_state(&id, "cancelled").await;
    for answer in join_all((0..100).map(|_| status(&app, Method::DELETE, &path))).await {
        assert_eq!(answer, 204);
    }
    for gone in [
        path.clone(),
        format!("{path}/logs"),
        format!("{path}/samples"),
    ] {
        assert_eq!(status(&app, Method::GET, &gone).await, 404, "{gone}");
    }
    assert_eq!(
        status(&app, Method::POST, &format!("{path}/again")).await,
        404
    );
    assert_eq!(app.get("/api/runs").await["runs"], json!([]));
    let app = app.restart("boot-1").await;
    assert_eq!(status(&app, Method::GET, &path).await, 404);
    assert_eq!(
        status(&app, Method::POST, &format!("{path}/restore")).await,
        200
    );
    assert_eq!(app.run(&id).await["account"]["accepted"], 0);
}

#[actix_web::test]
async fn a_deleted_run_is_removed_for_good_after_30_days() {
    let app = spawn_app().await;
    let id = ended(&app, "old").await;
    let path = format!("/api/runs/{id}");
    assert_eq!(status(&app, Method::DELETE, &path).await, 204);
    app.clock.advance_ms(29 * DAY);
    ended(&app, "tidies up").await;
    assert!(app.fake.request(&id, 1).is_some());
    app.clock.advance_ms(2 * DAY);
    ended(&app, "tidies up again").await;
    let restore = format!("{path}/restore");
    assert_eq!(status(&app, Method::POST, &restore).await, 404);
    let removed = async {
        while app.fake.request(&id, 1).is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, removed)
        .await
        .expect("its loader goes too");
}

#[actix_web::test]
async fn the_token_of_a_failed_run_is_kept_for_a_week() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{ "url": "https://matomo.example/", "token_auth": "0123456789abcdef0123456789abcdef" }] });
    let id = app.started(json!({ "config": config, "trial": 5 })).await;
    app.wait_for_loader(&id, 1).await;
    app.fake.lose(&id, 1);
    app.until_state(&id, "lost").await;
    let secret = app.data().join(format!("secrets/{id}.json"));
    app.clock.advance_ms(6 * DAY);
    ended(&app, "tidies up").await;
    assert!(secret.exists());
    app.clock.advance_ms(2 * DAY);
    ended(&app, "tidies up again").await;
    let removed = async {
        while secret.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, removed).await.unwrap();
    let refused = app.ask(&id, "resume").await;
    assert_eq!(problem(refused).await, (409, "run.token_needed".into()));
}

#[actix_web::test]
async fn the_checkpoint_of_a_failed_run_is_kept_for_a_month() {
    let app = spawn_app().await;
    let ids = [app.running().await, app.running().await];
    for id in &ids {
        app.fake.end(
            id,
            1,
            Ending {
                exit_code: Some(137),
                out_of_memory: false,
            },
        );
        app.until_state(id, "failed").await;
    }
    app.clock.advance_ms(29 * DAY);
    ended(&app, "tidies up").await;
    assert_eq!(
        app.ask(&ids[0], "resume").await.status(),
        StatusCode::ACCEPTED
    );
    app.wait_for_loader(&ids[0], 2).await;
    app.clock.advance_ms(2 * DAY);
    ended(&app, "tidies up again").await;
    let removed = async {
        while app.fake.request(&ids[1], 1).is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, removed).await.unwrap();
    let refused: Value = app.ask(&ids[1], "resume").await.json().await.unwrap();
    assert_eq!(refused["code"], "run.state");
    let refused = refused["detail"].to_string();
    assert!(refused.contains("run it again"), "{refused}");
    assert!(app.fake.request(&ids[0], 2).is_some());
    let again = app.ask(&ids[1], "again").await;
    assert_eq!(again.status(), StatusCode::CREATED);
}
