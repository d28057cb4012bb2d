//! One request and its answer, tried again as often as the rules allow.
//!
//! It settles nothing. Invariant: once a request may have reached the target, the end is never "failed" or "skipped".

use std::sync::atomic::Ordering;
use std::time::Duration;

use config::{Doubt, Method};
use run_report::HitOutcome;
use tokio::time::Instant;
use tracking::{Answer, BulkAnswer, BulkBody, Reason, Request, classify_bulk, classify_single};

use super::refusal::AWAY;
use super::settle::TOO_LATE;
use super::steering::{self, Steering};
use super::{Delivery, Pass, Reply, SendError, Transport, backoff};
use crate::ledger::{CUT, Cause, IN_FLIGHT};
use crate::timeline::Due;

/// A hit that leaves later than this tells Matomo its own time (`cdt`), in milliseconds.
const LATE_MS: i64 = 1_000;

/// How the hits of one request ended.
pub(super) enum Verdict {
    /// All in the same way.
    All(HitOutcome, Option<Cause>),
    /// Accepted, all only queued by Matomo.
    Queued,
    /// A bulk that Matomo counted.
    Counted(BulkAnswer),
    /// The request was too long for the server; nothing was recorded.
    TooLarge,
    /// Nothing was sent: the budget has room for so many hits only.
    OverBudget(usize),
    /// A stop came first, and the hits surely were not recorded: they are left for another attempt.
    Unsent,
    /// A stop came first, and nobody knows whether they were recorded: another attempt sends them again.
    InDoubt,
}

/// The end of an exchange.
pub(super) struct Ended {
    pub(super) verdict: Verdict,
    /// Whether the hits were sent after an attempt that may have been recorded.
    pub(super) doubled: bool,
    /// When they were sent last, on the plan's time line.
    pub(super) sent_us: i64,
}

/// What an attempt came to.
enum Attempt {
    Verdict(Verdict),
    /// Surely not recorded.
    Again(Cause, Option<Duration>),
    /// Nobody knows.
    Doubt(Cause),
}

/// What the attempts so far came to.
#[derive(Default)]
struct History {
    failures: u32,
    last: Option<Cause>,
    doubt: Option<Cause>,
    /// When the last attempt began, on the plan's time line.
    sent_us: i64,
}

impl History {
    /// Whether there was no attempt.
    fn is_empty(&self) -> bool {
        self.doubt.is_none() && self.last.is_none()
    }

    /// How hits end that are not tried again.
    fn end(&mut self, cut: bool) -> Verdict {
        match (self.doubt.take(), self.last.take()) {
            (Some(doubt), _) => Verdict::All(HitOutcome::Unknown, Some(doubt)),
            (None, Some(last)) => Verdict::All(HitOutcome::Failed, Some(last)),
            (None, None) => {
                debug_assert!(cut, "ended without an attempt");
                Verdict::All(HitOutcome::Skipped, Some(CUT))
            }
        }
    }
}

impl<T: Transport> Delivery<T> {
    /// Sends `hits` in one request until it is settled.
    pub(super) async fn exchange(&self, hits: &[&Due]) -> Ended {
        let mut history = History::default();
        let verdict = self.send_until_settled(hits, &mut history).await;
        Ended {
            verdict,
            doubled: history.doubt.is_some(),
            sent_us: history.sent_us,
        }
    }

