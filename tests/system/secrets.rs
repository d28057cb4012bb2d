//! A planted token and key are nowhere where they need not be.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use harness::control::API_KEY;
use harness::practice::{Practice, TOKEN};

use crate::runs::{control_plane, full_run, short};

#[tokio::test]
async fn a_planted_token_and_key_are_in_no_file_log_answer_or_address() -> Result<()> {
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 200);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;
    harness::until("hits arrive", Duration::from_secs(60), || async {
        Ok((20 < practice.summary().await?.hits).then_some(()))
    })
    .await?;

    // While the run is on: its command line and environment.
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        let read = |name: &str| std::fs::read(path.join(name)).unwrap_or_default();
        let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
        if line.contains(&plane.data().display().to_string()) {
            ensure!(
                !holds(line.as_bytes()),
                "a secret is in a command line: {line}"
            );
            ensure!(
                !holds(&read("environ")),
                "a secret is in the environment of {line}"
            );
        }
    }
    let run = plane
        .run_in(&id, &["succeeded"], Duration::from_secs(90))
        .await?;
    ensure!(
        run["account"]["accepted"] == run["account"]["planned"],
        "{run}"
    );

    let answers = ["/api/runs", "/api/status", "/api/presets", "/api/schema"];
    let of_run = [
        format!("/api/runs/{id}"),
        format!("/api/runs/{id}/logs"),
        format!("/api/runs/{id}/samples"),
    ];
    for path in answers.iter().map(|path| (*path).to_owned()).chain(of_run) {
        let answer = plane.get(&path).await?.to_string();
        ensure!(!holds(answer.as_bytes()), "{path} shows a secret");
    }
    ensure!(
        !holds(&std::fs::read(plane.log_file())?),
        "the log of the control plane shows a secret"
    );
    ensure!(
        practice.summary().await?.tokens_in_urls == 0,
        "a token travelled in a URL"
    );
    let seen = files_with_secrets(plane.data(), &plane.data().join("secrets"))?;
    ensure!(seen.is_empty(), "files that hold a secret: {seen:?}");
    Ok(())
}

fn holds(text: &[u8]) -> bool {
    [TOKEN, API_KEY].iter().any(|secret| {
        text.windows(secret.len())
            .any(|part| part == secret.as_bytes())
    })
}

/// All files under `folder`, the place for secrets left out, that hold one.
fn files_with_secrets(folder: &Path, but: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && path != but {
            found.extend(files_with_secrets(&path, but)?);
        } else if path.is_file() && holds(&std::fs::read(&path)?) {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}

#[tokio::test]
async fn secrets_at_rest_are_readable_by_their_owner_alone() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let practice = Practice::start(&[])?;
    let (plane, _folder) = control_plane("process").await?;
    let config = short(&practice.url(), "beacon", 100_000);
    let id = plane.start_run(&full_run(&config, practice.host())).await?;

    let mut files = 0;
    for entry in std::fs::read_dir(plane.data().join("secrets"))? {
        let mode = entry?.metadata()?.permissions().mode() & 0o777;
        ensure!(mode == 0o600 || mode == 0o700, "mode {mode:o}");
        files += 1;
    }
    ensure!(0 < files, "the run's token rests in the folder for secrets");
    plane
        .post(&format!("/api/runs/{id}/stop"), &serde_json::json!({}))
        .await?;
    plane
        .run_in(&id, &["cancelled"], Duration::from_secs(60))
        .await?;
    Ok(())
}
