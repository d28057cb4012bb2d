//! Notices two requests for one visitor that are in flight at the same time.
//!
//! A loader that does so makes Matomo split one visit into several. The practice target sees a
//! request from the moment it was read until its answer is handed to the connection.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Visitors with a request under way. Bounded by the connections and the size of a body.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    under_way: Mutex<HashMap<u64, u32>>,
}

/// The visitors of one request; landing them is dropping this.
#[derive(Debug)]
pub(crate) struct Flight {
    flights: Arc<Flights>,
    visitors: Vec<u64>,
    /// Another request for one of them was under way already.
    pub(crate) overlaps: bool,
}

impl Flights {
    /// Takes off with the visitors of one request, each named once or more.
    pub(crate) fn take_off(self: &Arc<Self>, mut visitors: Vec<u64>) -> Flight {
        visitors.sort_unstable();
        visitors.dedup();
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut overlaps = false;
        for &visitor in &visitors {
            let count = under_way.entry(visitor).or_default();
            overlaps |= *count > 0;
            *count += 1;
        }
        drop(under_way);
        Flight {
            flights: Arc::clone(self),
            visitors,
            overlaps,
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut under_way = self
            .flights
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for visitor in &self.visitors {
            if let Some(count) = under_way.get_mut(visitor) {
                *count -= 1;
                if *count == 0 {
                    under_way.remove(visitor);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_requests_for_one_visitor_at_one_time_overlap() {
        let flights = Arc::new(Flights::default());
        let first = flights.take_off(vec![1, 2, 2]);
        assert!(!first.overlaps, "two hits of one request do not overlap");
        assert!(!flights.take_off(vec![3]).overlaps);
        assert!(flights.take_off(vec![3, 2]).overlaps);
        drop(first);
        assert!(!flights.take_off(vec![1, 2]).overlaps);
    }
}
