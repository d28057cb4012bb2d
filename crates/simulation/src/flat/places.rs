//! The flat model's countries: language, time zone and addresses that agree with one another.
//!
//! For: where a visitor is. Not for: which address ranges Matomo drops, which `tracking` knows. Invariant:
//! an address lies in a range of its country on which two sources agree, is no bot's to Matomo, and
//! is neither the first nor the last of its /24.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use chrono_tz::Tz;
use tracking::{Text, in_bot_range};

use crate::SimulationError;
use crate::streams::Stream;
use crate::table::{Weighted, number, rows};

const PLACES: &str = include_str!("../../data/flat/places.tsv");
const NETWORKS: &str = include_str!("../../data/flat/networks.tsv");

/// The countries of a plan, by weight.
#[derive(Debug)]
pub(crate) struct Places(Weighted<Place>);

/// A country.
#[derive(Debug)]
pub(crate) struct Place {
    /// ISO 3166-1 code, two capitals.
    pub(crate) country: &'static str,
    /// The main time zone.
    pub(crate) zone: Tz,
    /// Accept-Language headers.
    pub(crate) languages: Weighted<Text>,
    networks: Networks,
}

/// All countries that there are visitors for.
pub(crate) fn known() -> Vec<&'static str> {
    all().into_keys().collect()
}

impl Places {
    pub(crate) fn new(weights: &[(String, f64)]) -> Result<Self, SimulationError> {
        let mut known = all();
        let mut chosen = Vec::with_capacity(weights.len());
        for (country, weight) in weights {
            let Some(place) = known.remove(country.as_str()) else {
                return Err(SimulationError::UnknownCountry {
                    country: country.clone(),
                    known: self::known().join(", "),
                });
            };
            chosen.push((*weight, place));
        }
        Weighted::new(chosen)
            .map(Self)
            .ok_or(SimulationError::NoCountry)
    }

    pub(crate) fn pick(&self, stream: &mut Stream) -> &Place {
        self.0.pick(stream)
    }
}

impl Place {
    /// An address of the country.
    pub(crate) fn address(&self, stream: &mut Stream) -> Ipv4Addr {
        loop {
            let address = self.networks.pick(stream);
            // Such addresses are a hundredth of a range at most, so this ends.
            if !in_bot_range(address) && !matches!(address.octets()[3], 0 | 255) {
                return address;
            }
        }
    }
}

/// Address ranges, drawn from in proportion to their sizes.
#[derive(Debug)]
struct Networks {
    /// Number of addresses before a range, and its first address; ascending.
    starts: Vec<(u64, u32)>,
    total: u64,
}

impl Networks {
    fn parse(field: &str) -> Self {
        let mut starts = Vec::new();
        let mut total = 0;
        for range in field.split(' ') {
            let (first, last) = range.split_once('-').expect("a range has two ends");
            let [first, last] = [first, last].map(|end| {
                let address: Ipv4Addr = end.parse().expect("an end is an address");
                address.to_bits()
            });
            starts.push((total, first));
            total += u64::from(last - first) + 1;
        }
        Self { starts, total }
    }

    fn pick(&self, stream: &mut Stream) -> Ipv4Addr {
        let place = stream.between(0, self.total - 1);
        let range = self.starts.partition_point(|&(before, _)| before <= place) - 1;
        let (before, first) = self.starts[range];
        // A range has less than 2^32 addresses.
        Ipv4Addr::from_bits(first + (place - before) as u32)
    }
}

fn all() -> BTreeMap<&'static str, Place> {
    let mut networks: BTreeMap<_, _> = rows(NETWORKS)
        .map(|[country, ranges]| (country, Networks::parse(ranges)))
        .collect();
    rows(PLACES)
        .map(|[country, zone, languages]| {
            let languages = languages.split("; ").map(|language| {
                let (share, header) = language.split_once(' ').expect("a share and a header");
                (number(share), header.into())
            });
            let place = Place {
                country,
                zone: zone.parse().expect("the zone is known"),
                languages: Weighted::of_table(languages),
                networks: networks.remove(country).expect("a country has networks"),
            };
            (country, place)
        })
        .collect()
}

#[cfg(test)]
mod tests;
