//! A planted token and a planted key are nowhere but where they must be.

use std::path::{Path, PathBuf};

use control_ui::orchestrator::fake::events;
use run_report::Outcome;
use serde_json::json;

use crate::app::{KEY, spawn_app};

const CANARY: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";

#[actix_web::test]
async fn a_token_is_handed_to_the_loader_and_kept_in_its_own_file_alone() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{
        "url": "https://matomo.example/matomo.php", "token_auth": CANARY,
    }] });
    let answer = app
        .post("/api/runs", json!({ "config": config, "trial": 5 }))
        .await;
    assert_eq!(answer.status(), 201);
    let text = answer.text().await.unwrap();
    assert!(!text.contains(CANARY));
    let id = crate::app::id_of(&serde_json::from_str(&text).unwrap());
    app.wait_for_loader(&id, 1).await;
    let request = app.fake.request(&id, 1).unwrap();
    let secrets = request.secrets.as_ref().unwrap().expose().to_owned();
    assert_eq!(
        secrets,
        json!({ "targets": [{ "token_auth": CANARY }] }).to_string()
    );
    assert!(!request.config.contains(CANARY));
    assert!(!request.args.concat().contains(CANARY));
    assert!(!format!("{request:?}").contains(CANARY));

    app.fake.say(&id, 1, events::started());
    app.fake.say(&id, 1, events::progress(1, 1));
    app.until(&id, |run| run["state"] == "running").await;
    for path in ["", "/logs", "/samples"] {
        let answer = app.get(&format!("/api/runs/{id}{path}")).await;
        assert!(!answer.to_string().contains(CANARY), "{path}");
    }
    let own = app.data().join(format!("secrets/{id}.json"));
    assert_eq!(holding(app.data(), CANARY), [own]);
    assert_eq!(holding(app.data(), KEY), [] as [PathBuf; 0]);
    assert_eq!(holding(app.data(), &app.code), [] as [PathBuf; 0]);

    app.ask(&id, "pause").await;
    app.until_state(&id, "paused").await;
    app.ask(&id, "resume").await;
    app.wait_for_loader(&id, 2).await;
    let again = app.fake.request(&id, 2).unwrap();
    assert_eq!(again.secrets.unwrap().expose(), secrets);

    app.fake.say(&id, 2, events::finished(Outcome::Done, 2));
    app.fake.end(&id, 2, Default::default());
    app.until_state(&id, "succeeded").await;
    assert_eq!(holding(app.data(), CANARY), [] as [PathBuf; 0]);
}

#[actix_web::test]
async fn refusals_do_not_repeat_a_token() {
    let app = spawn_app().await;
    for body in [
        json!({ "config": { "targets": [{ "token_auth": CANARY, "url": 5 }] } }),
        json!({ "config": { "targets": [{ "token_auth": [CANARY] }] } }),
        json!({ "config": { "targets": [{ "token_auht": CANARY }] } }),
        json!({ "config": [CANARY] }),
        json!({ "token_auth": CANARY }),
    ] {
        for path in ["/api/runs", "/api/validate"] {
            let text = app.post(path, body.clone()).await.text().await.unwrap();
            assert!(!text.contains(CANARY), "{path} {body}: {text}");
        }
    }
    assert_eq!(holding(app.data(), CANARY), [] as [PathBuf; 0]);
}

/// Files below `folder` that hold `text`.
pub(crate) fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        {
            found.push(path);
        }
    }
    found
}
