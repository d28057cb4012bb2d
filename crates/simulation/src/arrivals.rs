//! When visits begin: what all models of arrivals have in common.
//!
//! For: the moments and ordinals of all visits of a run, for all its loaders alike. Not for: what a visit does, or
//! how moments are drawn, which each model does in its own way. Invariant: ordinals are global and in plan order.

use crate::flat::{Flow, PastArrivals};
use crate::people::Slot;
use crate::time::{Live, Past};

/// How fast visits begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// As the plan says: its visits per day outside of its quiet hours, its cap for each 24-hour window
    /// from the origin, its last visit. Behind past days these visits are numbered on, and none is the last.
    Plan,
    /// The plan's past days, each with its number of visits. Without a backfill in the plan nothing arrives.
    Backfill,
    /// A trial: so many visits at so many a second, without caps and quiet hours, and then the end.
    Trial {
        /// Number of visits.
        visits: u64,
        /// Mean visits per second, above 0; nothing arrives otherwise.
        per_second: f64,
    },
}

/// The beginning of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Number of the visit in the run, from 0, in plan order.
    pub ordinal: u64,
    /// When it begins, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// Set on the first visit after a full 24-hour window made the traffic pause: the start of the
    /// window in which the traffic goes on, in milliseconds since the Unix epoch.
    pub after_cap: Option<i64>,
    /// Set in a backfill: hits at or after this moment, in milliseconds since the Unix epoch, are not planned.
    pub ends_ms: Option<i64>,
    /// Where the visit stands among those that begin in the same three hours, which decides who makes it; `None`: a
    /// person of the visit's own.
    pub(crate) slot: Option<Slot>,
}

/// The beginnings of a run's visits, ascending. Ends with the plan, which may be never.
#[derive(Debug, Clone)]
pub struct Arrivals {
    source: Source,
    /// Ordinals that belong to the plan's past days.
    before: u64,
}

#[derive(Debug, Clone)]
enum Source {
    Nothing,
    Flow(Box<Flow>),
    Past(Box<PastArrivals>),
    Live(Box<Live>),
    Days(Box<Past>),
}

impl Arrivals {
    /// No visits.
    pub(crate) fn nothing() -> Self {
        Self {
            source: Source::Nothing,
            before: 0,
        }
    }

    pub(crate) fn flow(flow: Option<Flow>) -> Self {
        Self {
            source: flow.map_or(Source::Nothing, |flow| Source::Flow(Box::new(flow))),
            before: 0,
        }
    }

    /// The same behind past days with so many visits; what ends a plan by visits ended those.
    pub(crate) fn behind(mut self, past_visits: u64) -> Self {
        self.before = past_visits;
        match &mut self.source {
            Source::Flow(flow) => flow.endless(),
            Source::Live(live) => live.endless(),
            Source::Nothing | Source::Past(_) | Source::Days(_) => {}
        }
        self
    }

    pub(crate) fn past(arrivals: PastArrivals) -> Self {
        Self {
            source: Source::Past(Box::new(arrivals)),
            before: 0,
        }
    }

    pub(crate) fn live(arrivals: Live) -> Self {
        Self {
            source: Source::Live(Box::new(arrivals)),
            before: 0,
        }
    }

    pub(crate) fn of_days(arrivals: Past) -> Self {
        Self {
            source: Source::Days(Box::new(arrivals)),
            before: 0,
        }
    }

    /// Jumps to the first arrival at or after `at_ms`. What lies between is counted, not made, so the
    /// ordinals stay those of the plan. Never goes back.
    pub fn skip_to(&mut self, at_ms: i64) {
        match &mut self.source {
            Source::Nothing => {}
            Source::Flow(flow) => flow.skip_to(at_ms),
            Source::Past(past) => past.skip_to(at_ms),
            Source::Live(live) => live.skip_to(at_ms),
            Source::Days(past) => past.skip_to(at_ms),
        }
    }

    /// Jumps to the visit of this ordinal. In a backfill at once, forward and back; else forward, past all between.
    pub fn seek(&mut self, ordinal: u64) {
        match &mut self.source {
            Source::Nothing => {}
            Source::Flow(flow) => {
                let ordinal = ordinal.saturating_sub(self.before);
                while flow.next_ordinal() < ordinal && flow.next().is_some() {}
            }
            Source::Live(live) => {
                let ordinal = ordinal.saturating_sub(self.before);
                while live.next_ordinal() < ordinal && live.next().is_some() {}
            }
            Source::Past(past) => past.seek(ordinal),
            Source::Days(past) => past.seek(ordinal),
        }
    }
}

impl Iterator for Arrivals {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let arrival = match &mut self.source {
            Source::Nothing => None,
            Source::Flow(flow) => flow.next(),
            Source::Past(past) => past.next(),
            Source::Live(live) => live.next(),
            Source::Days(past) => past.next(),
        };
        arrival.map(|arrival| Arrival {
            ordinal: arrival.ordinal + self.before,
            ..arrival
        })
    }
}
