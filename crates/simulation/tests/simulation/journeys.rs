//! What happens in a visit.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use config::{Page, Pages, RunPlan};
use proptest::prelude::*;
use simulation::Visit;
use tracking::Kind;

use crate::{params, plan, visits};

/// Share of the visits with at least one hit that fits.
fn share(visits: &[Visit], fits: impl Fn(&simulation::TimedHit) -> bool) -> f64 {
    let with = visits
        .iter()
        .filter(|visit| visit.hits.iter().any(&fits))
        .count();
    with as f64 / visits.len() as f64
}

#[test]
fn everything_happens_on_a_page_view_and_after_it() {
    let mut plan = plan();
    plan.behaviour.page_views_min = 1;
    (
        plan.behaviour.search,
        plan.behaviour.outlink,
        plan.behaviour.download,
    ) = (0.7, 0.7, 0.7);
    (
        plan.behaviour.click_event,
        plan.behaviour.random_event,
        plan.commerce.order,
    ) = (0.7, 0.7, 0.5);
    for visit in visits(&plan, 500) {
        let mut page = None;
        let mut page_ids = BTreeSet::new();
        for hit in &visit.hits {
            let params = params(hit);
            let here = (params["url"].clone(), params["pv_id"].clone());
            if hit.hit.kind() == Kind::PageView {
                assert!(
                    page_ids.insert(here.1.clone()),
                    "a page view has an id of its own"
                );
                page = Some(here);
            } else {
                assert_eq!(page.as_ref(), Some(&here), "{params:?}");
                assert!(!params.contains_key("action_name") && !params.contains_key("urlref"));
            }
        }
        let kinds: Vec<_> = visit.hits.iter().map(|hit| hit.hit.kind()).collect();
        assert_eq!(kinds[0], Kind::PageView);
        assert_eq!(kinds.iter().filter(|kind| **kind == Kind::Ping).count(), 1);
        assert_eq!(kinds.last(), Some(&Kind::Ping));
        if let Some(order) = kinds.iter().position(|kind| *kind == Kind::Order) {
            assert!(page_ids.len() > 1, "a visit of one page orders nothing");
            assert!(
                !kinds[order..].contains(&Kind::PageView),
                "an order is on the last page"
            );
        }
    }
}

#[test]
fn each_page_is_reached_from_the_one_before() {
    for visit in visits(&plan(), 300) {
        let pages: Vec<_> = visit
            .hits
            .iter()
            .filter(|hit| hit.hit.kind() == Kind::PageView)
            .map(params)
            .collect();
        for pair in pages.windows(2) {
            assert_eq!(pair[1]["urlref"], pair[0]["url"]);
            assert_ne!(
                pair[1]["url"], pair[0]["url"],
                "nobody goes to where they are"
            );
        }
        if let Some(referrer) = pages[0].get("urlref") {
            assert!(!referrer.starts_with("https://shop.example"), "{referrer}");
        }
    }
}

#[test]
fn probabilities_are_shares_of_all_visits() {
    let mut plan = plan();
    plan.behaviour.page_views_min = 1;
    plan.behaviour.page_views_max = 4;
    let visits = visits(&plan, 10_000);
    let (behaviour, orders) = (&plan.behaviour, plan.commerce.order);
    let kind = |kind| share(&visits, |hit| hit.hit.kind() == kind);
    let happen = 1.0 - (1.0 - behaviour.click_event) * (1.0 - behaviour.random_event);
    let direct = visits
        .iter()
        .filter(|visit| !params(&visit.hits[0]).contains_key("urlref"));
    for (what, seen, wanted) in [
        ("search", kind(Kind::Search), behaviour.search),
        ("outlink", kind(Kind::Outlink), behaviour.outlink),
        ("download", kind(Kind::Download), behaviour.download),
        ("event", kind(Kind::Event), happen),
        // One visit in four has one page and cannot order; the others make up for it.
        ("order", kind(Kind::Order), orders),
        ("direct", direct.count() as f64 / 10_000.0, behaviour.direct),
    ] {
        let margin = 4.0 * (wanted * (1.0 - wanted) / 10_000.0).sqrt();
        assert!(
            (seen - wanted).abs() < margin,
            "{what}: {seen} instead of {wanted}"
        );
    }
}

