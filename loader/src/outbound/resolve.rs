//! From a name to addresses, without those that no target may have.
//!
//! Invariant: whatever a name resolves to when a connection is made is checked then, so a name that changes its
//! address between check and use gains nothing.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The name server knows no such name.
    #[error("there is no host of this name")]
    NoSuchName,
    /// No name server answered.
    #[error("no name server answers")]
    ResolverAway,
    /// Nothing but addresses that no target may have.
    #[error("the name leads to an address that no target may have")]
    Forbidden,
}

/// The addresses of a host, in the system's order of preference.
///
/// # Errors
/// [`ResolveError`].
pub async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ResolveError> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port))
        .await
        .map_err(|error| why(&error))?
        .collect();
    if found.is_empty() {
        return Err(ResolveError::NoSuchName);
    }
    let allowed: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| !config::is_forbidden(address.ip()))
        .collect();
    if allowed.is_empty() {
        return Err(ResolveError::Forbidden);
    }
    Ok(allowed)
}

/// The system tells the two apart in words alone: glibc says "Temporary failure in name resolution", musl "Try again".
fn why(error: &io::Error) -> ResolveError {
    let text = error.to_string();
    if text.contains("emporary failure") || text.contains("ry again") {
        ResolveError::ResolverAway
    } else {
        ResolveError::NoSuchName
    }
}

/// The resolver of new connections.
#[derive(Clone)]
pub(super) struct Guarded;

impl Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = ResolveError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ResolveError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ResolveError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            // Port 0 stands for the port that is connected to.
            Ok(resolve(name.as_str(), 0).await?.into_iter())
        })
    }
}
