//! Property 23: page timings are right-skewed, go by device, and are told when a page is opened.

use serde_json::json;

use crate::{plan, simulate, visits};

/// Time from the start to the complete page, in milliseconds, of a first page view.
fn total(params: &[(&'static str, String)]) -> Option<u32> {
    let parts = params.iter().filter(|(name, _)| name.starts_with("pf_"));
    parts
        .map(|(_, ms)| ms.parse::<u32>().ok())
        .try_fold(0, |sum, ms| Some(sum + ms?))
}

/// 4,000 visits: a median of telephones is right to within 3 %, and they are asked to be half as slow again.
#[test]
fn telephones_wait_longer_and_some_visitors_much_longer() {
    let simulation = simulate(&plan(&json!({})), true);
    let (mut desktop, mut phone) = (Vec::new(), Vec::new());
    for visit in visits(&simulation, 4_000) {
        let first = total(&visit.hits[0].hit.params(None)).unwrap();
        match &*visit.visitor.device {
            "desktop" => desktop.push(first),
            "smartphone" => phone.push(first),
            _ => {}
        }
    }
    for list in [&mut desktop, &mut phone] {
        list.sort_unstable();
        let [median, late] = [list[list.len() / 2], list[list.len() * 99 / 100]];
        assert!(0 < list[0] && median * 3 < late, "{median} {late}");
    }
    let [desktop, phone] = [desktop, phone].map(|list| list[list.len() / 2]);
    assert!(desktop * 3 / 2 < phone, "{desktop} {phone}");
}

#[test]
fn only_page_views_tell_timings_and_none_does_when_they_are_off() {
    let told = |own| {
        let simulation = simulate(&plan(&own), true);
        let hits: Vec<_> = visits(&simulation, 300)
            .flat_map(|visit| visit.hits)
            .collect();
        let (views, others): (Vec<_>, Vec<_>) = hits
            .iter()
            .map(|timed| (timed.hit.kind().as_str(), timed.hit.params(None)))
            .partition(|(kind, _)| ["pageview", "productview", "categoryview"].contains(kind));
        let with = |list: &[(&str, Vec<(&'static str, String)>)]| {
            let timed =
                |params: &[(&str, String)]| params.iter().any(|(name, _)| name.starts_with("pf_"));
            list.iter().filter(|(_, params)| timed(params)).count()
        };
        (with(&views), views.len(), with(&others))
    };
    let (timed, views, others) = told(json!({}));
    assert_eq!((timed, others), (views, 0));
    let (timed, _, others) = told(json!({"behaviour": {"page_timings": false}}));
    assert_eq!((timed, others), (0, 0));
}
