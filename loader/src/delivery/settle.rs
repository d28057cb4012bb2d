//! From a batch to settled hits: what is too late to be sent, what is sent together, and who ended how.
//!
//! Invariant: the parts of a batch are settled in its order, each hit once.

use std::collections::VecDeque;

use config::Late;
use run_report::HitOutcome;
use tracking::BulkAnswer;

use super::budget::USED_UP;
use super::exchange::{Ended, Verdict};
use super::{Delivery, Transport};
use crate::ledger::{Cause, DOUBLE, Settled};
use crate::timeline::Due;

pub(super) const TOO_LATE: Cause = Cause::fixed(
    "late.skipped",
    "not sent: later than the run configuration allows (late hits are skipped)",
);

const NEEDS_TOKEN: Cause = Cause::fixed(
    "late.needs_token",
    "not sent: a time of a day ago or more needs a token, and there is none",
);

const TOO_LARGE: Cause = Cause::fixed(
    "http.413",
    "the hit by itself is too long for the web server; raise its limits for address and body",
);

impl<T: Transport> Delivery<T> {
    /// Sends the hits of a batch and settles each of them; in a backfill, those that a stop leaves to another attempt
    /// stay as they are.
    pub(super) async fn deliver(&self, batch: &[Due]) {
        let now_ms = self.clock.now_ms();
        let sendable: Vec<&Due> = batch.iter().filter(|due| self.keep(due, now_ms)).collect();
        if sendable.is_empty() {
            return;
        }
        let mut parts = VecDeque::from([sendable.as_slice()]);
        while let Some(part) = parts.pop_front() {
            if !self.may_send(part) {
                return;
            }
            let Ended {
                verdict,
                doubled,
                sent_us,
            } = self.exchange(part).await;
            match verdict {
                Verdict::Unsent => return self.withdraw(part),
                Verdict::InDoubt => return,
                Verdict::TooLarge if 1 < part.len() => {
                    // A stop may come before the halves are sent; surely nothing of them was recorded yet.
                    self.withdraw(part);
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(first);
                }
                Verdict::TooLarge => {
                    self.settle_all(part, HitOutcome::Rejected, Some(&TOO_LARGE), sent_us);
                }
                Verdict::OverBudget(left) => {
                    let (first, rest) = part.split_at(left.min(part.len()));
                    self.settle_all(rest, HitOutcome::Skipped, Some(&USED_UP), sent_us);
                    if !first.is_empty() {
                        parts.push_front(first);
                    }
                }
                Verdict::All(outcome, cause) => {
                    self.settle_all(part, outcome, cause.as_ref(), sent_us);
                    self.remark_double(doubled && outcome == HitOutcome::Accepted, part.len());
                    if let Some(cause) = cause.filter(|cause| cause.code == "http.400") {
                        self.explain(&cause.code).await;
                    }
                }
                Verdict::Queued => {
                    self.settle_queued(part, sent_us);
                    self.remark_double(doubled, part.len());
                }
                Verdict::Counted(answer) => {
                    if answer.printed {
                        self.ledger
                            .remark(&BulkAnswer::PRINTED.into(), answer.accepted.into());
                    }
                    self.settle_counted(part, &answer, sent_us);
                    self.remark_double(doubled, answer.accepted as usize);
                    if 0 < answer.rejected {
                        self.explain(&BulkAnswer::REJECTED.code).await;
                    }
                }
            }
        }
    }

    /// Whether the hit is still to be sent; settles it as skipped if not.
    fn keep(&self, due: &Due, now_ms: i64) -> bool {
        let cause = match () {
            () if self.is_too_late(due, now_ms) => &TOO_LATE,
            () if self.token.is_none()
                && due
                    .hit
                    .needs_token(self.cdt_s(due, now_ms), self.wall_s(now_ms)) =>
            {
                &NEEDS_TOKEN
            }
            () => return true,
        };
        self.settle_all(&[due], HitOutcome::Skipped, Some(cause), 0);
        false
    }

