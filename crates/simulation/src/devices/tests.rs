use std::collections::BTreeSet;

use super::*;
use crate::streams::{Purpose, Streams};

fn all_markets() -> BTreeSet<Market> {
    [Market::West, Market::Latin, Market::Asia, Market::Africa].into()
}

/// Every device there is, each with its family.
fn all() -> Vec<(Family, Device)> {
    tables::families(&all_markets())
        .into_iter()
        .flat_map(|((_, family, _), shares)| {
            shares
                .items()
                .iter()
                .cloned()
                .map(move |device| (family, device))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn system_browser_and_type_agree_with_the_user_agent() {
    for (_, device) in all() {
        let ua = &device.user_agent;
        let system = match device.os {
            "Windows" => "(Windows NT 10.0; Win64; x64",
            "macOS" => "(Macintosh; Intel Mac OS X 10",
            "Linux" => "(X11; Linux x86_64",
            "ChromeOS" => "(X11; CrOS x86_64 ",
            "Android" => "Android 1",
            "iOS" => "(iPhone; CPU iPhone OS ",
            "iPadOS" => "(iPad; CPU OS ",
            other => panic!("unknown system {other}"),
        };
        let browser = match (device.browser, device.os) {
            ("Chrome", "iOS" | "iPadOS") => "CriOS/",
            ("Chrome", _) => "Chrome/",
            ("Edge", _) => "Edg/",
            ("Firefox", _) => "Firefox/",
            ("Opera", _) => "OPR/",
            ("Safari", "macOS" | "iOS" | "iPadOS") => "Version/",
            ("Samsung Internet", "Android") => "SamsungBrowser/",
            other => panic!("impossible: {other:?}"),
        };
        assert!(ua.contains(system) && ua.contains(browser), "{ua}");
        let mobile = ua.contains("Mobile");
        let expected = device.kind == Kind::Smartphone || device.os == "iPadOS";
        assert_eq!(mobile, expected, "{ua}");
        let apple = matches!(device.os, "macOS" | "iOS" | "iPadOS");
        assert!(device.browser != "Safari" || apple, "{ua}");
    }
}

#[test]
fn client_hints_agree_with_the_user_agent() {
    for (family, device) in all() {
        let none = matches!(family.os, System::Ios | System::IpadOs)
            || matches!(family.browser, Browser::Firefox | Browser::Safari);
        assert_eq!(device.hints.is_none(), none, "{device:?}");
        let Some(hints) = &device.hints else { continue };
        let hints: serde_json::Value = serde_json::from_str(hints).expect("hints are JSON");
        let platform = match device.os {
            "ChromeOS" => "Chrome OS",
            other => other,
        };
        assert_eq!(hints["platform"], platform);
        assert_eq!(hints["mobile"], device.kind == Kind::Smartphone);
        assert_eq!(hints["model"] != "", device.os == "Android", "{hints}");
        let version = hints["platformVersion"].as_str().expect("a version");
        assert!(
            !version.contains('-') && version.is_empty() == (device.os == "Linux"),
            "{hints}"
        );
        // The Chromium of the hints is the user agent's.
        let list = hints["fullVersionList"].as_array().expect("brands");
        let chromium = list
            .iter()
            .find(|brand| brand["brand"] == "Chromium")
            .expect("Chromium");
        let chromium = chromium["version"].as_str().expect("a version");
        let major = chromium.split('.').next().expect("a major version");
        assert!(
            device.user_agent.contains(&format!("Chrome/{major}.0.0.0")),
            "{device:?}"
        );
        assert_eq!((list.len(), chromium.split('.').count()), (3, 4));
        // Somebody else's telephone does not run Samsung's browser.
        let samsung = hints["model"]
            .as_str()
            .is_some_and(|model| model.starts_with("SM-"));
        assert!(samsung || family.browser != Browser::Samsung, "{hints}");
    }
}

#[test]
fn screens_fit_the_type() {
    for (_, device) in all() {
        let (width, height) = device.screen.split_once('x').expect("width and height");
        let (width, height): (u32, u32) = (width.parse().unwrap(), height.parse().unwrap());
        assert_eq!(width > height, device.kind == Kind::Desktop, "{device:?}");
        assert_eq!(width < 500, device.kind == Kind::Smartphone, "{device:?}");
        // Matomo keeps nine characters of a resolution.
        assert!(device.screen.len() <= 9);
    }
}

#[test]
fn types_come_by_their_shares_and_systems_by_the_country() {
    let audience = crate::places::tests::audience(&[("US", 1.0), ("IN", 1.0)]);
    let devices = Devices::new(&audience);
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Equipment);
    let mut share = |country: &str, which: &dyn Fn(&Device) -> bool| {
        let draws = 20_000;
        let found = (0..draws)
            .filter(|_| which(devices.pick(country, &mut stream)))
            .count();
        found as f64 / f64::from(draws)
    };
    // 20,000 draws: three standard deviations are 0.01.
    assert!((share("US", &|device| device.kind == Kind::Desktop) - 0.38).abs() < 0.011);
    assert!((share("IN", &|device| device.kind == Kind::Tablet) - 0.02).abs() < 0.005);
    assert!(0.25 < share("US", &|device| device.os == "iOS"));
    assert!(share("IN", &|device| device.os == "iOS") < 0.05);
    // A country that the table does not know.
    assert!((share("AQ", &|device| device.kind == Kind::Smartphone) - 0.60).abs() < 0.011);
}

#[test]
fn one_type_alone_is_possible() {
    let mut audience = crate::places::tests::audience(&[("US", 1.0)]);
    audience.devices = config::DeviceShares {
        desktop: 0.0,
        smartphone: 0.0,
        tablet: 1.0,
    };
    let devices = Devices::new(&audience);
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Equipment);
    for _ in 0..100 {
        assert_eq!(devices.pick("US", &mut stream).kind, Kind::Tablet);
    }
}

/// A golden: what is drawn from a stream stays the same on every machine, and changes with the tables alone.
#[test]
fn the_first_devices_are_frozen() {
    let devices = Devices::new(&crate::places::tests::audience(&[("US", 1.0), ("IN", 1.0)]));
    let streams = Streams::new("golden", &[]);
    let mut told = String::new();
    for person in 0..12 {
        let country = if person % 2 == 0 { "US" } else { "IN" };
        let device = devices.pick(country, &mut streams.stream(person, Purpose::Equipment));
        let hints = device.hints.as_deref().unwrap_or("no hints");
        let Device {
            os,
            browser,
            user_agent,
            screen,
            ..
        } = device;
        told += &format!("{country} {os} {browser} {screen}\n  {user_agent}\n  {hints}\n");
    }
    insta::assert_snapshot!(told);
}
