//! A walk over visits in the order of time, day after day.
//!
//! Invariant: what is passed over is counted and not made, so a jump finds what walking finds.

use std::sync::Arc;

use super::rates::Quarter;
use super::{Day, DayNumber, Days, WINDOWS};
use crate::people::Slot;

/// See the module's description. Never ends.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    days: Arc<Days>,
    number: DayNumber,
    day: Arc<Day>,
    /// The cell that `quarters` belong to.
    window: usize,
    /// What is left of the cell, latest first.
    quarters: Vec<(Quarter, u64)>,
    /// What is left of the newest quarter, latest first.
    moments: Vec<i64>,
    /// Place in the cell of the visit that comes next.
    index: u64,
}

impl Walk {
    /// From the beginning of a day on.
    pub(crate) fn new(days: Arc<Days>, number: DayNumber) -> Self {
        let day = days.day(number);
        let mut walk = Self {
            days,
            number,
            day,
            window: 0,
            quarters: Vec::new(),
            moments: Vec::new(),
            index: 0,
        };
        walk.open_cell(0);
        walk
    }

    /// The next visit's moment and its place.
    pub(crate) fn next(&mut self) -> (i64, Slot) {
        loop {
            if let Some(at_ms) = self.moments.pop() {
                let slot = Slot {
                    day: self.number,
                    window: self.window,
                    index: self.index,
                };
                self.index += 1;
                return (at_ms, slot);
            }
            match self.quarters.pop() {
                Some((quarter, count)) => self.open_quarter(&quarter, count),
                None => self.next_cell(),
            }
        }
    }

    /// Takes back what came last, which is not yet followed by another.
    pub(crate) fn put_back(&mut self, at_ms: i64) {
        self.moments.push(at_ms);
        self.index -= 1;
    }

    /// Passes over the visits that begin before `at_ms`, and says how many they are.
    pub(crate) fn pass_until(&mut self, at_ms: i64) -> u64 {
        let mut passed = 0;
        loop {
            while self.moments.last().is_some_and(|moment| *moment < at_ms) {
                self.moments.pop();
                self.index += 1;
                passed += 1;
            }
            if !self.moments.is_empty() {
                return passed;
            }
            match self.quarters.last().copied() {
                Some((quarter, _)) if at_ms <= quarter.start_ms => return passed,
                Some((quarter, count)) => {
                    self.quarters.pop();
                    if quarter.end_ms <= at_ms {
                        self.index += count;
                        passed += count;
                    } else {
                        self.open_quarter(&quarter, count);
                    }
                }
                None if at_ms <= self.cell_end_ms() => return passed,
                None => self.next_cell(),
            }
        }
    }

    /// Passes over so many visits.
    pub(crate) fn pass(&mut self, visits: u64) {
        let mut left = visits;
        while 0 < left {
            if self.moments.pop().is_some() {
                self.index += 1;
                left -= 1;
            } else if let Some((quarter, count)) = self.quarters.pop() {
                if count <= left {
                    self.index += count;
                    left -= count;
                } else {
                    self.open_quarter(&quarter, count);
                }
            } else {
                self.next_cell();
            }
        }
    }

    fn cell_end_ms(&self) -> i64 {
        let mut quarters = self.day.rates.quarters.iter();
        let behind = quarters.find(|quarter| self.window < quarter.window);
        behind.map_or(self.day.end_ms, |quarter| quarter.start_ms)
    }

    fn open_quarter(&mut self, quarter: &Quarter, count: u64) {
        self.moments = self.days.moments(quarter, count);
        self.moments.reverse();
    }

    fn next_cell(&mut self) {
        if self.window + 1 < WINDOWS {
            self.open_cell(self.window + 1);
        } else {
            self.number += 1;
            self.day = self.days.day(self.number);
            self.open_cell(0);
        }
    }

    fn open_cell(&mut self, window: usize) {
        self.window = window;
        self.index = 0;
        self.quarters = self.days.quarters(self.number, &self.day, window);
        self.quarters.reverse();
    }
}
