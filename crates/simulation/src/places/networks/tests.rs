use super::*;
use crate::streams::{Purpose, Streams};

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

/// First and last address of each block, with its country.
fn v4() -> Vec<(u32, u32, &'static str)> {
    let ends = |first: &str, bits: u32| {
        let first = first.parse::<Ipv4Addr>().unwrap().to_bits();
        (first, first | (u32::MAX >> bits))
    };
    rows(NETWORKS)
        .flat_map(|[country, v4, _]| blocks(v4).map(move |block| (country, block)))
        .map(|(country, (first, bits))| {
            let (first, last) = ends(first, bits);
            (first, last, country)
        })
        .collect()
}

#[test]
fn blocks_are_aligned_belong_to_one_country_and_hold_no_special_network() {
    let mut all = v4();
    all.sort_unstable();
    for pair in all.windows(2) {
        assert!(pair[0].1 < pair[1].0, "{pair:?}");
    }
    for (first, last, country) in all {
        assert_eq!(first & (last - first), 0, "{country}");
        for (network, bits) in SPECIAL {
            let start = u32::from_be_bytes(network);
            let end = start | (u32::MAX >> bits);
            assert!(last < start || end < first, "{country} {first:x}");
        }
    }
}

#[test]
fn ipv6_blocks_are_global_unicast_and_belong_to_one_country() {
    let mut all: Vec<_> = rows(NETWORKS)
        .flat_map(|[country, _, v6]| blocks(v6).map(move |block| (country, block)))
        .map(|(country, (first, bits))| {
            let first = first.parse::<Ipv6Addr>().unwrap().to_bits();
            assert!(bits <= 48, "{country}");
            assert_eq!(first & (u128::MAX >> bits), 0, "{country}");
            assert_eq!(first >> 125, 1, "{country}: 2000::/3 is what is handed out");
            // Documentation (RFC 3849).
            assert_ne!(first >> 96, 0x2001_0db8, "{country}");
            (first, first | (u128::MAX >> bits), country)
        })
        .collect();
    all.sort_unstable();
    assert!(1000 < all.len(), "{}", all.len());
    for pair in all.windows(2) {
        assert!(pair[0].1 < pair[1].0, "{pair:?}");
    }
}

/// Property: 0 addresses in Matomo's bot ranges, over 100,000 draws from all over the world; no tolerance.
#[test]
fn no_address_is_a_bots_to_matomo_and_each_is_its_countrys() {
    let streams = Streams::new("test", &[]);
    let countries: Vec<&str> = rows(NETWORKS).map(|[country, _, _]| country).collect();
    let each = 100_000 / countries.len() as u64 + 1;
    let ranges = v4();
    for country in countries {
        let networks = Networks::of(country);
        let own: Vec<_> = ranges.iter().filter(|(_, _, of)| *of == country).collect();
        for draw in 0..each {
            let mut stream = streams.stream(draw, Purpose::Network);
            let IpAddr::V4(address) = networks.pick(false, &mut stream) else {
                panic!("an IPv4 address was asked for");
            };
            assert!(!in_bot_range(address), "{address}");
            assert!((1..255).contains(&address.octets()[3]), "{address}");
            let bits = address.to_bits();
            let inside = |(first, last, _): &&(u32, u32, &str)| *first <= bits && bits <= *last;
            assert!(own.iter().any(inside), "{address} in {country}");
        }
    }
}

#[test]
fn ipv6_addresses_lie_in_their_block_and_differ_in_network_and_host() {
    let networks = Networks::parse("192.0.3.0/24", "2a00:1028::/29");
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Network);
    let mut before = Ipv6Addr::UNSPECIFIED;
    for _ in 0..1000 {
        let IpAddr::V6(address) = networks.pick(true, &mut stream) else {
            panic!("the country has IPv6 networks");
        };
        assert_eq!(address.to_bits() >> 99, 0x2a00_1028 >> 3, "{address}");
        assert_ne!(address.to_bits() >> 64, before.to_bits() >> 64);
        assert_ne!(address.to_bits() as u64, before.to_bits() as u64);
        before = address;
    }
}

#[test]
fn a_country_without_ipv6_answers_with_ipv4() {
    let networks = Networks::parse("192.0.3.0/24", "");
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Network);
    assert!(networks.pick(true, &mut stream).is_ipv4());
}

#[test]
fn large_blocks_are_drawn_more_often() {
    let networks = Networks::parse("5.0.0.0/24 20.0.0.0/23 30.0.0.0/24", "");
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Network);
    let large = (0..10_000)
        .filter(|_| networks.pick_v4(&mut stream).octets()[0] == 20)
        .count();
    assert!((4700..5300).contains(&large), "{large}");
}

#[test]
fn a_bots_address_is_drawn_again() {
    // Three of four addresses are a search engine's.
    let networks = Networks::parse("74.124.0.0/17 74.125.0.0/17 173.194.0.0/16", "");
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Network);
    for _ in 0..2000 {
        assert_eq!(networks.pick_v4(&mut stream).octets()[..2], [74, 124]);
    }
}

#[test]
fn what_matomo_would_mask_is_zero() {
    let masked = |address: &str| super::masked(address.parse().unwrap()).to_string();
    assert_eq!(masked("84.150.3.7"), "84.150.3.0");
    assert_eq!(masked("2a00:1028:1:2:3:4:5:6"), "2a00:1028:1:2::");
}
