//! Loaders as containers of the Docker engine. The only place that speaks to Docker.
//!
//! Few things are asked of the engine, in few ways: bodies come from a constant template, nothing that a user sent
//! becomes a path or an option of the engine. Invariant: every call that names a container goes through
//! [`Engine::own`], which resolves the id, inspects, and insists on our labels and instance.

mod engine;
mod events;
mod logs;
mod once;
mod socket;
mod template;
mod upload;

use std::time::Duration;

use async_trait::async_trait;
use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum, VolumeCreateRequest};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, KillContainerOptionsBuilder, ListContainersOptionsBuilder,
    ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveVolumeOptions,
    StartContainerOptions, StatsOptionsBuilder,
};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep};

use self::engine::{Engine, said, status_of};
use self::template::Template;
use super::{
    Changes, Ending, Loader, LoaderId, LoaderStatus, LogStream, OnceOutput, OnceRequest,
    Orchestrator, OrchestratorError, StartRequest, Usage,
};
use crate::runs::RunId;

/// How often a container is looked at while waiting for its end.
const LOOK: Duration = Duration::from_millis(200);

/// How long a killed container may take to end.
const KILL_WAIT: Duration = Duration::from_secs(15);

/// The exit code that the engine gives to a container that ended while the engine was away. No loader ends with it.
const UNSEEN: i64 = 255;

/// Starts loaders as containers.
pub struct Containers {
    engine: Engine,
    template: Template,
}

impl Containers {
    /// Loaders of `instance` (this control plane's id) are started from `image`, in `network` if given.
    #[must_use]
    pub fn new(instance: String, image: String, network: Option<String>) -> Self {
        Self {
            engine: Engine::new(instance.clone()),
            template: Template {
                instance,
                image,
                network,
            },
        }
    }

    /// An engine that is away for a while says nothing of the loader, whose time goes on.
    async fn ended_within(&self, id: &LoaderId, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        loop {
            match self.inspect(id).await {
                Ok(Some(loader)) if loader.status == LoaderStatus::Running => {}
                Ok(_) => return true,
                Err(error) => {
                    tracing::debug!(loader.id = %id, error = %error, "a loader's end cannot be seen at the moment");
                }
            }
            if Instant::now() >= until {
                return false;
            }
            sleep(LOOK).await;
        }
    }

    async fn signal(&self, id: &LoaderId, signal: &str) -> Result<(), OrchestratorError> {
        let container = self.engine.own(id).await?;
        let options = KillContainerOptionsBuilder::default()
            .signal(signal)
            .build();
        let docker = self.engine.docker().await?;
        let Err(error) = docker
            .kill_container(&container.full_id, Some(options))
            .await
        else {
            return Ok(());
        };
        // It may not run any more, which is what was wanted, and which engines say in different ways.
        match self.inspect(id).await {
            Ok(Some(loader)) if matches!(loader.status, LoaderStatus::Ended(_)) => Ok(()),
            _ => Err(said(&format!("send {signal} to a loader"), &error)),
        }
    }

    async fn create(&self, request: &StartRequest) -> Result<String, OrchestratorError> {
        let docker = self.engine.docker().await?;
        let volume = VolumeCreateRequest {
            name: Some(self.template.volume(&request.run, request.shard)),
            labels: Some(self.template.volume_labels(&request.run)),
            ..VolumeCreateRequest::default()
        };
        docker
            .create_volume(volume)
            .await
            .map_err(|error| said("make a volume for the run's state", &error))?;
        let options = CreateContainerOptionsBuilder::default()
            .name(
                &self
                    .template
                    .name(&request.run, request.attempt, request.shard),
            )
            .build();
        let created = docker
            .create_container(Some(options), self.template.container(request))
            .await
            .map_err(|error| match status_of(&error) {
                Some(404) => OrchestratorError::Unavailable(self.template.image_missing()),
                _ => said("create a container for the loader", &error),
            })?;
        Ok(created.id)
    }

    /// Copies the files in and starts; a container that could not be started is removed again.
    async fn fill_and_start(
        &self,
        container: &str,
        request: &StartRequest,
    ) -> Result<(), OrchestratorError> {
        let docker = self.engine.docker().await?;
        let filled = upload::files(
            &docker,
            container,
            &request.config,
            request.secrets.as_ref(),
        )
        .await;
        let started = match filled {
            Ok(()) => docker
                .start_container(container, None::<StartContainerOptions>)
                .await
                .map_err(|error| said("start the loader's container", &error)),
            Err(error) => Err(error),
        };
        if started.is_err()
            && let Err(error) = self.remove(&LoaderId(container.to_owned())).await
        {
            tracing::warn!(error = %error, "a container that did not start could not be removed");
        }
        started
    }

    async fn existing(&self, request: &StartRequest) -> Result<Option<Loader>, OrchestratorError> {
        let loaders = self.list().await?;
        Ok(loaders.into_iter().find(|loader| {
            loader.run == request.run
                && loader.attempt == request.attempt
                && loader.shard == request.shard
        }))
    }
}

