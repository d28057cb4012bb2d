//! Addresses that no target may have.
//!
//! For: keeping what a user types from reaching what only the machine itself should: a cloud's metadata service, and
//! neighbours on the link. Not for: private and loopback addresses, where many a Matomo lives. Invariant: an IPv4
//! address is judged alike in each of the forms in which IPv6 can carry it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Metadata services outside of the link-local range: Alibaba Cloud, Oracle Cloud, Azure's host.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The same in IPv6: Amazon's and Google's.
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// Whether no target may have this address: link-local, or a cloud's metadata service, in any form.
#[must_use]
pub fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local()
                || METADATA_V6.contains(&v6)
                || carried(v6).is_some_and(forbidden_v4)
        }
    }
}

fn forbidden_v4(address: Ipv4Addr) -> bool {
    address.is_link_local() || METADATA_V4.contains(&address)
}

/// The IPv4 address inside of an IPv6 address: mapped (RFC 4291), compatible, 6to4 (RFC 3056), NAT64 with the
/// well-known prefix (RFC 6052) or the local one (RFC 8215), Teredo (RFC 4380, inverted).
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(v4(g, h)),
        [0x64, 0xff9b, 1, ..] => Some(v4(g, h)),
        [0x2002, ..] => Some(v4(b, c)),
        [0x2001, 0, ..] => Some(v4(!g, !h)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_and_link_local_addresses_are_forbidden_in_each_form() {
        for text in [
            "169.254.169.254",
            "169.254.1.1",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "fe80::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::169.254.169.254",
            "2001:0:4136:e378:8000:63bf:5601:5601",
        ] {
            let address: IpAddr = text.parse().expect(text);
            assert!(is_forbidden(address), "{text}");
        }
    }

    #[test]
    fn addresses_at_which_a_matomo_may_live_are_not() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "100.100.100.201",
            "203.0.113.7",
            "::1",
            "fd00::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "64:ff9b::203.0.113.7",
        ] {
            let address: IpAddr = text.parse().expect(text);
            assert!(!is_forbidden(address), "{text}");
        }
    }
}
