//! Open visits merged into one stream of timed hits.
//!
//! A visit is made when its first hit is due and not before, so memory grows with the number of open visits only.
//! It reads no clock and sends nothing.
//!
//! Invariant: hits come out ordered by their moment; those of one visit in the order of the visit; each visit of this
//! loader's share exactly once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::iter::Peekable;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chrono::NaiveDate;
use run_report::Shard;
use simulation::{Arrival, Arrivals, Pace, Simulation, TimedHit, Visit};
use tracking::Hit;

use crate::days::Days;

/// What the hits of one visit share.
#[derive(Debug)]
pub struct VisitTag {
    /// The visit's place in the plan.
    pub ordinal: u64,
    /// Tells visitors apart. Equal keys are never sent at the same time.
    pub visitor: u64,
    /// The day on which the visit began, in the run's time zone.
    pub day: NaiveDate,
    left: AtomicU32,
    cut: AtomicBool,
}

impl VisitTag {
    /// A tag for a visit of which so many hits are not settled yet.
    #[must_use]
    pub fn of(visit: &Visit, unsettled: usize, days: &Days) -> Self {
        let day = visit.hits.first().map(|first| days.of(first));
        Self::new(
            visit.ordinal,
            visitor_key(&visit.visitor.id),
            day.unwrap_or_default(),
            u32::try_from(unsettled).unwrap_or(u32::MAX),
        )
    }

    /// A tag for a visit of `hits` hits.
    #[must_use]
    pub fn new(ordinal: u64, visitor: u64, day: NaiveDate, hits: u32) -> Self {
        Self {
            ordinal,
            visitor,
            day,
            left: AtomicU32::new(hits),
            cut: AtomicBool::new(false),
        }
    }

