//! Why the engine cannot be reached, in words that name the cure.
//!
//! Asked only after a request failed. Invariant: what is said was looked at, not guessed: the socket is tried.

use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use nix::unistd::{getegid, geteuid, getgroups};

/// Where the engine listens when nothing else is said.
const SOCKET: &str = "/var/run/docker.sock";

/// Where else engines listen, for people who look for theirs.
const ELSEWHERE: &str = "rootless Docker: /run/user/UID/docker.sock; Podman: /run/podman/podman.sock, or \
    /run/user/UID/podman/podman.sock without root, after `systemctl enable --now podman.socket`";

/// Which way there is without an engine.
const WITHOUT: &str = "without an engine, use the all-in-one image or ORCHESTRATOR=process";

/// What was found where the engine should listen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    /// An address of another kind than a socket of this machine.
    Elsewhere(String),
    /// Nothing.
    Missing(PathBuf),
    /// Something that is no socket.
    NoSocket(PathBuf),
    /// A socket that this user may not use.
    NoRights {
        path: PathBuf,
        group: u32,
        user: u32,
        member: bool,
    },
    /// A socket at which nobody listens.
    Nobody(PathBuf),
    /// A socket that takes connections.
    Listening(PathBuf),
}

/// The cure for an engine that cannot be reached.
pub(super) fn cure() -> String {
    words(&look(std::env::var("DOCKER_HOST").ok().as_deref()))
}

fn look(docker_host: Option<&str>) -> Found {
    let path = match docker_host.filter(|host| !host.is_empty()) {
        None => SOCKET,
        Some(host) => match host.strip_prefix("unix://") {
            None => return Found::Elsewhere(host.to_owned()),
            Some(path) => path,
        },
    };
    look_at(Path::new(path))
}

fn look_at(path: &Path) -> Found {
    let there = std::fs::metadata(path);
    match &there {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Found::Missing(path.to_owned());
        }
        Ok(found) if !found.file_type().is_socket() => return Found::NoSocket(path.to_owned()),
        _ => {}
    }
    match UnixStream::connect(path) {
        Ok(_) => Found::Listening(path.to_owned()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let group = there.map_or(0, |found| found.gid());
            Found::NoRights {
                path: path.to_owned(),
                group,
                user: geteuid().as_raw(),
                member: getegid().as_raw() == group
                    || getgroups()
                        .is_ok_and(|groups| groups.iter().any(|own| own.as_raw() == group)),
            }
        }
        Err(_) => Found::Nobody(path.to_owned()),
    }
}

fn words(found: &Found) -> String {
    match found {
        Found::Elsewhere(host) => format!(
            "DOCKER_HOST={host}: check that an engine listens there and that this machine may reach it; an empty \
             DOCKER_HOST means {SOCKET}"
        ),
        Found::Missing(path) => format!(
            "there is no socket {}: start the engine; in a container, mount its socket there (in docker-compose.yml, \
             DOCKER_SOCKET says where it is: {ELSEWHERE}); {WITHOUT}",
            path.display()
        ),
        Found::NoSocket(path) => format!(
            "{} is no socket: what was mounted there does not exist on the host, so Docker made a folder; remove it \
             and set DOCKER_SOCKET to the engine's socket ({ELSEWHERE})",
            path.display()
        ),
        Found::NoRights {
            path,
            group,
            user,
            member: false,
        } => format!(
            "the socket {} belongs to group {group}, this program runs as user {user} without it: add group_add: \
             [\"{group}\"] to the service in docker-compose.yml (on the host itself: add the user to that group), or \
             set DOCKER_SOCKET to a socket that this user may use",
            path.display()
        ),
        Found::NoRights {
            path, group, user, ..
        } => format!(
            "the socket {} does not let user {user} in, although the user is in its group {group}: its mode or a \
             security module (SELinux, AppArmor) forbids it; give the group the right to write, or label the mount",
            path.display()
        ),
        Found::Nobody(path) => format!(
            "nobody listens at {}: start the engine (`systemctl start docker`); when it was restarted, a container still \
             holds the old socket: restart this container; {WITHOUT}",
            path.display()
        ),
        Found::Listening(path) => format!(
            "{} takes connections but does not answer as an engine: check that Docker is well (`docker info`)",
            path.display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn each_trouble_has_its_cure() {
        let path = || PathBuf::from("/var/run/docker.sock");
        let no_rights = |member| Found::NoRights {
            path: path(),
            group: 998,
            user: 65_532,
            member,
        };
        let table: [(Found, &[&str]); 7] = [
            (
                Found::Elsewhere("tcp://engine:2375".into()),
                &["DOCKER_HOST=tcp://engine:2375"],
            ),
            (
                Found::Missing(path()),
                &[
                    "no socket /var/run/docker.sock",
                    "DOCKER_SOCKET",
                    "/run/podman/podman.sock",
                    "/run/user/UID/docker.sock",
                    "all-in-one",
                ],
            ),
            (Found::NoSocket(path()), &["made a folder", "DOCKER_SOCKET"]),
            (
                no_rights(false),
                &[
                    "belongs to group 998",
                    "user 65532",
                    "group_add: [\"998\"]",
                    "DOCKER_SOCKET",
                ],
            ),
            (no_rights(true), &["in its group 998", "SELinux"]),
            (
                Found::Nobody(path()),
                &["systemctl start docker", "restart this container"],
            ),
            (Found::Listening(path()), &["docker info"]),
        ];
        for (found, parts) in table {
            let text = words(&found);
            for part in parts {
                assert!(text.contains(part), "{part:?} in {text:?}");
            }
        }
    }

    #[test]
    fn what_is_there_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.sock");
        assert_eq!(look_at(&path), Found::Missing(path.clone()));
        let listener = UnixListener::bind(&path).unwrap();
        let host = format!("unix://{}", path.display());
        assert_eq!(look(Some(&host)), Found::Listening(path.clone()));
        drop(listener);
        assert_eq!(look_at(&path), Found::Nobody(path));
        assert_eq!(
            look_at(folder.path()),
            Found::NoSocket(folder.path().to_owned())
        );
        assert_eq!(
            look(Some("tcp://engine:2375")),
            Found::Elsewhere("tcp://engine:2375".into())
        );
    }
}