    async fn send_until_settled(&self, hits: &[&Due], history: &mut History) -> Verdict {
        let not_sent = |verdict| {
            self.budget.give_back(hits.len());
            verdict
        };
        loop {
            if let Err(left) = self.budget.take(hits.len()) {
                return match history.is_empty() {
                    true => Verdict::OverBudget(left),
                    false => history.end(true),
                };
            }
            let pass = tokio::select! {
                biased;
                () = self.halt.cancelled() => return not_sent(self.stopped(history)),
                pass = self.admission() => pass,
                () = self.give_up.cancelled() => return not_sent(self.stopped(history)),
            };
            let now_ms = self.clock.now_ms();
            let too_late = history.doubt.is_none()
                && history.last.is_some()
                && hits.iter().all(|due| self.is_too_late(due, now_ms));
            // A probe goes out all the same: others wait for what it finds.
            if too_late && pass == Pass::Open {
                return not_sent(Verdict::All(HitOutcome::Skipped, Some(TOO_LATE)));
            }
            let wait = match self.attempt(hits, pass, history).await {
                Attempt::Verdict(verdict) => return verdict,
                Attempt::Again(cause, asked) => {
                    // A probe that fails says something of the target, not of this hit.
                    history.failures += u32::from(pass == Pass::Open);
                    history.last = Some(cause);
                    asked
                }
                Attempt::Doubt(cause) => {
                    history.failures += 1;
                    history.doubt = Some(cause);
                    if self.plan.doubt == Doubt::Skip {
                        return history.end(false);
                    }
                    None
                }
            };
            if self.plan.retries < history.failures {
                return history.end(false);
            }
            if pass == Pass::Open {
                let wait = backoff::wait(history.failures, wait, crate::chance::share());
                tokio::select! {
                    biased;
                    () = self.halt.cancelled() => return self.stopped(history),
                    () = self.give_up.cancelled() => return self.stopped(history),
                    () = self.stand_aside(wait) => {}
                }
            }
        }
    }

    /// Waits for so long, and lets others send meanwhile.
    async fn stand_aside(&self, wait: Duration) {
        let aside = self.steering.as_ref().map(Steering::aside);
        tokio::time::sleep(wait).await;
        if let Some(aside) = aside {
            aside.back().await;
        }
    }

    /// Waits until the target is up, and for a turn.
    async fn admission(&self) -> Pass {
        let pass = self.breaker.pass().await;
        if let Some(rate) = &self.rate {
            rate.turn().await;
        }
        pass
    }

    /// How hits end that a stop keeps from being tried again.
    fn stopped(&self, history: &mut History) -> Verdict {
        match (&self.past, &history.doubt) {
            (None, _) => history.end(true),
            (Some(_), Some(_)) => Verdict::InDoubt,
            (Some(_), None) => Verdict::Unsent,
        }
    }

    /// How hits end that a stop takes without their answer.
    fn abandoned(&self) -> Verdict {
        match (&self.past, self.plan.doubt) {
            (Some(_), Doubt::Resend) => Verdict::InDoubt,
            _ => Verdict::All(HitOutcome::Unknown, Some(IN_FLIGHT)),
        }
    }

    async fn attempt(&self, hits: &[&Due], pass: Pass, history: &mut History) -> Attempt {
        let now_us = self.clock.now_us();
        history.sent_us = now_us;
        // Past hits are not late.
        let timed = history.is_empty() && self.past.is_none();
        let request = self.request(hits, now_us / 1_000);
        self.ledger.request(
            now_us,
            hits.iter()
                .filter(|_| timed)
                .map(|due| now_us - due.send_at_ms * 1_000),
        );
        let Some(result) = self.send(request, hits.len()).await else {
            return Attempt::Verdict(self.abandoned());
        };
        let (attempt, down) = match result {
            Ok(reply) if self.may_be_the_database(&reply) && self.database_is_away().await => {
                (Attempt::Again(AWAY, None), true)
            }
            Ok(reply) => (self.judge(&reply, hits.len()), reply.status == 503),
            Err(SendError::NotSent(cause)) => {
                self.budget.give_back(hits.len());
                (Attempt::Again(cause, None), true)
            }
            Err(SendError::Doubt(cause)) => (Attempt::Doubt(cause), false),
        };
        match &attempt {
            Attempt::Again(cause, _) if down => self.breaker.failed(pass, cause),
            _ => self.breaker.answered(),
        }
        self.budget.settle();
        attempt
    }

    /// Sends a request and waits for the answer; `None` when the run is halted meanwhile.
    async fn send(&self, request: Request, hits: usize) -> Option<Result<Reply, SendError>> {
        let in_flight = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        let sent = Instant::now();
        let result = tokio::select! {
            biased;
            () = self.halt.cancelled() => None,
            result = self.transport.send(request) => Some(result),
        };
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        if let (Some(steering), Some(result)) = (&self.steering, &result) {
            let sign = steering::sign(result);
            let bulk_size = steering.answered(sent, hits, in_flight, sign);
            if self.plan.method == Method::Bulk {
                self.queue.resize(bulk_size);
            }
        }
        result
    }

