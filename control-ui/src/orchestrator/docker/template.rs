//! What every loader's container looks like. Built from constants; a run adds its options and nothing else.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType, RestartPolicy,
    RestartPolicyNameEnum,
};

use crate::orchestrator::{OnceRequest, StartRequest, suffix};
use crate::runs::RunId;

/// Marks what a control plane started.
pub(super) const LABEL_MANAGED: &str = "io.trafficinator.managed";
/// Which control plane.
pub(super) const LABEL_INSTANCE: &str = "io.trafficinator.instance";
/// Which run.
pub(super) const LABEL_RUN: &str = "io.trafficinator.run";
/// Which attempt of it.
pub(super) const LABEL_ATTEMPT: &str = "io.trafficinator.attempt";

/// Which of the run's loaders.
pub(super) const LABEL_SHARD: &str = "io.trafficinator.shard";

/// Marks a command that is run once; such a container belongs to no run.
pub(super) const LABEL_ONCE: &str = "io.trafficinator.once";

/// Where the run's volume is mounted.
pub(super) const STATE: &str = "/state";

/// Who a loader is; the image's state folder belongs to the same.
pub(super) const USER: u64 = 65_532;

/// Memory of a loader, bytes. When it needs more, the engine kills it and the run says so.
const MEMORY_BYTES: i64 = 512 * 1024 * 1024;

/// Processor time in each [`CPU_PERIOD_US`], microseconds: two processors. When it needs more, it is slowed down.
const CPU_QUOTA_US: i64 = 200_000;
const CPU_PERIOD_US: i64 = 100_000;

/// Threads of a loader. When it needs more, it fails and says so.
const PIDS: i64 = 256;

/// Size and number of the engine's log files for a loader. When full, the oldest file is dropped.
const LOG_SIZE: &str = "10m";
const LOG_FILES: &str = "3";

/// The constants, with what the operator decided.
pub(super) struct Template {
    pub(super) instance: String,
    pub(super) image: String,
    pub(super) network: Option<String>,
}

impl Template {
    /// Name of an attempt's container: the engine refuses a second one.
    pub(super) fn name(&self, run: &RunId, attempt: u32, shard: u32) -> String {
        format!("trafficinator-{run}-{attempt}{}", suffix(shard))
    }

    /// Name of the volume that the attempts of one of a run's loaders share.
    pub(super) fn volume(&self, run: &RunId, shard: u32) -> String {
        format!("trafficinator-state-{run}{}", suffix(shard))
    }

    pub(super) fn volume_labels(&self, run: &RunId) -> HashMap<String, String> {
        HashMap::from([
            (LABEL_MANAGED.to_owned(), "1".to_owned()),
            (LABEL_INSTANCE.to_owned(), self.instance.clone()),
            (LABEL_RUN.to_owned(), run.to_string()),
        ])
    }

    /// The filter that finds the volumes of a run.
    pub(super) fn own_volumes(&self, run: &RunId) -> HashMap<String, Vec<String>> {
        let mut filter = self.own_containers();
        filter
            .entry("label".to_owned())
            .or_default()
            .push(format!("{LABEL_RUN}={run}"));
        filter
    }

    /// Whether these labels are those of a volume of this run.
    pub(super) fn is_of(&self, run: &RunId, labels: &HashMap<String, String>) -> bool {
        self.volume_labels(run)
            .iter()
            .all(|(name, value)| labels.get(name) == Some(value))
    }

    /// The filter that finds the containers of this control plane.
    pub(super) fn own_containers(&self) -> HashMap<String, Vec<String>> {
        let labels = vec![
            format!("{LABEL_MANAGED}=1"),
            format!("{LABEL_INSTANCE}={}", self.instance),
        ];
        HashMap::from([("label".to_owned(), labels)])
    }

    pub(super) fn image_missing(&self) -> String {
        format!(
            "the loader's image {} is not on this machine; build it with `make images`, or set LOADER_IMAGE",
            self.image
        )
    }

