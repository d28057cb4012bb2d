//! The way to the target: one HTTP request, its answer, or what went wrong and whether anything can have arrived.
//!
//! It does not retry, follow redirects, keep cookies or read the meaning of an answer.
//!
//! Invariant: [`SendError::NotSent`] means that no byte of the request reached the target; whatever is not provably
//! so is [`SendError::Doubt`]. A connection that the server closed while it lay idle is replaced by the HTTP library
//! only if nothing of the request was written to it; otherwise the hit is in doubt.

use std::error::Error as StdError;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use config::{DeliveryPlan, TargetPlan};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use tracking::Request;
use url::Url;

use crate::ledger::Cause;

/// Most bytes of an answer that are read; Matomo's own are a few hundred. The rest is left unread.
const MAX_BODY: usize = 64 * 1024;

/// How long an idle connection is kept. Below the 5 s of Apache's default, so that the loader, not the server, closes
/// it and no hit falls into the gap.
const IDLE_CONNECTION: Duration = Duration::from_secs(4);

/// An answer, as far as it matters.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if it is text.
    pub content_type: Option<String>,
    /// `Retry-After`, if it is text.
    pub retry_after: Option<String>,
    /// The body, cut to a bound.
    pub body: Vec<u8>,
}

/// No answer came.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SendError {
    /// Nothing reached the target.
    #[error("not sent: {}", .0.message)]
    NotSent(Cause),
    /// The request was on its way; what became of it is not known.
    #[error("no answer: {}", .0.message)]
    Doubt(Cause),
}

/// Something that carries a request to the target.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request and waits for the answer.
    fn send(&self, request: Request) -> impl Future<Output = Result<Reply, SendError>> + Send;
}

/// The real one.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    url: Url,
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

impl Http {
    /// A client for one target.
    ///
    /// Certificates are checked against the authorities built into the program, so that it runs in an image without
    /// files. Proxies come from the environment.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn new(
        target: &TargetPlan,
        delivery: &DeliveryPlan,
        concurrency: u16,
    ) -> Result<Self, HttpError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(delivery.connect_timeout)
            .timeout(delivery.timeout)
            .pool_max_idle_per_host(usize::from(concurrency))
            .pool_idle_timeout(IDLE_CONNECTION)
            .user_agent(concat!("Trafficinator/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            url: target.url.clone(),
        })
    }
}

impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Reply, SendError> {
        let mut url = self.url.clone();
        if request.query.is_some() {
            url.set_query(request.query.as_deref());
        }
        let method = match request.http_method {
            "GET" => reqwest::Method::GET,
            _ => reqwest::Method::POST,
        };
        let mut outgoing = reqwest::Request::new(method, url);
        match request.body {
            Some((content_type, bytes)) => {
                let value = reqwest::header::HeaderValue::from_static(content_type);
                outgoing.headers_mut().insert(CONTENT_TYPE, value);
                *outgoing.body_mut() = Some(bytes.into());
            }
            // A POST without a body says so, as a browser's does.
            None if request.http_method == "POST" => {
                *outgoing.body_mut() = Some(Vec::new().into());
            }
            None => {}
        }
        let mut response = self.client.execute(outgoing).await.map_err(|e| cause(&e))?;
        let mut reply = Reply {
            status: response.status().as_u16(),
            content_type: text(response.headers(), &CONTENT_TYPE),
            retry_after: text(response.headers(), &RETRY_AFTER),
            body: Vec::new(),
        };
        if reply.status == 204 {
            return Ok(reply);
        }
        while reply.body.len() < MAX_BODY {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    let room = MAX_BODY - reply.body.len();
                    reply
                        .body
                        .extend_from_slice(&chunk[..chunk.len().min(room)]);
                }
                Ok(None) => break,
                Err(error) => return Err(cause(&error)),
            }
        }
        Ok(reply)
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Names the cause without the address, which would carry the hit's parameters.
fn cause(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        return SendError::NotSent(connect_cause(error));
    }
    if error.is_builder() || error.is_request() && is_before_sending(error) {
        return SendError::NotSent(Cause::fixed(
            "request.unsendable",
            "the HTTP library could not make a request of the hit; please report this",
        ));
    }
    if error.is_timeout() {
        return SendError::Doubt(Cause::fixed(
            "answer.timeout",
            "no answer within the time allowed for a request; whether the hit was recorded is not known",
        ));
    }
    SendError::Doubt(Cause::fixed(
        "answer.broken",
        "the connection ended before the answer was complete; whether the hit was recorded is not known",
    ))
}

/// Whether the request was refused before a connection was asked for.
fn is_before_sending(error: &reqwest::Error) -> bool {
    error.source().is_none()
}

fn connect_cause(error: &reqwest::Error) -> Cause {
    let mut next: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(source) = next {
        if let Some(found) = cause_in(source) {
            return found;
        }
        next = source.source();
    }
    if error.is_timeout() {
        return CONNECT_TIMEOUT;
    }
    Cause::fixed(
        "connect.failed",
        "no connection to the target; check address, port, network and proxy",
    )
}

const CONNECT_TIMEOUT: Cause = Cause::fixed(
    "connect.timeout",
    "no connection to the target within the time allowed; check address, port and firewall",
);

fn cause_in(source: &(dyn StdError + 'static)) -> Option<Cause> {
    if let Some(tls) = source.downcast_ref::<rustls::Error>() {
        return Some(Cause {
            code: "connect.tls".into(),
            message: format!("no secure connection to the target: {tls}; check its certificate")
                .into(),
        });
    }
    if let Some(io) = source.downcast_ref::<std::io::Error>() {
        if let Some(inner) = io.get_ref()
            && let Some(found) = cause_in(inner)
        {
            return Some(found);
        }
        match io.kind() {
            ErrorKind::ConnectionRefused => {
                return Some(Cause::fixed(
                    "connect.refused",
                    "nothing listens at the target's address; check host and port, and whether the server runs",
                ));
            }
            ErrorKind::TimedOut => return Some(CONNECT_TIMEOUT),
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                return Some(Cause::fixed(
                    "connect.unreachable",
                    "there is no way to the target's network; check network and address",
                ));
            }
            _ => {}
        }
    }
    // The HTTP library has no type of its own for this.
    if source.to_string() == "dns error" {
        return Some(Cause::fixed(
            "connect.dns",
            "the target's name cannot be resolved; check its spelling and the name server",
        ));
    }
    None
}
