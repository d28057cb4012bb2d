//! The flat model's devices: operating system, browser and screen that occur together.

use tracking::Text;

use crate::streams::Stream;
use crate::table::{Weighted, number, rows};

const DEVICES: &str = include_str!("../../data/flat/devices.tsv");

/// All devices, by how many visitors have them.
#[derive(Debug)]
pub(crate) struct Devices(Weighted<Device>);

/// One kind of device.
#[derive(Debug)]
pub(crate) struct Device {
    /// `desktop`, `smartphone` or `tablet`.
    pub(crate) kind: &'static str,
    pub(crate) os: &'static str,
    pub(crate) browser: &'static str,
    pub(crate) user_agent: Text,
    /// Width and height in CSS pixels, such as `390x844`.
    screens: Vec<Text>,
}

impl Devices {
    pub(crate) fn new() -> Self {
        Self(Weighted::of_table(rows(DEVICES).map(
            |[weight, kind, os, browser, screens, user_agent]| {
                let device = Device {
                    kind,
                    os,
                    browser,
                    user_agent: user_agent.into(),
                    screens: screens.split(' ').map(Text::from).collect(),
                };
                (number(weight), device)
            },
        )))
    }

    /// A device and its screen.
    pub(crate) fn pick(&self, stream: &mut Stream) -> (&Device, &Text) {
        let device = self.0.pick(stream);
        (device, stream.pick(&device.screens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_browser_and_device_agree_with_the_user_agent() {
        for device in Devices::new().0.items() {
            let ua = &device.user_agent;
            let system = match device.os {
                "Windows" => "Windows NT 10.0; Win64",
                "macOS" => "Macintosh; Intel Mac OS X 10",
                "Linux" => "X11; Linux x86_64",
                "Android" => "Android 1",
                "iOS" => "iPhone; CPU iPhone OS",
                "iPadOS" => "iPad; CPU OS",
                other => panic!("unknown system {other}"),
            };
            let browser = match (device.browser, device.os) {
                ("Chrome", "iOS") => "CriOS/",
                ("Chrome", _) => "Chrome/",
                ("Edge", _) => "Edg/",
                ("Firefox", _) => "Firefox/",
                ("Opera", _) => "OPR/",
                ("Safari", _) => "Version/",
                ("Samsung Internet", _) => "SamsungBrowser/",
                other => panic!("unknown browser {other:?}"),
            };
            assert!(ua.contains(system), "{ua}");
            assert!(ua.contains(browser), "{ua}");
            let mobile = ua.contains("Mobile");
            assert_eq!(
                mobile,
                device.kind == "smartphone" || device.os == "iPadOS",
                "{ua}"
            );
        }
    }

    #[test]
    fn screens_fit_the_device() {
        for device in Devices::new().0.items() {
            for screen in &device.screens {
                let (width, height) = screen.split_once('x').unwrap();
                let (width, height): (u32, u32) = (width.parse().unwrap(), height.parse().unwrap());
                assert_eq!(width > height, device.kind == "desktop", "{screen}");
                assert_eq!(width < 500, device.kind == "smartphone", "{screen}");
                // Matomo keeps nine characters of a resolution.
                assert!(screen.len() <= 9);
            }
        }
    }
}
