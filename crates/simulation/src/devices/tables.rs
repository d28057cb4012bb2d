//! The tables of devices, put together: each row's browser in each of its versions on each screen or model.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tracking::Text;

use super::agents::{self, Build};
use super::{Browser, Country, Device, Family, Kind, Market, System, hints};
use crate::table::{Shares, part, rows, shares};

const SHARES: &str = include_str!("../../data/devices/shares.tsv");
const VERSIONS: &str = include_str!("../../data/devices/versions.tsv");
const SCREENS: &str = include_str!("../../data/devices/screens.tsv");
const MODELS: &str = include_str!("../../data/devices/models.tsv");
const FURTHER_SCREENS: &str = include_str!("../../data/devices/further-screens.tsv");
const SYSTEMS: &str = include_str!("../../data/devices/systems.tsv");

/// The columns of `shares.tsv`.
const DESKTOP: [(System, Browser); 11] = [
    (System::Windows, Browser::Chrome),
    (System::Windows, Browser::Edge),
    (System::Windows, Browser::Firefox),
    (System::Windows, Browser::Opera),
    (System::MacOs, Browser::Safari),
    (System::MacOs, Browser::Chrome),
    (System::MacOs, Browser::Firefox),
    (System::MacOs, Browser::Edge),
    (System::Linux, Browser::Chrome),
    (System::Linux, Browser::Firefox),
    (System::ChromeOs, Browser::Chrome),
];
const SMARTPHONE: [(System, Browser); 6] = [
    (System::Ios, Browser::Safari),
    (System::Ios, Browser::Chrome),
    (System::Android, Browser::Chrome),
    (System::Android, Browser::Samsung),
    (System::Android, Browser::Firefox),
    (System::Android, Browser::Opera),
];
const TABLET: [(System, Browser); 4] = [
    (System::IpadOs, Browser::Safari),
    (System::IpadOs, Browser::Chrome),
    (System::Android, Browser::Chrome),
    (System::Android, Browser::Samsung),
];

/// What people of each country browse with.
pub(super) fn countries() -> BTreeMap<&'static str, Country> {
    rows(SHARES)
        .map(|[code, market, desktop, smartphone, tablet]| {
            let country = Country {
                market: market_of(market),
                desktop: columns(desktop, &DESKTOP),
                smartphone: columns(smartphone, &SMARTPHONE),
                tablet: columns(tablet, &TABLET),
            };
            (code, country)
        })
        .collect()
}

/// The part of the world that a country is in.
pub(super) fn market(country: &str) -> Market {
    let row = rows::<5>(SHARES).find(|[code, ..]| *code == country);
    row.map_or(Market::West, |[_, market, ..]| market_of(market))
}

fn market_of(name: &str) -> Market {
    match name {
        "latin" => Market::Latin,
        "asia" => Market::Asia,
        "africa" => Market::Africa,
        _ => Market::West,
    }
}

fn columns(field: &str, families: &[(System, Browser)]) -> Shares<Family> {
    let parts = field.split(' ').map(part);
    Shares::of_table(
        parts
            .zip(families)
            .map(|(part, &(os, browser))| (part, Family { os, browser })),
    )
}

/// All devices of each family, as each of the markets has them.
pub(super) fn families(
    markets: &BTreeSet<Market>,
) -> BTreeMap<(Kind, Family, Market), Shares<Device>> {
    let kinds = [
        (Kind::Desktop, &DESKTOP[..]),
        (Kind::Smartphone, &SMARTPHONE),
        (Kind::Tablet, &TABLET),
    ];
    let mut all = BTreeMap::new();
    for (kind, families) in kinds {
        for &(os, browser) in families {
            let family = Family { os, browser };
            for market in markets.iter().map(|market| market.of(family)) {
                all.entry((kind, family, market))
                    .or_insert_with(|| devices(kind, family, market));
            }
        }
    }
    all
}

/// Something that is carried or stands on a desk, with a version of its system.
struct Machine {
    part: u64,
    /// What client hints call it; empty but for Android.
    model: &'static str,
    system: &'static str,
    screens: Rc<[(u64, Text)]>,
}

