//! How the time of a visit is spread over its hits.
//!
//! For: moments, from the first page view on. Not for: which hits there are. Invariants: hits are at least a
//! second apart, because Matomo books whole seconds, and less than half an hour, because Matomo would
//! begin a new visit; the visit takes the time drawn for it, unless one of these two forbids it.

use std::time::Duration;

use crate::streams::Stream;

/// Least time between two hits.
const STEP_MS: i64 = 1000;

/// Most time that a page gets on top of the steps. With the few things that can happen on a page the gap
/// stays well below Matomo's 1800 s.
const SHARE_MAX_MS: i64 = 1_750_000;

/// Shortest and longest visit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Durations {
    min_ms: u64,
    max_ms: u64,
}

impl Durations {
    pub(crate) fn new(min: Duration, max: Duration) -> Self {
        Self {
            min_ms: min.as_millis() as u64,
            max_ms: max.as_millis() as u64,
        }
    }

    /// Appends the moment of each hit, in milliseconds from the first page view. `happenings[i]` is the
    /// number of things that happen on page i beside its being opened; a ping ends the visit.
    pub(crate) fn moments(&self, happenings: &[u8], stream: &mut Stream, moments: &mut Vec<i64>) {
        let duration = stream.between(self.min_ms, self.max_ms) as i64;
        let pages = happenings.len() as i64;
        let steps: i64 = happenings.iter().map(|&count| i64::from(count) + 1).sum();
        let free = (duration - steps * STEP_MS).clamp(0, pages * SHARE_MAX_MS);
        let weights: Vec<f64> = happenings.iter().map(|_| skewed(stream)).collect();
        let shares = Shares::new(&weights, free);
        let (mut begin, mut shared) = (0, 0.0);
        for (&count, &weight) in happenings.iter().zip(&weights) {
            let from = shares.until(shared);
            shared += shares.of(weight);
            let share = shares.until(shared) - from;
            within_page(begin, count, share, stream, moments);
            begin += (i64::from(count) + 1) * STEP_MS + share;
        }
        moments.push(begin);
    }
}

/// The moments of a page view and of what happens on it, which share `share` beside their steps.
fn within_page(begin: i64, count: u8, share: i64, stream: &mut Stream, moments: &mut Vec<i64>) {
    moments.push(begin);
    let mut left = share;
    for nth in 1..=i64::from(count) {
        // The first step of those left gets a part, the rest stays for the others.
        let part = (left as f64 * stream.unit() * stream.unit()) as i64;
        left -= part;
        moments.push(begin + nth * STEP_MS + share - left);
    }
}

/// A weight from 0 to 1, mostly small: many short stays, few long ones. Without logarithms, so that all
/// machines agree to the last bit.
fn skewed(stream: &mut Stream) -> f64 {
    let even = stream.unit();
    0.01 + even * even * even
}

/// Cuts `free` milliseconds in proportion to weights, flattened so far that none gets more than allowed.
struct Shares {
    free: f64,
    /// What a weight counts, and what each page gets whatever its weight, as parts of the whole.
    factor: f64,
    floor: f64,
}

impl Shares {
    fn new(weights: &[f64], free: i64) -> Self {
        let count = weights.len() as f64;
        let sum: f64 = weights.iter().sum();
        let largest = weights.iter().copied().fold(0.0, f64::max) / sum;
        let free = free as f64;
        let allowed = SHARE_MAX_MS as f64 / free;
        // With `blend` of the weights and the rest spread evenly, the largest part is exactly what is
        // allowed; even parts are never too large, because `free` was clamped.
        let even = 1.0 / count;
        let blend = if largest <= allowed {
            1.0
        } else {
            ((allowed - even) / (largest - even)).max(0.0)
        };
        Self {
            free,
            factor: blend / sum,
            floor: (1.0 - blend) * even,
        }
    }

    /// The part of a page.
    fn of(&self, weight: f64) -> f64 {
        weight * self.factor + self.floor
    }

    /// Milliseconds until `shared` parts of the whole are used; rounding here, on the sum, keeps the
    /// total exact.
    fn until(&self, shared: f64) -> i64 {
        (self.free * shared).round() as i64
    }
}

#[cfg(test)]
mod tests;
