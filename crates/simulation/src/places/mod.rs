//! Places: where visitors are.
//!
//! For: country, time zone, languages and addresses that agree with one another, for every country of ISO 3166-1 that
//! people browse from. Not for: how many come at which hour ([`crate::time`]), nor which addresses Matomo drops, which
//! `tracking` knows. Invariant: a place is one time zone of one country, and all it hands out belongs there.

mod nearest;
mod networks;

use std::net::IpAddr;
use std::sync::Arc;

use chrono_tz::Tz;
use config::AudiencePlan;
use tracking::{Location, Text};

use crate::streams::Stream;
use crate::table::{Shares, number, rows, shares};
use crate::wall_clock::{self, Local};
use crate::{SimulationError, devices};
use networks::Networks;

pub(crate) use nearest::nearest;

const COUNTRIES: &str = include_str!("../../data/places/countries.tsv");
const CITIES: &str = include_str!("../../data/places/cities.tsv");

/// The places of a plan.
#[derive(Debug)]
pub(crate) struct Places {
    all: Vec<Place>,
    ipv6: f64,
    mask: bool,
}

/// A time zone of a country.
#[derive(Debug)]
pub(crate) struct Place {
    /// ISO 3166-1 code, two capitals.
    pub(crate) country: &'static str,
    /// Share of all visitors; all places together make 1.
    pub(crate) weight: f64,
    pub(crate) zone: Tz,
    /// How long networks take here, in thousandths of what they take in the west.
    pub(crate) lag: u64,
    cities: Shares<Location>,
    land: Arc<Land>,
}

/// What the places of a country share.
#[derive(Debug)]
struct Land {
    /// Accept-Language headers.
    languages: Shares<Text>,
    networks: Networks,
}

/// All countries that there are visitors for.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    rows(COUNTRIES).map(|[country, _, _]| country)
}

impl Places {
    pub(crate) fn new(audience: &AudiencePlan) -> Result<Self, SimulationError> {
        let sum: f64 = audience.weights.iter().map(|(_, weight)| weight).sum();
        let mut all = Vec::new();
        for (country, weight) in &audience.weights {
            let [code, zones, languages] = rows(COUNTRIES)
                .find(|[code, _, _]| code == country)
                .ok_or_else(|| SimulationError::UnknownCountry {
                    country: country.clone(),
                    known: nearest(country, known()).join(", "),
                })?;
            let land = Arc::new(Land {
                languages: Shares::of_table(
                    shares(languages).map(|(share, language)| (share, header(language, code))),
                ),
                networks: Networks::of(code),
            });
            all.extend(zones_of(code, zones, weight / sum, &land));
        }
        if all.is_empty() {
            return Err(SimulationError::NoCountry);
        }
        Ok(Self {
            all,
            ipv6: audience.ipv6,
            mask: audience.mask_last_octet,
        })
    }

    /// All of them, in the plan's order.
    pub(crate) fn all(&self) -> &[Place] {
        &self.all
    }

    /// One of them, by weight.
    pub(crate) fn pick(&self, stream: &mut Stream) -> &Place {
        let mut left = stream.unit();
        self.all()
            .iter()
            .find(|place| {
                left -= place.weight;
                left < 0.0
            })
            .unwrap_or(&self.all[0])
    }

    /// An address of the place; the plan says how many are IPv6, and whether the last octet is told.
    pub(crate) fn address(&self, place: &Place, stream: &mut Stream) -> IpAddr {
        let wide = stream.chance(self.ipv6);
        let address = place.land.networks.pick(wide, stream);
        if self.mask {
            networks::masked(address)
        } else {
            address
        }
    }
}

impl Place {
    /// An Accept-Language header.
    pub(crate) fn language(&self, stream: &mut Stream) -> &Text {
        self.land.languages.pick(stream)
    }

    /// A city in this zone.
    pub(crate) fn location(&self, stream: &mut Stream) -> &Location {
        self.cities.pick(stream)
    }

    /// The hour on the wall at `time_ms`, and whether it is the weekend there.
    pub(crate) fn local(&self, time_ms: i64) -> Local {
        wall_clock::local(self.zone, time_ms)
    }
}

/// The zones of a country whose visitors are `weight` of all.
fn zones_of(
    country: &'static str,
    zones: &'static str,
    weight: f64,
    land: &Arc<Land>,
) -> Vec<Place> {
    let fields: Vec<[&str; 4]> = zones
        .split("; ")
        .map(|zone| {
            let fields: Vec<&str> = zone.split(' ').collect();
            fields.try_into().expect("a zone has all its fields")
        })
        .collect();
    let sum: f64 = fields.iter().map(|[share, ..]| number(share)).sum();
    fields
        .into_iter()
        .map(|[share, zone, latitude, longitude]| Place {
            country,
            weight: weight * number(share) / sum,
            zone: zone.parse().expect("the zone is known"),
            lag: devices::lag(country),
            cities: cities_of(country, zone, [latitude, longitude]),
            land: land.clone(),
        })
        .collect()
}

/// The cities in a zone: the table's, else the one that the zone is named after.
fn cities_of(country: &'static str, zone: &str, here: [&str; 2]) -> Shares<Location> {
    let code = Text::from(country.to_ascii_lowercase());
    let city = |region: Option<&str>, name: &str, [latitude, longitude]: [&str; 2]| Location {
        country: code.clone(),
        region: region.map(Text::from),
        city: name.into(),
        latitude: latitude.into(),
        longitude: longitude.into(),
    };
    let listed = rows(CITIES)
        .filter(|[of, in_zone, _, _, _, _, _]| *of == country && *in_zone == zone)
        .map(|[_, _, share, region, name, latitude, longitude]| {
            let place = city(Some(region), name, [latitude, longitude]);
            (number(share) as u64, place)
        });
    Shares::new(listed).unwrap_or_else(|| {
        let name = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
        Shares::of_table([(1, city(None, &name, here))])
    })
}

/// The Accept-Language header of a browser in this language and country. English comes second to nearly everybody.
fn header(language: &str, country: &str) -> Text {
    if language == "en" {
        format!("en-{country},en;q=0.9").into()
    } else {
        format!("{language}-{country},{language};q=0.9,en-US;q=0.8,en;q=0.7").into()
    }
}

#[cfg(test)]
pub(crate) mod tests;
