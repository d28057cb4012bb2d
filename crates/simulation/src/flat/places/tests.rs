use std::collections::BTreeMap;

use super::*;
use crate::streams::{Purpose, Streams};

/// The Python original's countries, and the mix that the run configuration calls `others`.
const EXPECTED: [&str; 22] = [
    "US", "DE", "GB", "CA", "FR", "AU", "NL", "JP", "SE", "BR", "IT", "ES", "PL", "CH", "AT", "BE",
    "NO", "DK", "FI", "IN", "MX", "IE",
];

/// Private, shared, local, documentation, multicast and reserved networks (IANA special-purpose registry).
const SPECIAL: [([u8; 4], u8); 14] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];

/// First and last address of each range.
fn ranges() -> Vec<(&'static str, u32, u32)> {
    let ends = |range: &str| {
        let (first, last) = range.split_once('-').unwrap();
        [first, last].map(|end| end.parse::<Ipv4Addr>().unwrap().to_bits())
    };
    rows(NETWORKS)
        .flat_map(|[country, list]| list.split(' ').map(move |range| (country, ends(range))))
        .map(|(country, [first, last])| (country, first, last))
        .collect()
}

#[test]
fn every_country_of_the_defaults_is_known() {
    let known = all();
    for country in EXPECTED {
        assert!(known.contains_key(country), "{country}");
    }
}

#[test]
fn ranges_ascend_do_not_overlap_and_hold_no_special_network() {
    let mut ranges = ranges();
    let mut last_of: BTreeMap<_, u32> = BTreeMap::new();
    for &(country, first, last) in &ranges {
        assert!(first <= last);
        let before = last_of.insert(country, last);
        assert!(before.is_none_or(|before| before < first), "{country}");
        for (network, bits) in SPECIAL {
            let start = u32::from_be_bytes(network);
            let end = start | (u32::MAX >> bits);
            assert!(
                last < start || end < first,
                "{country} {}",
                Ipv4Addr::from_bits(first)
            );
        }
    }
    ranges.sort_by_key(|&(_, first, _)| first);
    assert!(
        ranges.windows(2).all(|pair| pair[0].2 < pair[1].1),
        "countries overlap"
    );
}

#[test]
fn no_address_is_a_bots_to_matomo_and_each_is_its_countrys() {
    let streams = Streams::new("test", &[]);
    let places = all();
    let draws_each = 100_000 / places.len() as u64 + 1;
    for (country, place) in &places {
        let mut ranges = ranges();
        ranges.retain(|(of, _, _)| of == country);
        for draw in 0..draws_each {
            let address = place.address(&mut streams.stream(draw, Purpose::Address));
            assert!(!in_bot_range(address), "{address}");
            assert!((1..255).contains(&address.octets()[3]), "{address}");
            let bits = address.to_bits();
            let inside = ranges
                .iter()
                .any(|(_, first, last)| (first..=last).contains(&&bits));
            assert!(inside, "{address} in {country}");
        }
    }
}

#[test]
fn a_bots_address_is_drawn_again() {
    let mut place = all().remove("US").unwrap();
    // Three of four addresses are a search engine's.
    place.networks = Networks::parse("74.124.192.0-74.125.191.255 173.194.0.0-173.194.255.255");
    let streams = Streams::new("test", &[]);
    for draw in 0..2000 {
        let address = place.address(&mut streams.stream(draw, Purpose::Address));
        assert_eq!(address.octets()[..2], [74, 124], "{address}");
    }
}

#[test]
fn large_ranges_are_drawn_more_often() {
    let networks = Networks::parse("10.0.0.0-10.0.0.255 20.0.0.0-20.0.2.255");
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Address);
    let mut small = 0;
    for _ in 0..10_000 {
        let octets = networks.pick(&mut stream).octets();
        assert!(octets[..3] == [10, 0, 0] || (octets[..2] == [20, 0] && octets[2] < 3));
        small += u32::from(octets[0] == 10);
    }
    assert!((2300..2700).contains(&small), "{small}");
}

#[test]
fn languages_belong_to_their_country() {
    for (country, place) in all() {
        for language in place.languages.items() {
            let first = language.split([',', ';']).next().unwrap();
            assert_eq!(first.split_once('-').unwrap().1, country, "{language}");
        }
    }
}

#[test]
fn countries_come_by_their_weights() {
    let places = Places::new(&[("SE".to_owned(), 3.0), ("JP".to_owned(), 1.0)]).unwrap();
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Place);
    let swedes = (0..10_000)
        .filter(|_| places.pick(&mut stream).country == "SE")
        .count();
    assert!((7300..7700).contains(&swedes), "{swedes}");
}
