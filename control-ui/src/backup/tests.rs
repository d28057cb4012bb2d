use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::store::Store;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const TOKEN: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";

/// A data folder with a database, a token and a confirmed host.
async fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store
        .confirm("matomo.example".into(), "a test".into(), NOW)
        .await
        .unwrap();
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::write(folder.path().join("secrets/run.json"), TOKEN).unwrap();
    std::fs::write(folder.path().join("instance-id"), "one").unwrap();
    folder
}

fn bundle_of(folder: &Path, with_secrets: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    backup(folder, &mut bytes, with_secrets, NOW).unwrap();
    bytes
}

async fn hosts(folder: &Path) -> Vec<String> {
    let store = Store::open(folder).unwrap();
    let hosts = store.confirmations().await.unwrap();
    hosts.into_iter().map(|host| host.host).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn a_backup_is_made_while_the_store_is_used_and_restored_elsewhere() {
    let from = data().await;
    let used = Store::open(from.path()).unwrap();
    let bytes = bundle_of(from.path(), false);
    used.ping().await.unwrap();
    let names = std::fs::read_dir(from.path()).unwrap();
    let left = names
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .any(|name| name.starts_with("unfinished"));
    assert!(!left, "nothing is left behind");
    let to = tempfile::tempdir().unwrap();
    restore(to.path(), bytes.as_slice(), NOW).unwrap();
    assert_eq!(hosts(to.path()).await, ["matomo.example"]);
    let id = std::fs::read_to_string(to.path().join("instance-id")).unwrap();
    assert_eq!(id, "one", "its loaders are found again");
}

#[tokio::test]
async fn tokens_are_in_a_backup_only_when_asked_for() {
    let from = data().await;
    let without = bundle_of(from.path(), false);
    assert!(!has(&without, TOKEN) && !has(&without, "run.json"));
    let mut with = Vec::new();
    let said = backup(from.path(), &mut with, true, NOW).unwrap();
    assert!(said.contains("SECRETS"), "{said}");
    assert!(has(&with, TOKEN));
    let to = tempfile::tempdir().unwrap();
    restore(to.path(), with.as_slice(), NOW).unwrap();
    let file = to.path().join("secrets/run.json");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), TOKEN);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_restore_keeps_what_was_there_and_only_the_newest_of_these() {
    let folder = data().await;
    let bytes = bundle_of(folder.path(), false);
    for n in 0..5 {
        let now = Timestamp(NOW.0 + n * 1_000);
        let said = restore(folder.path(), bytes.as_slice(), now).unwrap();
        assert!(said.contains(".before-restore-"), "{said}");
    }
    let names = std::fs::read_dir(folder.path()).unwrap();
    let kept = names
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| name.contains("before-restore") && name.ends_with(".sqlite3"))
        .count();
    assert_eq!(kept, 3);
}

#[tokio::test]
async fn nothing_is_restored_under_a_running_control_plane() {
    let folder = data().await;
    let bytes = bundle_of(folder.path(), false);
    let _held = data_dir::lock(folder.path()).unwrap();
    let refused = restore(folder.path(), bytes.as_slice(), NOW).unwrap_err();
    assert!(refused.to_string().contains("another control plane"));
}

#[tokio::test]
async fn damaged_foreign_and_newer_files_are_refused_and_change_nothing() {
    let folder = data().await;
    let good = bundle_of(folder.path(), false);
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let text = String::from_utf8_lossy(&good);
    let at = text.find("\"format\": 1").unwrap();
    let mut newer = good.clone();
    newer[at + "\"format\": ".len()] = b'9';
    let mut foreign_database = b"SQLite format 3\0".to_vec();
    foreign_database.resize(4_096, 7);
    let cases: [(&[u8], &str); 6] = [
        (b"", "no backup"),
        (b"hello", "no backup"),
        (&good[..good.len() / 2], "checksum"),
        (&flipped, "checksum"),
        (&newer, "newer"),
        (&foreign_database, "cannot be used"),
    ];
    for (bytes, expected) in cases {
        let refused = restore(folder.path(), bytes, NOW).unwrap_err().to_string();
        assert!(refused.contains(expected), "{expected}: {refused}");
        assert_eq!(hosts(folder.path()).await, ["matomo.example"], "{expected}");
    }
}

#[test]
fn a_bundle_with_paths_is_refused() {
    for name in [
        "secret-../../etc/passwd",
        "secret-/etc/passwd",
        "secret-.hidden",
        "secret-",
        "../x",
        "other",
    ] {
        let manifest = Manifest {
            format: FORMAT,
            program: "x".into(),
            schema: 1,
            created_at: "x".into(),
            instance: None,
            with_secrets: true,
            files: [DATABASE, name]
                .map(|name| bundle::Entry {
                    name: name.into(),
                    bytes: 0,
                    sha256: "x".into(),
                })
                .to_vec(),
        };
        let mut bytes = Vec::new();
        bundle::write(&mut bytes, &manifest, &[]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let refused = restore(folder.path(), bytes.as_slice(), NOW).unwrap_err();
        assert!(
            refused.to_string().contains("no backup has"),
            "{name}: {refused}"
        );
    }
}
