//! The socket that is listened on, and how long somebody may take nothing of what is sent to them.
//!
//! A browser that sleeps keeps its connection and reads nothing: the system would hold it, and what waits for it, for ever.
//! Invariant: a connection whose other side takes nothing for [`STALL`] is ended by the system, whatever is being sent.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use nix::sys::socket::{setsockopt, sockopt};

use crate::app::StartError;

/// How long a connection may take nothing. A page that comes back after it reads on from where it was.
const STALL: Duration = Duration::from_secs(30);

/// Listens at `address`; tests have less patience than [`STALL`].
///
/// # Errors
/// The address cannot be used.
pub(crate) fn open(
    address: SocketAddr,
    patience: Option<Duration>,
) -> Result<TcpListener, StartError> {
    let failed = |source| StartError::Listen {
        address: address.to_string(),
        source,
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let patience = u32::try_from(patience.unwrap_or(STALL).as_millis()).unwrap_or(u32::MAX);
    // Connections have it from their listener. It counts from the last byte that was taken, a closed window included.
    setsockopt(&listener, sockopt::TcpUserTimeout, &patience)
        .map_err(|error| failed(error.into()))?;
    Ok(listener)
}
