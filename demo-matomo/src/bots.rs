//! Whom Matomo leaves out without a word: known robots and referrer spammers.
//!
//! The address ranges are those built into Matomo 5.2's tracker. Its list of robots has thousands
//! of entries; here are the usual families, recognised by words in the user agent. Tools such as
//! curl and a headless Chrome are not robots to Matomo, and not here either.

use std::net::{IpAddr, Ipv4Addr};

/// Address ranges whose hits are left out (Matomo 5.2, built in): network and prefix length.
const RANGES: [([u8; 4], u32); 24] = [
    ([216, 239, 32, 0], 19),
    ([64, 233, 160, 0], 19),
    ([66, 249, 80, 0], 20),
    ([72, 14, 192, 0], 18),
    ([209, 85, 128, 0], 17),
    ([66, 102, 0, 0], 20),
    ([74, 125, 0, 0], 16),
    ([64, 18, 0, 0], 20),
    ([207, 126, 144, 0], 20),
    ([173, 194, 0, 0], 16),
    ([64, 4, 0, 0], 18),
    ([65, 52, 0, 0], 14),
    ([157, 54, 0, 0], 15),
    ([157, 56, 0, 0], 14),
    ([157, 60, 0, 0], 16),
    ([207, 46, 0, 0], 16),
    ([207, 68, 128, 0], 18),
    ([207, 68, 192, 0], 20),
    ([131, 253, 24, 0], 20),
    ([131, 253, 26, 0], 20),
    ([72, 30, 196, 0], 20),
    ([72, 30, 198, 0], 20),
    ([98, 137, 207, 0], 20),
    ([1, 202, 218, 8], 32),
];

/// Words that name a robot when no letter follows ("Googlebot/2.1", "AhrefsBot;").
const ROBOT_WORDS: [&str; 6] = ["bot", "crawler", "crawl", "spider", "archiver", "checker"];

/// Robots whose names do not end in one of those words, in lower case.
const ROBOT_NAMES: [&str; 12] = [
    "slurp",
    "facebookexternalhit",
    "bingpreview",
    "mediapartners-google",
    "google-inspectiontool",
    "googleother",
    "chrome-lighthouse",
    "gtmetrix",
    "pingdom",
    "site24x7",
    "chatgpt-user",
    "perplexity-user",
];

/// Hosts of the referrer spam list, cut down to a few that have been on it for years.
const SPAM_HOSTS: [&str; 4] = [
    "semalt.com",
    "buttons-for-website.com",
    "darodar.com",
    "best-seo-offer.com",
];

/// Is this address in a range that is left out? Addresses of version 6 never are.
pub(crate) fn is_robot_address(address: IpAddr) -> bool {
    let IpAddr::V4(address) = address.to_canonical() else {
        return false;
    };
    RANGES.iter().any(|&(network, prefix)| {
        let differing = u32::from(address) ^ u32::from(Ipv4Addr::from(network));
        differing >> (32 - prefix) == 0
    })
}

/// Does the user agent name a robot?
pub(crate) fn is_robot_agent(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    ROBOT_NAMES.iter().any(|name| agent.contains(name))
        || ROBOT_WORDS.iter().any(|word| names_robot(&agent, word))
}

fn names_robot(agent: &str, word: &str) -> bool {
    agent.match_indices(word).any(|(start, _)| {
        let before = &agent[..start];
        let after = agent[start + word.len()..].chars().next();
        // "Cubot" is a maker of telephones.
        !before.ends_with("cu") && !after.is_some_and(|next| next.is_ascii_alphabetic())
    })
}

/// Does the referrer point to a known spammer?
pub(crate) fn is_spam_referrer(referrer: &str) -> bool {
    let referrer = referrer.to_ascii_lowercase();
    SPAM_HOSTS.iter().any(|host| referrer.contains(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_at_the_edges_of_the_ranges_are_told_apart() {
        for (address, robot) in [
            ("74.125.0.0", true),
            ("74.125.255.255", true),
            ("74.126.0.0", false),
            ("66.249.80.1", true),
            ("66.249.96.0", false),
            ("64.4.63.255", true),
            ("64.4.64.0", false),
            ("65.55.255.255", true),
            ("65.56.0.0", false),
            ("131.253.31.255", true),
            ("131.253.15.255", false),
            ("1.202.218.8", true),
            ("1.202.218.9", false),
            ("::ffff:74.125.1.1", true),
            ("2001:4860::1", false),
            ("0.0.0.0", false),
        ] {
            assert_eq!(
                is_robot_address(address.parse().unwrap()),
                robot,
                "{address}"
            );
        }
    }

    #[test]
    fn robots_are_known_and_tools_and_telephones_are_not_robots() {
        for (agent, robot) in [
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                true,
            ),
            ("Mozilla/5.0 (compatible; bingbot/2.0)", true),
            ("Mozilla/5.0 (compatible; YandexBot)", true),
            ("Baiduspider", true),
            ("Mozilla/5.0 (compatible; Yahoo! Slurp)", true),
            ("facebookexternalhit/1.1", true),
            ("curl/8.5.0", false),
            ("Python/3.11 aiohttp/3.9.1", false),
            (
                "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0 Safari/537.36",
                false,
            ),
            (
                "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Chrome/99",
                false,
            ),
            ("Mozilla/5.0 (bottomless)", false),
            ("", false),
        ] {
            assert_eq!(is_robot_agent(agent), robot, "{agent}");
        }
    }

    #[test]
    fn a_spammer_is_known_by_its_host() {
        assert!(is_spam_referrer("http://Semalt.com/crawler"));
        assert!(!is_spam_referrer("https://www.google.com/"));
    }
}
