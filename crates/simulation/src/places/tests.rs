use std::collections::BTreeSet;

use config::{Countries, DeviceShares};

use super::*;
use crate::streams::{Purpose, Streams};

/// An audience of these countries, all else as by default.
pub(crate) fn audience(weights: &[(&str, f64)]) -> AudiencePlan {
    AudiencePlan {
        returning: 0.0,
        signed_in: 0.0,
        people_since: None,
        countries: Countries::On,
        weights: weights
            .iter()
            .map(|(country, weight)| ((*country).to_owned(), *weight))
            .collect(),
        devices: DeviceShares {
            desktop: 0.38,
            smartphone: 0.6,
            tablet: 0.02,
        },
        ipv6: 0.5,
        mask_last_octet: false,
        location: false,
        population: None,
        seed: None,
    }
}

fn everywhere() -> Places {
    let weights: Vec<_> = known().map(|country| (country, 1.0)).collect();
    Places::new(&audience(&weights)).unwrap()
}

#[test]
fn every_country_has_places_that_share_its_weight() {
    let places = everywhere();
    let countries: BTreeSet<_> = places.all().iter().map(|place| place.country).collect();
    assert_eq!(countries.len(), known().count());
    assert!(240 <= countries.len());
    let sum: f64 = places.all().iter().map(|place| place.weight).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    assert!(places.all().iter().all(|place| 0.0 < place.weight));
}

#[test]
fn people_of_a_large_country_live_by_several_clocks() {
    let places = Places::new(&audience(&[("US", 3.0), ("SE", 1.0)])).unwrap();
    let share = |zone: Tz| {
        let of: f64 = places
            .all()
            .iter()
            .filter(|place| place.zone == zone)
            .map(|place| place.weight)
            .sum();
        of
    };
    assert!((share(Tz::Europe__Stockholm) - 0.25).abs() < 1e-9);
    assert!((share(Tz::America__New_York) - 0.75 * 0.473).abs() < 0.001);
    assert!((share(Tz::America__Los_Angeles) - 0.75 * 0.162).abs() < 0.001);
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Place);
    let swedes = (0..10_000)
        .filter(|_| places.pick(&mut stream).country == "SE")
        .count();
    assert!((2300..2700).contains(&swedes), "{swedes}");
}

#[test]
fn languages_name_their_country() {
    for place in everywhere().all() {
        for language in place.land.languages.items() {
            let first = language.split(',').next().unwrap();
            assert_eq!(
                first.rsplit_once('-').unwrap().1,
                place.country,
                "{language}"
            );
        }
    }
}

#[test]
fn cities_lie_where_their_clocks_say() {
    use chrono::{Offset, TimeZone};
    for place in everywhere().all() {
        // In January, without summer time in the north; the sun is within four hours of the clock everywhere.
        let january = chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap();
        let offset = place.zone.offset_from_utc_datetime(&january.naive_utc());
        let hours = f64::from(offset.fix().local_minus_utc()) / 3600.0;
        for city in place.cities.items() {
            let longitude: f64 = city.longitude.parse().unwrap();
            let latitude: f64 = city.latitude.parse().unwrap();
            let off = (hours - longitude / 15.0 + 36.0).rem_euclid(24.0) - 12.0;
            assert!(off.abs() < 4.0, "{city:?} {:?}", place.zone);
            assert!((-90.0..=90.0).contains(&latitude));
            assert_eq!(city.country.to_ascii_uppercase(), place.country);
        }
    }
}

#[test]
fn each_listed_city_is_in_a_zone_of_its_country() {
    let places = everywhere();
    for [country, zone, ..] in rows::<7>(CITIES) {
        let zone: Tz = zone.parse().unwrap();
        assert!(
            places
                .all()
                .iter()
                .any(|place| place.country == country && place.zone == zone),
            "{country} {zone}"
        );
    }
}

#[test]
fn an_unknown_country_is_named_with_what_may_be_meant() {
    let error = Places::new(&audience(&[("UK", 1.0)])).unwrap_err();
    assert!(error.to_string().contains("\"UK\""), "{error}");
    assert!(error.to_string().contains("GB"), "{error}");
}

/// A golden: what is drawn from a stream stays the same on every machine, and changes with the tables alone.
#[test]
fn the_first_people_of_some_places_are_frozen() {
    let places = Places::new(&audience(&[("US", 1.0), ("CH", 1.0), ("RS", 1.0)])).unwrap();
    let streams = Streams::new("golden", &[]);
    let mut told = String::new();
    for person in 0..16 {
        let stream = |purpose| streams.stream(person, purpose);
        let place = places.pick(&mut stream(Purpose::Place));
        let language = place.language(&mut stream(Purpose::Language));
        let address = places.address(place, &mut stream(Purpose::Network));
        let city = &place.location(&mut stream(Purpose::City)).city;
        told += &format!(
            "{} {} {city} {address} {language}\n",
            place.country, place.zone
        );
    }
    insta::assert_snapshot!(told);
}
