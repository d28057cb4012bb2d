//! Keyed permutations: the numbers below `count` in an order that a key decides.
//!
//! For: drawing people such that nobody is drawn twice, without a list. Not for: secrets. Invariant: [`place`] and
//! [`number`] undo each other, by whole numbers alone.

/// Rounds of mixing; three make a permutation that looks drawn, one more is for safety.
const ROUNDS: u64 = 4;

/// 64 even bits from 64 bits.
pub(crate) fn mixed(bits: u64) -> u64 {
    // Stafford's thirteenth variant of the finaliser of MurmurHash3.
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A key of its own for each `use_of`.
pub(crate) fn key(key: u64, use_of: u64) -> u64 {
    mixed(key ^ mixed(use_of.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

/// A number from 0 to below 1.
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// The number at a place, both below `count`.
pub(crate) fn number(place: u64, count: u64, key: u64) -> u64 {
    let [before, after] = turns(count, key);
    let mixed = walk((place + before) % count.max(1), count, |halves| {
        for round in 0..ROUNDS {
            halves.mix(round, key);
        }
    });
    (mixed + after) % count.max(1)
}

/// The place of a number, both below `count`.
pub(crate) fn place(number: u64, count: u64, key: u64) -> u64 {
    let [before, after] = turns(count, key);
    let mixed = walk((number + count - after) % count.max(1), count, |halves| {
        for round in (0..ROUNDS).rev() {
            halves.unmix(round, key);
        }
    });
    (mixed + count - before) % count.max(1)
}

/// How far the numbers are turned before and after they are mixed: of a few numbers, mixing alone leaves some likelier
/// than others.
fn turns(count: u64, key: u64) -> [u64; 2] {
    [1, 2].map(|turn| {
        let bits = u128::from(self::key(key, turn));
        ((bits * u128::from(count)) >> 64) as u64
    })
}

/// Goes on until the number is one of those below `count`; at most three of four are not, so this ends soon.
fn walk(start: u64, count: u64, step: impl Fn(&mut Halves)) -> u64 {
    if count < 2 {
        return start;
    }
    let bits = (u64::BITS - (count - 1).leading_zeros()).div_ceil(2);
    let mask = (1 << bits) - 1;
    let mut at = start;
    loop {
        let mut halves = Halves {
            left: at >> bits,
            right: at & mask,
            mask,
        };
        step(&mut halves);
        at = halves.left << bits | halves.right;
        if at < count {
            return at;
        }
    }
}

/// A number in two halves.
struct Halves {
    left: u64,
    right: u64,
    mask: u64,
}

impl Halves {
    fn mix(&mut self, round: u64, key: u64) {
        let mixed = self.left ^ (mixed(self.right ^ key.wrapping_add(round)) & self.mask);
        (self.left, self.right) = (self.right, mixed);
    }

    fn unmix(&mut self, round: u64, key: u64) {
        let unmixed = self.right ^ (mixed(self.left ^ key.wrapping_add(round)) & self.mask);
        (self.left, self.right) = (unmixed, self.left);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_one_place_and_is_found_again() {
        for count in [1, 2, 3, 5, 16, 17, 100, 1_000] {
            for key in 0..20 {
                let numbers: BTreeSet<u64> = (0..count).map(|at| number(at, count, key)).collect();
                assert_eq!(numbers.len() as u64, count);
                assert_eq!(numbers.last(), Some(&(count - 1)));
                assert!((0..count).all(|at| place(number(at, count, key), count, key) == at));
            }
        }
    }

    #[test]
    fn keys_draw_the_numbers_evenly() {
        // Who comes first of ten, over 10,000 keys: five standard deviations.
        let mut firsts = [0_u32; 10];
        for draw in 0..10_000 {
            firsts[number(0, 10, key(7, draw)) as usize] += 1;
        }
        assert!(
            firsts.iter().all(|count| count.abs_diff(1_000) < 150),
            "{firsts:?}"
        );
    }
}
