//! `GET /api/events`: everything that changes, as server-sent events over one connection.
//!
//! Whether its reader still may is checked with each ping, and at once when somebody's session or key ends, so that a stream does not outlive the right to read it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};
use utoipa::ToSchema;

use crate::api::problem::ProblemBody;
use crate::api::view::{LogLine, Sample};
use crate::app::Services;
use crate::auth::Principal;
use crate::live::Event;

/// How often a silent stream says that it lives, and checks that its reader may still read.
pub(crate) const PING: Duration = Duration::from_secs(15);

/// Data of an event `sample`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleEvent {
    /// The run.
    pub run_id: String,
    /// What it did.
    #[serde(flatten)]
    pub sample: Sample,
}

/// Data of an event `log`.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogEvent {
    /// The run.
    pub run_id: String,
    /// The line.
    #[serde(flatten)]
    pub line: LogLine,
}

/// Data of an event `run_deleted`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunDeletedEvent {
    /// The run.
    pub run_id: String,
}

/// Follow everything that changes.
///
/// Events: `run` (a RunView with an empty `config`, which never changes), `sample` (a SampleEvent), `log` (a LogEvent), `run_deleted` (a
/// RunDeletedEvent; a run that is restored comes as `run` again), `control_log` (a LogLine of the control plane itself), `status` (no data worth reading: ask
/// `/api/status` again) and `resync` (events were missed: read everything anew). A comment comes every 15 s.
#[utoipa::path(
    tag = "events",
    operation_id = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen; browsers send it by themselves")),
    responses(
        (status = 200, description = "Server-sent events", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/events")]
pub(crate) async fn events(
    who: Principal,
    request: HttpRequest,
    services: web::Data<Services>,
) -> HttpResponse {
    let last = request
        .headers()
        .get("Last-Event-ID")
        .and_then(|id| id.to_str().ok());
    let subscription = services.live.subscribe(last);
    let mut ready = VecDeque::new();
    ready.push_back(Bytes::from_static(b"retry: 2000\n\n"));
    match last {
        // A reader that loses the connection before the first event must know its place all the same.
        None => ready.push_back(place(&services.live.id(subscription.last))),
        Some(_) if subscription.resync => {
            ready.push_back(resync(&services.live.id(subscription.last)));
        }
        Some(_) => {}
    }
    for event in &subscription.replay {
        ready.push_back(written(&services, event));
    }
    let mut ping = interval(services.ping);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.reset();
    let reader = Reader {
        departures: services.auth.departures(),
        who,
        services,
        receiver: subscription.receiver,
        ready,
        ping,
    };
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(chunks(reader))
}

struct Reader {
    who: Principal,
    departures: watch::Receiver<()>,
    services: web::Data<Services>,
    /// `None` once the hub is closed.
    receiver: Option<broadcast::Receiver<Arc<Event>>>,
    /// Written and not sent yet.
    ready: VecDeque<Bytes>,
    ping: Interval,
}

fn chunks(reader: Reader) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::unfold(reader, |mut reader| async move {
        let chunk = reader.next().await?;
        Some((Ok(chunk), reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(chunk) = self.ready.pop_front() {
            return Some(chunk);
        }
        let receiver = self.receiver.as_mut()?;
        tokio::select! {
            biased;
            // Fails only when nobody can leave any more.
            _ = self.departures.changed() => self.unless_gone(b": somebody left\n\n").await,
            event = receiver.recv() => match event {
                Ok(event) => Some(written(&self.services, &event)),
                Err(RecvError::Lagged(_)) => {
                    // It reads too slowly: it begins anew with what comes after this, when it comes back.
                    self.receiver = None;
                    let live = &self.services.live;
                    Some(resync(&live.id(live.subscribe(None).last)))
                }
                Err(RecvError::Closed) => None,
            },
            _ = self.ping.tick() => self.unless_gone(b": ping\n\n").await,
        }
    }

    /// The comment, when the reader may still read; otherwise the end.
    async fn unless_gone(&self, comment: &'static [u8]) -> Option<Bytes> {
        let good = self.services.auth.still_good(&self.who).await;
        good.then(|| Bytes::from_static(comment))
    }
}

fn written(services: &Services, event: &Event) -> Bytes {
    let id = services.live.id(event.number);
    Bytes::from(format!(
        "id: {id}\nevent: {}\ndata: {}\n\n",
        event.name, event.data
    ))
}

/// An id without an event: browsers remember it and tell nobody.
fn place(id: &str) -> Bytes {
    Bytes::from(format!("id: {id}\n\n"))
}

fn resync(id: &str) -> Bytes {
    Bytes::from(format!("id: {id}\nevent: resync\ndata: {{}}\n\n"))
}