    pub(super) fn container(&self, request: &StartRequest) -> ContainerCreateBody {
        let mut labels = self.volume_labels(&request.run);
        labels.insert(LABEL_ATTEMPT.to_owned(), request.attempt.to_string());
        labels.insert(LABEL_SHARD.to_owned(), request.shard.to_string());
        let volume = self.volume(&request.run, request.shard);
        self.body(command(request), &request.log_level, labels, Some(volume))
    }

    /// The filter that finds the containers of commands of this control plane.
    pub(super) fn own_commands(&self) -> HashMap<String, Vec<String>> {
        let mut filter = self.own_containers();
        filter
            .entry("label".to_owned())
            .or_default()
            .push(LABEL_ONCE.to_owned());
        filter
    }

    /// A container for a command: as a loader's, with a volume that has no name and goes with it.
    pub(super) fn command_container(&self, request: &OnceRequest) -> ContainerCreateBody {
        let labels = HashMap::from([
            (LABEL_MANAGED.to_owned(), "1".to_owned()),
            (LABEL_INSTANCE.to_owned(), self.instance.clone()),
            (LABEL_ONCE.to_owned(), "1".to_owned()),
        ]);
        let mut words = request.args.clone();
        words.extend(["--config".to_owned(), format!("{STATE}/run.json")]);
        if request.secrets.is_some() {
            words.extend(["--secrets".to_owned(), format!("{STATE}/secrets.json")]);
        }
        self.body(words, "info", labels, None)
    }

    fn body(
        &self,
        words: Vec<String>,
        log_level: &str,
        labels: HashMap<String, String>,
        volume: Option<String>,
    ) -> ContainerCreateBody {
        ContainerCreateBody {
            image: Some(self.image.clone()),
            cmd: Some(words),
            env: Some(vec![format!("LOG_LEVEL={log_level}")]),
            labels: Some(labels),
            user: Some(format!("{USER}:{USER}")),
            stop_signal: Some("SIGTERM".to_owned()),
            host_config: Some(self.host_config(volume)),
            ..ContainerCreateBody::default()
        }
    }

    fn host_config(&self, volume: Option<String>) -> HostConfig {
        HostConfig {
            readonly_rootfs: Some(true),
            cap_drop: Some(vec!["ALL".to_owned()]),
            security_opt: Some(vec!["no-new-privileges:true".to_owned()]),
            memory: Some(MEMORY_BYTES),
            memory_swap: Some(MEMORY_BYTES),
            cpu_quota: Some(CPU_QUOTA_US),
            cpu_period: Some(CPU_PERIOD_US),
            pids_limit: Some(PIDS),
            log_config: Some(HostConfigLogConfig {
                typ: Some("json-file".to_owned()),
                config: Some(HashMap::from([
                    ("max-size".to_owned(), LOG_SIZE.to_owned()),
                    ("max-file".to_owned(), LOG_FILES.to_owned()),
                ])),
            }),
            restart_policy: Some(RestartPolicy {
                name: Some(RestartPolicyNameEnum::NO),
                ..RestartPolicy::default()
            }),
            mounts: Some(vec![Mount {
                target: Some(STATE.to_owned()),
                source: volume,
                typ: Some(MountType::VOLUME),
                ..Mount::default()
            }]),
            network_mode: self.network.clone(),
            // A Matomo on the machine itself can be named as a target on every system.
            extra_hosts: Some(vec!["host.docker.internal:host-gateway".to_owned()]),
            privileged: Some(false),
            init: Some(false),
            ..HostConfig::default()
        }
    }
}

fn command(request: &StartRequest) -> Vec<String> {
    let mut words = vec![
        "run".to_owned(),
        "--config".to_owned(),
        format!("{STATE}/run.json"),
        "--state".to_owned(),
        STATE.to_owned(),
        "--run".to_owned(),
        request.run.to_string(),
    ];
    if request.secrets.is_some() {
        words.extend(["--secrets".to_owned(), format!("{STATE}/secrets.json")]);
    }
    words.extend(request.args.iter().cloned());
    words
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
