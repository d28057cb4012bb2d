//! Distributions of times as text, so that those of several loaders can be added up.
//!
//! For: writing one into the last line of a report, and reading it again. Not for: deciding what is recorded.
//! Invariant: every distribution has the same bounds, so that adding two up loses nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2DeflateSerializer};
use hdrhistogram::{Counter, Histogram};

use crate::Latency;

/// Resolution of the recorded values: 10 µs, so that a start that is late by less than a millisecond shows.
pub const UNIT_US: i64 = 10;

/// Longest time told apart; longer ones count as this. One hour, in units.
const MAX_UNITS: u64 = 3_600 * 100_000;

/// Longest text that is read; one of the distributions above stays far below it.
const MAX_TEXT: usize = 16 * 1024;

/// An empty distribution.
///
/// # Panics
/// Never: the bounds are constants that the library takes.
#[must_use]
pub fn empty<C: Counter>() -> Histogram<C> {
    // Two significant figures: a p95 of 5 s is right to 50 ms.
    Histogram::new_with_bounds(1, MAX_UNITS, 2).expect("constant bounds are valid")
}

/// The figures of a distribution; `None` when nothing was recorded.
#[must_use]
pub fn summary<C: Counter>(times: &Histogram<C>) -> Option<Latency> {
    if times.is_empty() {
        return None;
    }
    let [p50, p95, p99] = within(times, [0.50, 0.95, 0.99]);
    Some(Latency {
        p50,
        p95,
        p99,
        max: millis(times.max()),
        count: times.len(),
    })
}

/// Within how many milliseconds these shares of the values lie.
#[must_use]
pub fn within<C: Counter, const N: usize>(times: &Histogram<C>, shares: [f64; N]) -> [f64; N] {
    shares.map(|share| millis(times.value_at_quantile(share)))
}

/// The distribution as text: HdrHistogram's format V2, deflated, base64. `None` when nothing was recorded.
#[must_use]
pub fn pack<C: Counter>(times: &Histogram<C>) -> Option<String> {
    if times.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let packed = V2DeflateSerializer::new().serialize(times, &mut bytes);
    packed.ok().map(|_| BASE64.encode(bytes))
}

/// Adds up distributions written by [`pack`]; `None` when one of them cannot be read, or there is none.
#[must_use]
pub fn merge<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Histogram<u64>> {
    let mut sum = None;
    for text in texts {
        let bytes = (text.len() <= MAX_TEXT).then(|| BASE64.decode(text).ok())??;
        let times: Histogram<u64> = Deserializer::new()
            .deserialize(&mut bytes.as_slice())
            .ok()?;
        sum.get_or_insert_with(empty::<u64>).add(times).ok()?;
    }
    sum
}

fn millis(units: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "bounded by one hour")]
    let units = units as f64;
    units / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again_and_adds_up() {
        let (mut one, mut two, mut all) = (empty::<u32>(), empty::<u32>(), empty::<u64>());
        for value in 1..=20_000u64 {
            let half = if value % 3 == 0 { &mut one } else { &mut two };
            half.saturating_record(value * 7);
            all.saturating_record(value * 7);
        }
        let texts = [pack(&one), pack(&two)].map(|text| text.expect("a text"));
        let merged = merge(texts.iter().map(String::as_str)).expect("a sum");
        assert_eq!(merged, all);
        assert_eq!(summary(&merged).map(|times| times.count), Some(20_000));
        assert!(texts.iter().all(|text| text.len() < MAX_TEXT / 4));
    }

    #[test]
    fn what_is_not_a_distribution_gives_none() {
        let text = {
            let mut times = empty::<u32>();
            times.saturating_record(5);
            pack(&times).expect("a text")
        };
        for wrong in ["", "!", "AAAA", &text[..text.len() / 2]] {
            assert_eq!(merge([text.as_str(), wrong]), None, "{wrong}");
        }
        assert_eq!(merge([]), None);
        assert_eq!(pack(&empty::<u32>()), None);
        assert_eq!(summary(&empty::<u32>()), None);
    }
}
