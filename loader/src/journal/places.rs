//! A set of hits of one visit, by their places.
//!
//! Invariant: written, neighbours share a pair, so a visit whose hits were sent in order takes a few bytes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Places of hits in their visit, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u16, u16)>", into = "Vec<(u16, u16)>")]
pub struct Places(BTreeSet<u16>);

impl Places {
    /// Adds a place.
    pub fn insert(&mut self, nth: u16) {
        self.0.insert(nth);
    }

    /// Takes a place out.
    pub fn remove(&mut self, nth: u16) {
        self.0.remove(&nth);
    }

    /// Whether a place is in it.
    #[must_use]
    pub fn contains(&self, nth: u16) -> bool {
        self.0.contains(&nth)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All places, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().copied()
    }
}

impl From<Vec<(u16, u16)>> for Places {
    fn from(runs: Vec<(u16, u16)>) -> Self {
        let places = runs.into_iter().flat_map(|(first, last)| first..=last);
        Self(places.collect())
    }
}

impl From<Places> for Vec<(u16, u16)> {
    fn from(places: Places) -> Self {
        let mut runs: Self = Self::new();
        for nth in places.0 {
            match runs.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(nth) => *last = nth,
                _ => runs.push((nth, nth)),
            }
        }
        runs
    }
}
