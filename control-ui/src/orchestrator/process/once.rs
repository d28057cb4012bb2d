//! Commands that end by themselves, as processes with a folder of their own.
//!
//! Invariant: whatever happens, process and folder are removed: here, or by [`sweep`] when the control plane died in
//! between.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use super::folders::{self, Folders};
use crate::orchestrator::{
    ONCE_BYTES_MAX, OnceOutput, OnceRequest, OrchestratorError, bounded_text, took_too_long,
};
use crate::runs::RunId;

/// Runs a command to its end and removes its folder.
pub(super) async fn run(
    loader_bin: &Path,
    folders: &Folders,
    request: &OnceRequest,
) -> Result<OnceOutput, OrchestratorError> {
    super::proc::check_executable(loader_bin)?;
    // A run's id is as good as any other that is unique.
    let folder = folders.once_dir().join(RunId::fresh().as_str());
    let output = conduct(loader_bin, &folder, request).await;
    if let Err(error) = folders::remove(&folder) {
        tracing::warn!(error = %error, "the folder of a command stays until the next start of the control plane");
    }
    output
}

async fn conduct(
    loader_bin: &Path,
    folder: &Path,
    request: &OnceRequest,
) -> Result<OnceOutput, OrchestratorError> {
    let (config, secrets) = (folder.join("run.json"), folder.join("secrets.json"));
    folders::private_dir(folder)?;
    folders::private_file(&config, request.config.as_bytes())?;
    let mut command = tokio::process::Command::new(loader_bin);
    command.args(&request.args).arg("--config").arg(&config);
    if let Some(given) = &request.secrets {
        folders::private_file(&secrets, given.expose().as_bytes())?;
        command.arg("--secrets").arg(&secrets);
    }
    let mut child = command
        .env_clear()
        .env("LOG_LEVEL", "info")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            OrchestratorError::Refused(format!(
                "the loader {} could not be started: {error}",
                loader_bin.display()
            ))
        })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let all = async {
        let (stdout, stderr) = tokio::join!(text_of(stdout), text_of(stderr));
        (stdout, stderr, child.wait().await)
    };
    let Ok((stdout, stderr, ended)) = timeout(request.time_limit, all).await else {
        return Err(took_too_long(request.time_limit));
    };
    Ok(OnceOutput {
        stdout,
        stderr,
        exit_code: ended
            .ok()
            .and_then(|status| super::proc::ending(status).exit_code),
    })
}

/// What a pipe brings, up to the bound; the rest is read and dropped, so that the writer is not held up.
async fn text_of(pipe: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut pipe) = pipe else {
        return String::new();
    };
    let mut kept = Vec::new();
    let _ = (&mut pipe)
        .take(ONCE_BYTES_MAX as u64)
        .read_to_end(&mut kept)
        .await;
    let _ = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
    bounded_text(&kept)
}

/// Removes what commands left. Their processes end by themselves within their time.
pub(super) fn sweep(folders: &Folders) -> Result<(), OrchestratorError> {
    folders::remove(&folders.once_dir())
}
