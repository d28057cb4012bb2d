//! Settling with a journal: what is settled is written, and what an earlier attempt may have sent is told as such.
//!
//! Invariant: a hit that was sent before never ends as surely not recorded.

use run_report::HitOutcome;

use super::{Cause, DOUBLE, Figures, Ledger, Saved, Settled};
use crate::journal::{Journal, Mark, Why};
use crate::timeline::Due;

static SENT_BEFORE: Cause = Cause::fixed(
    "attempt.doubt",
    "an earlier attempt may have sent the hit, and this one did not succeed; whether it was recorded is not known",
);

impl Ledger {
    /// What a checkpoint keeps of the account and of its journal, both of the same moment.
    #[must_use]
    pub fn save_with_mark(&self) -> (Saved, Option<Mark>) {
        let figures = self.lock();
        let mark = self.journal.get().map(|journal| journal.cut());
        (figures.save(), mark)
    }

    /// Settles hits of an earlier attempt: neither rates nor guards look at them.
    pub fn settle_earlier<'a>(&self, hits: impl IntoIterator<Item = (&'a Due, Settled<'a>)>) {
        let mut figures = self.lock();
        for (due, settled) in hits {
            figures.book(due, &settled);
        }
        debug_assert!(figures.account.adds_up(), "{:?}", figures.account);
    }
}

impl Figures {
    pub(super) fn settle_noted<'a>(
        &mut self,
        now_us: i64,
        journal: &Journal,
        hits: impl IntoIterator<Item = (&'a Due, Settled<'a>)>,
    ) {
        let mut alike: Vec<(Settled<'a>, Vec<&'a Due>)> = Vec::new();
        for (due, settled) in hits {
            let settled = match journal.is_doubted(due) {
                true => self.in_doubt(settled),
                false => settled,
            };
            self.settle_one(now_us, due, &settled);
            let same = |(other, _): &&mut (Settled<'_>, _)| {
                (other.outcome, other.cause, other.unverified)
                    == (settled.outcome, settled.cause, settled.unverified)
            };
            match alike.iter_mut().find(same) {
                Some((_, hits)) => hits.push(due),
                None => alike.push((settled, vec![due])),
            }
        }
        for (settled, hits) in alike {
            let why = Why::new(settled.cause, settled.unverified);
            // What cannot be written ends the run; the last checkpoint holds it.
            let _ = journal.settled(&hits, settled.outcome, why);
        }
    }

    /// The end of a hit that an earlier attempt may have sent.
    fn in_doubt<'a>(&mut self, settled: Settled<'a>) -> Settled<'a> {
        match settled.outcome {
            HitOutcome::Failed | HitOutcome::Skipped => Settled {
                outcome: HitOutcome::Unknown,
                cause: Some(&SENT_BEFORE),
                ..settled
            },
            HitOutcome::Accepted => {
                self.reasons.add(HitOutcome::Accepted, &DOUBLE, 1, || None);
                settled
            }
            HitOutcome::Rejected | HitOutcome::Unknown => settled,
        }
    }
}
