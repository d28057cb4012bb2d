//! Latency: how long the parts of loading a page take.
//!
//! For: right-skewed times that go by device and part of the world, with a slow visit now and then. Not for: what a page
//! weighs, and not for the server's own speed, which Matomo would have to be told by the site itself. Invariant: whole
//! numbers throughout, so times are the same on any machine.
//!
//! Values are own estimates within what is published of real pages: a first byte after half a second or less and a page
//! that is complete after 1.5 to 4 seconds in the middle, telephones about twice as slow as desktops, one visit in
//! thirty by a bad connection (property 23 of `docs/realism.md`).

use tracking::PageTimings;

use crate::devices::Kind;
use crate::people::Visiting;
use crate::streams::{Purpose, Stream, Streams};

/// Multiples, in thousandths, of a lognormal distribution with median 1 and σ 0.6, from its 0.4th to its 99.6th
/// percentile in 32 even steps.
const SKEWED: [u64; 33] = [
    204, 327, 398, 453, 501, 546, 587, 628, 667, 706, 746, 786, 826, 867, 910, 954, 1000, 1048,
    1099, 1153, 1211, 1273, 1341, 1415, 1499, 1593, 1703, 1833, 1994, 2205, 2510, 3058, 4910,
];
/// Visits by a bad connection, and how much longer everything takes in them.
const SLOW_SHARE: f64 = 0.03;
const SLOW_FACTOR: u64 = 4000;
/// Pages after the first that need a new connection.
const RECONNECT_SHARE: f64 = 0.1;

/// Medians on a desktop in the west, in milliseconds.
const NETWORK_MS: u64 = 85;
const SERVER_MS: u64 = 230;
const TRANSFER_MS: u64 = 60;
const DOM_PROCESSING_MS: u64 = 480;
const DOM_COMPLETION_MS: u64 = 520;
const ON_LOAD_MS: u64 = 18;

/// The times of one visit's pages, in order.
#[derive(Debug)]
pub(crate) struct Latency {
    stream: Stream,
    /// Thousandths: the network's, and the device's.
    lag: u64,
    work: u64,
    first: bool,
}

impl Latency {
    pub(crate) fn of(streams: &Streams, visiting: &Visiting<'_>) -> Self {
        let mut stream = streams.stream(visiting.ordinal, Purpose::PageTimings);
        let slow = stream.chance(SLOW_SHARE);
        // A visit is slow or quick as a whole, beside what each page adds.
        let own = skewed(&mut stream, 1000);
        let (radio, work) = match visiting.device.kind {
            Kind::Desktop => (1000, 1000),
            Kind::Tablet => (1200, 1700),
            Kind::Smartphone => (1700, 2100),
        };
        // Where networks are slow, telephones are old.
        let age = match visiting.device.os {
            "Android" => 500 + visiting.place.lag / 2,
            _ => 1000,
        };
        let lag = product(&[visiting.place.lag, radio, own]);
        Self {
            stream,
            lag: if slow {
                product(&[lag, SLOW_FACTOR])
            } else {
                lag
            },
            work: product(&[work, age, own]),
            first: true,
        }
    }

    /// The times of the next page.
    pub(crate) fn next_page(&mut self) -> PageTimings {
        let connects = self.stream.chance(RECONNECT_SHARE) || self.first;
        self.first = false;
        let mut draw = |median: u64, factor: u64| {
            // At most five times five times a second: far below what Matomo stores.
            u32::try_from(skewed(&mut self.stream, product(&[median, factor]))).unwrap_or(u32::MAX)
        };
        let network = draw(NETWORK_MS, self.lag);
        PageTimings {
            network: if connects { network } else { 0 },
            // The way there and back, and the server's own time.
            server: draw(SERVER_MS * 2 / 3, 1000) + draw(SERVER_MS / 3, self.lag),
            transfer: draw(TRANSFER_MS, self.lag),
            dom_processing: draw(DOM_PROCESSING_MS, self.work),
            dom_completion: draw(DOM_COMPLETION_MS * 2 / 3, self.work)
                + draw(DOM_COMPLETION_MS / 3, self.lag),
            on_load: draw(ON_LOAD_MS, self.work),
        }
    }
}

/// A time about `median`, by the skewed multiples and even steps between them.
fn skewed(stream: &mut Stream, median: u64) -> u64 {
    let bits = stream.bits();
    let step = (bits >> 59) as usize;
    // How far on the way to the next step, in thousandths.
    let on = ((bits & 0xffff_ffff) * 1000) >> 32;
    let multiple = SKEWED[step] + (SKEWED[step + 1] - SKEWED[step]) * on / 1000;
    product(&[median, multiple])
}

/// The product of a number and factors in thousandths.
fn product(factors: &[u64]) -> u64 {
    factors
        .iter()
        .copied()
        .reduce(|product, factor| product * factor / 1000)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
