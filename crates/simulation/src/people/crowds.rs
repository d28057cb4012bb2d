//! Crowds: which visit of a cell is whose.
//!
//! A keyed order gives each visit of a cell a role: the first roles are new people, the others somebody who returns.
//! Someone who returns after days comes from the new people of the same window so many days before, and someone who
//! comes a second time on a day from those who came two windows before. Invariants: nobody comes twice in a cell; two
//! visits of a person have a whole window of time between them; whoever returns was there before.

use std::sync::Arc;

use super::permutation::{self, unit};
use super::{PersonKey, Slot, Tier};
use crate::time::{Cell, Day, DayNumber, Days, WINDOWS};

/// Most days between a person's first visit and the last.
const DAYS_MAX: usize = 180;

/// Share of the returning visits that follow on the day of the visit before.
const SAME_DAY: f64 = 0.15;

/// The new people of a cell by loyalty, most loyal first: who is within this share of them, and which share of the
/// returning visits they make up to there.
const BANDS: [(f64, f64, Tier); 4] = [
    (0.02, 0.30, Tier::Core),
    (0.10, 0.60, Tier::Core),
    (0.35, 0.88, Tier::Regular),
    (1.00, 1.00, Tier::Rest),
];

/// What keys of a cell are for.
const ROLES: u64 = 1;
const RETURNING: u64 = 2;
const LAGS: u64 = 3;
const AGAIN: u64 = 4;
const LOYALTY: u64 = 5;
/// And so many more for each lag and band.
const DRAWS: u64 = 1_000;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Crowds {
    days: Arc<Days>,
    /// Share of visits that are somebody's who was there before.
    returning: f64,
    /// The population's first day.
    since: DayNumber,
    /// For each number of days the share of returning visits after fewer days, and 1 at the end.
    lags: [f64; DAYS_MAX + 2],
}

/// Who makes a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Who {
    pub(crate) key: PersonKey,
    /// Day and window of the person's first visit; `None` outside of all cells.
    pub(crate) home: Option<(DayNumber, usize)>,
    pub(crate) tier: Tier,
    /// Days since the visit before; `None` at the first.
    pub(crate) days_since_last: Option<u16>,
    /// The share of this cell's visits that new people make.
    pub(crate) new_share: f64,
}

impl Who {
    /// A new person, outside of all cells.
    pub(crate) fn apart(ordinal: u64) -> Self {
        Self {
            key: PersonKey::apart(ordinal),
            home: None,
            tier: Tier::Rest,
            days_since_last: None,
            new_share: 1.0,
        }
    }
}

/// The visits of a cell by role.
#[derive(Debug, Clone, Copy)]
struct Crowd {
    visits: u64,
    new: u64,
    key: u64,
}

/// The new people of a cell who belong to a band, by number.
#[derive(Debug, Clone, Copy)]
struct Band {
    start: u64,
    size: u64,
    /// How many of them return on the day that is asked for.
    drawn: u64,
    key: u64,
}

impl Crowd {
    fn returns(&self) -> u64 {
        self.visits - self.new
    }

    fn key(&self, use_of: u64) -> u64 {
        permutation::key(self.key, use_of)
    }

    /// Ends of the bands among the new people.
    fn ends(&self) -> [u64; BANDS.len()] {
        let chance = unit(self.key(LOYALTY));
        BANDS.map(|(share, _, _)| ((share * self.new as f64 + chance) as u64).min(self.new))
    }
}

impl Crowds {
    pub(crate) fn new(days: Arc<Days>, returning: f64, since: Option<DayNumber>) -> Self {
        let first = days.first();
        Self {
            days,
            returning,
            since: since.map_or(first, |since| since.min(first)),
            lags: lags(),
        }
    }

    /// Who makes this visit.
    pub(crate) fn who(&self, slot: Slot) -> Who {
        let mut slot = slot;
        let mut again = false;
        let mut new_share = None;
        loop {
            let day = self.days.day(slot.day);
            let crowd = self.crowd(&day.cells[slot.window]);
            let new_share = *new_share.get_or_insert(crowd.new as f64 / crowd.visits.max(1) as f64);
            let role = permutation::number(slot.index, crowd.visits, crowd.key(ROLES));
            let newcomer = |tier| Who {
                key: self.key(slot.day, slot.window, role),
                home: Some((slot.day, slot.window)),
                tier,
                days_since_last: again.then_some(0),
                new_share,
            };
            let Some(nth) = role.checked_sub(crowd.new) else {
                return newcomer(tier_of(&crowd, role));
            };
            let lag = self.lag_of(&crowd, nth);
            let (first, drawn) = self.draws(&crowd, lag);
            if lag == 0 {
                match self.before(&day, slot, nth - first) {
                    Some(before) => (slot, again) = (before, true),
                    None => return newcomer(Tier::Rest),
                }
                continue;
            }
            let home = slot.day - lag as DayNumber;
            return match self.drawn_from(home, slot.window, &crowd, lag, drawn, nth - first) {
                Some((number, tier)) => Who {
                    key: self.key(home, slot.window, number),
                    home: Some((home, slot.window)),
                    tier,
                    days_since_last: Some(match again {
                        true => 0,
                        false => self.days_since(home, slot.window, number, lag),
                    }),
                    new_share,
                },
                None => newcomer(Tier::Rest),
            };
        }
    }

    fn crowd(&self, cell: &Cell) -> Crowd {
        let chance = unit(permutation::key(cell.key, RETURNING));
        let returns = self.returning * cell.visits as f64 * cell.ordinary + chance;
        Crowd {
            visits: cell.visits,
            new: cell.visits - (returns as u64).min(cell.visits),
            key: cell.key,
        }
    }

