//! Distributions as tables of their quantiles.
//!
//! For: skewed amounts (times on a page, server times) at the price of a table look-up. Not for: choices between things
//! (see [`crate::table`]). Invariant: tables are made with a library that computes the same on every machine (`libm`), and
//! drawing uses whole numbers alone, so that all machines agree to the last bit.

/// Parts of the table, and of the part behind them that holds the longest amounts.
const BODY: usize = 512;
const TAIL: usize = 128;

/// The quantiles of a distribution of amounts from 0.
#[derive(Debug)]
pub(crate) struct Quantiles {
    body: Box<[u32]>,
    /// What lies behind the last part of the body, cut as finely again.
    tail: Box<[u32]>,
}

impl Quantiles {
    /// `inverse` tells below which amount a share of all amounts lies; it is asked for shares from 0 up to, not including, 1.
    pub(crate) fn new(inverse: impl Fn(f64) -> f64) -> Self {
        let amount = |share: f64| inverse(share).round().clamp(0.0, f64::from(u32::MAX)) as u32;
        let body = |at: usize| amount(at as f64 / BODY as f64);
        let begin = (BODY - 1) as f64 / BODY as f64;
        let width = 1.0 / BODY as f64;
        // The last edge stands for all that is rarer still.
        let tail = |at: usize| {
            let at = (at as f64).min(TAIL as f64 - 0.25);
            amount(begin + width * at / TAIL as f64)
        };
        Self {
            body: (0..BODY).map(body).collect(),
            tail: (0..=TAIL).map(tail).collect(),
        }
    }

    /// A Weibull distribution. With a shape below 1 most amounts are small and some are long.
    pub(crate) fn weibull(shape: f64, mean: f64) -> Self {
        let power = 1.0 / shape;
        let scale = mean / libm::tgamma(1.0 + power);
        Self::new(|share| scale * libm::pow(-libm::log1p(-share), power))
    }

    /// The amount for 64 even bits.
    pub(crate) fn draw(&self, bits: u64) -> u32 {
        let (part, rest) = cut(bits, BODY);
        match self.body.get(part..part + 2) {
            Some(edges) => between(edges[0], edges[1], rest),
            None => {
                let (part, rest) = cut(rest, TAIL);
                between(self.tail[part], self.tail[part + 1], rest)
            }
        }
    }
}

/// Which of `parts` even parts the bits fall into, and where in it.
fn cut(bits: u64, parts: usize) -> (usize, u64) {
    let wide = u128::from(bits) * parts as u128;
    ((wide >> 64) as usize, wide as u64)
}

fn between(low: u32, high: u32, place: u64) -> u32 {
    let span = u64::from(high.saturating_sub(low));
    low + ((span * (place >> 32)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Streams};

    fn drawn(quantiles: &Quantiles) -> Vec<u32> {
        let mut stream = Streams::new("test", &[]).stream(0, Purpose::Timing);
        let mut drawn: Vec<_> = (0..200_000)
            .map(|_| quantiles.draw(stream.bits()))
            .collect();
        drawn.sort_unstable();
        drawn
    }

    #[test]
    fn a_weibull_table_has_the_mean_the_median_and_the_tail_of_the_curve() {
        let drawn = drawn(&Quantiles::weibull(0.7, 54_430.0));
        let mean = drawn.iter().map(|&at| f64::from(at)).sum::<f64>() / drawn.len() as f64;
        let at = |share: f64| f64::from(drawn[(drawn.len() as f64 * share) as usize]);
        // Scale 43 s: median 25.5 s, ninth decile 141.5 s, 99.9 % quantile 679 s.
        for (seen, wanted, within) in [
            (mean, 54_430.0, 0.02),
            (at(0.5), 25_470.0, 0.02),
            (at(0.9), 141_500.0, 0.02),
            (at(0.999), 679_000.0, 0.1),
        ] {
            assert!(
                (seen / wanted - 1.0).abs() < within,
                "{seen} instead of {wanted}"
            );
        }
    }

    #[test]
    fn the_first_and_the_last_bits_stay_inside() {
        let table = Quantiles::weibull(0.7, 100.0);
        assert_eq!(table.draw(0), 0);
        let last = table.draw(u64::MAX);
        assert!((1_000..10_000).contains(&last), "{last}");
    }
}
