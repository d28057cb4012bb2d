//! Client hints, as Matomo's own tracker sends them (`uadata`).
//!
//! For: the JSON of what a browser of Chromium's kin answers when it is asked for its high-entropy values. Firefox and
//! Safari, and so all browsers of iOS, have none. The odd third brand and the order of brands follow Chromium's rule,
//! which goes by the version (`GetGreasedUserAgentBrandVersion`), so a version always sends the same.

use super::agents::Build;
use super::{Browser, Family, Kind, System};

/// The hints; `system` is the version of the system, `model` that of the telephone.
pub(super) fn of(
    kind: Kind,
    family: Family,
    build: &Build,
    system: &str,
    model: &str,
) -> Option<String> {
    let brand = match family {
        Family {
            os: System::Ios | System::IpadOs,
            ..
        } => return None,
        Family {
            browser: Browser::Firefox | Browser::Safari,
            ..
        } => return None,
        Family {
            browser: Browser::Chrome,
            ..
        } => "Google Chrome",
        Family {
            browser: Browser::Edge,
            ..
        } => "Microsoft Edge",
        Family {
            browser: Browser::Opera,
            os: System::Android,
        } => "Opera Mobile",
        Family {
            browser: Browser::Opera,
            ..
        } => "Opera",
        Family {
            browser: Browser::Samsung,
            ..
        } => "Samsung Internet",
    };
    let (platform, version) = match family.os {
        System::Windows => ("Windows", system.to_owned()),
        System::MacOs => ("macOS", system.to_owned()),
        System::Linux => ("Linux", String::new()),
        System::ChromeOs => ("Chrome OS", system.to_owned()),
        System::Android | System::Ios | System::IpadOs => ("Android", format!("{system}.0.0")),
    };
    let form = match kind {
        Kind::Desktop => "Desktop",
        Kind::Smartphone => "Mobile",
        Kind::Tablet => "Tablet",
    };
    let mobile = kind == Kind::Smartphone;
    let brands = brands(brand, build);
    Some(format!(
        r#"{{"formFactors":["{form}"],"fullVersionList":[{brands}],"mobile":{mobile},"model":"{model}","platform":"{platform}","platformVersion":"{version}"}}"#
    ))
}

fn brands(brand: &str, build: &Build) -> String {
    const ODD: [char; 11] = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
    const ODD_VERSIONS: [&str; 3] = ["8", "99", "24"];
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let seed: usize = build.chromium_major().parse().unwrap_or_default();
    let odd = format!("Not{}A{}Brand", ODD[seed % 11], ODD[(seed + 1) % 11]);
    let odd_version = format!("{}.0.0.0", ODD_VERSIONS[seed % 3]);
    let order = ORDERS[seed % 6];
    let mut list = [const { String::new() }; 3];
    let entry =
        |name: &str, version: &str| format!(r#"{{"brand":"{name}","version":"{version}"}}"#);
    list[order[0]] = entry(&odd, &odd_version);
    list[order[1]] = entry("Chromium", build.chromium);
    list[order[2]] = entry(brand, build.own);
    list.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_are_those_that_chrome_130_sent() {
        let build = Build {
            version: "130",
            chromium: "130.0.6723.59",
            own: "130.0.6723.59",
        };
        assert_eq!(
            brands("Google Chrome", &build),
            r#"{"brand":"Chromium","version":"130.0.6723.59"},{"brand":"Google Chrome","version":"130.0.6723.59"},{"brand":"Not?A_Brand","version":"99.0.0.0"}"#
        );
    }
}
