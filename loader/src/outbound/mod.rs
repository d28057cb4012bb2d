//! The way from the loader to its target: names, addresses, secure connections, and what goes wrong on it.
//!
//! Delivery and the connection test take the same way, so that what one proves holds for the other. It knows no hits
//! and reads no answers. Invariants: redirects are never followed, so no token reaches an address that nobody named;
//! addresses that no target may have are refused when connecting, after the name was resolved.

mod fault;
mod resolve;

use std::sync::Arc;
use std::time::Duration;

use config::TargetPlan;

pub(crate) use fault::io_fault;
pub use fault::{Fault, fault_of};
pub use resolve::{ResolveError, resolve};

/// How long an idle connection is kept. Below the 5 s of Apache's default, so that the loader, not the server, closes
/// it and no hit falls into the gap.
const IDLE_CONNECTION: Duration = Duration::from_secs(4);

/// How long things may take, and how many connections are kept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a connection may take to open, with all that belongs to it.
    pub connect: Duration,
    /// How long a request may take from its first byte to the answer's last.
    pub answer: Duration,
    /// Idle connections kept.
    pub connections: u16,
}

/// The client cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refuses the settings; most often a proxy variable that is no address.
    #[error(
        "the HTTP client cannot be set up: {0}; check the proxy variables (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY)"
    )]
    Client(#[from] reqwest::Error),
}

/// A client for one target.
///
/// Certificates are checked against the authorities built into the program, so that it runs in an image without
/// files. Proxies come from the environment.
///
/// # Errors
/// [`HttpError`].
pub fn client(_target: &TargetPlan, limits: Limits) -> Result<reqwest::Client, HttpError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .dns_resolver(resolve::Guarded)
        .connect_timeout(limits.connect)
        .timeout(limits.answer)
        .pool_max_idle_per_host(usize::from(limits.connections))
        .pool_idle_timeout(IDLE_CONNECTION)
        .user_agent(concat!("Trafficinator/", env!("CARGO_PKG_VERSION")))
        .build()?)
}
