//! Popularity: few things draw most of the attention, and most things hardly any.
//!
//! For: drawing by Zipf's law among any number of things in little memory, and which thing has which rank. Not for: what
//! the things are. Invariant: memory and start-up do not grow with the number of things beyond its logarithm.

use crate::streams::Stream;

/// So many ranks stand for themselves; behind them neighbours share one entry, whose width grows with the rank.
const SINGLE: u32 = 64;

/// Ranks from 0, drawn in proportion to (rank + 1) to the power of minus an exponent.
#[derive(Debug)]
pub(crate) struct Zipf {
    /// Of each entry the upper end on a scale of 2^32, the first rank, and how many ranks.
    entries: Box<[(u32, u32, u32)]>,
}

impl Zipf {
    /// `count` is at least 1, `exponent` above 0.
    pub(crate) fn new(count: u32, exponent: f64) -> Self {
        let mut spans = Vec::new();
        let mut first = 0;
        while first < count {
            let width = if first < SINGLE { 1 } else { first / 32 };
            let width = width.min(count - first);
            let middle = f64::from(first) + f64::from(width + 1) / 2.0;
            spans.push((
                f64::from(width) * libm::pow(middle, -exponent),
                first,
                width,
            ));
            first += width;
        }
        let total: f64 = spans.iter().map(|span| span.0).sum();
        let mut until = 0.0;
        let entries = spans.into_iter().map(|(weight, first, width)| {
            until += weight / total;
            // The last end is rounded to the whole scale by the cast, which saturates.
            ((until * 4_294_967_296.0) as u32, first, width)
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// A rank, 0 being the most popular.
    pub(crate) fn rank(&self, stream: &mut Stream) -> u32 {
        let bits = stream.bits();
        let place = (bits >> 32) as u32;
        let at = self.entries.partition_point(|entry| entry.0 <= place);
        let (_, first, width) = self.entries[at.min(self.entries.len() - 1)];
        first + ((u64::from(bits as u32) * u64::from(width)) >> 32) as u32
    }
}

/// Which thing has which rank: the popular ones lie scattered among all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranking {
    count: u64,
    step: u64,
    shift: u64,
}

impl Ranking {
    /// A ranking of `count` things, at least 1, that `key` decides.
    pub(crate) fn new(count: u32, key: u64) -> Self {
        let count = u64::from(count.max(1));
        let step = (0..)
            .map(|more| (count * 3 / 10 + (key >> 32) % (count * 4 / 10 + 1) + more) % count)
            .find(|&step| count == 1 || gcd(step, count) == 1);
        let step = step.unwrap_or(1);
        Self {
            count,
            step,
            shift: key % count,
        }
    }

    /// The thing of a rank.
    pub(crate) fn at(self, rank: u32) -> u32 {
        ((u64::from(rank) * self.step + self.shift) % self.count) as u32
    }
}

fn gcd(one: u64, other: u64) -> u64 {
    if other == 0 {
        one
    } else {
        gcd(other, one % other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Streams};

    #[test]
    fn the_first_tenth_draws_what_the_law_says() {
        // 2,000 things: 54 % at 0.8, 72 % at 1.0, 86 % at 1.2 (exact sums of the law).
        for (exponent, wanted) in [(0.8, 0.54), (1.0, 0.72), (1.2, 0.86)] {
            let zipf = Zipf::new(2000, exponent);
            let mut stream = Streams::new("test", &[]).stream(0, Purpose::Pages);
            let top = (0..100_000)
                .filter(|_| zipf.rank(&mut stream) < 200)
                .count();
            let seen = top as f64 / 100_000.0;
            assert!((seen - wanted).abs() < 0.012, "{exponent}: {seen}");
        }
    }

    #[test]
    fn every_rank_can_be_drawn_and_none_beyond() {
        for count in [1, 2, 63, 64, 65, 100, 1000] {
            let zipf = Zipf::new(count, 0.5);
            let mut stream = Streams::new("test", &[]).stream(1, Purpose::Pages);
            let mut seen = vec![false; count as usize];
            (0..200_000).for_each(|_| seen[zipf.rank(&mut stream) as usize] = true);
            assert!(seen.iter().all(|seen| *seen), "{count}");
        }
        let zipf = Zipf::new(50_000, 1.05);
        assert!(zipf.entries.len() < 300);
        assert!(
            zipf.entries
                .last()
                .is_some_and(|last| last.1 + last.2 == 50_000)
        );
    }

    #[test]
    fn each_thing_has_one_rank() {
        for (count, key) in [
            (1, 5),
            (2, 7),
            (3, 1 << 40),
            (110, 12345),
            (22_000, u64::MAX),
        ] {
            let ranking = Ranking::new(count, key);
            let mut things: Vec<u32> = (0..count).map(|rank| ranking.at(rank)).collect();
            things.sort_unstable();
            assert_eq!(things, (0..count).collect::<Vec<_>>());
        }
    }
}
