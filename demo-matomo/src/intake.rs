//! One tracking request from its head to its answer: read, delayed, recorded, answered or spoiled.
//!
//! Decides nothing about a hit ([`crate::rules`]) or about faults ([`crate::faults`]).
//!
//! Invariant: a request is recorded at most once, all its hits together; and what has begun is
//! recorded even if the client leaves while it waits, as on a real server.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    net::IpAddr,
    sync::{Arc, PoisonError, atomic::Ordering::Relaxed},
    time::Duration,
};

use chrono::Utc;
use hyper::{
    HeaderMap, Method, Request,
    body::{Bytes, Incoming},
    header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, REFERER, USER_AGENT},
};

use crate::{
    answer::Answer,
    app::App,
    body::{self, BodyFault},
    bulk::{self, Bulk},
    connection::Wire,
    faults::{Ending, Plan},
    flight::Flight,
    ledger::{Arrival, Ledger, Transport},
    params::{Params, TOKEN},
    rules::{self, Exclusion, Sender, Verdict},
    visits::Identity,
};

/// Longer URLs are answered 414, as nginx does by default.
const URL_BYTES_MAX: usize = 8_192;

/// What is to be sent.
#[derive(Debug)]
pub(crate) enum Reply {
    Whole(Answer),
    /// Only half of it, then the connection is closed.
    Half(Answer),
}

/// A request that was read and waits to be recorded.
struct Job {
    content: Content,
    sender: Sender,
    at_ms: i64,
    url_token: Option<String>,
    /// Held until the request has ended.
    _flight: Flight,
}

enum Content {
    /// A GET without parameters.
    Probe,
    /// A POST without any.
    Nothing,
    Single(Params, Transport),
    Bulk(Bulk),
}

