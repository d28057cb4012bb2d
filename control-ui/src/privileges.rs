//! Giving up root before anything else happens.
//!
//! In its image the control plane starts as root for one reason: the group of the Docker socket is known only at run
//! time. It takes that group and becomes an ordinary user. Invariant: this is called before any thread starts, since
//! Linux keeps users per thread.

use std::os::unix::fs::MetadataExt;

use nix::unistd::{Gid, Uid, geteuid, setgid, setgroups, setuid};

/// The user of the image, to whom its data folder belongs.
const USER: u32 = 65_532;

/// Where the engine listens.
const SOCKET: &str = "/var/run/docker.sock";

/// Becomes the image's user, with the group of the Docker socket, when started as root with
/// `CONTROL_UI_DROP_PRIVILEGES=1`, as the image does. Otherwise nothing happens.
///
/// # Errors
/// The system refuses; going on as root would be worse.
pub fn drop_privileges() -> Result<(), String> {
    let asked = std::env::var_os("CONTROL_UI_DROP_PRIVILEGES").is_some_and(|value| value == "1");
    if !asked || !geteuid().is_root() {
        return Ok(());
    }
    let mut groups = vec![Gid::from_raw(USER)];
    if let Ok(socket) = std::fs::metadata(SOCKET) {
        groups.push(Gid::from_raw(socket.gid()));
    }
    let refused = |what: &str, error: nix::errno::Errno| {
        format!(
            "could not {what}: {error}; the container needs the capabilities SETUID and SETGID, or start it as user {USER}"
        )
    };
    setgroups(&groups).map_err(|error| refused("take the group of the Docker socket", error))?;
    setgid(Gid::from_raw(USER)).map_err(|error| refused("change the group", error))?;
    setuid(Uid::from_raw(USER)).map_err(|error| refused("change the user", error))?;
    Ok(())
}
