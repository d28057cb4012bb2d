//! A database that an earlier version left: opened with all its runs, and brought back from the copy that was made.
//!
//! The first two fixtures were written by the programs of their time, with runs that really happened; the third is the
//! second after its own migration.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use control_ui::backup::restore;
use rusqlite::Connection;
use serde_json::Value;

use crate::app::{App, NOON, Wish, spawn};

const SCHEMA_1: &[u8] = include_bytes!("fixtures/schema_1.sqlite3");
const SCHEMA_2: &[u8] = include_bytes!("fixtures/schema_2.sqlite3");
const SCHEMA_3: &[u8] = include_bytes!("fixtures/schema_3.sqlite3");

/// What the runs were when the earlier version was stopped. The last one was running, and its loader is gone.
const RUNS: [(&str, &str); 6] = [
    ("Short and whole", "succeeded"),
    ("Trial", "succeeded"),
    ("Stopped by a person", "cancelled"),
    ("Paused", "paused"),
    ("Killed", "failed"),
    ("Running when the old version was stopped", "lost"),
];

/// The machine was not restarted in between.
const BOOT: &str = "876a4786-1cd9-48b1-a274-845cede77e46";

async fn open(data: &Arc<tempfile::TempDir>) -> App {
    spawn(Wish {
        data: Arc::clone(data),
        boot: BOOT,
        ..Wish::default()
    })
    .await
}

/// All rows of the runs as they are stored, and the number of the schema.
fn stored(path: &Path) -> (i64, Vec<[String; 4]>) {
    let db = Connection::open(path).unwrap();
    let version = db
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let mut rows = db
        .prepare("SELECT id, state, document, config FROM runs ORDER BY id")
        .unwrap();
    let rows = rows
        .query_map([], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    (version, rows)
}

async fn has_all_runs(app: &App) {
    let runs = app.get("/api/runs").await;
    for (name, state) in RUNS {
        let run = runs["runs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|run| run["name"] == name);
        let id = run.unwrap_or_else(|| panic!("{name} in {runs}"))["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let id = control_ui::runs::RunId::parse(&id).unwrap();
        let run = app.until_state(&id, state).await;
        assert!(run["account"]["accepted"].as_u64().unwrap() > 0, "{run}");
        let samples = app.get(&format!("/api/runs/{id}/samples")).await;
        assert!(!samples["samples"].as_array().unwrap().is_empty(), "{name}");
    }
    let status = app.get("/api/status").await;
    let hosts = status["confirmed_hosts"].as_array().unwrap();
    assert!(hosts.contains(&Value::from("127.0.0.1:18931")), "{hosts:?}");
}

#[actix_web::test]
async fn a_database_of_the_first_schema_is_opened_with_all_its_runs_and_can_be_brought_back() {
    is_opened_and_can_be_brought_back(SCHEMA_1, 1).await;
}

#[actix_web::test]
async fn a_database_of_the_second_schema_is_opened_with_all_its_runs_and_can_be_brought_back() {
    is_opened_and_can_be_brought_back(SCHEMA_2, 2).await;
}

#[actix_web::test]
async fn a_database_of_the_third_schema_is_opened_with_all_its_runs_and_can_be_brought_back() {
    is_opened_and_can_be_brought_back(SCHEMA_3, 3).await;
}

async fn is_opened_and_can_be_brought_back(database: &[u8], schema: i64) {
    let data = Arc::new(tempfile::tempdir().unwrap());
    let path = data.path().join("control-ui.sqlite3");
    std::fs::write(&path, database).unwrap();
    let before = stored(&path);
    assert_eq!((before.0, before.1.len()), (schema, RUNS.len()));
    let mut app = open(&data).await;
    has_all_runs(&app).await;
    app.shut_down().await;
    drop(app);
    assert!(schema < stored(&path).0, "it was migrated");

    let copy = format!("control-ui.before-{}.sqlite3", schema + 1);
    let copy = data.path().join(copy);
    let said = restore(data.path(), File::open(&copy).unwrap(), NOON).unwrap();
    assert!(said.contains(&format!("schema {schema}")), "{said}");
    assert_eq!(stored(&path), before, "as the earlier version left it");
    assert!(copy.exists(), "the copy may be used again");

    let mut app = open(&data).await;
    has_all_runs(&app).await;
    app.shut_down().await;
}
