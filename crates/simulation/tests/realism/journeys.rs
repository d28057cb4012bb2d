//! Journeys: properties 6 to 11, 18, 22 and 25.

use std::collections::BTreeSet;

use config::{Page, Pages};
use serde_json::json;
use simulation::Visit;
use tracking::{Action, Kind};

use crate::plan;
use crate::reading::{
    VISITS, bounces, counts, mean, near, page, page_views, share, top_tenth, visits_of,
};

/// Property 6. Within 0.045: groups of people lean to and fro, and their shares differ a little from the usual ones.
#[test]
fn bounces_have_their_share_and_differ_by_channel() {
    for wanted in [0.47, 0.3, 0.6] {
        let visits = visits_of(
            &plan(&json!({"behaviour": {"bounce": wanted, "click_event": 0.1}})),
            VISITS,
        );
        near("bounces", share(&visits, bounces), wanted, 0.045);
        let of = |channel: &str| {
            let visits: Vec<_> = visits
                .iter()
                .filter(|visit| visit.channel == channel)
                .cloned()
                .collect();
            share(&visits, bounces)
        };
        assert!(
            of("social") > of("direct") + 0.05,
            "{} {}",
            of("social"),
            of("direct")
        );
        assert!(of("campaigns") > of("email") + 0.05);
    }
}

/// Property 7. The mean within 7 %: few visits are very long, and those who buy need some pages more.
#[test]
fn visits_that_go_on_have_their_depth_and_a_heavy_tail() {
    for wanted in [4.0, 6.5] {
        let visits = visits_of(&plan(&json!({"behaviour": {"depth": wanted}})), VISITS);
        let depths: Vec<f64> = visits
            .iter()
            .map(|visit| page_views(visit).len() as f64)
            .filter(|&depth| depth > 1.0)
            .collect();
        near("depth", mean(depths.iter().copied()), wanted, wanted * 0.07);
        let beyond = |depth: f64| {
            depths.iter().filter(|&&seen| seen >= depth).count() as f64 / depths.len() as f64
        };
        // A geometric distribution of the same mean would have 0.5 % beyond four times the mean.
        assert!(beyond(wanted * 4.0) > 0.01, "{}", beyond(wanted * 4.0));
        assert!(depths.iter().all(|&depth| depth <= 100.0));
    }
    let visits = visits_of(
        &plan(&json!({"behaviour": {"page_views_min": 3, "page_views_max": 6}})),
        3000,
    );
    let depths: BTreeSet<usize> = visits.iter().map(|visit| page_views(visit).len()).collect();
    assert_eq!(depths.into_iter().collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
}

/// Property 8: mean 55 s, median 26, ninth decile 143, 30 % under 10 s. Within a fifth: kinds of pages and of visits
/// differ in their means, and whole seconds and what happens on the pages take their part.
#[test]
fn most_pages_are_left_soon_and_some_are_read_for_long() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    let mut times: Vec<f64> = visits
        .iter()
        .flat_map(|visit| {
            let opened: Vec<i64> = page_views(visit).iter().map(|hit| hit.time_ms).collect();
            opened
                .windows(2)
                .map(|pair| (pair[1] - pair[0]) as f64 / 1000.0)
                .collect::<Vec<_>>()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    near("mean", mean(times.iter().copied()), 55.0, 8.0);
    near("median", at(0.5), 26.0, 5.0);
    near("ninth decile", at(0.9), 143.0, 20.0);
    let short = times.iter().filter(|&&time| time < 10.0).count() as f64 / times.len() as f64;
    near("under 10 s", short, 0.28, 0.06);
}

/// Property 9, and what Matomo asks for: whole seconds apart, less than half an hour, within the plan's bounds.
#[test]
fn visits_have_their_durations() {
    let bounded =
        plan(&json!({"behaviour": {"visit_duration_min": 1.0, "visit_duration_max": 8.0}}));
    for (plan, longest_s) in [
        (bounded, 8.0 * 60.0 + 60.0),
        (plan(&json!({})), 130.0 * 60.0),
    ] {
        let visits = visits_of(&plan, 4000);
        for visit in &visits {
            for pair in visit.hits.windows(2) {
                let gap = pair[1].time_ms - pair[0].time_ms;
                assert!((1000..1_800_000).contains(&gap), "{gap}");
            }
            let last = visit.hits.last().map_or(0, |hit| hit.time_ms);
            let duration_s = (last - visit.hits[0].time_ms) as f64 / 1000.0;
            assert!(duration_s <= longest_s, "{duration_s}");
        }
        let pinged = |visit: &Visit| visit.hits.iter().any(|hit| hit.hit.kind() == Kind::Ping);
        let bounced: Vec<_> = visits
            .iter()
            .filter(|visit| bounces(visit))
            .cloned()
            .collect();
        near(
            "bounces whose stay is known",
            share(&bounced, pinged),
            0.33,
            0.06,
        );
    }
}

/// Property 10: a tenth of the pages draws 54 to 86 % of all views; entry pages more skewed. Property 25: about a third
/// of all addresses is seen once.
#[test]
fn few_pages_are_popular_and_many_are_seen_once() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    let all = counts(visits.iter().flat_map(page_views).map(page));
    let entries = counts(visits.iter().map(|visit| page(&visit.hits[0])));
    let (top, top_entries) = (top_tenth(&all), top_tenth(&entries));
    assert!((0.54..0.9).contains(&top), "{top}");
    assert!(top_entries > top, "{top_entries} {top}");
    // The slope of views over rank, on logarithms, from the 10th to the 1000th page: 0.6 to 1.1 in studies.
    let mut views: Vec<f64> = all.values().map(|&count| f64::from(count)).collect();
    views.sort_by(|one, other| other.total_cmp(one));
    let slope = (views[9] / views[999]).ln() / 100_f64.ln();
    assert!((0.6..1.3).contains(&slope), "{slope}");
}

/// Property 25: with many more visits than pages, about a third of all addresses is still seen once or never.
#[test]
fn a_list_has_its_long_tail_too() {
    let mut listed = plan(&json!({}));
    let page = |number: usize| Page {
        url: format!(
            "https://news.example/{}/{}/article-{number}",
            number % 7,
            number % 91
        ),
        title: None,
    };
    listed.content.pages = Pages::List((0..2000).map(page).collect());
    let visits = visits_of(&listed, VISITS);
    let all = counts(
        visits
            .iter()
            .flat_map(page_views)
            .map(|hit| hit.hit.page().url.as_str()),
    );
    let once = all.values().filter(|&&count| count == 1).count() + 2000 - all.len().min(2000);
    near("seen once or never", once as f64 / 2000.0, 0.33, 0.12);
    let top = top_tenth(&all);
    assert!((0.54..0.9).contains(&top), "{top}");
}

/// Property 11: what people open next depends on where they are.
#[test]
fn pages_are_reached_by_links() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    let mut steps = Vec::new();
    for visit in &visits {
        let opened = page_views(visit);
        for pair in opened.windows(2) {
            let before = pair[0].hit.page();
            assert_eq!(pair[1].hit.page().referrer.as_ref(), Some(&before.url));
            assert_ne!(
                pair[1].hit.page().url,
                before.url,
                "nobody goes to where they are"
            );
            steps.push((page(pair[0]), page(pair[1])));
        }
    }
    let top = |steps: &mut dyn Iterator<Item = (&str, &str)>| {
        let mut counts: Vec<u32> = counts(steps).into_values().collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        counts[..10].iter().sum::<u32>()
    };
    let real = top(&mut steps.iter().copied());
    // The same pages in another order: each with what somebody else opened.
    let shift = steps.len() / 2;
    let others = steps.iter().cycle().skip(shift);
    let shuffled = top(&mut steps
        .iter()
        .zip(others)
        .map(|(step, other)| (step.0, other.1)));
    assert!(real > 2 * shuffled, "{real} {shuffled}");
}

