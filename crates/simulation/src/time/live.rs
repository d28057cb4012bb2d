//! The visits of a live run.
//!
//! Invariant: a cap counts in windows of 24 hours from the origin, as its setting says; what it cuts off is never
//! numbered.

use std::sync::Arc;

use config::LoadPlan;

use super::Days;
use super::walk::Walk;
use crate::arrivals::Arrival;

const WINDOW_MS: i64 = 86_400_000;

/// The visits of a live run, ascending.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    walk: Walk,
    origin_ms: i64,
    /// Visits of the whole plan; `None` is open-ended.
    end: Option<u64>,
    /// Most visits in a window.
    cap: Option<u64>,
    next_ordinal: u64,
    /// The window of 24 hours, its visits, and whether the one before was full and no visit began since.
    window: i64,
    in_window: u64,
    after_cap: Option<i64>,
}

impl Live {
    pub(crate) fn new(days: &Arc<Days>, load: &LoadPlan, origin_ms: i64) -> Self {
        let mut walk = Walk::new(Arc::clone(days), days.rates.day_of(origin_ms));
        walk.pass_until(origin_ms);
        Self {
            walk,
            origin_ms,
            end: load.stop.after_visits,
            cap: load.stop.visits_per_window,
            next_ordinal: 0,
            window: 0,
            in_window: 0,
            after_cap: None,
        }
    }

    /// Nothing ends these visits but the run.
    pub(crate) fn endless(&mut self) {
        self.end = None;
    }

    /// Ordinal of the visit that comes next.
    pub(crate) fn next_ordinal(&self) -> u64 {
        self.next_ordinal
    }

    /// Jumps to the first visit at or after `at_ms`. Never goes back.
    pub(crate) fn skip_to(&mut self, at_ms: i64) {
        if self.cap.is_none() {
            let passed = self.next_ordinal + self.walk.pass_until(at_ms);
            self.next_ordinal = self.end.map_or(passed, |end| end.min(passed));
            return;
        }
        loop {
            match self.next() {
                Some(arrival) if arrival.at_ms < at_ms => {}
                Some(arrival) => {
                    // Back to where it was taken from.
                    self.walk.put_back(arrival.at_ms);
                    self.next_ordinal = arrival.ordinal;
                    self.in_window -= 1;
                    self.after_cap = arrival.after_cap;
                    return;
                }
                None => return,
            }
        }
    }
}

impl Iterator for Live {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        if self.cap == Some(0) || self.end.is_some_and(|end| end <= self.next_ordinal) {
            return None;
        }
        loop {
            let (at_ms, slot) = self.walk.next();
            let window = (at_ms - self.origin_ms).div_euclid(WINDOW_MS);
            let full = |visits| self.cap.is_some_and(|cap| cap <= visits);
            if self.window < window {
                if full(self.in_window) {
                    self.after_cap = Some(self.origin_ms + (self.window + 1) * WINDOW_MS);
                }
                (self.window, self.in_window) = (window, 0);
            }
            if full(self.in_window) {
                continue;
            }
            self.in_window += 1;
            let ordinal = self.next_ordinal;
            self.next_ordinal += 1;
            return Some(Arrival {
                ordinal,
                at_ms,
                after_cap: self.after_cap.take(),
                ends_ms: None,
                slot: Some(slot),
            });
        }
    }
}
