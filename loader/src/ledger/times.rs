//! Distributions of times, over the whole attempt and over the last minute or so.
//!
//! It reads no clock: moments come as microseconds from the caller. Memory is constant.
//!
//! Invariant: a value recorded less than a window ago is in the rolling distribution; one recorded more than a
//! window and a slice ago is not.

use hdrhistogram::Histogram;
use run_report::Latency;
use run_report::histogram::{self, UNIT_US};

/// Slices of a rolling window. More are finer and cost memory, about 12 KiB each.
const SLICES: usize = 6;

/// A distribution of times.
#[derive(Clone)]
pub struct Times(Histogram<u32>);

impl Default for Times {
    fn default() -> Self {
        Self(histogram::empty())
    }
}

impl Times {
    /// Records one time; negative ones count as zero.
    pub fn record(&mut self, value_us: i64) {
        let units = u64::try_from(value_us / UNIT_US).unwrap_or(0);
        self.0.saturating_record(units);
    }

    /// The figures for the report; `None` when nothing was recorded.
    #[must_use]
    pub fn summary(&self) -> Option<Latency> {
        histogram::summary(&self.0)
    }

    /// The distribution as text; `None` when nothing was recorded.
    #[must_use]
    pub fn packed(&self) -> Option<String> {
        histogram::pack(&self.0)
    }

    /// The number of values.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }
}

/// A part of a rolling window.
pub trait Slice: Default {
    /// Forgets everything.
    fn reset(&mut self);
    /// Adds what another part holds.
    fn add(&mut self, other: &Self);
}

impl Slice for Times {
    fn reset(&mut self) {
        self.0.reset();
    }

    fn add(&mut self, other: &Self) {
        if !other.0.is_empty() {
            // Equal bounds by construction, so adding cannot fail.
            let _ = self.0.add(&other.0);
        }
    }
}

/// Figures of the last `window`, in slices that are forgotten one by one.
#[derive(Clone)]
pub struct Rolling<S> {
    slices: [S; SLICES],
    slice_us: i64,
    /// Number of the slice that is being filled, counted from the epoch.
    current: i64,
}

impl<S: Slice> Rolling<S> {
    /// A rolling window over `window_us` microseconds.
    #[must_use]
    pub fn over(window_us: i64) -> Self {
        Self {
            slices: std::array::from_fn(|_| S::default()),
            slice_us: (window_us / SLICES as i64).max(1),
            current: i64::MIN,
        }
    }

    /// The slice that is being filled at the moment `now_us`.
    pub fn slice(&mut self, now_us: i64) -> &mut S {
        self.advance(now_us);
        &mut self.slices[index(self.current)]
    }

    /// All that was recorded within the window before `now_us`.
    #[must_use]
    pub fn total(&mut self, now_us: i64) -> S {
        self.advance(now_us);
        let mut total = S::default();
        for slice in &self.slices {
            total.add(slice);
        }
        total
    }

    fn advance(&mut self, now_us: i64) {
        let slice = now_us.div_euclid(self.slice_us);
        if slice <= self.current {
            return;
        }
        let passed = slice.saturating_sub(self.current).min(SLICES as i64);
        for number in (slice - passed + 1)..=slice {
            self.slices[index(number)].reset();
        }
        self.current = slice;
    }
}

impl Rolling<Times> {
    /// Records one time at the moment `now_us`.
    pub fn record(&mut self, now_us: i64, value_us: i64) {
        self.slice(now_us).record(value_us);
    }
}

fn index(slice: i64) -> usize {
    usize::try_from(slice.rem_euclid(SLICES as i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn nothing_recorded_gives_no_figures() {
        assert_eq!(Times::default().summary(), None);
        assert_eq!(Rolling::<Times>::over(60 * SECOND).total(5).summary(), None);
    }

    #[test]
    fn figures_are_in_milliseconds_and_right_to_two_places() {
        let mut times = Times::default();
        for ms in 1..=100 {
            times.record(ms * 1_000);
        }
        times.record(-5);
        let summary = times.summary().unwrap();
        assert!((summary.p50 - 50.0).abs() <= 1.0, "{summary:?}");
        assert!((summary.p95 - 95.0).abs() <= 1.0, "{summary:?}");
        assert!((summary.max - 100.0).abs() <= 1.0, "{summary:?}");
        assert_eq!(summary.count, 101);
    }

    #[test]
    fn a_rolling_window_forgets_what_is_older() {
        let mut rolling = Rolling::<Times>::over(60 * SECOND);
        rolling.record(0, 5_000);
        rolling.record(30 * SECOND, 7_000);
        assert_eq!(rolling.total(49 * SECOND).count(), 2);
        assert_eq!(rolling.total(75 * SECOND).count(), 1);
        assert_eq!(rolling.total(1_000 * SECOND).count(), 0);
        rolling.record(1_001 * SECOND, 1_000);
        assert_eq!(rolling.total(1_002 * SECOND).count(), 1);
    }
}
