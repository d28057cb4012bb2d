//! A disk without room, for real: read-only, said so, and over by itself. Needs the right to mount.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use control_ui::data_dir::free_bytes;
use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use reqwest::Method;
use run_report::Outcome;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PATIENCE, Wish, problem, spawn};

/// A file system of 48 MiB, as long as the handle lives.
struct SmallDisk(Arc<TempDir>);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"])
            .arg(folder.path())
            .output();
        mounted
            .is_ok_and(|done| done.status.success())
            .then(|| Self(Arc::new(folder)))
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }

    /// Takes room until only `left` bytes are free.
    fn fill(&self, left: u64) {
        let _ = std::fs::remove_file(self.ballast());
        let room = free_bytes(self.0.path()).unwrap();
        let bytes = usize::try_from(room.saturating_sub(left)).unwrap();
        // The last of it may be refused, which is what was wanted.
        let _ = std::fs::write(self.ballast(), vec![1; bytes]);
    }

    fn empty(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.0.path())
            .status();
    }
}

async fn until_read_only(app: &App, wanted: bool) -> Value {
    let look = async {
        loop {
            let status = app.get("/api/status").await;
            if status["read_only"].is_object() == wanted {
                return status;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

async fn readyz(app: &App) -> u16 {
    let answer = app.stranger(Method::GET, "/readyz").send().await.unwrap();
    answer.status().as_u16()
}

#[actix_web::test]
async fn a_disk_without_room_makes_it_read_only_until_there_is_room_again() {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let app = spawn(Wish {
        data: Arc::clone(&disk.0),
        ..Wish::default()
    })
    .await;
    let id = app.running().await;
    assert_eq!(readyz(&app).await, 200);
    disk.fill(4 * 1024 * 1024);
    let status = until_read_only(&app, true).await;
    let cause = status["read_only"]["cause"].as_str().unwrap();
    assert!(cause.contains("MiB are free in DATA_DIR="), "{cause}");
    assert!(status["data"]["free_bytes"].as_u64().unwrap() < 16 << 20);
    assert_eq!(readyz(&app).await, 503);

    let new = json!({ "use_practice_target": true, "trial": 5 });
    let refused = app.post("/api/runs", new.clone()).await;
    assert_eq!(problem(refused).await, (507, "storage.full".into()));
    let checked = app.post("/api/validate", json!({ "config": {} })).await;
    assert_eq!(checked.status(), 200);
    app.fake.say(&id, 1, events::progress(11, 1));
    app.until(&id, |run| run["account"]["accepted"] == 11).await;

    disk.fill(0);
    app.fake.say(&id, 1, events::finished(Outcome::Done, 12));
    app.fake.end(
        &id,
        1,
        Ending {
            exit_code: Some(0),
            out_of_memory: false,
        },
    );
    app.until(&id, |run| run["account"]["accepted"] == 12).await;

    disk.empty();
    until_read_only(&app, false).await;
    app.until_state(&id, "succeeded").await;
    assert_eq!(readyz(&app).await, 200);
    assert_eq!(app.post("/api/runs", new).await.status(), 201);
}
