use config::{CampaignPlan, ChannelsPlan};

use super::*;
use crate::table::rows;

#[test]
fn every_address_can_be_a_referrer() {
    let table = include_str!("../../data/channels.tsv");
    for [channel, countries, weight, address] in rows(table) {
        assert!(
            Channel::ALL.iter().any(|known| known.as_str() == channel),
            "{channel}"
        );
        assert!(countries == "*" || countries.split(' ').all(|country| country.len() == 2));
        assert!(weight.parse::<f64>().is_ok_and(|weight| weight > 0.0));
        assert!(address.starts_with("https://"), "{address}");
        // Matomo files this host under search engines.
        assert!(!address.contains("www.facebook.com"));
    }
}

#[test]
fn engines_fit_the_country() {
    let origins = Origins::new();
    let mut stream = Streams::new("test", &[]).stream(0, Purpose::Referrer);
    let mut share = |country: &str, host: &str| {
        let picked = (0..2000).filter(|_| {
            let origin = origins.pick(Channel::Search, country, &mut stream);
            origin.is_some_and(|origin| origin.address(String::new).contains(host))
        });
        picked.count() as f64 / 2000.0
    };
    assert!(share("CN", "baidu.com") > 0.6);
    assert!(share("RU", "yandex.ru") > 0.5);
    assert!(share("KR", "naver.com") > 0.4);
    assert!(share("SE", "google.com") > 0.7);
    assert_eq!(share("SE", "naver.com"), 0.0);
}

#[test]
fn returning_people_come_directly_and_smartphones_by_networks() {
    let plan = ChannelsPlan {
        search: 0.42,
        direct: 0.25,
        social: 0.08,
        websites: 0.09,
        ai_assistants: 0.03,
        campaigns: 0.10,
        email: 0.03,
        own_campaigns: Vec::new(),
    };
    let groups = Group::weights(0.3, [0.42, 0.55, 0.03]);
    let mix = mixed(&plan, &groups);
    let of = |returning, device| mix[Group { returning, device }.number()];
    assert!(of(true, 0)[1] > 1.5 * of(false, 0)[1]);
    assert!(of(false, 1)[2] > 1.5 * of(false, 0)[2]);
    let direct: f64 = Group::all()
        .iter()
        .map(|group| mix[group.number()][1] * groups[group.number()])
        .sum();
    assert!((direct - 0.25).abs() < 1e-6, "{direct}");
}

#[test]
fn a_campaign_stands_in_front_of_a_fragment_and_behind_other_parameters() {
    let origins = Origins::new();
    let campaigns = Campaigns::new(&[], "https://a.example", chrono_tz::UTC, &origins);
    let mut stream = Streams::new("test", &[]).stream(1, Purpose::Referrer);
    // 2026-06-01.
    let start_ms = 1_780_315_200_000;
    for _ in 0..200 {
        let campaign = campaigns
            .pick(Channel::Campaigns, start_ms, &mut stream)
            .expect("there are some");
        let words = || "lawn care".to_owned();
        let tagged = campaign.tagged(&"https://a.example/b?c=1#d".into(), start_ms, words);
        assert!(
            tagged.starts_with("https://a.example/b?c=1&") && tagged.ends_with("#d"),
            "{tagged}"
        );
        assert!(tagged.contains("m_campaign="), "{tagged}");
        assert!(!tagged.contains('{') && !tagged.contains("%7B"), "{tagged}");
        let plain = campaign.tagged(&"https://a.example/".into(), start_ms, words);
        assert!(plain.starts_with("https://a.example/?"), "{plain}");
    }
}

#[test]
fn own_campaigns_run_on_their_days_alone() {
    let origins = Origins::new();
    let day = |text: &str| text.parse().ok();
    let plan = CampaignPlan {
        name: "Sale".to_owned(),
        source: "google".to_owned(),
        medium: "cpc".to_owned(),
        keyword: None,
        content: None,
        weight: 2.0,
        from: day("2026-05-31"),
        to: day("2026-06-01"),
        landing: config::LandingPage::Path("/sale".to_owned()),
        style: config::CampaignStyle::Mtm,
    };
    let campaigns = Campaigns::new(&[plan], "https://a.example/", chrono_tz::UTC, &origins);
    let mut stream = Streams::new("test", &[]).stream(2, Purpose::Referrer);
    let mut at = |start_ms: i64| campaigns.pick(Channel::Campaigns, start_ms, &mut stream);
    // 2026-06-01 12:00.
    let noon = 1_780_315_200_000;
    let campaign = at(noon).expect("it runs");
    let page = campaign.page.as_ref().expect("it has a page");
    assert_eq!(&*page.url, "https://a.example/sale");
    assert_eq!(
        &*campaign.tagged(&page.url, noon, String::new),
        "https://a.example/sale?mtm_campaign=Sale&mtm_source=google&mtm_medium=cpc"
    );
    assert!(at(noon + 86_400_000).is_none() && at(noon - 2 * 86_400_000).is_none());
}
