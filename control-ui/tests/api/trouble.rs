//! The disk is full, the orchestrator goes away, clients hang up: runs are not lost, and nothing is left half done.

use std::io::Write;
use std::net::TcpStream;

use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use reqwest::Method;
use run_report::Outcome;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::app::{App, KEY, PATIENCE, id_of, problem, spawn_app};

const DONE: Ending = Ending {
    exit_code: Some(0),
    out_of_memory: false,
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A disk that takes nothing more, until it is dropped: every writing of the store fails.
struct FullDisk(Connection);

const TABLES: [&str; 3] = ["runs", "samples", "sessions"];

impl FullDisk {
    fn of(app: &App) -> Self {
        let db = database(app);
        for table in TABLES {
            for verb in ["INSERT", "UPDATE"] {
                db.execute_batch(&format!(
                    "CREATE TRIGGER full_{verb}_{table} BEFORE {verb} ON {table}
                     BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                ))
                .unwrap();
            }
        }
        Self(db)
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        for table in TABLES {
            for verb in ["INSERT", "UPDATE"] {
                let drop = format!("DROP TRIGGER full_{verb}_{table}");
                self.0.execute_batch(&drop).unwrap();
            }
        }
    }
}

fn database(app: &App) -> Connection {
    let db = Connection::open(app.data().join("control-ui.sqlite3")).unwrap();
    db.busy_timeout(PATIENCE).unwrap();
    db
}

#[actix_web::test]
async fn a_full_disk_costs_samples_and_not_the_end_of_a_run() {
    let app = spawn_app().await;
    let id = app.running().await;
    let full = FullDisk::of(&app);
    app.fake.say(&id, 1, events::progress(11, 1));
    app.until(&id, |run| run["account"]["accepted"] == 11).await;
    app.fake.say(&id, 1, events::finished(Outcome::Done, 12));
    app.fake.end(&id, 1, DONE);
    app.until(&id, |run| run["account"]["accepted"] == 12).await;
    assert_eq!(app.run(&id).await["state"], "running");
    drop(full);
    app.until_state(&id, "succeeded").await;
    let app = app.restart("boot-1").await;
    assert_eq!(app.run(&id).await["account"]["accepted"], 12);
}

#[actix_web::test]
async fn what_cannot_be_written_down_is_not_done_and_may_be_asked_again() {
    let app = spawn_app().await;
    let id = app.running().await;
    let full = FullDisk::of(&app);
    for what in ["stop", "pause"] {
        let refused = problem(app.ask(&id, what).await).await;
        assert_eq!(refused, (500, "internal".into()), "{what}");
        assert_eq!(app.run(&id).await["state"], "running");
    }
    drop(full);
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    app.until_state(&id, "cancelled").await;
}

#[actix_web::test]
async fn a_session_survives_a_full_disk() {
    let app = spawn_app().await;
    let answer = app.sign_in(&app.code).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let _full = FullDisk::of(&app);
    app.clock.advance_ms(5 * 60 * 1_000);
    let request = app.stranger(Method::GET, "/api/status");
    let answer = request.header("Cookie", cookie).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[actix_web::test]
async fn a_stop_is_done_once_the_orchestrator_is_back() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.break_with(Some("away"));
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    assert_eq!(app.run(&id).await["state"], "stopping");
    app.fake.break_with(None);
    app.until_state(&id, "cancelled").await;
}

#[actix_web::test]
async fn a_run_that_was_to_end_and_whose_loader_vanished_is_cancelled() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.break_with(Some("away"));
    assert_eq!(app.ask(&id, "stop").await.status(), 202);
    app.fake.lose(&id, 1);
    app.fake.break_with(None);
    let run = app.until_state(&id, "cancelled").await;
    assert_eq!(run["doubt"]["hits"], 3);
}

#[actix_web::test]
async fn a_loader_whose_start_was_not_answered_is_found_and_followed() {
    let app = spawn_app().await;
    app.fake.hang_up_after_start();
    let id = app.running().await;
    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(&id, 1, DONE);
    app.until_state(&id, "succeeded").await;
    assert_eq!(app.fake.count(), 1);
}

#[actix_web::test]
async fn a_run_starts_although_its_client_hung_up() {
    let app = spawn_app().await;
    let db = database(&app);
    // The request waits for the store, and its client does not.
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    let body = json!({
        "config": { "targets": [{ "url": "https://matomo.example/matomo.php", "token_auth": TOKEN }] },
        "trial": 5,
    })
    .to_string();
    let mut client = TcpStream::connect(("127.0.0.1", app.port)).unwrap();
    write!(
        client,
        "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {KEY}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let secrets = app.data().join("secrets");
    let begun = async {
        while std::fs::read_dir(&secrets).unwrap().next().is_none() {
            assert_eq!(livez(&app).await, 200);
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.unwrap();
    drop(client);
    for _ in 0..20 {
        assert_eq!(livez(&app).await, 200);
    }
    db.execute_batch("COMMIT").unwrap();
    let kept = async {
        loop {
            let runs = app.get("/api/runs").await;
            if let Some(run) = runs["runs"].get(0) {
                return id_of(run);
            }
        }
    };
    let id = tokio::time::timeout(PATIENCE, kept).await.unwrap();
    app.wait_for_loader(&id, 1).await;
}

async fn livez(app: &App) -> u16 {
    let answer = app.stranger(Method::GET, "/livez").send().await.unwrap();
    answer.status().as_u16()
}

#[actix_web::test]
async fn a_run_that_gave_up_is_not_begun_again_by_a_reboot() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.shut_down().await;
    app.fake.say(&id, 1, events::finished(Outcome::Guard, 13));
    app.fake.end(
        &id,
        1,
        Ending {
            exit_code: Some(3),
            out_of_memory: false,
        },
    );
    let app = app.restart("boot-2").await;
    let run = app.until_state(&id, "failed").await;
    assert_eq!(run["attempt"], 1);
    assert_eq!(app.fake.count(), 1);
}

#[actix_web::test]
async fn a_run_resumes_after_a_reboot_once_the_orchestrator_is_there() {
    let mut app = spawn_app().await;
    let id = app.running().await;
    app.fake.say(&id, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&id, 1, DONE);
    app.until_state(&id, "paused").await;
    app.shut_down().await;
    app.fake.break_with(Some("still starting"));
    let app = app.restart("boot-2").await;
    assert_eq!(app.run(&id).await["state"], "paused");
    app.fake.break_with(None);
    app.wait_for_loader(&id, 2).await;
}

#[actix_web::test]
async fn a_pause_of_what_was_stopped_by_a_shutdown_outlives_the_reboot() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.say(&id, 1, events::finished(Outcome::Stopped, 13));
    app.fake.end(&id, 1, DONE);
    app.until_state(&id, "paused").await;
    assert_eq!(app.ask(&id, "pause").await.status(), 202);
    let stored: String = database(&app)
        .query_row("SELECT document FROM runs", [], |row| row.get(0))
        .unwrap();
    let stored: Value = serde_json::from_str(&stored).unwrap();
    assert_eq!(stored["wanted"], "pause");
}

#[actix_web::test]
async fn secrets_of_runs_that_nobody_knows_are_deleted_at_the_next_start() {
    let mut app = spawn_app().await;
    app.shut_down().await;
    let left = app
        .data()
        .join("secrets/0123456789abcdef0123456789abcdef.json");
    std::fs::write(&left, "{}").unwrap();
    let _app = app.restart("boot-1").await;
    assert!(!left.exists());
}
