//! The connection to the engine, and the one way to a container.

use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::InspectContainerOptions;
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::socket;
use super::template::{
    LABEL_ATTEMPT, LABEL_INSTANCE, LABEL_MANAGED, LABEL_ONCE, LABEL_RUN, LABEL_SHARD,
};
use crate::orchestrator::{LoaderId, OrchestratorError};
use crate::runs::RunId;

/// How long the engine may take to begin an answer. Starting a container on a busy machine takes seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// The same for questions.
const QUICK: Duration = Duration::from_secs(4);

/// How often, and how soon, a container is looked at again whose state cannot be read.
const LOOKS: u32 = 5;
const LOOK: Duration = Duration::from_millis(100);

/// The engine, connected when it is first needed: it may come up after the control plane.
pub(super) struct Engine {
    instance: String,
    docker: Mutex<Option<Docker>>,
}

/// A container that is proven to be ours.
pub(super) struct Own {
    pub(super) full_id: String,
    pub(super) run: RunId,
    pub(super) attempt: u32,
    pub(super) shard: u32,
    pub(super) found: ContainerInspectResponse,
}

impl Engine {
    pub(super) fn new(instance: String) -> Self {
        Self {
            instance,
            docker: Mutex::new(None),
        }
    }

    /// The connection, in the version of the API that the engine speaks.
    pub(super) async fn docker(&self) -> Result<Docker, OrchestratorError> {
        let mut kept = self.docker.lock().await;
        if let Some(docker) = &*kept {
            return Ok(docker.clone());
        }
        let connected = Docker::connect_with_defaults()
            .map_err(|error| said("reach the Docker engine", &error))?
            .with_timeout(QUICK);
        let docker = connected
            .negotiate_version()
            .await
            .map_err(|error| said("reach the Docker engine", &error))?
            .with_timeout(PATIENCE);
        *kept = Some(docker.clone());
        Ok(docker)
    }

    /// The same for questions: an engine that does not answer them soon is away.
    pub(super) async fn quick(&self) -> Result<Docker, OrchestratorError> {
        Ok(self.docker().await?.with_timeout(QUICK))
    }

    /// Resolves an id to a loader's container, and insists that it is ours.
    pub(super) async fn own(&self, id: &LoaderId) -> Result<Own, OrchestratorError> {
        let found = self.marked(id).await?;
        let run = label(&found, LABEL_RUN).and_then(|run| RunId::parse(run));
        let attempt = label(&found, LABEL_ATTEMPT).and_then(|attempt| attempt.parse().ok());
        // An earlier version had one loader for each run, and no such label.
        let shard = label(&found, LABEL_SHARD).map_or(Some(1), |shard| shard.parse().ok());
        match (found.id.clone(), run, attempt, shard) {
            (Some(full_id), Some(run), Some(attempt), Some(shard)) => Ok(Own {
                full_id,
                run,
                attempt,
                shard,
                found,
            }),
            _ => Err(OrchestratorError::NotFound(id.clone())),
        }
    }

    /// Resolves an id to a command's container, and insists that it is ours. The answer is the full id, and the
    /// container as it is now.
    pub(super) async fn own_command(
        &self,
        id: &LoaderId,
    ) -> Result<(String, ContainerInspectResponse), OrchestratorError> {
        let found = self.marked(id).await?;
        match (found.id.clone(), label(&found, LABEL_ONCE)) {
            (Some(full_id), Some(_)) => Ok((full_id, found)),
            _ => Err(OrchestratorError::NotFound(id.clone())),
        }
    }

    /// A container with our labels and our instance.
    async fn marked(&self, id: &LoaderId) -> Result<ContainerInspectResponse, OrchestratorError> {
        let unknown = || OrchestratorError::NotFound(id.clone());
        if !is_container_id(&id.0) {
            return Err(unknown());
        }
        let docker = self.quick().await?;
        let mut looks = 0;
        let found = loop {
            let found = docker
                .inspect_container(&id.0, None::<InspectContainerOptions>)
                .await;
            looks += 1;
            match found {
                // Podman names a state of a moment that Docker does not have.
                Err(Error::JsonDataError { .. }) if looks < LOOKS => sleep(LOOK).await,
                found => break found,
            }
        };
        let found = match found {
            Ok(found) => found,
            Err(error) if status_of(&error) == Some(404) => return Err(unknown()),
            Err(error) => return Err(said("look at a loader's container", &error)),
        };
        let ours = label(&found, LABEL_MANAGED).is_some_and(|value| value == "1")
            && label(&found, LABEL_INSTANCE) == Some(&self.instance);
        if ours { Ok(found) } else { Err(unknown()) }
    }
}

fn label<'a>(found: &'a ContainerInspectResponse, name: &str) -> Option<&'a String> {
    let labels = found.config.as_ref()?.labels.as_ref()?;
    labels.get(name)
}

/// Ids go into the paths of requests to the engine, so nothing but an id may pass.
fn is_container_id(id: &str) -> bool {
    (12..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The HTTP status that the engine answered with.
pub(super) fn status_of(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// What was tried, what the engine said, the way out.
pub(super) fn said(what: &str, error: &Error) -> OrchestratorError {
    match error {
        Error::DockerResponseServerError { message, .. } => {
            OrchestratorError::Refused(format!("could not {what}: Docker says: {message}"))
        }
        error => {
            OrchestratorError::Unavailable(format!("could not {what}: {error}; {}", socket::cure()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_pass_as_ids() {
        for good in ["0123456789ab", &"f".repeat(64)] {
            assert!(is_container_id(good), "{good}");
        }
        for bad in [
            "",
            "0123456789a",
            &"f".repeat(65),
            "0123456789AB",
            "../../etc/pw",
            "abc/../abc/def",
            "name-of-one-x",
        ] {
            assert!(!is_container_id(bad), "{bad}");
        }
    }
}
