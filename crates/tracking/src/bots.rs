//! Addresses that Matomo takes for bots: it answers 200 and records nothing.

use std::net::Ipv4Addr;

/// Networks that Matomo excludes out of the box (Matomo 5, `core/Tracker/VisitExcluded`; measured on 5.2).
const BOT_RANGES: [([u8; 4], u8); 24] = [
    // Google
    ([216, 239, 32, 0], 19),
    ([64, 233, 160, 0], 19),
    ([66, 249, 80, 0], 20),
    ([72, 14, 192, 0], 18),
    ([209, 85, 128, 0], 17),
    ([66, 102, 0, 0], 20),
    ([74, 125, 0, 0], 16),
    ([64, 18, 0, 0], 20),
    ([207, 126, 144, 0], 20),
    ([173, 194, 0, 0], 16),
    // Microsoft
    ([64, 4, 0, 0], 18),
    ([65, 52, 0, 0], 14),
    ([157, 54, 0, 0], 15),
    ([157, 56, 0, 0], 14),
    ([157, 60, 0, 0], 16),
    ([207, 46, 0, 0], 16),
    ([207, 68, 128, 0], 18),
    ([207, 68, 192, 0], 20),
    ([131, 253, 24, 0], 20),
    ([131, 253, 26, 0], 20),
    // Yahoo
    ([72, 30, 196, 0], 20),
    ([72, 30, 198, 0], 20),
    ([98, 137, 207, 0], 20),
    // A single crawler
    ([1, 202, 218, 8], 32),
];

/// Whether Matomo silently drops hits with this `cip`.
#[must_use]
pub fn in_bot_range(ip: Ipv4Addr) -> bool {
    BOT_RANGES.iter().any(|&(network, bits)| {
        let mask = u32::MAX << (32 - u32::from(bits));
        ip.to_bits() & mask == u32::from_be_bytes(network) & mask
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_range_are_inside_and_their_neighbours_are_not() {
        for (first, last) in [
            ("74.125.0.0", "74.125.255.255"),
            ("65.52.0.0", "65.55.255.255"),
            ("66.249.80.0", "66.249.95.255"),
            ("207.68.128.0", "207.68.207.255"),
            // Given as 131.253.26.0/20 too: a range counts from its network address.
            ("131.253.16.0", "131.253.31.255"),
            ("1.202.218.8", "1.202.218.8"),
        ] {
            let (first, last): (Ipv4Addr, Ipv4Addr) = (
                first.parse().expect("an address"),
                last.parse().expect("an address"),
            );
            assert!(in_bot_range(first), "{first}");
            assert!(in_bot_range(last), "{last}");
            assert!(!in_bot_range(Ipv4Addr::from_bits(first.to_bits() - 1)));
            assert!(!in_bot_range(Ipv4Addr::from_bits(last.to_bits() + 1)));
        }
    }

    #[test]
    fn an_ordinary_address_is_no_bot() {
        assert!(!in_bot_range(Ipv4Addr::new(84, 150, 3, 7)));
        assert!(!in_bot_range(Ipv4Addr::new(0, 0, 0, 0)));
        assert!(!in_bot_range(Ipv4Addr::BROADCAST));
    }
}
