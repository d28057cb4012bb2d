//! The client of one target: connections that are kept, requests on them, and limits of time.
//!
//! It follows no redirect, keeps no cookie and tries nothing again, except on another connection when the one that
//! lay idle turns out to be closed before anything was written to it.
//!
//! Invariant: an error for which [`Fault::is_before_sending`] holds means that no byte of the request has left.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use config::TargetPlan;
use http::HeaderMap;
use http::response::Parts;
use tokio::time::{Instant, timeout};

use super::link::{Failed, Link, Outgoing};
use super::way::Way;
use super::{Fault, HttpError, Limits};

/// How long an idle connection is kept. Below the 5 s of Apache's default, so that the loader, not the server, closes
/// it and no hit falls into the gap.
const IDLE_CONNECTION: Duration = Duration::from_secs(4);

/// See the module's description.
pub(crate) struct Client {
    way: Way,
    limits: Limits,
    /// Since when each has been idle; the one that was used last is behind.
    idle: Mutex<VecDeque<(Instant, Box<Link>)>>,
}

impl Client {
    /// A client without connections.
    ///
    /// # Errors
    /// [`HttpError`].
    pub(crate) fn new(target: &TargetPlan, limits: Limits) -> Result<Self, HttpError> {
        Ok(Self {
            way: Way::new(target, limits.connect)?,
            limits,
            idle: Mutex::default(),
        })
    }

    /// Whether requests name the whole address, because a proxy takes each of them; and what it wants beside.
    pub(crate) fn for_proxy(&self) -> Option<HeaderMap> {
        self.way.asks_proxy().map(|proxy| {
            let authorization = proxy.authorization.clone();
            let name = http::header::PROXY_AUTHORIZATION;
            authorization
                .map(|value| (name, value))
                .into_iter()
                .collect()
        })
    }

    /// Sends a request and waits for the answer, of whose body `most` bytes are read.
    ///
    /// # Errors
    /// [`Fault`].
    pub(crate) async fn send(
        &self,
        mut request: Outgoing,
        most: usize,
    ) -> Result<(Parts, Vec<u8>), Fault> {
        // Ends, since each round uses up an idle connection.
        loop {
            let (mut connection, is_new) = match self.take() {
                Some(connection) => (connection, false),
                None => (self.open().await?, true),
            };
            let asked = timeout(self.limits.answer, exchange(&mut connection, request, most)).await;
            match asked {
                Err(_) => return Err(Fault::AnswerTimeout),
                Ok(Ok(answer)) => {
                    if connection.is_reusable().await {
                        self.keep(connection);
                    }
                    return Ok(answer);
                }
                Ok(Err(Failed::Broken)) => return Err(Fault::AnswerBroken),
                Ok(Err(Failed::Unsent(_))) if is_new => return Err(Fault::ConnectFailed),
                Ok(Err(Failed::Unsent(back))) => request = *back,
            }
        }
    }

    async fn open(&self) -> Result<Box<Link>, Fault> {
        let opened = async {
            let stream = self.way.open().await?;
            let link = Link::over(stream).await;
            link.map(Box::new).map_err(|_| Fault::ConnectFailed)
        };
        timeout(self.limits.connect, opened)
            .await
            .unwrap_or(Err(Fault::ConnectTimeout))
    }

    /// The connection that was used last, so that those that are not needed grow old.
    fn take(&self) -> Option<Box<Link>> {
        let (since, connection) = self.lock().pop_back()?;
        (since.elapsed() < IDLE_CONNECTION).then_some(connection)
    }

    /// Keeps a connection, unless there are enough, and lets go of those that are too old.
    fn keep(&self, connection: Box<Link>) {
        let now = Instant::now();
        let mut idle = self.lock();
        while let Some((since, _)) = idle.front()
            && IDLE_CONNECTION <= now - *since
        {
            idle.pop_front();
        }
        if idle.len() < usize::from(self.limits.connections) {
            idle.push_back((now, connection));
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Instant, Box<Link>)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn exchange(
    connection: &mut Link,
    request: Outgoing,
    most: usize,
) -> Result<(Parts, Vec<u8>), Failed> {
    let (head, body) = connection.ask(request).await?.into_parts();
    match connection.read(body, most).await {
        Ok(bytes) => Ok((head, bytes)),
        Err(_) => Err(Failed::Broken),
    }
}