    /// Matomo answers a single hit 400 when it refuses it, and when its database is away.
    fn may_be_the_database(&self, reply: &Reply) -> bool {
        reply.status == 400 && self.plan.method != Method::Bulk
    }

    fn judge(&self, reply: &Reply, sent: usize) -> Attempt {
        let (content_type, retry_after) =
            (reply.content_type.as_deref(), reply.retry_after.as_deref());
        if self.plan.method != Method::Bulk {
            let answer = classify_single(reply.status, content_type, retry_after, &reply.body);
            return by_answer(told_where(answer, reply));
        }
        let sent = u32::try_from(sent).unwrap_or(u32::MAX);
        let mut answer = classify_bulk(reply.status, content_type, retry_after, &reply.body, sent);
        match answer.whole.take() {
            Some(whole) => by_answer(told_where(whole, reply)),
            None => Attempt::Verdict(Verdict::Counted(answer)),
        }
    }

    fn request(&self, hits: &[&Due], now_ms: i64) -> Request {
        let needs_token = |due: &Due, cdt_s| due.hit.needs_token(cdt_s, self.wall_s(now_ms));
        let token = self.token.as_ref().map(config::Secret::expose);
        let method = match self.plan.method {
            Method::Beacon => tracking::Method::Beacon,
            Method::Get => tracking::Method::Get,
            Method::Form => tracking::Method::Form,
            Method::Bulk => {
                let mut body = BulkBody::new();
                let mut protected = false;
                for due in hits {
                    let cdt_s = self.cdt_s(due, now_ms);
                    protected |= needs_token(due, cdt_s);
                    body.push(&due.hit, cdt_s);
                }
                return body.finish(token.filter(|_| protected));
            }
        };
        // Outside of bulk, batches hold one hit.
        let due = hits[0];
        let cdt_s = self.cdt_s(due, now_ms);
        let token = token.filter(|_| needs_token(due, cdt_s));
        tracking::single(method, &due.hit, cdt_s, token)
    }

    /// The time that Matomo shall book, when it is not the moment of sending.
    pub(super) fn cdt_s(&self, due: &Due, now_ms: i64) -> Option<i64> {
        match due.cdt_s {
            // Past days are where they are, whatever the clock says of today.
            Some(cdt_s) if self.past.is_some() => Some(cdt_s),
            Some(cdt_s) => Some(cdt_s + self.clock.jumped_ms() / 1_000),
            None if LATE_MS < now_ms - due.send_at_ms => {
                Some((due.send_at_ms + self.clock.wall_minus_plan_ms()).div_euclid(1_000))
            }
            None => None,
        }
    }

    pub(super) fn wall_s(&self, now_ms: i64) -> i64 {
        (now_ms + self.clock.wall_minus_plan_ms()).div_euclid(1_000)
    }
}

/// Names the address that a redirect leads to; nothing is sent there.
fn told_where(answer: Answer, reply: &Reply) -> Answer {
    match (answer, &reply.location) {
        (Answer::NotMatomo(reason), Some(to)) if (300..400).contains(&reply.status) => {
            Answer::NotMatomo(Reason {
                message: format!(
                    "the server redirects to {to}, where no hit is sent; use that address if it is the Matomo you mean"
                )
                .into(),
                ..reason
            })
        }
        (answer, _) => answer,
    }
}

fn by_answer(answer: Answer) -> Attempt {
    match answer {
        Answer::Accepted => Attempt::Verdict(Verdict::All(HitOutcome::Accepted, None)),
        Answer::AcceptedUnverified => Attempt::Verdict(Verdict::Queued),
        Answer::Rejected(reason) | Answer::NotMatomo(reason) => {
            Attempt::Verdict(Verdict::All(HitOutcome::Rejected, Some(reason.into())))
        }
        Answer::RetryLater { after, reason } => Attempt::Again(reason.into(), after),
        Answer::Unknown(reason) => Attempt::Doubt(reason.into()),
        Answer::TooLarge => Attempt::Verdict(Verdict::TooLarge),
    }
}

impl From<Reason> for Cause {
    fn from(reason: Reason) -> Self {
        Self {
            code: reason.code,
            message: reason.message,
        }
    }
}
