//! The account of hits: each planned hit is in exactly one state, and the sum says so.

use serde::{Deserialize, Serialize};

/// How many hits are in which state. All figures are numbers of hits since the run began.
///
/// `planned` counts the hits of visits made so far, so it grows while an open-ended run goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Hits of all visits made so far.
    pub planned: u64,
    /// Matomo answered that it took the hit. Whether a report shows it is another question.
    pub accepted: u64,
    /// Matomo, or something in front of it, said no.
    pub rejected: u64,
    /// Given up after it surely was not recorded.
    pub failed: u64,
    /// Sent, but no answer proves whether it was recorded.
    pub unknown: u64,
    /// Never sent: too late, or cut off by a stop.
    pub skipped: u64,
    /// Planned and not settled yet.
    pub remaining: u64,
}

/// The state in which a hit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// See [`Account::accepted`].
    Accepted,
    /// See [`Account::rejected`].
    Rejected,
    /// See [`Account::failed`].
    Failed,
    /// See [`Account::unknown`].
    Unknown,
    /// See [`Account::skipped`].
    Skipped,
}

impl Account {
    /// Counts `hits` newly planned hits; they remain until they are settled.
    pub fn plan(&mut self, hits: u64) {
        self.planned += hits;
        self.remaining += hits;
    }

    /// Moves `hits` from remaining to their final state.
    ///
    /// More than remain are cut to what remains, so the account adds up whatever a caller does.
    pub fn settle(&mut self, outcome: Outcome, hits: u64) {
        let hits = hits.min(self.remaining);
        self.remaining -= hits;
        *self.of_mut(outcome) += hits;
    }

    /// The number of hits that ended in `outcome`.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Accepted => self.accepted,
            Outcome::Rejected => self.rejected,
            Outcome::Failed => self.failed,
            Outcome::Unknown => self.unknown,
            Outcome::Skipped => self.skipped,
        }
    }

    /// Whether planned = accepted + rejected + failed + unknown + skipped + remaining.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let parts = [
            self.accepted,
            self.rejected,
            self.failed,
            self.unknown,
            self.skipped,
            self.remaining,
        ];
        parts
            .iter()
            .try_fold(0u64, |sum, part| sum.checked_add(*part))
            == Some(self.planned)
    }

    /// The sum of two accounts, for instance of two shards of a run.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            planned: self.planned + other.planned,
            accepted: self.accepted + other.accepted,
            rejected: self.rejected + other.rejected,
            failed: self.failed + other.failed,
            unknown: self.unknown + other.unknown,
            skipped: self.skipped + other.skipped,
            remaining: self.remaining + other.remaining,
        }
    }

    /// Hits that got a final answer other than accepted, skipped ones left out: what guards look at.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.rejected + self.failed + self.unknown
    }

    fn of_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Failed => &mut self.failed,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Skipped => &mut self.skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_adds_up_after_every_step() {
        let mut account = Account::default();
        account.plan(10);
        for (outcome, hits) in [
            (Outcome::Accepted, 4),
            (Outcome::Rejected, 1),
            (Outcome::Failed, 1),
            (Outcome::Unknown, 2),
            (Outcome::Skipped, 1),
        ] {
            account.settle(outcome, hits);
            assert!(account.adds_up(), "{account:?}");
            assert_eq!(account.of(outcome), hits);
        }
        assert_eq!(account.remaining, 1);
        assert_eq!(account.errors(), 4);
    }

    #[test]
    fn settling_more_than_remains_settles_what_remains() {
        let mut account = Account::default();
        account.plan(2);
        account.settle(Outcome::Accepted, 5);
        assert_eq!((account.accepted, account.remaining), (2, 0));
        assert!(account.adds_up());
    }

    #[test]
    fn an_account_that_lost_a_hit_does_not_add_up() {
        let account = Account {
            planned: 3,
            accepted: 2,
            ..Account::default()
        };
        assert!(!account.adds_up());
    }

    #[test]
    fn a_sum_that_overflows_does_not_add_up() {
        let account = Account {
            accepted: u64::MAX,
            rejected: 1,
            ..Account::default()
        };
        assert!(!account.adds_up());
    }

    #[test]
    fn the_sum_of_two_accounts_adds_up() {
        let mut one = Account::default();
        one.plan(3);
        one.settle(Outcome::Accepted, 2);
        let mut two = Account::default();
        two.plan(5);
        two.settle(Outcome::Unknown, 4);
        let sum = one.plus(&two);
        assert!(sum.adds_up());
        assert_eq!((sum.planned, sum.remaining), (8, 2));
    }
}
