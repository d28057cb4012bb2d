//! The accounts of days in the report: of a live run once they are over, of a backfill also while they are under way.
//!
//! Invariant: a day is told as closed once in an attempt, when nothing of it is left.

use chrono::NaiveDate;
use run_report::{Event, Outcome};

use super::heartbeat::Heartbeat;
use crate::clock::wall_ms;
use crate::delivery::Transport;

/// Heartbeats between two accounts of a day under way.
const OPEN_DAY_EVERY: u32 = 5;

/// Which days of a backfill were told.
pub(super) struct DaysTold {
    /// All before this one, for the last time.
    closed_before: NaiveDate,
    /// Heartbeats until those under way are told again.
    wait: u32,
}

impl Default for DaysTold {
    fn default() -> Self {
        Self {
            closed_before: NaiveDate::MIN,
            wait: 0,
        }
    }
}

impl<T: Transport> Heartbeat<T> {
    pub(super) fn tell_days(&mut self) {
        if self.past().is_some() {
            self.days_told.wait = self.days_told.wait.saturating_sub(1);
            if self.days_told.wait == 0 {
                self.days_told.wait = OPEN_DAY_EVERY;
                self.tell_past_days(None);
            }
            return;
        }
        // Yesterday may still get hits that are booked back; days before it are closed once nothing remains of them.
        let today = self.days.at(wall_ms());
        if let Some(yesterday) = today.pred_opt() {
            for day in self.ledger.take_days(yesterday) {
                self.attempt.reporter.say(Event::Account(Box::new(day)));
            }
        }
    }

    /// Tells the days of a backfill that may have changed; at an end with everything done all of them are closed.
    fn tell_past_days(&mut self, end: Option<Outcome>) {
        let Some(backfill) = self.past() else {
            return;
        };
        let first_open = match end {
            Some(Outcome::Done) => NaiveDate::MAX,
            _ => backfill.first_open_day(),
        };
        let told_before = self.days_told.closed_before;
        for day in self
            .ledger
            .days()
            .into_iter()
            .filter(|day| told_before <= day.day)
        {
            let day = backfill.completed(day, first_open);
            self.attempt.reporter.say(Event::Account(Box::new(day)));
        }
        self.days_told.closed_before = first_open;
    }

    /// Tells all days that were not told as closed.
    pub(super) fn tell_last_days(&mut self, outcome: Outcome) {
        if self.past().is_some() {
            return self.tell_past_days(Some(outcome));
        }
        for day in self.ledger.take_days(NaiveDate::MAX) {
            self.attempt.reporter.say(Event::Account(Box::new(day)));
        }
    }
}
