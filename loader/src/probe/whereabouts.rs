//! Where a loader runs: what `localhost` means there, and what to name instead.

use std::path::Path;

/// Marks that Docker and Podman leave in a container.
const MARKS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// A variable that every container of Kubernetes has.
const KUBERNETES: &str = "KUBERNETES_SERVICE_HOST";

/// Where a loader runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// On a machine, as a process among others: `localhost` is that machine.
    Machine,
    /// In a container of its own: `localhost` is the loader and nothing else.
    OwnContainer,
    /// As a process in the container of the control plane that started it: `localhost` is that container.
    SharedContainer,
}

impl Whereabouts {
    /// Finds out. `beside`: the control plane started this program as a process beside itself.
    #[must_use]
    pub fn find(beside: bool) -> Self {
        let marked = MARKS.iter().any(|mark| Path::new(mark).exists());
        match (marked || std::env::var_os(KUBERNETES).is_some(), beside) {
            (false, _) => Self::Machine,
            (true, false) => Self::OwnContainer,
            (true, true) => Self::SharedContainer,
        }
    }

    /// What a loopback address is there, when it is not the machine.
    pub(super) fn loopback(self) -> Option<&'static str> {
        match self {
            Self::Machine => None,
            Self::OwnContainer => Some("the loader itself"),
            Self::SharedContainer => {
                Some("the container that the control plane and its loaders are in")
            }
        }
    }

    /// What to name instead of a loopback address.
    pub(super) fn instead(self) -> &'static str {
        match self {
            Self::Machine => "name this machine, or the host that Matomo is on",
            Self::OwnContainer => {
                "name the host as the loader sees it: host.docker.internal for this machine, or the service's name when \
                 Matomo is in the same Docker network (LOADER_NETWORK)"
            }
            Self::SharedContainer => {
                "name the machine around it: host.docker.internal (on Linux the container needs \
                 --add-host host.docker.internal:host-gateway); for a Matomo in Docker put this container into its \
                 network, and use the service's name"
            }
        }
    }

    /// Where names of Docker's services are known.
    pub(super) fn service_names(self) -> &'static str {
        match self {
            Self::Machine => {
                "the name of a Docker service is known only inside its network: publish the service's port, and name \
                 this machine"
            }
            Self::OwnContainer => {
                "the name of a Docker service is known only inside its network: set LOADER_NETWORK to it"
            }
            Self::SharedContainer => {
                "the name of a Docker service is known only inside its network: put this container into it"
            }
        }
    }

    /// The network that a loader is in.
    pub(super) fn network(self) -> &'static str {
        match self {
            Self::Machine => "the network of this machine",
            Self::OwnContainer => "the network that the loader is in (LOADER_NETWORK)",
            Self::SharedContainer => "the network that this container is in",
        }
    }
}
