//! Properties 14 and 15: shares of devices, and zero impossible pairs among country, language, local time, device,
//! browser, client hints, screen and address.
//!
//! The rules are written here once more, in other words than the model's, and asked of what Matomo is told.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use serde_json::{Value, json};
use simulation::Visit;
use tracking::{IdentityParts, in_bot_range};

use crate::{plan, simulate};

const COUNTRIES: &str = include_str!("../../data/places/countries.tsv");
const VISITS: usize = 100_000;

/// The clocks of each country.
fn clocks() -> BTreeMap<&'static str, Vec<Tz>> {
    let lines = COUNTRIES.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let country = fields.next().unwrap();
            let zones = fields.next().unwrap().split("; ");
            let zone = |each: &str| each.split(' ').nth(1).unwrap().parse().unwrap();
            (country, zones.map(zone).collect())
        })
        .collect()
}

fn told(visit: &Visit) -> &IdentityParts {
    visit.hits[0].hit.identity().parts()
}

/// What is impossible about the visit.
fn impossible(visit: &Visit, clocks: &BTreeMap<&str, Vec<Tz>>) -> Option<&'static str> {
    let told = told(visit);
    let country = visit.visitor.country.as_deref().unwrap_or_default();
    let language = told.language.split([',', ';']).next().unwrap_or_default();
    if language.split_once('-').map(|(_, region)| region) != Some(country) {
        return Some("language of another country");
    }
    let of_country = |hit: &simulation::TimedHit| {
        let params = hit.hit.params(None);
        let number = |name| {
            params
                .iter()
                .find(|(of, _)| *of == name)
                .unwrap()
                .1
                .parse::<u32>()
        };
        let utc = chrono::DateTime::from_timestamp_millis(hit.time_ms)
            .unwrap()
            .naive_utc();
        clocks[country].iter().any(|zone| {
            let here = utc + zone.offset_from_utc_datetime(&utc).fix();
            number("h") == Ok(here.hour()) && number("m") == Ok(here.minute())
        })
    };
    if !of_country(&visit.hits[0]) {
        return Some("hour of another country");
    }
    match told.ip {
        None => return Some("no address"),
        Some(IpAddr::V4(ip)) if in_bot_range(ip) || ip.is_private() => {
            return Some("nobody's address");
        }
        Some(IpAddr::V6(ip)) if ip.segments()[0] & 0xe000 != 0x2000 => {
            return Some("nobody's address");
        }
        Some(_) => {}
    }
    impossible_device(told, &visit.visitor.device, &visit.visitor.browser)
}

fn impossible_device(told: &IdentityParts, kind: &str, browser: &str) -> Option<&'static str> {
    let agent = &*told.user_agent;
    let apple = ["Macintosh", "iPhone", "iPad"]
        .iter()
        .any(|name| agent.contains(name));
    let android = agent.contains("Android");
    let (width, height) = told.resolution.split_once('x')?;
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    let hints: Value = told
        .hints
        .as_deref()
        .map_or(Value::Null, |hints| serde_json::from_str(hints).unwrap());
    let rules = [
        (
            agent.contains("Version/") && !apple,
            "Safari elsewhere than at Apple's",
        ),
        (
            agent.contains("SamsungBrowser") && !android,
            "Samsung's browser on no telephone of its",
        ),
        (
            kind == "desktop" && (width < height || android),
            "a desktop held upright",
        ),
        (
            kind == "smartphone" && 500 <= width,
            "a telephone as wide as a table",
        ),
        (
            kind == "tablet" && !(500..1400).contains(&width),
            "a tablet of a telephone's width",
        ),
        (
            hints.is_null() == agent.contains("Chrome/"),
            "hints where there are none, or none where there are",
        ),
        (
            !hints.is_null() && hints["mobile"] != json!(kind == "smartphone"),
            "hints of another type",
        ),
        (
            !hints.is_null() && (hints["platform"] == json!("Android")) != android,
            "hints of another system",
        ),
        (
            !hints.is_null() && (hints["model"] == json!("")) == android,
            "a model without a telephone",
        ),
        (
            browser == "Chrome" && agent.contains("Edg/"),
            "Edge that says it is Chrome",
        ),
        (
            !told.features.cookie || told.features.pdf == android,
            "features of another browser",
        ),
    ];
    rules
        .into_iter()
        .find(|(broken, _)| *broken)
        .map(|(_, rule)| rule)
}

/// No tolerance: one impossible visitor is one too many.
#[test]
fn of_100_000_visitors_none_is_impossible_and_their_devices_are_the_planned_ones() {
    let simulation = simulate(&plan(&json!({})), true);
    let clocks = clocks();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut ipv6 = 0;
    for visit in crate::visits(&simulation, VISITS) {
        assert_eq!(impossible(&visit, &clocks), None, "{:#?}", told(&visit));
        ipv6 += usize::from(told(&visit).ip.is_some_and(|ip| ip.is_ipv6()));
        *kinds.entry(visit.visitor.device).or_default() += 1;
    }
    // Five standard deviations of a share near a half are 0.008; returning people make draws depend on one another,
    // hence twice that.
    for (kind, share) in [("desktop", 0.38), ("smartphone", 0.60), ("tablet", 0.02)] {
        let found = kinds[kind] as f64 / VISITS as f64;
        assert!((found - share).abs() < 0.016, "{kind}: {found}");
    }
    let found = ipv6 as f64 / VISITS as f64;
    assert!((found - 0.45).abs() < 0.016, "IPv6: {found}");
}

#[test]
fn every_country_can_be_asked_for() {
    let weights: Vec<_> = clocks()
        .into_keys()
        .map(|country| json!({"country": country, "weight": 1.0}))
        .collect();
    let simulation = simulate(&plan(&json!({"audience": {"weights": weights}})), true);
    let clocks = clocks();
    for visit in crate::visits(&simulation, 5_000) {
        assert_eq!(impossible(&visit, &clocks), None, "{:#?}", told(&visit));
    }
}

#[test]
fn without_a_token_no_address_and_no_place_is_told_and_the_language_stays() {
    let simulation = simulate(&plan(&json!({"audience": {"location": true}})), false);
    for visit in crate::visits(&simulation, 200) {
        let told = told(&visit);
        assert_eq!((told.ip, &told.location), (None, &None));
        assert!(told.language.contains('-'), "{}", told.language);
        assert!(
            visit
                .hits
                .iter()
                .all(|timed| !timed.hit.needs_token(None, 0))
        );
    }
}

#[test]
fn addresses_without_their_last_octet_end_in_zero() {
    let masked = json!({"audience": {"mask_last_octet": true}});
    let simulation = simulate(&plan(&masked), true);
    for visit in crate::visits(&simulation, 500) {
        match told(&visit).ip.unwrap() {
            IpAddr::V4(ip) => assert_eq!(ip.octets()[3], 0, "{ip}"),
            IpAddr::V6(ip) => assert_eq!(ip.to_bits() as u64, 0, "{ip}"),
        }
    }
}

#[test]
fn a_told_place_is_the_visitors_country_and_stays_out_unless_asked_for() {
    let simulation = simulate(&plan(&json!({"audience": {"location": true}})), true);
    for visit in crate::visits(&simulation, 500) {
        let place = told(&visit).location.as_ref().unwrap();
        let country = visit.visitor.country.as_deref().unwrap();
        assert_eq!(place.country.to_ascii_uppercase(), country);
        assert!(!place.city.is_empty());
    }
    let silent = simulate(&plan(&json!({})), true);
    assert!(crate::visits(&silent, 50).all(|visit| told(&visit).location.is_none()));
}
