//! The account of each day, as the report tells it.
//!
//! It only reads, and takes out what nobody asks for any more. Invariant: a day that was taken out had nothing left.

use chrono::NaiveDate;
use run_report::DayAccount;
use tracking::Kind;

use super::{Day, Ledger};

impl Ledger {
    /// Takes out the accounts of days before `before` that nothing remains of, so that an endless run does not grow.
    #[must_use]
    pub fn take_days(&self, before: NaiveDate) -> Vec<DayAccount> {
        let mut figures = self.lock();
        let closed: Vec<NaiveDate> = figures
            .days
            .range(..before)
            .filter(|(_, day)| day.account.remaining == 0)
            .map(|(date, _)| *date)
            .collect();
        closed
            .into_iter()
            .filter_map(|date| figures.days.remove(&date).map(|day| (date, day)))
            .map(|(date, day)| self.day_account(date, &day))
            .collect()
    }

    /// The accounts of all days that are here, ascending.
    #[must_use]
    pub fn days(&self) -> Vec<DayAccount> {
        let figures = self.lock();
        let days = figures.days.iter();
        days.map(|(date, day)| self.day_account(*date, day))
            .collect()
    }

    fn day_account(&self, date: NaiveDate, day: &Day) -> DayAccount {
        DayAccount {
            day: date,
            target: self.target.clone(),
            closed: true,
            visits_planned: None,
            visits_started: day.visits_started,
            visits_finished: day.visits_finished,
            unverified: day.unverified,
            account: day.account,
            by_kind: Kind::ALL
                .iter()
                .filter(|kind| day.kinds[**kind as usize].planned != 0)
                .map(|kind| (kind.as_str().to_owned(), day.kinds[*kind as usize]))
                .collect(),
        }
    }
}
