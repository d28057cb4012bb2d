//! Who sends a hit: the parameters that all hits of a visit share.
//!
//! For: encoding them once per visit instead of once per hit. Not for: deciding who the visitors are.
//! Invariant: a visitor is known by `cid`, sixteen hexadecimal digits; with `cid` Matomo never merges
//! two visitors by their fingerprint (measured on 5.2).

use std::net::{IpAddr, Ipv4Addr};

use crate::query::{Encoded, Sink};
use crate::text::Text;

/// What there is to tell of a visitor; see [`Identity::of`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityParts {
    /// The site (`idsite`).
    pub site_id: u32,
    /// The visitor's id (`cid`), written as sixteen lower-case hexadecimal digits.
    pub visitor: u64,
    /// The name under which the visitor is signed in (`uid`). Matomo then derives the visitor's id from it.
    pub user_id: Option<Text>,
    /// The browser's User-Agent header (`ua`).
    pub user_agent: Text,
    /// The browser's client hints (`uadata`), a JSON object; browsers without them send none.
    pub hints: Option<Text>,
    /// The browser's Accept-Language header (`lang`).
    pub language: Text,
    /// Width and height of the screen in pixels, such as `390x844` (`res`).
    pub resolution: Text,
    /// What the browser can do.
    pub features: Features,
    /// The visitor's address (`cip`); each hit then needs a token.
    pub ip: Option<IpAddr>,
    /// Where the visitor is, instead of what Matomo finds out from the address; each hit then needs a token.
    pub location: Option<Location>,
}

/// What a browser can do, as far as today's browsers can do it. Matomo reads an absent feature as 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Features {
    /// Keeps cookies (`cookie`).
    pub cookie: bool,
    /// Shows PDF files by itself (`pdf`).
    pub pdf: bool,
}

/// A place in Matomo's words. It takes all of them together or guesses the rest from the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// ISO 3166-1 code, two small letters (`country`).
    pub country: Text,
    /// Second part of the ISO 3166-2 code (`region`).
    pub region: Option<Text>,
    /// Name of the city (`city`).
    pub city: Text,
    /// Degrees north (`lat`).
    pub latitude: Text,
    /// Degrees east (`long`).
    pub longitude: Text,
}

/// One visitor on one site, as Matomo gets to see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    parts: IdentityParts,
    visitor_id: [u8; 16],
    /// All of the above as the head of a query.
    encoded: String,
}

impl Identity {
    /// A visitor of whom a user agent, a language, a screen and perhaps an address are told.
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
        Self::of(IdentityParts {
            site_id,
            visitor,
            user_id: None,
            user_agent,
            hints: None,
            language,
            resolution,
            features: Features::default(),
            ip: ip.map(IpAddr::V4),
            location: None,
        })
    }

    /// The visitor of whom all this is told.
    #[must_use]
    pub fn of(parts: IdentityParts) -> Self {
        let mut identity = Self {
            visitor_id: hex16(parts.visitor),
            parts,
            encoded: String::new(),
        };
        let hints = identity.parts.hints.as_ref();
        let hints_bytes = hints.map_or(0, |hints| hints.encoded().len());
        let mut head = String::with_capacity(HEAD_BYTES + hints_bytes);
        identity.each_param(&mut Encoded(&mut head));
        identity.encoded = head;
        identity
    }

    /// The visitor id that Matomo is told (`cid`).
    #[must_use]
    pub fn visitor_id(&self) -> &str {
        std::str::from_utf8(&self.visitor_id).expect("hexadecimal digits are ASCII")
    }

    /// What is told of the visitor.
    #[must_use]
    pub fn parts(&self) -> &IdentityParts {
        &self.parts
    }

    /// Whether Matomo refuses this visitor's hits without a token.
    #[must_use]
    pub fn needs_token(&self) -> bool {
        self.parts.ip.is_some() || self.parts.location.is_some()
    }

    /// The head of each of this visitor's queries.
    pub(crate) fn encoded(&self) -> &str {
        &self.encoded
    }

    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        let parts = &self.parts;
        sink.int("idsite", i64::from(parts.site_id));
        sink.int("rec", 1);
        sink.int("apiv", 1);
        sink.string("cid", self.visitor_id());
        if let Some(user) = &parts.user_id {
            sink.text("uid", user);
        }
        sink.text("ua", &parts.user_agent);
        if let Some(hints) = &parts.hints {
            sink.text("uadata", hints);
        }
        sink.text("lang", &parts.language);
        sink.text("res", &parts.resolution);
        if parts.features.cookie {
            sink.int("cookie", 1);
        }
        if parts.features.pdf {
            sink.int("pdf", 1);
        }
        if let Some(ip) = parts.ip {
            sink.string("cip", &ip.to_string());
        }
        if let Some(location) = &parts.location {
            location.each_param(sink);
        }
    }
}

impl Location {
    fn each_param(&self, sink: &mut impl Sink) {
        sink.text("country", &self.country);
        if let Some(region) = &self.region {
            sink.text("region", region);
        }
        sink.text("city", &self.city);
        sink.text("lat", &self.latitude);
        sink.text("long", &self.longitude);
    }
}

/// Room for a usual head without client hints; a longer one costs a reallocation.
const HEAD_BYTES: usize = 352;

fn hex16(value: u64) -> [u8; 16] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|place| DIGITS[(value >> (60 - 4 * place)) as usize & 15])
}
