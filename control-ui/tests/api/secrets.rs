//! A planted token and a planted key are nowhere but where they must be.

use std::path::{Path, PathBuf};

use control_ui::orchestrator::fake::events;
use control_ui::runs::RunId;
use run_report::Outcome;
use serde_json::{Value, json};

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

#[actix_web::test]
async fn a_token_given_anew_leaves_the_other_secrets_as_they_are() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{
        "url": "https://matomo.example/matomo.php", "token_auth": CANARY,
        "basic_auth_user": "staging", "basic_auth_password": "door",
        "extra_header_name": "X-Staging-Key", "extra_header_value": "let me in",
    }] });
    let with = |token: &str, password: &str| {
        json!({ "targets": [{
            "token_auth": token, "basic_auth_password": password, "extra_header_value": "let me in",
        }] })
    };
    let handed = |id: &RunId, attempt| -> Value {
        let request = app.fake.request(id, attempt).unwrap();
        serde_json::from_str(request.secrets.unwrap().expose()).unwrap()
    };
    let id = app.started(json!({ "config": config, "trial": 5 })).await;
    app.wait_for_loader(&id, 1).await;
    assert_eq!(handed(&id, 1), with(CANARY, "door"));
    let path = format!("/api/runs/{id}");
    app.fake.say(&id, 1, events::started());
    app.until_state(&id, "running").await;

    app.ask(&id, "pause").await;
    app.until_state(&id, "paused").await;
    let second = "5ec0nd5ec0nd5ec0nd5ec0nd5ec0nd00";
    let resume = format!("{path}/resume");
    let resumed = app.post(&resume, json!({ "token": second })).await;
    assert_eq!(resumed.status(), 202);
    app.wait_for_loader(&id, 2).await;
    assert_eq!(handed(&id, 2), with(second, "door"));

    let third = "7h1rd7h1rd7h1rd7h1rd7h1rd7h1rd00";
    let body = json!({ "token": third, "secrets": { "/targets/0/basic_auth_password": "gate" } });
    for what in ["again", "restart"] {
        let made = app.post(&format!("{path}/{what}"), body.clone()).await;
        assert!(made.status().is_success(), "{what}");
        let next = crate::app::id_of(&made.json().await.unwrap());
        app.wait_for_loader(&next, 1).await;
        assert_eq!(handed(&next, 1), with(third, "gate"), "{what}");
    }
    let unknown = json!({ "secrets": { "/targets/0/url": "x", "/targets/9/token_auth": "x" } });
    let refused = app.post(&format!("{path}/again"), unknown).await;
    let text = refused.text().await.unwrap();
    assert!(text.contains("secret.unknown"), "{text}");
}

#[actix_web::test]
async fn who_resumes_late_is_told_every_secret_that_is_needed() {
    let app = spawn_app().await;
    let config = json!({ "targets": [{
        "url": "https://matomo.example/matomo.php",
        "basic_auth_user": "staging", "basic_auth_password": "door",
    }] });
    let id = app.started(json!({ "config": config, "trial": 5 })).await;
    app.wait_for_loader(&id, 1).await;
    app.fake.lose(&id, 1);
    app.until_state(&id, "lost").await;
    std::fs::remove_file(app.data().join(format!("secrets/{id}.json"))).unwrap();
    let path = format!("/api/runs/{id}/resume");
    for body in [json!({}), json!({ "token": CANARY })] {
        let refused: Value = app.post(&path, body).await.json().await.unwrap();
        assert_eq!(refused["code"], "run.token_needed");
        let detail = refused["detail"].as_str().unwrap();
        assert!(
            detail.contains("/targets/0/basic_auth_password"),
            "{detail}"
        );
    }
    let body = json!({ "secrets": { "/targets/0/basic_auth_password": "door" } });
    assert_eq!(app.post(&path, body).await.status(), 202);
    app.wait_for_loader(&id, 2).await;
    let handed = app.fake.request(&id, 2).unwrap().secrets.unwrap();
    assert_eq!(
        handed.expose(),
        json!({ "targets": [{ "basic_auth_password": "door" }] }).to_string()
    );
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
