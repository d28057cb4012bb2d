//! The hit budget: how many hits may leave, and how many have.
//!
//! It counts hits on their way to the target, whatever becomes of them: a hit that is sent again counts again, one for
//! which no connection came about does not. It sends nothing and ends nothing.
//!
//! Invariant: the hits taken are never more than the budget.

use std::sync::atomic::{AtomicU64, Ordering};

use run_report::Shard;
use tokio_util::sync::CancellationToken;

use crate::ledger::Cause;

pub(super) const USED_UP: Cause = Cause::fixed(
    "stop.budget",
    "not sent: the hit budget of the run is used up",
);

/// See the module's description.
#[derive(Debug, Default)]
pub struct Budget {
    limit: Option<u64>,
    sent: AtomicU64,
    /// The last hit of the budget was sent and settled.
    pub spent: CancellationToken,
}

impl Budget {
    /// A budget of `limit` hits in all, of which earlier attempts may have sent `sent`. `None` is without a limit.
    #[must_use]
    pub fn new(limit: Option<u64>, sent: u64) -> Self {
        let budget = Self {
            limit,
            sent: AtomicU64::new(sent),
            spent: CancellationToken::new(),
        };
        budget.settle();
        budget
    }

    /// The part of a run's budget that one of its loaders has; the parts of all add up to the whole.
    #[must_use]
    pub fn share(whole: u64, shard: Shard) -> u64 {
        let (index, of) = (u64::from(shard.index), u64::from(shard.of).max(1));
        whole / of + u64::from(index <= whole % of)
    }

    /// Takes `hits` out of the budget.
    ///
    /// # Errors
    /// How many are left, when they are fewer; none of them is taken then.
    pub(super) fn take(&self, hits: usize) -> Result<(), usize> {
        let hits = hits as u64;
        let limit = self.limit.unwrap_or(u64::MAX);
        self.sent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sent| {
                sent.checked_add(hits).filter(|sent| *sent <= limit)
            })
            .map(|_| ())
            .map_err(|sent| usize::try_from(limit.saturating_sub(sent)).unwrap_or(usize::MAX))
    }

    /// Gives back hits that were taken and surely did not leave.
    pub(super) fn give_back(&self, hits: usize) {
        self.sent.fetch_sub(hits as u64, Ordering::Relaxed);
    }

    /// Looks whether the last hit is gone, once its answer is there.
    pub(super) fn settle(&self) {
        if self.limit.is_some_and(|limit| limit <= self.sent()) {
            self.spent.cancel();
        }
    }

    /// The budget, if there is one.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Hits sent so far, those of earlier attempts included.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hit_more_than_the_budget_is_ever_taken() {
        let budget = Budget::new(Some(10), 3);
        assert_eq!(budget.take(5), Ok(()));
        assert_eq!(budget.take(3), Err(2));
        budget.give_back(1);
        assert_eq!(budget.take(3), Ok(()));
        assert_eq!((budget.sent(), budget.take(1)), (10, Err(0)));
        assert!(!budget.spent.is_cancelled());
        budget.settle();
        assert!(budget.spent.is_cancelled());
        assert!(Budget::new(Some(10), 12).spent.is_cancelled());
        assert_eq!(Budget::default().take(usize::MAX), Ok(()));
    }

    #[test]
    fn the_shares_of_all_loaders_add_up_to_the_budget() {
        for (whole, of) in [(10, 1), (10, 3), (2, 3), (0, 2), (1_000_003, 7)] {
            let share = |index| Budget::share(whole, Shard { index, of });
            assert_eq!((1..=of).map(share).sum::<u64>(), whole);
        }
    }
}