/// Answers a tracking request.
pub(crate) async fn track(
    app: &Arc<App>,
    wire: &Wire,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Reply {
    let changes = app.faults.changes();
    app.traffic.requests.fetch_add(1, Relaxed);
    let plan = app.faults.decide();
    let job = match read(app, peer, request).await {
        Ok(job) => job,
        Err(answer) => return Reply::Whole(answer),
    };
    let Some(ending) = plan.ending else {
        return Reply::Whole(carry_out(app, job, plan).await);
    };
    if let Ending::Hang { recorded: false } = ending {
        tokio::time::sleep(plan.delay).await;
        app.until_change(changes).await;
        let waited = Plan {
            delay: Duration::ZERO,
            ..plan
        };
        return Reply::Whole(carry_out(app, job, waited).await);
    }
    let spoiled = spoiled_answer(ending, &job);
    let answer = if ending.records() {
        carry_out(app, job, plan).await
    } else {
        tokio::time::sleep(plan.delay).await;
        Answer::gif()
    };
    match ending {
        Ending::Hang { .. } => {
            app.until_change(changes).await;
            Reply::Whole(answer)
        }
        Ending::Reset { .. } => {
            wire.reset();
            std::future::pending().await
        }
        Ending::HalfAnswer { .. } if answer.body.is_empty() => Reply::Half(Answer::gif()),
        Ending::HalfAnswer { .. } => Reply::Half(answer),
        _ => Reply::Whole(spoiled),
    }
}

/// What is answered in place of the usual answer.
fn spoiled_answer(ending: Ending, job: &Job) -> Answer {
    match (ending, &job.content) {
        (Ending::Status { code, retry_after }, _) => Answer {
            retry_after,
            ..Answer::error_page(code)
        },
        (Ending::LoginPage, _) => Answer::login_page(),
        // The count is Matomo's lie: what was handled before the error, though all is rolled back.
        (Ending::ErrorBefore, Content::Bulk(bulk)) => {
            rolled_back(bulk.entries.len().saturating_sub(1))
        }
        (Ending::DatabaseDown, Content::Bulk(_)) => rolled_back(0),
        (Ending::DatabaseDown, _) => Answer::refused(true),
        _ => Answer::error_page(500),
    }
}

fn rolled_back(handled: usize) -> Answer {
    Answer::json(500, &bulk::outcome("error", handled, &[], false))
}

async fn read(app: &Arc<App>, peer: IpAddr, request: Request<Incoming>) -> Result<Job, Answer> {
    let (head, incoming) = request.into_parts();
    let url_bytes = head
        .uri
        .path_and_query()
        .map_or(0, |url| url.as_str().len());
    let query = head.uri.query().unwrap_or_default();
    let in_url = Params::parse(query);
    let url_token = in_url.get(TOKEN).map(str::to_owned);
    app.traffic
        .tokens_in_urls
        .fetch_add(u64::from(url_token.is_some()), Relaxed);
    let body = body::read(incoming, app.body_limit)
        .await
        .map_err(|fault| match fault {
            BodyFault::TooLarge => Answer::error_page(413),
            BodyFault::Broken => Answer::bad_request(),
            BodyFault::Slow => Answer::error_page(408),
        })?;
    if url_bytes > URL_BYTES_MAX {
        return Err(Answer::error_page(414));
    }
    let sender = Sender {
        address: peer,
        agent: header(&head.headers, &USER_AGENT).unwrap_or_default(),
        language: header(&head.headers, &ACCEPT_LANGUAGE).unwrap_or_default(),
        referrer: header(&head.headers, &REFERER),
    };
    let content = content(&head.method, &head.headers, query, in_url, &body);
    let flight = app.flights.take_off(visitors(&content, &sender));
    app.traffic
        .overlapping
        .fetch_add(u64::from(flight.overlaps), Relaxed);
    let at_ms = Utc::now().timestamp_millis();
    Ok(Job {
        content,
        sender,
        at_ms,
        url_token,
        _flight: flight,
    })
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Sorts a request into what it is. A form counts only with the content type of a form.
fn content(
    method: &Method,
    headers: &HeaderMap,
    query: &str,
    in_url: Params,
    body: &Bytes,
) -> Content {
    if bulk::is_bulk(body) {
        return Content::Bulk(Bulk::parse(body));
    }
    let is_form = header(headers, &CONTENT_TYPE)
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let (params, transport) = if is_form && !body.is_empty() {
        let mut params = Params::parse(&String::from_utf8_lossy(body));
        params.append(query);
        (params, Transport::Form)
    } else if *method == Method::POST {
        (in_url, Transport::Beacon)
    } else {
        (in_url, Transport::Get)
    };
    match params.is_empty() {
        false => Content::Single(params, transport),
        true if *method == Method::GET || *method == Method::HEAD => Content::Probe,
        true => Content::Nothing,
    }
}

/// Whose hits the request holds; somebody without a name is known by address and browser.
fn visitors(content: &Content, sender: &Sender) -> Vec<u64> {
    let visitor = |params: &Params| {
        let mut hash = DefaultHasher::new();
        params.get("idsite").hash(&mut hash);
        let identity = Identity::of(params);
        identity.hash(&mut hash);
        if identity == Identity::Unnamed {
            params.get("cip").hash(&mut hash);
            params.filled("ua").unwrap_or(&sender.agent).hash(&mut hash);
            sender.address.hash(&mut hash);
        }
        hash.finish()
    };
    // A question that is not to be recorded is nobody's visit.
    let recorded = |params: &&Params| params.flag("rec");
    match content {
        Content::Single(params, _) => Some(params)
            .filter(recorded)
            .map(visitor)
            .into_iter()
            .collect(),
        Content::Bulk(bulk) => bulk.entries.iter().filter(recorded).map(visitor).collect(),
        Content::Probe | Content::Nothing => Vec::new(),
    }
}

/// Waits for the delay and a worker, then records and answers. Whatever waits does so in a task of
/// its own, so that a client that leaves does not undo it.
async fn carry_out(app: &Arc<App>, job: Job, plan: Plan) -> Answer {
    if plan.delay.is_zero() && app.capacity.is_unlimited() {
        return job.record(app, plan);
    }
    let app = Arc::clone(app);
    let task = tokio::spawn(async move {
        tokio::time::sleep(plan.delay).await;
        let hits = job.hits();
        app.capacity.spend(hits, || job.record(&app, plan)).await
    });
    match task.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Answer::error_page(502),
        Err(_) => Answer::error_page(500),
    }
}

impl Job {
    fn hits(&self) -> usize {
        match &self.content {
            Content::Probe | Content::Nothing => 0,
            Content::Single(..) => 1,
            Content::Bulk(bulk) => bulk.entries.len(),
        }
    }

    fn record(&self, app: &App, plan: Plan) -> Answer {
        match &self.content {
            Content::Probe => Answer::probe_page(),
            Content::Nothing => Answer::bad_request(),
            Content::Single(params, transport) => self.record_single(app, plan, params, *transport),
            Content::Bulk(bulk) => self.record_bulk(app, plan, bulk),
        }
    }

    fn record_single(
        &self,
        app: &App,
        plan: Plan,
        params: &Params,
        transport: Transport,
    ) -> Answer {
        if plan.record_statistics_off {
            return Answer::switched_off();
        }
        let mut ledger = app.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let accepted = self.record_hit(app, &mut ledger, params, None, transport);
        drop(ledger);
        let wants_picture = params.int("send_image") != Some(0);
        let queued = plan.queued_tracking && params.int("queuedtracking") != Some(0);
        match accepted {
            Err(refusal) if !queued || refusal == rules::Refusal::NeedsToken => {
                Answer::refused(wants_picture)
            }
            _ if wants_picture => Answer::gif(),
            _ => Answer::nothing(),
        }
    }

    /// All entries under one lock: a bulk is one transaction.
    fn record_bulk(&self, app: &App, plan: Plan, bulk: &Bulk) -> Answer {
        let mut invalid = Vec::new();
        let mut tracked = 0;
        if !plan.record_statistics_off {
            let mut ledger = app.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            ledger.drop_entries(bulk.dropped);
            for (index, params) in bulk.entries.iter().enumerate() {
                let token = bulk.token.as_deref();
                match self.record_hit(app, &mut ledger, params, token, Transport::Bulk) {
                    Ok(()) => tracked += 1,
                    Err(_) => invalid.push(index),
                }
            }
        }
        if plan.queued_tracking {
            return Answer::gif();
        }
        if bulk.unanswered {
            return Answer::nothing();
        }
        let to_super = app.token.is_super(bulk.token.as_deref());
        Answer::json(200, &bulk::outcome("success", tracked, &invalid, to_super))
    }

    /// The token is looked for at the top of a bulk, in the hit and in the URL, in this order.
    fn record_hit(
        &self,
        app: &App,
        ledger: &mut Ledger,
        params: &Params,
        token: Option<&str>,
        transport: Transport,
    ) -> Result<(), rules::Refusal> {
        if params.is_empty() {
            ledger.exclude(Exclusion::Empty);
            return Ok(());
        }
        let token = token.or(params.filled(TOKEN)).or(self.url_token.as_deref());
        let trusted = app.token.may_override(token);
        let now = Utc::now().timestamp();
        match rules::judge(params, trusted, &self.sender, &app.sites, now) {
            Verdict::Refuse(refusal) => {
                ledger.refuse(refusal, params.int("idsite"));
                return Err(refusal);
            }
            Verdict::Exclude(exclusion) => ledger.exclude(exclusion),
            Verdict::Record(_) if app.faults.leaves_out_a_hit() => {
                ledger.exclude(Exclusion::Fault);
            }
            Verdict::Record(booking) => {
                let Self { sender, at_ms, .. } = self;
                ledger.book(
                    booking,
                    &Arrival {
                        params,
                        sender,
                        transport,
                        at_ms: *at_ms,
                    },
                );
            }
        }
        Ok(())
    }
}
