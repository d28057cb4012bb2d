use super::*;

fn checkpoint(cursor: u64) -> Checkpoint {
    Checkpoint {
        v: CHECKPOINT_VERSION,
        seed: 1,
        population: "people".into(),
        origin_ms: 0,
        shard: run_report::Shard { index: 1, of: 1 },
        trial: None,
        plan_ms: 5,
        wall_minus_plan_ms: 0,
        active_s: 1.5,
        clean: false,
        hits_sent: 0,
        saved: Saved {
            cursor,
            ..Saved::default()
        },
        backfill: None,
    }
}

#[test]
fn a_directory_has_one_loader_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let first = StateDir::open(directory.path()).unwrap();
    assert!(matches!(
        StateDir::open(directory.path()),
        Err(StateError::Locked(_))
    ));
    drop(first);
    assert!(StateDir::open(directory.path()).is_ok());
}

#[test]
fn a_checkpoint_reads_back_and_a_newer_cursor_wins() {
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(directory.path()).unwrap();
    assert_eq!(state.load().unwrap(), None);
    state.save(&checkpoint(7)).unwrap();
    assert_eq!(state.load().unwrap(), Some((checkpoint(7), 7)));
    let mut cursor = state.cursor(7).unwrap();
    cursor.note(9);
    cursor.note(8);
    assert_eq!(state.load().unwrap(), Some((checkpoint(7), 9)));
    state.save(&checkpoint(12)).unwrap();
    assert_eq!(state.load().unwrap(), Some((checkpoint(12), 12)));
}

#[test]
fn a_damaged_or_newer_checkpoint_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let state = StateDir::open(directory.path()).unwrap();
    std::fs::write(directory.path().join(CHECKPOINT), "{\"v\":1,").unwrap();
    let error = state.load().unwrap_err().to_string();
    assert!(error.contains("checkpoint.json cannot be read"), "{error}");
    let mut newer = checkpoint(1);
    newer.v = 2;
    state.save(&newer).unwrap();
    let error = state.load().unwrap_err().to_string();
    assert!(error.contains("version 2"), "{error}");
}

#[test]
fn a_heartbeat_is_alive_while_it_is_young() {
    let directory = tempfile::tempdir().unwrap();
    assert!(check_heartbeat(directory.path()).is_err());
    let state = StateDir::open(directory.path()).unwrap();
    state.beat().unwrap();
    assert!(check_heartbeat(directory.path()).unwrap() < HEARTBEAT_LIMIT);
    let old = SystemTime::now() - 2 * HEARTBEAT_LIMIT;
    let file = OpenOptions::new()
        .write(true)
        .open(directory.path().join(HEARTBEAT))
        .unwrap();
    file.set_modified(old).unwrap();
    assert!(check_heartbeat(directory.path()).is_err());
}
