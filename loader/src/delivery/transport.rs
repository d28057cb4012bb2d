//! The way to the target: one HTTP request, its answer, or what went wrong and whether anything can have arrived.
//!
//! It does not retry, follow redirects, keep cookies or read the meaning of an answer.
//!
//! Invariant: [`SendError::NotSent`] means that no byte of the request reached the target; whatever is not provably
//! so is [`SendError::Doubt`]. A connection that the server closed while it lay idle is replaced by the HTTP library
//! only if nothing of the request was written to it; otherwise the hit is in doubt.

use config::{DeliveryPlan, TargetPlan};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use tracking::Request;
use url::Url;

use crate::ledger::Cause;
use crate::outbound::{self, Fault, HttpError, Limits, fault_of};

/// Most bytes of an answer that are read; Matomo's own are a few hundred. The rest is left unread.
const MAX_BODY: usize = 64 * 1024;

/// An answer, as far as it matters.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if it is text.
    pub content_type: Option<String>,
    /// `Retry-After`, if it is text.
    pub retry_after: Option<String>,
    /// Where a redirect leads, without what may be secret in it. It is never followed.
    pub location: Option<Url>,
    /// `Date`, if it is text.
    pub date: Option<String>,
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

impl Http {
    /// A client for one target.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn new(
        target: &TargetPlan,
        delivery: &DeliveryPlan,
        concurrency: u16,
    ) -> Result<Self, HttpError> {
        let limits = Limits {
            connect: delivery.connect_timeout,
            answer: delivery.timeout,
            connections: concurrency,
        };
        Self::within(target, limits)
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn within(target: &TargetPlan, limits: Limits) -> Result<Self, HttpError> {
        Ok(Self {
            client: outbound::client(target, limits)?,
            url: target.url.clone(),
        })
    }

    /// The same client for another address of the target.
    #[must_use]
    pub fn at(&self, url: Url) -> Self {
        Self {
            client: self.client.clone(),
            url,
        }
    }

    /// Sends one request and waits for the answer, or for what went wrong.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn ask(&self, request: Request) -> Result<Reply, Fault> {
        let outgoing = self.outgoing(request);
        let mut response = self
            .client
            .execute(outgoing)
            .await
            .map_err(|e| fault_of(&e))?;
        let headers = response.headers();
        let mut reply = Reply {
            status: response.status().as_u16(),
            content_type: text(headers, &CONTENT_TYPE),
            retry_after: text(headers, &RETRY_AFTER),
            location: text(headers, &LOCATION).and_then(|to| self.leads_to(&to)),
            date: text(headers, &DATE),
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
                Err(error) => return Err(fault_of(&error)),
            }
        }
        Ok(reply)
    }

    /// The address that a redirect names, without user name, password, query and fragment.
    fn leads_to(&self, location: &str) -> Option<Url> {
        let mut to = self.url.join(location).ok()?;
        if !matches!(to.scheme(), "http" | "https") {
            return None;
        }
        to.set_query(None);
        to.set_fragment(None);
        let _ = to.set_username("");
        let _ = to.set_password(None);
        Some(to)
    }

    fn outgoing(&self, request: Request) -> reqwest::Request {
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
        outgoing
    }
}

impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Reply, SendError> {
        self.ask(request).await.map_err(|fault| {
            let (code, message) = fault.words();
            let cause = Cause::fixed(code, message);
            if fault.is_before_sending() {
                SendError::NotSent(cause)
            } else {
                SendError::Doubt(cause)
            }
        })
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
