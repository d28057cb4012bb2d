//! Commands that end by themselves, in containers of their own.
//!
//! Invariant: whatever happens, the container and its volume are removed: here, or by [`sweep`] when the control
//! plane died in between.

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::query_parameters::{
    CreateContainerOptions, ListContainersOptionsBuilder, LogsOptionsBuilder,
    RemoveContainerOptionsBuilder, StartContainerOptions,
};
use futures_util::StreamExt;
use tokio::time::{Instant, sleep};

use super::engine::{Engine, said, status_of};
use super::template::Template;
use super::{LOOK, status, upload};
use crate::orchestrator::{
    LoaderId, LoaderStatus, ONCE_BYTES_MAX, OnceOutput, OnceRequest, OrchestratorError,
    bounded_text, took_too_long,
};

/// Runs a command to its end, reads what it wrote, and removes its container.
pub(super) async fn run(
    engine: &Engine,
    template: &Template,
    request: &OnceRequest,
) -> Result<OnceOutput, OrchestratorError> {
    let docker = engine.docker().await?;
    let created = docker
        .create_container(
            None::<CreateContainerOptions>,
            template.command_container(request),
        )
        .await
        .map_err(|error| match status_of(&error) {
            Some(404) => OrchestratorError::Unavailable(template.image_missing()),
            _ => said("create a container for the loader", &error),
        })?;
    let id = LoaderId(created.id);
    let output = conduct(engine, &docker, &id, request).await;
    if let Err(error) = remove(engine, &docker, &id).await {
        tracing::warn!(error = %error, "the container of a command stays until the next start of the control plane");
    }
    output
}

async fn conduct(
    engine: &Engine,
    docker: &Docker,
    id: &LoaderId,
    request: &OnceRequest,
) -> Result<OnceOutput, OrchestratorError> {
    let until = Instant::now() + request.time_limit;
    upload::files(docker, &id.0, &request.config, request.secrets.as_ref()).await?;
    docker
        .start_container(&id.0, None::<StartContainerOptions>)
        .await
        .map_err(|error| said("start the loader's container", &error))?;
    let exit_code = loop {
        let seen = match engine.own_command(id).await {
            Ok((_, found)) => status(&found),
            // Away for a moment.
            Err(OrchestratorError::Unavailable(_)) if Instant::now() < until => {
                LoaderStatus::Running
            }
            Err(error) => return Err(error),
        };
        if let LoaderStatus::Ended(ending) = seen {
            break ending.exit_code;
        }
        if Instant::now() >= until {
            return Err(took_too_long(request.time_limit));
        }
        sleep(LOOK).await;
    };
    let (stdout, stderr) = written(docker, id).await?;
    Ok(OnceOutput {
        stdout,
        stderr,
        exit_code,
    })
}

/// Both outputs, each up to its bound.
async fn written(docker: &Docker, id: &LoaderId) -> Result<(String, String), OrchestratorError> {
    let options = LogsOptionsBuilder::default().stdout(true).stderr(true);
    let mut parts = docker.logs(&id.0, Some(options.build()));
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| said("read what the loader wrote", &error))?;
        let (kept, bytes) = match &part {
            LogOutput::StdOut { message } => (&mut stdout, message),
            LogOutput::StdErr { message } => (&mut stderr, message),
            LogOutput::StdIn { .. } | LogOutput::Console { .. } => continue,
        };
        let room = ONCE_BYTES_MAX.saturating_sub(kept.len());
        kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
    Ok((bounded_text(&stdout), bounded_text(&stderr)))
}

/// Ends and removes a command's container with its volume, in whatever state it is.
async fn remove(engine: &Engine, docker: &Docker, id: &LoaderId) -> Result<(), OrchestratorError> {
    let (full_id, _) = engine.own_command(id).await?;
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true);
    docker
        .remove_container(&full_id, Some(options.build()))
        .await
        .map_err(|error| said("remove the container of a command", &error))
}

/// Removes what commands left.
pub(super) async fn sweep(engine: &Engine, template: &Template) -> Result<(), OrchestratorError> {
    let docker = engine.docker().await?;
    let options = ListContainersOptionsBuilder::default()
        .all(true)
        .filters(&template.own_commands())
        .build();
    let found = docker
        .list_containers(Some(options))
        .await
        .map_err(|error| said("list the containers of commands", &error))?;
    for id in found.into_iter().filter_map(|container| container.id) {
        remove(engine, &docker, &LoaderId(id)).await?;
    }
    Ok(())
}