/// Property 18: site searches have their share, follow Zipf's law, sometimes find nothing, and lead on.
#[test]
fn searches_lead_to_pages() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    near(
        "searches",
        share(&visits, |visit| {
            visit.hits.iter().any(|hit| hit.hit.kind() == Kind::Search)
        }),
        0.15,
        0.02,
    );
    let mut keywords = Vec::new();
    let mut nothing = 0;
    let mut led_on = 0;
    for visit in &visits {
        for (at, hit) in visit.hits.iter().enumerate() {
            let Action::Search(search) = hit.hit.action() else {
                continue;
            };
            assert!(at > 0, "a search comes after a page");
            assert!(page(hit).contains("/search/"), "{}", page(hit));
            nothing += usize::from(search.results == 0);
            led_on += usize::from(
                visit.hits[at..]
                    .iter()
                    .any(|later| later.hit.kind() == Kind::PageView),
            );
            keywords.push(search.keyword.to_string());
        }
    }
    let all = keywords.len() as f64;
    near("nothing found", nothing as f64 / all, 0.1, 0.03);
    assert!(led_on as f64 / all > 0.55, "{led_on} of {all}");
    let counts = counts(keywords.into_iter());
    assert!(top_tenth(&counts) > 0.35, "{}", top_tenth(&counts));
    assert!(counts.values().filter(|&&count| count == 1).count() * 3 > counts.len());
}

/// Property 22: kinds of visits differ in what they do.
#[test]
fn personas_differ_in_depth_and_time() {
    let visits = visits_of(&plan(&json!({})), VISITS);
    let depth = |persona: &str| {
        let of = visits.iter().filter(|visit| visit.persona == persona);
        mean(of.map(|visit| page_views(visit).len() as f64))
    };
    assert_eq!(depth("bouncer"), 1.0);
    assert!(depth("researcher") > depth("casual") + 2.0);
    assert!(
        depth("buyer") > depth("casual") + 0.5,
        "{} {}",
        depth("buyer"),
        depth("casual")
    );
}

/// The original's probabilities stay shares of all visits. Within 4 sigma.
#[test]
fn probabilities_are_shares_of_all_visits() {
    let plan = plan(&json!({}));
    let visits = visits_of(&plan, VISITS);
    let with = |kind: Kind| {
        share(&visits, |visit| {
            visit.hits.iter().any(|hit| hit.hit.kind() == kind)
        })
    };
    near(
        "outlinks",
        with(Kind::Outlink),
        plan.behaviour.outlink,
        0.01,
    );
    near(
        "downloads",
        with(Kind::Download),
        plan.behaviour.download,
        0.01,
    );
    let events = with(Kind::Event);
    let (click, other) = (plan.behaviour.click_event, plan.behaviour.random_event);
    assert!(
        (click.max(other)..click + other).contains(&events),
        "{events}"
    );
}