#[async_trait]
impl Orchestrator for Containers {
    fn kind(&self) -> &'static str {
        "docker"
    }

    async fn check(&self) -> Result<(), OrchestratorError> {
        let docker = self.engine.quick().await?;
        docker
            .ping()
            .await
            .map_err(|error| said("reach the Docker engine", &error))?;
        match docker.inspect_image(&self.template.image).await {
            Ok(_) => Ok(()),
            Err(error) if status_of(&error) == Some(404) => Err(OrchestratorError::Unavailable(
                self.template.image_missing(),
            )),
            Err(error) => Err(said("look for the loader's image", &error)),
        }
    }

    async fn start(&self, request: StartRequest) -> Result<LoaderId, OrchestratorError> {
        match self.existing(&request).await? {
            Some(loader) if loader.status == LoaderStatus::Created => {
                // Somebody died before it was filled or started; what it holds is not known.
                self.remove(&loader.id).await?;
            }
            Some(loader) => return Ok(loader.id),
            None => {}
        }
        let container = self.create(&request).await?;
        self.fill_and_start(&container, &request).await?;
        Ok(LoaderId(container))
    }

    async fn stop(&self, id: &LoaderId, grace: Duration) -> Result<(), OrchestratorError> {
        self.signal(id, "SIGTERM").await?;
        if self.ended_within(id, grace).await {
            return Ok(());
        }
        self.kill(id).await
    }

    async fn kill(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.signal(id, "SIGKILL").await?;
        if self.ended_within(id, KILL_WAIT).await {
            return Ok(());
        }
        Err(OrchestratorError::Refused(format!(
            "the container {id} was killed and did not end within {} s",
            KILL_WAIT.as_secs()
        )))
    }

    async fn list(&self) -> Result<Vec<Loader>, OrchestratorError> {
        let docker = self.engine.quick().await?;
        let options = ListContainersOptionsBuilder::default()
            .all(true)
            .filters(&self.template.own_containers())
            .build();
        let found = docker
            .list_containers(Some(options))
            .await
            .map_err(|error| said("list the loaders' containers", &error))?;
        let mut loaders = Vec::new();
        for id in found.into_iter().filter_map(|container| container.id) {
            loaders.extend(self.inspect(&LoaderId(id)).await?);
        }
        Ok(loaders)
    }

    async fn inspect(&self, id: &LoaderId) -> Result<Option<Loader>, OrchestratorError> {
        match self.engine.own(id).await {
            Ok(container) => Ok(Some(Loader {
                id: LoaderId(container.full_id),
                run: container.run,
                attempt: container.attempt,
                shard: container.shard,
                status: status(&container.found),
            })),
            Err(OrchestratorError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn logs(
        &self,
        id: &LoaderId,
        since: Option<DateTime<Utc>>,
        follow: bool,
    ) -> Result<LogStream, OrchestratorError> {
        let container = self.engine.own(id).await?;
        let docker = self.engine.docker().await?;
        Ok(logs::lines(docker, container.full_id, since, follow))
    }

    async fn changes(&self, since: DateTime<Utc>) -> Result<Changes, OrchestratorError> {
        let docker = self.engine.docker().await?;
        Ok(events::changes(&docker, &self.template, since))
    }

    async fn usage(&self, id: &LoaderId) -> Result<Option<Usage>, OrchestratorError> {
        let container = self.engine.own(id).await?;
        if status(&container.found) != LoaderStatus::Running {
            return Ok(None);
        }
        let options = StatsOptionsBuilder::default()
            .stream(false)
            .one_shot(true)
            .build();
        let docker = self.engine.docker().await?;
        let stats = docker
            .stats(&container.full_id, Some(options))
            .boxed()
            .try_next()
            .await
            .map_err(|error| said("read what a loader uses", &error))?;
        Ok(stats.and_then(|stats| {
            Some(Usage {
                cpu_ms: stats.cpu_stats?.cpu_usage?.total_usage? / 1_000_000,
                memory_bytes: stats.memory_stats?.usage?,
            })
        }))
    }

    async fn remove(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        let container = self.engine.own(id).await?;
        if status(&container.found) == LoaderStatus::Running {
            return Err(OrchestratorError::Refused(format!(
                "the loader {id} runs; stop it before it is removed"
            )));
        }
        let options = RemoveContainerOptionsBuilder::default().build();
        let docker = self.engine.docker().await?;
        docker
            .remove_container(&container.full_id, Some(options))
            .await
            .map_err(|error| said("remove a loader's container", &error))
    }

    async fn forget(&self, run: &RunId) -> Result<(), OrchestratorError> {
        let docker = self.engine.docker().await?;
        let options = ListVolumesOptionsBuilder::default()
            .filters(&self.template.own_volumes(run))
            .build();
        let found = docker
            .list_volumes(Some(options))
            .await
            .map_err(|error| said("look for a run's volumes", &error))?;
        let volumes = found.volumes.into_iter().flatten();
        // Not every engine takes all labels of a filter together.
        for volume in volumes.filter(|volume| self.template.is_of(run, &volume.labels)) {
            match docker
                .remove_volume(&volume.name, None::<RemoveVolumeOptions>)
                .await
            {
                Err(error) if status_of(&error) == Some(404) => {}
                removed => removed.map_err(|error| said("remove a run's volume", &error))?,
            }
        }
        Ok(())
    }

    fn whereabouts(&self) -> String {
        match &self.template.network {
            Some(network) => format!("a loader in the Docker network {network}"),
            None => "a loader in Docker's default network".to_owned(),
        }
    }

    async fn once(&self, request: OnceRequest) -> Result<OnceOutput, OrchestratorError> {
        once::run(&self.engine, &self.template, &request).await
    }

    async fn sweep(&self) -> Result<(), OrchestratorError> {
        once::sweep(&self.engine, &self.template).await
    }
}

fn status(found: &ContainerInspectResponse) -> LoaderStatus {
    let state = found.state.as_ref();
    let status = state.and_then(|state| state.status);
    match status {
        Some(ContainerStateStatusEnum::CREATED) => LoaderStatus::Created,
        Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD) => {
            LoaderStatus::Ended(Ending {
                exit_code: state
                    .and_then(|state| state.exit_code)
                    .filter(|code| *code != UNSEEN),
                out_of_memory: state.and_then(|state| state.oom_killed).unwrap_or_default(),
            })
        }
        _ => LoaderStatus::Running,
    }
}
