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

use super::{Cause, Day, Figures, Ledger, Reasons};

/// The loader died while the hit was on its way.
pub static LOST: Cause = Cause::fixed(
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
    /// Visits that began on the day.
    #[serde(default)]
    pub visits_started: u64,
    /// Those of them of which every hit is settled.
    #[serde(default)]
    pub visits_finished: u64,
    /// Accepted hits that were only queued.
    #[serde(default)]
    pub unverified: u64,
    /// All hits of the day.
    pub account: Account,
    /// The same by kind.
    pub by_kind: BTreeMap<String, Account>,
}

impl Figures {
    pub(super) fn save(&self) -> Saved {
        Saved {
            account: self.account,
            cursor: self.cursor,
            days: self
                .days
                .iter()
                .map(|(date, day)| (*date, SavedDay::of(day)))
                .collect(),
            by_kind: super::by_kind(&self.accepted),
            unverified: self.unverified,
            reasons: self.reasons.rows(),
            visits_started: self.visits_started,
            visits_finished: self.visits_finished,
            visits_cut: self.visits_cut,
            requests: self.requests,
        }
    }
}

impl SavedDay {
    fn of(day: &Day) -> Self {
        let kinds = Kind::ALL
            .iter()
            .map(|kind| (kind, day.kinds[*kind as usize]));
        Self {
            visits_started: day.visits_started,
            visits_finished: day.visits_finished,
            unverified: day.unverified,
            account: day.account,
            by_kind: kinds
                .filter(|(_, account)| account.planned != 0)
                .map(|(kind, account)| (kind.as_str().to_owned(), account))
                .collect(),
        }
    }
}

impl Ledger {
    /// What a checkpoint keeps.
    #[must_use]
    pub fn save(&self) -> Saved {
        self.lock().save()
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
            day.visits_started = saved.visits_started;
            day.visits_finished = saved.visits_finished;
            day.unverified = saved.unverified;
            for kind in Kind::ALL {
                if let Some(account) = saved.by_kind.get(kind.as_str()) {
                    day.kinds[kind as usize] = *account;
                }
            }
        }
    }

    /// Settles everything that remains as unknown; returns how many hits that were.
    pub fn settle_remaining_as_unknown(&self) -> u64 {
        self.settle_remaining(HitOutcome::Unknown, &LOST)
    }

    /// Settles everything that remains in one way; returns how many hits that were.
    pub fn settle_remaining(&self, outcome: HitOutcome, cause: &Cause) -> u64 {
        let mut figures = self.lock();
        let left = figures.account.remaining;
        figures.account.settle(outcome, left);
        for day in figures.days.values_mut() {
            let remaining = day.account.remaining;
            day.account.settle(outcome, remaining);
            for kind in &mut day.kinds {
                kind.settle(outcome, kind.remaining);
            }
        }
        if left != 0 {
            figures.reasons.add(outcome, cause, left, || None);
        }
        figures.visits_cut = figures.visits_started - figures.visits_finished;
        left
    }
}
