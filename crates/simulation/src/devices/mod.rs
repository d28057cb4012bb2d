//! Devices: what a browser says of itself, and the screen it runs on.
//!
//! For: devices whose parts agree: type, system, browser, version, user agent, client hints, screen, features. Not for:
//! who has which ([`crate::people`] asks once for a person). Invariant: a device is made of one row of each table, and
//! browsers without client hints send none. Where the tables come from: `data/README.md`.

mod agents;
mod hints;
mod tables;

use std::collections::BTreeMap;

use config::AudiencePlan;
use tracking::{Features, Text};

use crate::streams::Stream;
use crate::table::Shares;

/// The devices of a plan's visitors.
#[derive(Debug)]
pub(crate) struct Devices {
    kinds: Shares<Kind>,
    countries: BTreeMap<&'static str, Country>,
    families: BTreeMap<(Kind, Family, Market), Shares<Device>>,
}

/// What people of a country browse with.
#[derive(Debug)]
struct Country {
    market: Market,
    desktop: Shares<Family>,
    smartphone: Shares<Family>,
    tablet: Shares<Family>,
}

/// A kind of device, as specific as Matomo can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) kind: Kind,
    pub(crate) os: &'static str,
    pub(crate) browser: &'static str,
    /// The User-Agent header.
    pub(crate) user_agent: Text,
    /// Client hints (`uadata`), as browsers of Chromium's kin tell them.
    pub(crate) hints: Option<Text>,
    /// Width and height in CSS pixels, such as `390x844`.
    pub(crate) screen: Text,
    pub(crate) features: Features,
}

/// The type of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Desktop,
    Smartphone,
    Tablet,
}

impl Kind {
    /// Its name in the plan's settings.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Smartphone => "smartphone",
            Self::Tablet => "tablet",
        }
    }
}

/// A system and a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Family {
    os: System,
    browser: Browser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum System {
    Windows,
    MacOs,
    Linux,
    ChromeOs,
    Android,
    Ios,
    IpadOs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Browser {
    Chrome,
    Edge,
    Firefox,
    Opera,
    Safari,
    Samsung,
}

/// Part of the world, by whose telephones are sold there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Market {
    West,
    Latin,
    Asia,
    Africa,
}

impl Market {
    /// Telephones and tablets with Android differ; everything else is the same all over the world.
    fn of(self, family: Family) -> Self {
        match family.os {
            System::Android => self,
            _ => Self::West,
        }
    }
}

impl System {
    fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::Linux => "Linux",
            Self::ChromeOs => "ChromeOS",
            Self::Android => "Android",
            Self::Ios => "iOS",
            Self::IpadOs => "iPadOS",
        }
    }
}

impl Browser {
    fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Opera => "Opera",
            Self::Safari => "Safari",
            Self::Samsung => "Samsung Internet",
        }
    }
}

/// How long networks take in a country, in thousandths of what they take in the west: own estimates by part of the world.
pub(crate) fn lag(country: &str) -> u64 {
    match tables::market(country) {
        Market::West => 1000,
        Market::Asia => 1400,
        Market::Latin => 1500,
        Market::Africa => 2200,
    }
}

/// Parts of 1 that the shares of types are counted in.
const PARTS: f64 = 1_000_000.0;
/// The row of the shares for countries without one.
const ELSEWHERE: &str = "**";

impl Devices {
    pub(crate) fn new(audience: &AudiencePlan) -> Self {
        let shares = audience.devices;
        let parts = [
            (shares.desktop, Kind::Desktop),
            (shares.smartphone, Kind::Smartphone),
            (shares.tablet, Kind::Tablet),
        ]
        .map(|(share, kind)| ((share * PARTS) as u64, kind));
        let mut countries = tables::countries();
        countries.retain(|code, _| {
            *code == ELSEWHERE || audience.weights.iter().any(|(country, _)| country == code)
        });
        Self {
            // The shares make 1, which `config` has seen to.
            kinds: Shares::new(parts).unwrap_or_else(|| Shares::of_table([(1, Kind::Desktop)])),
            families: tables::families(&countries.values().map(|country| country.market).collect()),
            countries,
        }
    }

    /// The device of somebody from the country.
    pub(crate) fn pick(&self, country: &str, stream: &mut Stream) -> &Device {
        let kind = *self.kinds.pick(stream);
        let country = &self
            .countries
            .get(country)
            .unwrap_or(&self.countries[ELSEWHERE]);
        let shares = match kind {
            Kind::Desktop => &country.desktop,
            Kind::Smartphone => &country.smartphone,
            Kind::Tablet => &country.tablet,
        };
        let family = *shares.pick(stream);
        self.families[&(kind, family, country.market.of(family))].pick(stream)
    }
}

#[cfg(test)]
mod tests;
