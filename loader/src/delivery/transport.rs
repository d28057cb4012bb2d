//! The way to the target: one HTTP request, its answer, or what went wrong and whether anything can have arrived.
//!
//! It does not retry, follow redirects, keep cookies or read the meaning of an answer.
//!
//! Invariant: [`SendError::NotSent`] means that no byte of the request reached the target; whatever is not provably
//! so is [`SendError::Doubt`].

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use config::{ConnectionPlan, DeliveryPlan, TargetPlan};
use http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName,
    HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT,
};
use http::{Method, Uri};
use tracking::Request;
use url::{Position, Url};

use crate::ledger::Cause;
use crate::outbound::{Client, Fault, HttpError, Limits, Outgoing};

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

    /// Asks the reporting API, where there is a way to it; the body of the answer.
    fn ask_api(&self, _question: Request) -> impl Future<Output = Option<Vec<u8>>> + Send {
        std::future::ready(None)
    }
}

/// The real one: everything that is alike in all requests is prepared once.
#[derive(Clone)]
pub struct Http {
    client: Arc<Client>,
    url: Url,
    /// What comes before the `?`: the path, or the whole address where a proxy takes the requests.
    place: String,
    /// The query that the target's address has of its own.
    own_query: Option<String>,
    headers: HeaderMap,
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
        let client = Arc::new(Client::new(target, limits)?);
        let mut headers = headers(&target.connection, &target.url);
        if let Some(more) = client.for_proxy() {
            headers.extend(more);
        }
        Ok(Self::prepared(client, headers, target.url.clone()))
    }

    /// The same client for another address on the target's host.
    #[must_use]
    pub fn at(&self, url: Url) -> Self {
        Self::prepared(Arc::clone(&self.client), self.headers.clone(), url)
    }

    /// The same client for the reporting API. It is beside the tracker; a tracker behind a proxy of its own may have
    /// none there.
    #[must_use]
    pub fn api(&self) -> Self {
        let mut url = self.url.clone();
        let path = url.path();
        let folder = path.rfind('/').map_or("", |slash| &path[..slash]);
        let place = format!("{folder}/index.php");
        url.set_path(&place);
        self.at(url)
    }

    fn prepared(client: Arc<Client>, headers: HeaderMap, url: Url) -> Self {
        let from = match client.for_proxy() {
            Some(_) => Position::BeforeScheme,
            None => Position::BeforePath,
        };
        Self {
            place: url[from..Position::AfterPath].to_owned(),
            own_query: url.query().map(str::to_owned),
            headers,
            client,
            url,
        }
    }

    /// Sends one request and waits for the answer, or for what went wrong.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn ask(&self, request: Request) -> Result<Reply, Fault> {
        let outgoing = self.outgoing(request)?;
        let (head, body) = self.client.send(outgoing, MAX_BODY).await?;
        let headers = &head.headers;
        Ok(Reply {
            status: head.status.as_u16(),
            content_type: text(headers, &CONTENT_TYPE),
            retry_after: text(headers, &RETRY_AFTER),
            location: text(headers, &LOCATION).and_then(|to| self.leads_to(&to)),
            date: text(headers, &DATE),
            body,
        })
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

    fn outgoing(&self, request: Request) -> Result<Outgoing, Fault> {
        let query = request.query.as_ref().or(self.own_query.as_ref());
        let mut address =
            String::with_capacity(self.place.len() + 1 + query.map_or(0, String::len));
        address.push_str(&self.place);
        if let Some(query) = query {
            address.push('?');
            address.push_str(query);
        }
        let mut outgoing = Outgoing::default();
        *outgoing.uri_mut() = Uri::from_maybe_shared(address).map_err(|_| Fault::Unsendable)?;
        *outgoing.headers_mut() = self.headers.clone();
        if request.http_method != "GET" {
            *outgoing.method_mut() = Method::POST;
        }
        match request.body {
            Some((content_type, bytes)) => {
                let value = HeaderValue::from_static(content_type);
                outgoing.headers_mut().insert(CONTENT_TYPE, value);
                *outgoing.body_mut() = bytes.into();
            }
            // A POST without a body says so, as a browser's does.
            None if request.http_method == "POST" => {
                let none = HeaderValue::from_static("0");
                outgoing.headers_mut().insert(CONTENT_LENGTH, none);
            }
            None => {}
        }
        Ok(outgoing)
    }
}

/// What every request carries beside its own. Values that are no headers were refused by the check.
fn headers(plan: &ConnectionPlan, url: &Url) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(host) = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]) {
        headers.insert(HOST, host);
    }
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    let agent = concat!("Trafficinator/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    let mut add = |name: HeaderName, value: &str| {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    };
    if let Some((user, password)) = &plan.basic_auth {
        let pair = format!("{user}:{}", password.expose());
        add(AUTHORIZATION, &format!("Basic {}", BASE64.encode(pair)));
    }
    if let Some((name, value)) = &plan.header
        && let Ok(name) = HeaderName::try_from(name)
    {
        add(name, value.expose());
    }
    headers
}

impl Transport for Http {
    async fn ask_api(&self, question: Request) -> Option<Vec<u8>> {
        let reply = self.api().ask(question).await.ok()?;
        Some(reply.body)
    }

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
