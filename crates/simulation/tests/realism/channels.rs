//! Channels: properties 16 and 17, and the long tail of referrers (25).

use serde_json::json;

use crate::plan;
use crate::reading::{VISITS, counts, near, share, visits_of};

/// Property 16. Within 0.05: the channels are balanced over the groups of people.
#[test]
fn channels_have_their_shares() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    for (channel, wanted) in [
        ("search", 0.42),
        ("direct", 0.25),
        ("social", 0.08),
        ("websites", 0.09),
        ("ai_assistants", 0.03),
        ("campaigns", 0.10),
        ("email", 0.03),
    ] {
        near(
            channel,
            share(&visits, |visit| visit.channel == channel),
            wanted,
            0.05,
        );
    }
    for visit in &visits {
        let first = visit.hits[0].hit.page();
        let referrer = first.referrer.as_deref().unwrap_or_default();
        let tagged = first.url.contains("utm_campaign=") || first.url.contains("mtm_campaign=");
        assert!(
            !referrer.contains("www.facebook.com"),
            "Matomo files it under search engines"
        );
        match visit.channel {
            "direct" => assert!(referrer.is_empty() && !tagged),
            "campaigns" => assert!(tagged, "{}", first.url),
            "email" => assert!(tagged || !referrer.is_empty()),
            _ => assert!(
                referrer.starts_with("https://") && !tagged,
                "{referrer} {}",
                first.url
            ),
        }
    }
    let before = visits.iter().filter(|visit| visit.channel == "websites");
    let hosts = counts(before.filter_map(|visit| {
        visit.hits[0]
            .hit
            .page()
            .referrer
            .as_ref()
            .map(|text| text.to_string())
    }));
    let once = hosts.values().filter(|&&count| count == 1).count() as f64 / hosts.len() as f64;
    // Property 25: a long tail of referrers.
    assert!(once > 0.25, "{once}");
}

/// Property 17: engines tell hardly anybody's words.
#[test]
fn engines_keep_the_words_to_themselves() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    let searched: Vec<_> = visits
        .into_iter()
        .filter(|visit| visit.channel == "search")
        .collect();
    let told = share(&searched, |visit| {
        let referrer = visit.hits[0].hit.page().referrer.as_ref();
        referrer.is_some_and(|referrer| referrer.contains('='))
    });
    assert!((0.001..0.05).contains(&told), "{told}");
}
