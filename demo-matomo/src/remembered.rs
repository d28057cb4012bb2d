//! A map that remembers a bounded number of entries and forgets the first one when full.
//!
//! Invariant: it never holds more than its bound, and counts what it forgot.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

/// A bounded map, forgetting in the order of arrival.
#[derive(Debug)]
pub(crate) struct Remembered<K, V> {
    entries: HashMap<K, V>,
    arrivals: VecDeque<K>,
    bound: usize,
    forgotten: u64,
}

impl<K: Hash + Eq + Clone, V: Default> Remembered<K, V> {
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            entries: HashMap::new(),
            arrivals: VecDeque::new(),
            bound,
            forgotten: 0,
        }
    }

    /// How many entries were forgotten to make room.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The keys, in no particular order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.entries.keys()
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// The entry of this key and whether it is new; a new one starts with its default value.
    pub(crate) fn entry(&mut self, key: K) -> (&mut V, bool) {
        let is_new = !self.entries.contains_key(&key);
        if is_new {
            if self.entries.len() >= self.bound
                && let Some(first) = self.arrivals.pop_front()
            {
                self.entries.remove(&first);
                self.forgotten += 1;
            }
            self.arrivals.push_back(key.clone());
        }
        (self.entries.entry(key).or_default(), is_new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_arrive_is_forgotten_when_it_is_full() {
        let mut map = Remembered::<u32, u32>::new(2);
        for key in [1, 2, 1, 3] {
            *map.entry(key).0 += 1;
        }
        assert_eq!(
            (map.get(&1), map.get(&2), map.get(&3)),
            (None, Some(&1), Some(&1))
        );
        assert_eq!(map.forgotten(), 1);
        assert!(map.entry(1).1, "who was forgotten is new again");
    }
}