    /// Whether the plan would rather skip the hit than send it now. Past days are never late.
    pub(super) fn is_too_late(&self, due: &Due, now_ms: i64) -> bool {
        if self.past.is_some() {
            return false;
        }
        let late_ms = u128::from((now_ms - due.send_at_ms).max(0).unsigned_abs());
        matches!(self.plan.late, Late::Skip { after } if after.as_millis() < late_ms)
    }

    /// Notes that hits are about to be sent; where that is not possible they must not be, and the run ends.
    fn may_send(&self, hits: &[&Due]) -> bool {
        let journal = self.past.as_ref().and_then(|past| past.journal.as_ref());
        journal.is_none_or(|journal| journal.intend(hits).is_ok())
    }

    fn withdraw(&self, hits: &[&Due]) {
        if let Some(journal) = self.past.as_ref().and_then(|past| past.journal.as_ref()) {
            // Without it they are in doubt after a crash alone.
            let _ = journal.withdraw(hits);
        }
    }

    fn settle_all(&self, hits: &[&Due], outcome: HitOutcome, cause: Option<&Cause>, sent_us: i64) {
        let answered = !matches!(outcome, HitOutcome::Skipped | HitOutcome::Failed);
        self.settle_alike(hits, sent_us, |latency_us| Settled {
            outcome,
            cause,
            unverified: false,
            latency_us: answered.then_some(latency_us),
        });
    }

    fn settle_queued(&self, hits: &[&Due], sent_us: i64) {
        self.settle_alike(hits, sent_us, |latency_us| Settled {
            outcome: HitOutcome::Accepted,
            cause: None,
            unverified: true,
            latency_us: Some(latency_us),
        });
    }

    fn settle_alike<'a>(&self, hits: &[&Due], sent_us: i64, settled: impl Fn(i64) -> Settled<'a>) {
        let now_us = self.clock.now_us();
        self.ledger.settle(
            now_us,
            hits.iter().map(|due| {
                let latency_us = self.latency_us(due, now_us, sent_us);
                (*due, settled(latency_us))
            }),
        );
    }

    /// From the moment that the hit was due, or in a backfill from its sending.
    fn latency_us(&self, due: &Due, now_us: i64, sent_us: i64) -> i64 {
        match self.past {
            Some(_) => now_us - sent_us,
            None => now_us - due.send_at_ms * 1_000,
        }
    }

    /// Settles a bulk by Matomo's counts. Unless Matomo says which hits it rejected, the last ones stand for them:
    /// the totals are right then, their split by kind may not be.
    fn settle_counted(&self, hits: &[&Due], answer: &BulkAnswer, sent_us: i64) {
        let (rejected, failed) = (
            Cause::from(BulkAnswer::REJECTED),
            Cause::from(BulkAnswer::FAILED),
        );
        let indices = answer.rejected_indices.as_deref();
        let (mut accepted_left, mut rejected_left) = (answer.accepted, answer.rejected);
        let mut unverified_left = answer.unverified;
        let now_us = self.clock.now_us();
        self.ledger.settle(
            now_us,
            (0u32..).zip(hits).map(|(at, due)| {
                let named = indices.is_some_and(|list| list.binary_search(&at).is_ok());
                let (outcome, cause) = if indices.is_some() && named {
                    (HitOutcome::Rejected, Some(&rejected))
                } else if 0 < accepted_left {
                    accepted_left -= 1;
                    (HitOutcome::Accepted, None)
                } else if indices.is_none() && 0 < rejected_left {
                    rejected_left -= 1;
                    (HitOutcome::Rejected, Some(&rejected))
                } else {
                    (HitOutcome::Failed, Some(&failed))
                };
                let unverified = outcome == HitOutcome::Accepted && 0 < unverified_left;
                unverified_left -= u32::from(unverified);
                let settled = Settled {
                    outcome,
                    cause,
                    unverified,
                    latency_us: Some(self.latency_us(due, now_us, sent_us)),
                };
                (*due, settled)
            }),
        );
    }

    fn remark_double(&self, doubled: bool, hits: usize) {
        if doubled && 0 < hits {
            self.ledger.remark(&DOUBLE, hits as u64);
        }
    }
}
