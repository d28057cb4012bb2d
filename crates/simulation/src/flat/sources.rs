//! Where visits come from: nowhere (direct), search engines, other sites, social networks.

use tracking::Text;

use crate::streams::Stream;
use crate::table::{Weighted, number, rows};

const REFERRERS: &str = include_str!("../../data/referrers.tsv");

/// Shares of the channels among visits with a referrer (those of the Python original).
const CHANNELS: [(&str, f64); 3] = [("search", 0.35), ("websites", 0.20), ("social", 0.15)];

/// Referrers by channel.
#[derive(Debug)]
pub(crate) struct Sources {
    direct: f64,
    channels: Weighted<(&'static str, Weighted<Text>)>,
}

impl Sources {
    /// `direct` is the share of visits without a referrer.
    pub(crate) fn new(direct: f64) -> Self {
        let channels = CHANNELS.map(|(channel, share)| {
            let referrers = rows(REFERRERS)
                .filter(|[of, _, _]| *of == channel)
                .map(|[_, weight, address]| (number(weight), address.into()));
            (share, (channel, Weighted::of_table(referrers)))
        });
        Self {
            direct,
            channels: Weighted::of_table(channels),
        }
    }

    /// A visit's channel and the referrer of its first page.
    pub(crate) fn pick(&self, stream: &mut Stream) -> (&'static str, Option<Text>) {
        if stream.chance(self.direct) {
            return ("direct", None);
        }
        let (channel, referrers) = self.channels.pick(stream);
        (channel, Some(referrers.pick(stream).clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::streams::{Purpose, Streams};

    #[test]
    fn there_are_35_referrers_and_each_belongs_to_a_channel() {
        let referrers: Vec<[_; 3]> = rows(REFERRERS).collect();
        assert_eq!(referrers.len(), 35);
        for [channel, _, address] in referrers {
            assert!(CHANNELS.iter().any(|(known, _)| *known == channel));
            assert!(address.starts_with("https://"), "{address}");
            // Matomo would file this host under search engines.
            assert!(!address.contains("www.facebook.com"));
        }
    }

    #[test]
    fn channels_have_the_shares_of_the_original() {
        let channel_of: BTreeMap<_, _> = rows(REFERRERS)
            .map(|[channel, _, address]| (address, channel))
            .collect();
        let sources = Sources::new(0.3);
        let streams = Streams::new("test", &[]);
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for visit in 0..20_000 {
            let (channel, referrer) = sources.pick(&mut streams.stream(visit, Purpose::Source));
            let of_referrer = referrer.map_or("direct", |address| channel_of[address.as_str()]);
            assert_eq!(channel, of_referrer);
            *counts.entry(channel).or_default() += 1;
        }
        for (channel, share) in CHANNELS.into_iter().chain([("direct", 0.30)]) {
            let seen = f64::from(counts[channel]) / 20_000.0;
            assert!((seen - share).abs() < 0.015, "{channel}: {seen}");
        }
    }
}
