//! The way from the loader to its target: names, addresses, secure connections, and what goes wrong on it.
//!
//! Delivery and the connection test take the same way, so that what one proves holds for the other. It knows no hits
//! and reads no answers. Invariants: redirects are never followed, so no token reaches an address that nobody named;
//! addresses that no target may have are refused when connecting, after the name was resolved.

mod fault;
mod proxy;
mod resolve;
mod tls;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use config::{ConnectionPlan, TargetPlan};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

pub(crate) use fault::io_fault;
pub use fault::{Fault, fault_of};
pub use proxy::Proxy;
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

/// A client for one target: with its authorities, its proxy, and what the web server before it asks for.
///
/// # Errors
/// [`HttpError`].
pub fn client(target: &TargetPlan, limits: Limits) -> Result<reqwest::Client, HttpError> {
    let plan = &target.connection;
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::settings(plan)?)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .dns_resolver(resolve::Guarded)
        .connect_timeout(limits.connect)
        .timeout(limits.answer)
        .pool_max_idle_per_host(usize::from(limits.connections))
        .pool_idle_timeout(IDLE_CONNECTION)
        .user_agent(concat!("Trafficinator/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(plan));
    let builder = match Proxy::on_the_way(plan, &target.url) {
        Some(proxy) => builder.proxy(proxy.for_client()?),
        None => builder.no_proxy(),
    };
    Ok(builder.build()?)
}

/// What every request carries beside its own. Values that are no headers were refused by the check.
fn headers(plan: &ConnectionPlan) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name: &str, value: &str| {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_str(value)) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    };
    if let Some((user, password)) = &plan.basic_auth {
        let pair = format!("{user}:{}", password.expose());
        add("authorization", &format!("Basic {}", BASE64.encode(pair)));
    }
    if let Some((name, value)) = &plan.header {
        add(name, value.expose());
    }
    headers
}
