//! Runs that several loaders share: one account, one life, and the death of one is not the death of all.

use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use control_ui::runs::RunId;
use run_report::Outcome;
use serde_json::json;

use crate::app::{App, PATIENCE, spawn_app};

fn exit(code: i64) -> Ending {
    Ending {
        exit_code: Some(code),
        out_of_memory: false,
    }
}

async fn wait_for(app: &App, id: &RunId, attempt: u32, shard: u32) {
    let wait = async {
        while app.fake.nth(shard).request(id, attempt).is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("a loader is started");
}

/// A run of three loaders, each of which settled 10 hits and has 3 open.
async fn shared(app: &App) -> RunId {
    let body = json!({ "use_practice_target": true, "config": { "load": { "loaders": 3 } } });
    let id = app.started(body).await;
    for shard in 1..=3 {
        wait_for(app, &id, 1, shard).await;
        app.fake.nth(shard).say(&id, 1, events::started());
        app.fake.nth(shard).say(&id, 1, events::progress(10, 3));
    }
    app.until(&id, |run| run["account"]["accepted"] == 30).await;
    id
}

#[actix_web::test]
async fn loaders_that_share_a_run_have_a_share_each_and_one_account() {
    let app = spawn_app().await;
    let id = shared(&app).await;
    for shard in 1..=3 {
        let words = app.fake.nth(shard).request(&id, 1).unwrap().args.join(" ");
        assert!(words.contains(&format!("--shard {shard}/3")), "{words}");
    }
    let run = app.run(&id).await;
    assert_eq!(run["account"]["planned"], 39);
    assert_eq!(run["rate"]["hits_per_s"], 12.0);
    assert_eq!(run["loaders"].as_array().unwrap().len(), 3);
    let detail = run["loader_state"]["detail"].as_str().unwrap();
    assert!(detail.starts_with("3 of 3 loaders at work"), "{detail}");
    let samples = app.get(&format!("/api/runs/{id}/samples")).await;
    assert_eq!(
        samples["samples"].as_array().unwrap().len(),
        1,
        "one for all"
    );

    for shard in 1..=3 {
        app.fake
            .nth(shard)
            .say(&id, 1, events::finished(Outcome::Done, 13));
        app.fake.nth(shard).end(&id, 1, exit(0));
    }
    let run = app.until_state(&id, "succeeded").await;
    assert_eq!(run["account"]["accepted"], 39);
    let account = app.get(&format!("/api/runs/{id}/account")).await;
    assert_eq!(account["attempts"].as_array().unwrap().len(), 3);
    let checks = account["checks"].as_array().unwrap();
    assert!(
        checks.iter().all(|check| check["adds_up"] == true),
        "{account}"
    );
    assert!(
        checks
            .iter()
            .any(|check| check["sum"] == "hits of all loaders = planned")
    );
}

#[actix_web::test]
async fn when_one_dies_the_others_go_on_and_resume_starts_what_is_not_done() {
    let app = spawn_app().await;
    let id = shared(&app).await;
    app.fake.nth(2).end(&id, 1, exit(137));
    let run = app
        .until(&id, |run| run["loaders"][1]["outcome"] == "failed")
        .await;
    assert_eq!(run["state"], "running");
    let detail = run["loader_state"]["detail"].as_str().unwrap();
    assert!(detail.starts_with("2 of 3 loaders at work"), "{detail}");
    for shard in [1, 3] {
        app.fake
            .nth(shard)
            .say(&id, 1, events::finished(Outcome::Done, 13));
        app.fake.nth(shard).end(&id, 1, exit(0));
    }
    let run = app.until_state(&id, "failed").await;
    assert_eq!(
        run["outcome_reason"],
        "1 of 3 loaders: the loader was killed (SIGKILL, exit code 137)"
    );
    assert_eq!(run["doubt"]["hits"], 3);

    assert_eq!(app.ask(&id, "resume").await.status(), 202);
    wait_for(&app, &id, 2, 2).await;
    let words = app.fake.nth(2).request(&id, 2).unwrap().args;
    assert_eq!(words.last().unwrap(), "--resume");
    app.fake
        .nth(2)
        .say(&id, 2, events::finished(Outcome::Done, 13));
    app.fake.nth(2).end(&id, 2, exit(0));
    let run = app.until_state(&id, "succeeded").await;
    assert_eq!(run["account"]["accepted"], 39);
    assert!(app.fake.nth(1).request(&id, 2).is_none(), "it was done");
}

#[actix_web::test]
async fn stop_and_pause_reach_all_and_all_are_found_after_a_restart() {
    let mut app = spawn_app().await;
    let id = shared(&app).await;
    assert_eq!(app.ask(&id, "pause").await.status(), 202);
    app.until_state(&id, "paused").await;
    assert_eq!(app.ask(&id, "resume").await.status(), 202);
    for shard in 1..=3 {
        wait_for(&app, &id, 2, shard).await;
        app.fake.nth(shard).say(&id, 2, events::progress(11, 2));
    }
    app.until(&id, |run| run["account"]["accepted"] == 33).await;
    app.shut_down().await;
    app.fake.nth(3).say(&id, 2, events::progress(12, 1));
    let app = app.restart("boot-1").await;
    app.until(&id, |run| run["account"]["accepted"] == 34).await;
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    let run = app.until_state(&id, "cancelled").await;
    let ends = run["loaders"].as_array().unwrap().iter();
    assert!(
        ends.clone().all(|loader| loader["outcome"] == "cancelled"),
        "{run}"
    );
}
