//! The way from the loader to its target: names, addresses, secure connections, and what goes wrong on it.
//!
//! Delivery and the connection test take the same way, so that what one proves holds for the other. It knows no hits
//! and reads no answers. Invariants: redirects are never followed, so no token reaches an address that nobody named;
//! addresses that no target may have are refused when connecting, after the name was resolved.

mod client;
mod fault;
mod link;
mod proxy;
mod resolve;
mod tls;
mod way;

use std::time::Duration;

pub(crate) use client::Client;
pub use fault::Fault;
pub(crate) use fault::io_fault;
pub(crate) use link::Outgoing;
pub use proxy::Proxy;
pub use resolve::{ResolveError, resolve};

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
    /// The proxy speaks something else.
    #[error(
        "the proxy's address begins with {0}://, and only http and https are spoken; check the proxy variables (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY)"
    )]
    Proxy(String),
    /// No connection can be asked for.
    #[error("the address cannot be connected to: {0}; check the target's address and its proxy's")]
    Address(#[source] http::uri::InvalidUri),
}
