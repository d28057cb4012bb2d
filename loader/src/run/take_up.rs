//! Taking up a backfill: from a checkpoint and a journal to the account of this moment and to what is left to send.
//!
//! Pure but for the ledger. Invariants: each visit that was made before is planned once; a hit that is settled in the
//! checkpoint or in the journal is settled once and not sent again; what may have been sent is in doubt, and is either
//! unknown or, where the plan says so, sent again as a possible double.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use config::Doubt;
use run_report::{HitOutcome, Shard};
use simulation::{Arrival, Pace, Simulation, TimedHit, Visit};

use crate::days::Days;
use crate::journal::{Mark, OpenVisit, Places, Record, Why};
use crate::ledger::{Cause, DOUBLE, LOST, Ledger, Saved, Settled};
use crate::timeline::{Due, Timeline, VisitTag, due_of, is_mine};

/// Where a backfill goes on.
#[derive(Default)]
pub(super) struct TakenUp {
    /// All visits below were made, or belong to another loader.
    pub(super) cursor: u64,
    /// What is left of them.
    pub(super) open: BTreeMap<u64, OpenVisit>,
    /// Their hits.
    visits: Vec<Earlier>,
    /// Hits sent since the checkpoint.
    pub(super) hits_sent: u64,
    /// Hits of which nobody knows whether they were sent.
    pub(super) doubt: u64,
}

/// A visit that was made before.
struct Earlier {
    tag: Arc<VisitTag>,
    hits: Vec<TimedHit>,
}

/// What decides which visits there are.
pub(super) struct Source<'a> {
    pub(super) simulation: &'a Simulation,
    pub(super) shard: Shard,
    pub(super) days: &'a Days,
}

/// See the module's description.
pub(super) fn take_up(
    source: &Source<'_>,
    ledger: &Ledger,
    (mut saved, mark): (Saved, Mark),
    records: &[Record],
    doubt: Doubt,
) -> TakenUp {
    let cursor = saved.cursor;
    let sent = records.iter().filter_map(|record| match record {
        Record::Intent(hits) => Some(hits),
        _ => None,
    });
    let (mut requests, mut hits_sent, mut seen) = (0, 0, cursor);
    for hits in sent {
        requests += 1;
        hits_sent += hits.values().map(|places| places.len() as u64).sum::<u64>();
        seen = seen.max(hits.last_key_value().map_or(0, |(last, _)| last + 1));
    }
    saved.requests += requests;
    ledger.restore(saved);
    let mut taken = TakenUp {
        cursor: seen,
        open: mark.open,
        visits: Vec::new(),
        hits_sent,
        doubt: 0,
    };
    taken.make_again(source, ledger, cursor);
    taken.replay(source.days, ledger, records);
    taken.settle_doubt(source.days, ledger, doubt);
    taken
}

impl TakenUp {
    /// Makes the visits that are open, and those that were made after the checkpoint: these are planned now.
    fn make_again(&mut self, source: &Source<'_>, ledger: &Ledger, cursor: u64) {
        let known: BTreeSet<u64> = self.open.keys().copied().collect();
        let Some(first) = known
            .first()
            .copied()
            .or((cursor < self.cursor).then_some(cursor))
        else {
            return;
        };
        let mut arrivals = source.simulation.arrivals(Pace::Backfill);
        arrivals.seek(first);
        let again = |arrival: &Arrival| {
            known.contains(&arrival.ordinal)
                || cursor <= arrival.ordinal && is_mine(source.simulation, source.shard, arrival)
        };
        let end = self.cursor;
        for arrival in arrivals.take_while(|arrival| arrival.ordinal < end) {
            if !again(&arrival) {
                continue;
            }
            let visit = source.simulation.visit(&arrival);
            if cursor <= arrival.ordinal {
                ledger.plan(0, &visit, &|hit| source.days.of(hit));
            }
            self.note(source.days, visit);
        }
    }

    fn note(&mut self, days: &Days, visit: Visit) {
        let hits = u16::try_from(visit.hits.len()).unwrap_or(u16::MAX);
        let open = self.open.entry(visit.ordinal).or_default();
        open.hits = hits;
        let unsettled = visit.hits.len().saturating_sub(open.settled.len());
        self.visits.push(Earlier {
            tag: Arc::new(VisitTag::of(&visit, unsettled, days)),
            hits: visit.hits,
        });
    }