    /// Notes that one hit is settled, and whether a stop cut it off. For the visit's last one it says how the visit
    /// ended.
    #[must_use]
    pub fn settle_one(&self, cut: bool) -> Option<VisitEnd> {
        if cut {
            self.cut.store(true, Ordering::Relaxed);
        }
        if self.left.fetch_sub(1, Ordering::Relaxed) != 1 {
            return None;
        }
        Some(match self.cut.load(Ordering::Relaxed) {
            true => VisitEnd::Cut,
            false => VisitEnd::Finished,
        })
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitEnd {
    /// Every hit was tried.
    Finished,
    /// A stop cut it off.
    Cut,
}

/// A hit with its moment, on its way to the target.
#[derive(Debug, Clone)]
pub struct Due {
    /// The visit that it belongs to.
    pub visit: Arc<VisitTag>,
    /// Its place in the visit, from 0.
    pub nth: u16,
    /// What is sent.
    pub hit: Hit,
    /// When it is to be sent, on the plan's time line.
    pub send_at_ms: i64,
    /// The time that Matomo shall book, when the plan names one.
    pub cdt_s: Option<i64>,
    /// The day to which it counts, in the run's time zone.
    pub day: NaiveDate,
}

struct Open {
    tag: Arc<VisitTag>,
    /// What is left of the visit's hits, with their places in it.
    hits: std::vec::IntoIter<(u16, TimedHit)>,
}

impl Open {
    fn next_at_ms(&self) -> Option<i64> {
        let next = self.hits.as_slice().first();
        next.map(|(_, next)| next.send_at_ms)
    }
}

/// What a visit is merged by: the moment of its next hit, and its ordinal.
type Turn = Reverse<(i64, u64)>;

struct Entry(Turn, Open);

impl Entry {
    fn at_ms(&self) -> i64 {
        self.0.0.0
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

/// What the timeline tells while visits are made.
pub trait Made {
    /// A visit was made; none of its hits was handed out yet.
    fn made(&mut self, visit: &Visit, day_of: &dyn Fn(&TimedHit) -> NaiveDate);
}

/// See the module's description.
pub struct Timeline {
    simulation: Simulation,
    arrivals: Peekable<Arrivals>,
    shard: Shard,
    days: Days,
    open: BinaryHeap<Entry>,
    cursor: u64,
    ended: bool,
}

impl Timeline {
    /// The visits of `shard` out of all that `pace` asks for.
    #[must_use]
    pub fn new(simulation: &Simulation, pace: Pace, shard: Shard, days: Days) -> Self {
        Self {
            simulation: simulation.clone(),
            arrivals: simulation.arrivals(pace).peekable(),
            shard,
            days,
            open: BinaryHeap::new(),
            cursor: 0,
            ended: false,
        }
    }

    /// Goes on behind an earlier attempt: with the first visit that is not before `at_ms` and whose ordinal is not
    /// below `ordinal`.
    pub fn resume(&mut self, pace: Pace, at_ms: i64, ordinal: u64) {
        let mut arrivals = self.simulation.arrivals(pace);
        arrivals.skip_to(at_ms);
        self.arrivals = arrivals.peekable();
        while self
            .arrivals
            .next_if(|arrival| arrival.ordinal < ordinal)
            .is_some()
        {}
        self.cursor = ordinal;
    }

    /// Goes on with the visit of this ordinal, wherever that lies in the past days of a backfill.
    pub fn seek(&mut self, pace: Pace, ordinal: u64) {
        let mut arrivals = self.simulation.arrivals(pace);
        arrivals.seek(ordinal);
        self.arrivals = arrivals.peekable();
        self.cursor = ordinal;
    }

    /// All visits below this ordinal were made, or belong to another loader.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// The next visit of this loader's share.
    pub fn next_arrival(&mut self) -> Option<&Arrival> {
        if self.ended {
            return None;
        }
        while self
            .arrivals
            .next_if(|arrival| !is_mine(&self.simulation, self.shard, arrival))
            .is_some()
        {}
        self.arrivals.peek()
    }

    /// When there is something to do next; `None` when the plan has ended and no visit is open.
    pub fn next_at_ms(&mut self) -> Option<i64> {
        let open = self.open.peek().map(Entry::at_ms);
        let arrival = self.next_arrival().map(|arrival| arrival.at_ms);
        match (open, arrival) {
            (Some(open), Some(arrival)) => Some(open.min(arrival)),
            (open, arrival) => open.or(arrival),
        }
    }

    /// Appends what is due at `now_ms` to `due`, `limit` hits at most, and tells `made` of each new visit.
    pub fn take_due(
        &mut self,
        now_ms: i64,
        limit: usize,
        due: &mut Vec<Due>,
        made: &mut impl Made,
    ) {
        while due.len() < limit {
            let open_at = self.open.peek().map_or(i64::MAX, Entry::at_ms);
            let arrival_at = self.next_arrival().map_or(i64::MAX, |a| a.at_ms);
            if now_ms < open_at.min(arrival_at) {
                return;
            }
            if arrival_at <= open_at {
                self.make_visit(made);
            } else if let Some(mut entry) = self.open.peek_mut() {
                due.extend(next_hit(&self.days, &mut entry.1));
                // Changed in place: its way down is shorter than a way out and in again.
                match entry.1.next_at_ms() {
                    Some(at_ms) => entry.0.0.0 = at_ms,
                    None => drop(PeekMut::pop(entry)),
                }
            }
        }
    }

    /// Ends the plan: no visit arrives any more, and the hits of visits that cannot end by `until_ms` are returned
    /// as cut off.
    pub fn end(&mut self, until_ms: i64) -> Vec<Due> {
        self.ended = true;
        let mut cut = Vec::new();
        for mut entry in std::mem::take(&mut self.open) {
            let last = entry.1.hits.as_slice().last();
            if last.is_some_and(|(_, last)| last.send_at_ms <= until_ms) {
                self.open.push(entry);
            } else {
                while let Some(due) = next_hit(&self.days, &mut entry.1) {
                    cut.push(due);
                }
            }
        }
        cut
    }

    fn make_visit(&mut self, made: &mut impl Made) {
        let Some(arrival) = self.arrivals.next() else {
            return;
        };
        let visit = self.simulation.visit(&arrival);
        self.cursor = arrival.ordinal + 1;
        made.made(&visit, &|hit| self.days.of(hit));
        let tag = VisitTag::of(&visit, visit.hits.len(), &self.days);
        self.open(Arc::new(tag), (0..).zip(visit.hits).collect());
    }

    /// Takes up a visit with the hits that are left of it, in their order.
    pub fn open(&mut self, tag: Arc<VisitTag>, hits: Vec<(u16, TimedHit)>) {
        let ordinal = tag.ordinal;
        let hits = hits.into_iter();
        let open = Open { tag, hits };
        if let Some(at_ms) = open.next_at_ms() {
            self.open.push(Entry(Reverse((at_ms, ordinal)), open));
        }
    }
}

/// Whether a visit belongs to the share of one loader.
#[must_use]
pub fn is_mine(simulation: &Simulation, shard: Shard, arrival: &Arrival) -> bool {
    shard.of == 1 || simulation.shard(arrival, shard.of) + 1 == shard.index
}

fn next_hit(days: &Days, open: &mut Open) -> Option<Due> {
    let (nth, timed) = open.hits.next()?;
    Some(due_of(days, &open.tag, nth, timed))
}

/// A hit on its way.
#[must_use]
pub fn due_of(days: &Days, tag: &Arc<VisitTag>, nth: u16, timed: TimedHit) -> Due {
    Due {
        nth,
        visit: Arc::clone(tag),
        day: days.of(&timed),
        hit: timed.hit,
        send_at_ms: timed.send_at_ms,
        cdt_s: timed.cdt_s,
    }
}

/// A number for a visitor id; ids are 16 hexadecimal digits, so different ids have different numbers.
fn visitor_key(id: &str) -> u64 {
    u64::from_str_radix(id, 16).unwrap_or_else(|_| {
        id.bytes().fold(0, |key: u64, byte| {
            key.wrapping_mul(31).wrapping_add(byte.into())
        })
    })
}

#[cfg(test)]
mod tests;