#[test]
fn page_views_are_even_between_their_bounds() {
    let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
    for visit in visits(&plan(), 8000) {
        let pages = visit
            .hits
            .iter()
            .filter(|hit| hit.hit.kind() == Kind::PageView)
            .count();
        *counts.entry(pages).or_default() += 1;
    }
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [3, 4, 5, 6]);
    assert!(
        counts.values().all(|&count| (1850..2150).contains(&count)),
        "{counts:?}"
    );
}

#[test]
fn titles_come_from_the_list_or_from_the_address() {
    let mut plan = plan();
    let page = |url: &str, title: Option<&str>| Page {
        url: url.to_owned(),
        title: title.map(str::to_owned),
    };
    plan.content.pages = Pages::List(vec![
        page("https://one.example/", Some("Welcome")),
        page("http://two.example:81/news/first-day.html?x=1", None),
    ]);
    let seen: BTreeSet<_> = visits(&plan, 50)
        .iter()
        .flat_map(|visit| &visit.hits)
        .filter(|hit| hit.hit.kind() == Kind::PageView)
        .map(|hit| {
            (
                params(hit)["url"].clone(),
                params(hit)["action_name"].clone(),
            )
        })
        .collect();
    let expected = [
        (
            "http://two.example:81/news/first-day.html?x=1",
            "First day - News",
        ),
        ("https://one.example/", "Welcome"),
    ];
    let expected = expected.map(|(url, title)| (url.to_owned(), title.to_owned()));
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_download_is_on_the_host_of_its_page() {
    for visit in visits(&plan(), 300) {
        for hit in &visit.hits {
            if let Some(download) = params(hit).get("download") {
                assert!(
                    download.starts_with("https://shop.example/downloads/"),
                    "{download}"
                );
            }
        }
    }
}

#[test]
fn a_single_page_can_be_visited_again_and_again() {
    let mut plan = plan();
    plan.content.pages = Pages::List(vec![Page {
        url: "https://one.example/".to_owned(),
        title: None,
    }]);
    for visit in visits(&plan, 20) {
        assert!(
            visit
                .hits
                .iter()
                .all(|hit| params(hit)["url"] == "https://one.example/")
        );
    }
}

/// Any plan that a configuration may hold.
pub(crate) fn any_plan() -> impl Strategy<Value = RunPlan> {
    let pages = (1..=100u32, 0..=100u32);
    let durations = (6..7200u64, 0..7200u64);
    let chances = prop::array::uniform7(0.0..=1.0f64);
    let values = (0.01..500.0f64, 0.0..500.0f64, 1..20u32, 0..20u32);
    (pages, durations, chances, values).prop_map(|(pages, durations, chances, values)| {
        let mut plan = plan();
        let behaviour = &mut plan.behaviour;
        behaviour.page_views_min = pages.0;
        behaviour.page_views_max = (pages.0 + pages.1).min(100);
        behaviour.visit_duration_min = Duration::from_secs(durations.0);
        behaviour.visit_duration_max = Duration::from_secs((durations.0 + durations.1).min(7200));
        [
            behaviour.search,
            behaviour.outlink,
            behaviour.download,
            behaviour.click_event,
            behaviour.random_event,
            behaviour.direct,
            plan.commerce.order,
        ] = chances;
        plan.commerce.value_min = (values.0 * 100.0).round() / 100.0;
        plan.commerce.value_max = ((values.0 + values.1) * 100.0).round() / 100.0;
        plan.commerce.items_min = values.2;
        plan.commerce.items_max = values.2 + values.3;
        plan
    })
}
