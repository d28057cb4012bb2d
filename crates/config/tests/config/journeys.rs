//! Channels and visits of the believable model: what must fit together.

use crate::support::{check_toml, find};

const REALISTIC: &str = "[behaviour]\nrealism = \"realistic\"\n";

#[test]
fn channels_sum_to_one() {
    let checked = check_toml(&format!("{REALISTIC}[channels]\nsearch = 0.57"));
    let problem = find(&checked.problems, "/channels/search", "does_not_sum");
    assert!(problem.message.contains("1.15 instead of 1"), "{problem}");
    assert!(
        problem
            .hint
            .as_deref()
            .is_some_and(|hint| hint.contains("lower some of them by 0.15"))
    );
    let thirds = "search = 0.3333\ndirect = 0.3333\nsocial = 0.3333\nwebsites = 0\nai_assistants = 0\ncampaigns = 0\nemail = 0";
    let checked = check_toml(&format!("{REALISTIC}[channels]\n{thirds}"));
    assert!(checked.plan.is_some(), "{:?}", checked.problems);
}

#[test]
fn the_originals_share_of_direct_entries_keeps_its_meaning() {
    let plan = |text: &str| {
        check_toml(&format!("{REALISTIC}{text}"))
            .plan
            .expect("it fits")
    };
    let channels = plan("direct = 0.4").channels;
    assert_eq!(channels.direct, 0.4);
    assert!((channels.search - 0.42 * 0.6 / 0.75).abs() < 1e-6);
    assert_eq!(plan("").channels.direct, 0.25);
    let checked = check_toml(&format!(
        "{REALISTIC}direct = 0.4\n[channels]\ndirect = 0.25"
    ));
    find(&checked.warnings, "/behaviour/direct", "conflict");
    assert_eq!(checked.plan.expect("a warning only").channels.direct, 0.25);
}

#[test]
fn what_happens_fits_into_the_visits_that_go_on() {
    let checked = check_toml(&format!(
        "{REALISTIC}bounce = 0.9\nsearch = 0.15\nclick_event = 0.05\nrandom_event = 0\n[commerce]\norder = 0.3"
    ));
    for pointer in ["/behaviour/search", "/commerce/order"] {
        let problem = find(&checked.problems, pointer, "does_not_fit");
        assert!(
            problem
                .hint
                .as_deref()
                .is_some_and(|hint| hint.contains("0.10 or less")),
            "{problem}"
        );
    }
    assert!(
        checked
            .problems
            .iter()
            .all(|problem| problem.pointer != "/behaviour/click_event")
    );
}

#[test]
fn depth_lies_between_the_fewest_and_the_most_pages() {
    let checked = check_toml(&format!("{REALISTIC}depth = 9\npage_views_max = 6"));
    find(&checked.problems, "/behaviour/depth", "does_not_fit");
    let checked = check_toml(&format!("{REALISTIC}page_views_max = 1\nbounce = 0.5"));
    find(
        &checked.problems,
        "/behaviour/page_views_max",
        "does_not_fit",
    );
    let checked = check_toml(&format!("{REALISTIC}zipf = 0"));
    find(&checked.problems, "/behaviour/zipf", "below_limit");
}

#[test]
fn bounds_that_nobody_gave_leave_visits_free() {
    let plan = |text: &str| {
        check_toml(&format!("{REALISTIC}{text}"))
            .plan
            .expect("it fits")
            .behaviour
    };
    let free = plan("");
    assert_eq!(
        (free.page_views_min, free.page_views_max, free.depth),
        (2, 100, 4.0)
    );
    // The original's presets bound them.
    let bounded = plan("page_views_min = 5\npage_views_max = 10");
    assert_eq!(
        (
            bounded.page_views_min,
            bounded.page_views_max,
            bounded.depth
        ),
        (5, 10, 7.5)
    );
    let flat = check_toml("[behaviour]\nrealism = \"original\"")
        .plan
        .expect("the defaults")
        .behaviour;
    assert_eq!((flat.page_views_min, flat.page_views_max), (3, 6));
}

#[test]
fn campaigns_of_ones_own_are_checked() {
    let campaign = |more: &str| {
        format!(
            "{REALISTIC}[[channels.own_campaigns]]\nname = \"Spring\"\nsource = \"a\"\nmedium = \"cpc\"\nweight = 1\n{more}"
        )
    };
    let pointer = "/channels/own_campaigns";
    for (more, code) in [
        (
            "from = \"2026-03-01\"\nto = \"2026-02-01\"",
            "min_above_max",
        ),
        ("landing = \"sale\"", "invalid_url"),
        ("weigth = 2", "unknown_key"),
        (
            "[backfill]\nenabled = true\nstart_date = \"2026-01-01\"\nend_date = \"2026-01-31\"",
            "none",
        ),
    ] {
        let checked = check_toml(&campaign(more));
        match code {
            "none" => assert_eq!(checked.problems, []),
            code => _ = find(&checked.problems, pointer, code),
        }
    }
    let window = "[backfill]\nenabled = true\nrun_once = true\nstart_date = \"2026-01-01\"\nend_date = \"2026-01-31\"";
    for days in ["from = \"2026-02-01\"", "to = \"2025-12-31\""] {
        let checked = check_toml(&campaign(&format!("{days}\n{window}")));
        let problem = find(&checked.problems, pointer, "outside_window");
        assert!(
            problem.message.contains("2026-01-01 to 2026-01-31"),
            "{problem}"
        );
    }
    let plan = check_toml(&campaign("landing = \"/sale\"\nstyle = \"mtm\""))
        .plan
        .expect("it fits");
    assert_eq!(
        plan.channels.own_campaigns[0].landing,
        config::LandingPage::Path("/sale".to_owned())
    );
}
