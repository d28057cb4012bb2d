//! User agents, as each browser writes them in 2026: reduced versions, frozen systems.
//!
//! Sources: Chromium's user-agent reduction ("Android 10; K", "Windows NT 10.0; Win64; x64", "X11; CrOS x86_64
//! 14541.0.0", minor versions 0), WebKit's frozen macOS ("10_15_7") and, since Safari 26, frozen iOS ("18_7"), Mozilla's
//! documentation of Firefox's user agent; checked against the sample that `data/README.md` names.

use tracking::Features;

use super::{Browser, Family, Kind, System};

/// A version of a browser.
pub(super) struct Build {
    /// As its user agent names it: `155` or `26.6`.
    pub(super) version: &'static str,
    /// Full version of the Chromium inside; the version again where there is none.
    pub(super) chromium: &'static str,
    /// Its own full version.
    pub(super) own: &'static str,
}

impl Build {
    /// The first part of the Chromium's version.
    pub(super) fn chromium_major(&self) -> &str {
        self.chromium.split('.').next().unwrap_or(self.chromium)
    }
}

/// What the browser calls itself; `system` is the version of the system.
pub(super) fn user_agent(kind: Kind, family: Family, build: &Build, system: &str) -> String {
    match (family.os, family.browser) {
        (System::Ios | System::IpadOs, browser) => on_ios(family.os, browser, build, system),
        (os, Browser::Firefox) => firefox(os, build, system),
        (_, Browser::Safari) => format!(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{} Safari/605.1.15",
            build.version
        ),
        (os, browser) => chromium(kind, os, browser, build),
    }
}

fn chromium(kind: Kind, os: System, browser: Browser, build: &Build) -> String {
    let platform = match os {
        System::Windows => "Windows NT 10.0; Win64; x64",
        System::MacOs => "Macintosh; Intel Mac OS X 10_15_7",
        System::Linux => "X11; Linux x86_64",
        System::ChromeOs => "X11; CrOS x86_64 14541.0.0",
        System::Android | System::Ios | System::IpadOs => "Linux; Android 10; K",
    };
    let mobile = if kind == Kind::Smartphone {
        " Mobile"
    } else {
        ""
    };
    let version = build.version;
    let major = build.chromium_major();
    let (before, after) = match browser {
        Browser::Samsung => (format!("SamsungBrowser/{version}.0 "), String::new()),
        Browser::Edge => (String::new(), format!(" Edg/{version}.0.0.0")),
        Browser::Opera => (String::new(), format!(" OPR/{version}.0.0.0")),
        Browser::Chrome | Browser::Firefox | Browser::Safari => (String::new(), String::new()),
    };
    format!(
        "Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko) {before}Chrome/{major}.0.0.0{mobile} Safari/537.36{after}"
    )
}

fn firefox(os: System, build: &Build, system: &str) -> String {
    let version = build.version;
    let (platform, engine) = match os {
        System::Android => (format!("Android {system}; Mobile"), version),
        System::MacOs => ("Macintosh; Intel Mac OS X 10.15".to_owned(), "20100101"),
        System::Linux => ("X11; Linux x86_64".to_owned(), "20100101"),
        _ => ("Windows NT 10.0; Win64; x64".to_owned(), "20100101"),
    };
    format!("Mozilla/5.0 ({platform}; rv:{version}) Gecko/{engine} Firefox/{version}")
}

fn on_ios(os: System, browser: Browser, build: &Build, system: &str) -> String {
    let device = match os {
        System::IpadOs => "iPad; CPU OS",
        _ => "iPhone; CPU iPhone OS",
    };
    let (system, product) = match browser {
        Browser::Safari => (
            safari_system(build.version),
            format!("Version/{}", build.version),
        ),
        _ => (system.replace('.', "_"), format!("CriOS/{}", build.own)),
    };
    format!(
        "Mozilla/5.0 ({device} {system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {product} Mobile/15E148 Safari/604.1"
    )
}

/// Safari's system is its own version, until it was frozen.
fn safari_system(version: &str) -> String {
    match version.split_once('.') {
        Some((major, minor)) if major < "18" => format!("{major}_{minor}"),
        _ => "18_7".to_owned(),
    }
}

/// All keep cookies; all but those on Android show PDF files by themselves (the sample's `pluginsLength`).
pub(super) fn features(family: Family) -> Features {
    Features {
        cookie: true,
        pdf: family.os != System::Android,
    }
}
