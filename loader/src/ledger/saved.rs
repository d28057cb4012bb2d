//! The account at rest: what a checkpoint keeps of it, and how an attempt takes it up again.
//!
//! Distributions of times are not kept; they describe one attempt.
//!
//! Invariant: what was remaining when an attempt ended without a word is settled as unknown when the next one begins,
//! so nothing vanishes from the account.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use run_report::{Account, HitOutcome, Reason};
use serde::{Deserialize, Serialize};
use tracking::Kind;

use super::{Cause, Day, Ledger, Reasons};

const LOST: Cause = Cause::fixed(
    "attempt.ended",
    "the loader ended without a word while the hit was open; whether it was sent is not known",
);

/// The figures that outlive an attempt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// All hits.
    pub account: Account,
    /// All visits below this ordinal are in the account, or belong to another loader.
    pub cursor: u64,
    /// Days that are not closed yet.
    pub days: BTreeMap<NaiveDate, SavedDay>,
    /// Accepted hits by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Accepted hits that were only queued.
    pub unverified: u64,
    /// Why hits were not accepted.
    pub reasons: Vec<Reason>,
    /// Visits started.
    pub visits_started: u64,
    /// Visits of which every hit is settled.
    pub visits_finished: u64,
    /// Visits that a stop or a crash cut off.
    #[serde(default)]
    pub visits_cut: u64,
    /// HTTP requests sent.
    pub requests: u64,
}

/// One day of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedDay {
    /// All hits of the day.
    pub account: Account,
    /// The same by kind.
    pub by_kind: BTreeMap<String, Account>,
}

impl Ledger {
    /// What a checkpoint keeps.
    #[must_use]
    pub fn save(&self) -> Saved {
        let figures = self.lock();
        let save_day = |day: &Day| SavedDay {
            account: day.account,
            by_kind: Kind::ALL
                .iter()
                .map(|kind| (kind.as_str().to_owned(), day.kinds[*kind as usize]))
                .collect(),
        };
        Saved {
            account: figures.account,
            cursor: figures.cursor,
            days: figures
                .days
                .iter()
                .map(|(date, day)| (*date, save_day(day)))
                .collect(),
            by_kind: super::by_kind(&figures.accepted),
            unverified: figures.unverified,
            reasons: figures.reasons.rows(),
            visits_started: figures.visits_started,
            visits_finished: figures.visits_finished,
            visits_cut: figures.visits_cut,
            requests: figures.requests,
        }
    }

    /// Takes up what an earlier attempt saved. Call it once, before anything is planned.
    pub fn restore(&self, saved: Saved) {
        let mut figures = self.lock();
        figures.account = saved.account;
        figures.cursor = saved.cursor;
        figures.unverified = saved.unverified;
        figures.reasons = Reasons::from_rows(saved.reasons);
        figures.visits_started = saved.visits_started;
        figures.visits_finished = saved.visits_finished;
        figures.visits_cut = saved.visits_cut;
        figures.requests = saved.requests;
        for kind in Kind::ALL {
            let at = kind as usize;
            figures.accepted[at] = saved.by_kind.get(kind.as_str()).copied().unwrap_or(0);
        }
        for (date, saved) in saved.days {
            let day = figures.days.entry(date).or_default();
            day.account = saved.account;
            for kind in Kind::ALL {
                if let Some(account) = saved.by_kind.get(kind.as_str()) {
                    day.kinds[kind as usize] = *account;
                }
            }
        }
    }

    /// Settles everything that remains as unknown; returns how many hits that were.
    pub fn settle_remaining_as_unknown(&self) -> u64 {
        let mut figures = self.lock();
        let lost = figures.account.remaining;
        figures.account.settle(HitOutcome::Unknown, lost);
        for day in figures.days.values_mut() {
            let remaining = day.account.remaining;
            day.account.settle(HitOutcome::Unknown, remaining);
            for kind in &mut day.kinds {
                kind.settle(HitOutcome::Unknown, kind.remaining);
            }
        }
        if lost != 0 {
            figures
                .reasons
                .add(HitOutcome::Unknown, &LOST, lost, || None);
        }
        figures.visits_cut = figures.visits_started - figures.visits_finished;
        lost
    }
}