fn devices(kind: Kind, family: Family, market: Market) -> Shares<Device> {
    let builds = builds(kind, family);
    let mut all = Vec::new();
    for machine in machines(kind, family, market) {
        for (share, build) in &builds {
            let user_agent = Text::from(agents::user_agent(kind, family, build, machine.system));
            let hints =
                hints::of(kind, family, build, machine.system, machine.model).map(Text::from);
            all.extend(machine.screens.iter().map(|(part, screen)| {
                let device = Device {
                    kind,
                    os: family.os.name(),
                    browser: family.browser.name(),
                    user_agent: user_agent.clone(),
                    hints: hints.clone(),
                    screen: screen.clone(),
                    features: agents::features(family),
                };
                (machine.part * share * part, device)
            }));
        }
    }
    Shares::of_table(all)
}

fn builds(kind: Kind, family: Family) -> Vec<(u64, Build)> {
    let row = match (family.os, family.browser) {
        (System::Ios | System::IpadOs, Browser::Safari) => "iOS",
        (_, Browser::Opera) if kind == Kind::Smartphone => "Opera Mobile",
        (_, Browser::Chrome) => "Chrome",
        (_, Browser::Edge) => "Edge",
        (_, Browser::Firefox) if kind == Kind::Smartphone => "Firefox Mobile",
        (_, Browser::Firefox) => "Firefox",
        (_, Browser::Opera) => "Opera",
        (_, Browser::Safari) => "Safari",
        (_, Browser::Samsung) => "Samsung",
    };
    let [_, list] = rows(VERSIONS)
        .find(|[browser, _]| *browser == row)
        .expect("each browser has versions");
    shares(list)
        .map(|(share, fields)| {
            let fields: Vec<&str> = fields.split(' ').collect();
            let [version, chromium, own] = fields[..] else {
                panic!("a version has three fields");
            };
            (
                share,
                Build {
                    version,
                    chromium,
                    own,
                },
            )
        })
        .collect()
}

fn machines(kind: Kind, family: Family, market: Market) -> Vec<Machine> {
    match family.os {
        System::Android => models(kind, family, market),
        System::IpadOs => crossed(FURTHER_SCREENS, "iPad", "iOS"),
        System::Ios => crossed(SCREENS, "iOS", "iOS"),
        System::MacOs => crossed(SCREENS, "macOS", "macOS"),
        System::Windows => crossed(SCREENS, "Windows", "Windows"),
        System::Linux => crossed(SCREENS, "Windows", "Linux"),
        System::ChromeOs => crossed(FURTHER_SCREENS, "Chromebook", "ChromeOS"),
    }
}

/// Each screen of a row with each version of a system.
fn crossed(table: &'static str, screens: &str, system: &str) -> Vec<Machine> {
    let find = |table, name: &str| {
        let [_, list] = rows(table)
            .find(|[of, _]: &[&str; 2]| *of == name)
            .expect("each system has its row");
        list
    };
    let screens: Rc<[_]> = shares(find(table, screens))
        .map(|(part, screen)| (part, Text::from(screen)))
        .collect();
    shares(find(SYSTEMS, system))
        .map(|(part, system)| Machine {
            part,
            model: "",
            system,
            screens: screens.clone(),
        })
        .collect()
}

fn models(kind: Kind, family: Family, market: Market) -> Vec<Machine> {
    let mut all = Vec::new();
    for [weights, of, maker, model, screen, systems] in rows(MODELS) {
        let others_browser = family.browser == Browser::Samsung && maker != "Samsung";
        if of != kind.as_str() || others_browser {
            continue;
        }
        let weight = weights.split(' ').nth(market as usize).map_or(0, part);
        let screens: Rc<[_]> = Rc::new([(1, Text::from(screen))]);
        let count = systems.split(' ').count() as u64;
        for (nth, system) in systems.split(' ').enumerate() {
            all.push(Machine {
                // The newest system is on most: each older one on half as many.
                part: weight << (count - 1 - nth as u64),
                model,
                system,
                screens: screens.clone(),
            });
        }
    }
    all
}