    fn replay(&mut self, days: &Days, ledger: &Ledger, records: &[Record]) {
        for record in records {
            match record {
                Record::Intent(hits) => self.each(hits, |visit, nth| {
                    if !visit.settled.contains(nth) {
                        visit.sent.insert(nth);
                    }
                }),
                Record::Withdrawn(hits) => self.each(hits, |visit, nth| visit.sent.remove(nth)),
                Record::Settled { hits, outcome, why } => {
                    self.settle(days, ledger, hits, *outcome, why);
                }
                Record::Remarked(code, message, hits) => {
                    ledger.remark(&Cause::of(code.clone(), message.clone()), *hits);
                }
            }
        }
    }

    fn each(&mut self, hits: &BTreeMap<u64, Places>, change: impl Fn(&mut OpenVisit, u16)) {
        for (ordinal, places) in hits {
            if let Some(visit) = self.open.get_mut(ordinal) {
                places.iter().for_each(|nth| change(visit, nth));
            }
        }
    }

    fn settle(
        &mut self,
        days: &Days,
        ledger: &Ledger,
        hits: &BTreeMap<u64, Places>,
        outcome: HitOutcome,
        why: &Why,
    ) {
        let cause = why.cause();
        let mut settled = Vec::new();
        for (ordinal, places) in hits {
            let Some(visit) = self.open.get_mut(ordinal) else {
                continue;
            };
            for nth in places
                .iter()
                .filter(|nth| !visit.settled.contains(*nth))
                .collect::<Vec<_>>()
            {
                if visit.doubted.contains(nth) && outcome == HitOutcome::Accepted {
                    ledger.remark(&DOUBLE, 1);
                }
                visit.settled.insert(nth);
                visit.sent.remove(nth);
                visit.doubted.remove(nth);
                settled.push((*ordinal, nth));
            }
        }
        self.book(days, ledger, &settled, |_| Settled {
            outcome,
            cause: cause.as_ref(),
            unverified: why.unverified,
            latency_us: None,
        });
    }

    /// Settles what may have been sent, or marks it as to be sent again.
    fn settle_doubt(&mut self, days: &Days, ledger: &Ledger, doubt: Doubt) {
        let mut lost = Vec::new();
        for (ordinal, visit) in &mut self.open {
            for nth in std::mem::take(&mut visit.sent).iter() {
                self.doubt += 1;
                match doubt {
                    Doubt::Resend => visit.doubted.insert(nth),
                    Doubt::Skip => {
                        visit.settled.insert(nth);
                        visit.doubted.remove(nth);
                        lost.push((*ordinal, nth));
                    }
                }
            }
        }
        self.book(days, ledger, &lost, |_| Settled {
            outcome: HitOutcome::Unknown,
            cause: Some(&LOST),
            unverified: false,
            latency_us: None,
        });
        self.open
            .retain(|_, visit| visit.settled.len() < usize::from(visit.hits));
    }

    fn book<'a>(
        &self,
        days: &Days,
        ledger: &Ledger,
        hits: &[(u64, u16)],
        how: impl Fn(&Due) -> Settled<'a>,
    ) {
        let due: Vec<Due> = hits
            .iter()
            .filter_map(|(ordinal, nth)| {
                let visit = self.visit(*ordinal)?;
                let timed = visit.hits.get(usize::from(*nth))?;
                Some(due_of(days, &visit.tag, *nth, timed.clone()))
            })
            .collect();
        ledger.settle_earlier(due.iter().map(|due| (due, how(due))));
    }

    fn visit(&self, ordinal: u64) -> Option<&Earlier> {
        let found = self
            .visits
            .binary_search_by_key(&ordinal, |visit| visit.tag.ordinal);
        self.visits.get(found.ok()?)
    }

    /// Puts what is left to send into the timeline.
    pub(super) fn go_on(self, timeline: &mut Timeline) -> BTreeMap<u64, OpenVisit> {
        timeline.seek(Pace::Backfill, self.cursor);
        for Earlier { tag, hits } in self.visits {
            if let Some(open) = self.open.get(&tag.ordinal) {
                let left = (0..)
                    .zip(hits)
                    .filter(|(nth, _)| !open.settled.contains(*nth));
                timeline.open(tag, left.collect());
            }
        }
        self.open
    }

    /// What a person is told of the doubt; `None` when there is none.
    pub(super) fn told(&self, doubt: Doubt) -> Option<String> {
        let hits = self.doubt;
        let what = match doubt {
            Doubt::Skip => "they count as unknown and are not sent again",
            Doubt::Resend => "they are sent again, and those that arrive count as possible doubles",
        };
        (hits != 0).then(|| {
            format!("the earlier attempt ended while {hits} hits were on their way; {what} (delivery.doubt)")
        })
    }
}

#[cfg(test)]
mod tests;
