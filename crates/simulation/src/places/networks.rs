//! Addresses of a country.
//!
//! Invariant: an address lies in a block of its country on which two sources agree, is no bot's to Matomo, and is
//! neither the first nor the last of its IPv4 /24.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tracking::in_bot_range;

use crate::streams::Stream;
use crate::table::{part, rows};

const NETWORKS: &str = include_str!("../../data/places/networks.tsv");

/// Address blocks of a country.
#[derive(Debug)]
pub(super) struct Networks {
    /// Number of IPv4 addresses up to and with a block, and its first address; drawn by size.
    v4: Vec<(u64, u32)>,
    /// First address and bits of the prefix; each as likely as another, since a provider's customers are not as many as
    /// its addresses. None in a few countries.
    v6: Vec<(u128, u32)>,
}

impl Networks {
    pub(super) fn of(country: &str) -> Self {
        let [_, v4, v6] = rows(NETWORKS)
            .find(|[of, _, _]| *of == country)
            .expect("a country has networks");
        Self::parse(v4, v6)
    }

    fn parse(v4: &str, v6: &str) -> Self {
        let mut sum = 0;
        Self {
            v4: blocks(v4)
                .map(|(first, bits)| {
                    let first: Ipv4Addr = first.parse().expect("a block begins with an address");
                    sum += 1 << (32 - bits);
                    (sum, first.to_bits())
                })
                .collect(),
            v6: blocks(v6)
                .map(|(first, bits)| {
                    let first: Ipv6Addr = first.parse().expect("a block begins with an address");
                    (first.to_bits(), bits)
                })
                .collect(),
        }
    }

    /// An address, IPv6 if `wide` and the country has any.
    pub(super) fn pick(&self, wide: bool, stream: &mut Stream) -> IpAddr {
        if wide && !self.v6.is_empty() {
            IpAddr::V6(self.pick_v6(stream))
        } else {
            IpAddr::V4(self.pick_v4(stream))
        }
    }

    fn pick_v4(&self, stream: &mut Stream) -> Ipv4Addr {
        let sum = self.v4[self.v4.len() - 1].0;
        loop {
            let place = stream.between(0, sum - 1);
            let at = self.v4.partition_point(|(up_to, _)| *up_to <= place);
            let before = at.checked_sub(1).map_or(0, |before| self.v4[before].0);
            let first = self.v4[at].1;
            // A block has at most 2^22 addresses.
            let address = Ipv4Addr::from_bits(first + (place - before) as u32);
            // Such addresses are a hundredth of a block at most, so this ends.
            if !in_bot_range(address) && !matches!(address.octets()[3], 0 | 255) {
                return address;
            }
        }
    }

    /// A customer's network, a /64, and in it an address that its owner has chosen by lot (RFC 8981).
    fn pick_v6(&self, stream: &mut Stream) -> Ipv6Addr {
        let (first, bits) = self.v6[stream.index(self.v6.len())];
        let network = u128::from(stream.bits() >> bits) << 64;
        Ipv6Addr::from_bits(first | network | u128::from(stream.bits()))
    }
}

/// The address without its last octet, as Matomo's own masking by one byte leaves it: of an IPv6 address the last
/// eight bytes go (Matomo 5, `plugins/PrivacyManager/IPAnonymizer`).
pub(super) fn masked(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & !0xff)),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// First address and bits of the prefix of each block.
fn blocks(field: &str) -> impl Iterator<Item = (&str, u32)> {
    field
        .split(' ')
        .filter(|block| !block.is_empty())
        .map(|block| {
            let (first, bits) = block.split_once('/').expect("a block has a prefix");
            // A prefix has at most 128 bits.
            (first, part(bits) as u32)
        })
}

#[cfg(test)]
mod tests;
