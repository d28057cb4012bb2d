use serde_json::json;

use super::*;
use crate::api::view::{Account, RunState, Sample};
use crate::time::Timestamp;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

fn row(id: &str) -> RunRow {
    RunRow {
        id: id.into(),
        state: RunState::Queued,
        created_at: 1,
        document: json!({}),
        config: json!({ "version": 1 }),
        replaces: None,
        deleted: None,
    }
}

#[tokio::test]
async fn the_database_knows_the_same_moves_as_the_program_and_refuses_all_others() {
    let (_folder, store) = store();
    for from in RunState::ALL {
        for to in RunState::ALL {
            let id = format!("{}-{}", from.as_str(), to.as_str());
            store.insert_run(row(&id), None, 1_000, None).await.unwrap();
            // The state from which the move is tried is set around the rule.
            let (name, key) = (from.as_str(), id.clone());
            store
                .with(move |db| {
                    let off = "DROP TRIGGER runs_move_legally";
                    let rule: String = db.query_row(
                        "SELECT sql FROM sqlite_schema WHERE name = 'runs_move_legally'",
                        [],
                        |row| row.get(0),
                    )?;
                    db.execute_batch(off)?;
                    db.execute("UPDATE runs SET state = ?1 WHERE id = ?2", [name, &key])?;
                    Ok(db.execute_batch(&rule)?)
                })
                .await
                .unwrap();
            let moved = store
                .save_run(RunRow {
                    state: to,
                    ..row(&id)
                })
                .await;
            assert_eq!(moved.is_ok(), from == to || from.may_become(to), "{id}");
        }
    }
}

#[tokio::test]
async fn a_run_begins_queued() {
    let (_folder, store) = store();
    let running = RunRow {
        state: RunState::Running,
        ..row("a")
    };
    assert!(store.insert_run(running, None, 8, None).await.is_err());
}

#[tokio::test]
async fn one_idempotency_key_makes_one_run() {
    let (_folder, store) = store();
    let key = || Some(("key".to_owned(), "hash".to_owned()));
    assert_eq!(
        store.insert_run(row("a"), key(), 8, None).await.unwrap(),
        Inserted::New
    );
    let again = store.insert_run(row("b"), key(), 8, None).await.unwrap();
    let before = Inserted::Before {
        run: Box::new(row("a")),
        request_hash: "hash".into(),
    };
    assert_eq!(again, before);
    assert_eq!(store.run("b".into()).await.unwrap(), None);
    assert_eq!(
        store.insert_run(row("c"), None, 1, None).await.unwrap(),
        Inserted::TooMany
    );
}

fn sample(at: i64, rate: f64) -> Sample {
    Sample {
        at: Timestamp(at),
        visits_per_s: rate,
        visits_per_s_planned: 1.0,
        hits_per_s: rate,
        errors_per_s: 0.0,
        latency_p50_ms: None,
        latency_p95_ms: Some(rate),
        lateness_p95_ms: None,
        in_flight: 0,
        account: Account::default(),
    }
}

#[tokio::test]
async fn samples_older_than_an_hour_become_minutes_and_their_number_is_bounded() {
    let (_folder, store) = store();
    store.insert_run(row("a"), None, 8, None).await.unwrap();
    let seconds = SECONDS_MAX + 600;
    for n in 0..seconds {
        let rate = if n < 60 {
            f64::from(u32::try_from(n).unwrap())
        } else {
            1.0
        };
        store
            .add_sample("a".into(), sample(n * 1_000, rate))
            .await
            .unwrap();
    }
    let samples = store.samples("a".into()).await.unwrap();
    assert!(samples.is_sorted_by_key(|s| s.at), "in order");
    let first = &samples[0];
    assert_eq!(first.at, Timestamp(59_000));
    assert!(
        (first.visits_per_s - 29.5).abs() < 1e-9,
        "the mean: {first:?}"
    );
    assert_eq!(first.latency_p95_ms, Some(59.0), "the worst");
    let count = i64::try_from(samples.len()).unwrap();
    assert!((SECONDS_MAX..=SECONDS_MAX + 80).contains(&count), "{count}");
}

#[tokio::test]
async fn a_second_opening_finds_what_the_first_wrote() {
    let (folder, store) = store();
    store.insert_run(row("a"), None, 8, None).await.unwrap();
    store
        .confirm("matomo.example".into(), "session".into(), Timestamp(1))
        .await
        .unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.run("a".into()).await.unwrap(), Some(row("a")));
    let host = ConfirmedHost {
        host: "matomo.example".into(),
        at: Timestamp(1),
        who: Some("session".into()),
    };
    assert_eq!(store.confirmations().await.unwrap(), [host]);
    store.ping().await.unwrap();
}
