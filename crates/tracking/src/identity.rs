//! Who sends a hit: the parameters that all hits of a visit share.
//!
//! For: encoding them once per visit instead of once per hit. Not for: deciding who the visitors are.
//! Invariant: a visitor is known by `cid`, sixteen hexadecimal digits; with `cid` Matomo never merges
//! two visitors by their fingerprint (measured on 5.2).

use std::net::Ipv4Addr;

use crate::query::{Encoded, Sink};
use crate::text::Text;

/// One visitor on one site, as Matomo gets to see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    site_id: u32,
    visitor_id: [u8; 16],
    user_agent: Text,
    language: Text,
    resolution: Text,
    ip: Option<Ipv4Addr>,
    /// All of the above as the head of a query.
    encoded: String,
}

impl Identity {
    /// A visitor whose id is `visitor`, written as sixteen lower-case hexadecimal digits.
    ///
    /// `language` has the form of an Accept-Language header, `resolution` is width and height of the
    /// screen in pixels, such as `390x844`. With an `ip`, each hit needs a token.
    #[must_use]
    pub fn new(
        site_id: u32,
        visitor: u64,
        user_agent: Text,
        language: Text,
        resolution: Text,
        ip: Option<Ipv4Addr>,
    ) -> Self {
        let mut identity = Self {
            site_id,
            visitor_id: hex16(visitor),
            user_agent,
            language,
            resolution,
            ip,
            encoded: String::new(),
        };
        let mut head = String::with_capacity(HEAD_BYTES);
        identity.each_param(&mut Encoded(&mut head));
        identity.encoded = head;
        identity
    }

    /// The visitor id that Matomo is told (`cid`).
    #[must_use]
    pub fn visitor_id(&self) -> &str {
        std::str::from_utf8(&self.visitor_id).expect("hexadecimal digits are ASCII")
    }

    /// The address that Matomo is told (`cip`), if any.
    #[must_use]
    pub fn ip(&self) -> Option<Ipv4Addr> {
        self.ip
    }

    /// The head of each of this visitor's queries.
    pub(crate) fn encoded(&self) -> &str {
        &self.encoded
    }

    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        sink.int("idsite", i64::from(self.site_id));
        sink.int("rec", 1);
        sink.int("apiv", 1);
        sink.string("cid", self.visitor_id());
        sink.text("ua", &self.user_agent);
        sink.text("lang", &self.language);
        sink.text("res", &self.resolution);
        if let Some(ip) = self.ip {
            sink.string("cip", &ip.to_string());
        }
    }
}

/// Room for a usual head; a longer one costs a reallocation.
const HEAD_BYTES: usize = 352;

fn hex16(value: u64) -> [u8; 16] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|place| DIGITS[(value >> (60 - 4 * place)) as usize & 15])
}