    /// The first of a cell's returning visits that come after at least so many days.
    fn first_after(&self, crowd: &Crowd, offset: f64, lag: usize) -> u64 {
        let returns = crowd.returns();
        if DAYS_MAX < lag {
            return returns;
        }
        ((returns as f64 * self.lags[lag] - offset).ceil().max(0.0) as u64).min(returns)
    }

    /// After how many days the `nth` of the returning visits comes.
    fn lag_of(&self, crowd: &Crowd, nth: u64) -> usize {
        let offset = unit(crowd.key(LAGS));
        let (mut low, mut high) = (0, DAYS_MAX);
        while low < high {
            let middle = (low + high).div_ceil(2);
            match self.first_after(crowd, offset, middle) <= nth {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        low
    }

    /// Of the returning visits after so many days, the first, and how many they are.
    fn draws(&self, crowd: &Crowd, lag: usize) -> (u64, u64) {
        let offset = unit(crowd.key(LAGS));
        let [first, end] = [lag, lag + 1].map(|lag| self.first_after(crowd, offset, lag));
        (first, end - first)
    }

    /// The visit two windows before whose person comes a second time.
    fn before(&self, day: &Day, slot: Slot, nth: u64) -> Option<Slot> {
        // Where clocks change a window may be short.
        let window = slot.window.checked_sub(2).filter(|_| day.usual)?;
        let visits = day.cells[window].visits;
        let key = permutation::key(day.cells[slot.window].key, AGAIN);
        (nth < visits).then(|| Slot {
            day: slot.day,
            window,
            index: permutation::number(nth, visits, key),
        })
    }

    /// The bands of a home cell as the draws of a later cell take them.
    fn bands(&self, home: &Crowd, later: &Crowd, lag: usize, drawn: u64) -> [Band; BANDS.len()] {
        let use_of = DRAWS + (lag * BANDS.len()) as u64;
        let chance = unit(later.key(use_of));
        let ends = home.ends();
        let (mut start, mut asked, mut carried) = (0, 0, 0);
        std::array::from_fn(|nth| {
            let until = match nth + 1 == BANDS.len() {
                true => drawn,
                false => ((BANDS[nth].1 * drawn as f64 + chance) as u64).min(drawn),
            };
            let wanted = until.saturating_sub(asked) + carried;
            let size = ends[nth].saturating_sub(start);
            let band = Band {
                start,
                size,
                drawn: wanted.min(size),
                key: later.key(use_of + nth as u64),
            };
            (asked, start) = (asked.max(until), start + size);
            carried = wanted - band.drawn;
            band
        })
    }

    /// Number and tier of the person who returns as the `nth` of those with this lag; `None` when there are not so many.
    fn drawn_from(
        &self,
        home: DayNumber,
        window: usize,
        later: &Crowd,
        lag: usize,
        drawn: u64,
        nth: u64,
    ) -> Option<(u64, Tier)> {
        if home < self.since {
            return None;
        }
        let home = self.crowd(&self.days.day(home).cells[window]);
        let mut left = nth;
        for (band, (_, _, tier)) in self.bands(&home, later, lag, drawn).iter().zip(BANDS) {
            if left < band.drawn {
                return Some((
                    band.start + permutation::number(left, band.size, band.key),
                    tier,
                ));
            }
            left -= band.drawn;
        }
        None
    }

    /// Days since the person's visit before, whose first was `lag` days ago.
    fn days_since(&self, home: DayNumber, window: usize, number: u64, lag: usize) -> u16 {
        let first = self.crowd(&self.days.day(home).cells[window]);
        let between = (1..lag).rev().find(|lag| {
            let day = self.days.day(home + *lag as DayNumber);
            let later = self.crowd(&day.cells[window]);
            let (_, drawn) = self.draws(&later, *lag);
            let bands = self.bands(&first, &later, *lag, drawn);
            let band = bands.iter().find(|band| number < band.start + band.size);
            0 < drawn
                && band.is_some_and(|band| {
                    permutation::place(number - band.start, band.size, band.key) < band.drawn
                })
        });
        (lag - between.unwrap_or(0)) as u16
    }

    fn key(&self, day: DayNumber, window: usize, number: u64) -> PersonKey {
        PersonKey::of(day, window, number, self.days.begins_in(day, window))
    }
}

fn tier_of(crowd: &Crowd, number: u64) -> Tier {
    let ends = crowd.ends();
    let band = ends.iter().zip(BANDS).find(|(end, _)| number < **end);
    band.map_or(Tier::Rest, |(_, (_, _, tier))| tier)
}

/// Returning visits after fewer than so many days, as shares: the rest after the same day falls with the power -1.5 of
/// the days, and is higher at whole weeks.
fn lags() -> [f64; DAYS_MAX + 2] {
    let weight = |days: usize| {
        // Roots are exact on all machines, powers are not.
        let days_f = days as f64;
        let week = match days {
            7 => 6.0,
            14 | 21 | 28 => 3.0,
            _ => 1.0,
        };
        week / (days_f * days_f.sqrt())
    };
    let total: f64 = (1..=DAYS_MAX).map(weight).sum();
    let mut sum = SAME_DAY;
    let mut next = |days: usize| {
        let before = sum;
        sum += (1.0 - SAME_DAY) * weight(days) / total;
        before
    };
    std::array::from_fn(|days| match days {
        0 => 0.0,
        1..=DAYS_MAX => next(days),
        _ => 1.0,
    })
}

/// So many windows fit into the three bits of a person's key.
const _: () = assert!(WINDOWS == 8);

#[cfg(test)]
mod tests;
