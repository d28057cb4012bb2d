//! The plan: what programs get from a sound configuration.

use std::io;
use std::path::Path;
use std::time::Duration;

use config::{Late, Layers, Method, Page, Pages, Problem, RunPlan};
use serde_json::json;

use crate::support::{URL, check_env, find, no_files};

#[test]
fn the_defaults_make_a_plan() {
    let plan = check_env(&[]).plan.unwrap();
    assert_eq!(plan.targets.len(), 1);
    assert_eq!(plan.targets[0].host, "matomo.example");
    assert_eq!(plan.load.time_zone, chrono_tz::CET);
    assert_eq!(plan.load.stop.after, Some(Duration::from_secs(3600)));
    assert_eq!(plan.load.stop.after_visits, None);
    assert_eq!(plan.load.stop.visits_per_window, None);
    assert_eq!(plan.load.stop.error_percent, Some(5.0));
    assert_eq!(plan.load.stop.p95, Some(Duration::from_secs(5)));
    assert_eq!(plan.load.stop.guard_window, Duration::from_secs(60));
    assert_eq!(plan.behaviour.visit_duration_max, Duration::from_secs(480));
    assert_eq!(plan.delivery.method, Method::Beacon);
    assert_eq!(plan.delivery.bulk_size, 50);
    assert_eq!(plan.delivery.late, Late::CatchUp);
    assert!(
        matches!(plan.content.pages, Pages::BuiltIn { site } if site.as_str() == "https://shop.example/")
    );
}

#[test]
fn a_time_zone_is_known_in_any_case() {
    for (text, zone) in [
        ("utc", chrono_tz::UTC),
        ("europe/stockholm", chrono_tz::Europe::Stockholm),
    ] {
        let plan = check_env(&[("TIMEZONE", text)]).plan.unwrap();
        assert_eq!(plan.load.time_zone, zone);
    }
}

#[test]
fn more_orders_than_visits_of_two_pages_are_warned_of() {
    let warned = |min, max, order| {
        let checked = check_env(&[
            ("PAGEVIEWS_MIN", min),
            ("PAGEVIEWS_MAX", max),
            ("ECOMMERCE_PROBABILITY", order),
        ]);
        assert!(checked.plan.is_some());
        let mut warnings = checked.warnings.iter();
        warnings.any(|warning| warning.code == "does_not_fit")
    };
    assert!(warned("1", "1", "0.05"));
    assert!(warned("1", "2", "0.51"));
    for (min, max, order) in [("1", "1", "0"), ("1", "2", "0.5"), ("2", "2", "1")] {
        assert!(!warned(min, max, order), "{min} {max} {order}");
    }
}

#[test]
fn zero_switches_each_stop_rule_off() {
    let plan = check_env(&[
        ("AUTO_STOP_AFTER_HOURS", "0"),
        ("STOP_AT_ERROR_PERCENT", "0"),
        ("STOP_AT_P95_SECONDS", "0"),
    ])
    .plan
    .unwrap();
    let stop = plan.load.stop;
    assert_eq!(
        (stop.after, stop.error_percent, stop.p95),
        (None, None, None)
    );
}

#[test]
fn a_cap_for_each_window_and_an_end_after_visits_are_two_things() {
    let stop = |name| check_env(&[(name, "700")]).plan.unwrap().load.stop;
    assert_eq!(stop("MAX_TOTAL_VISITS").visits_per_window, Some(700));
    assert_eq!(stop("MAX_TOTAL_VISITS").after_visits, None);
    assert_eq!(stop("STOP_AFTER_VISITS").visits_per_window, None);
    assert_eq!(stop("STOP_AFTER_VISITS").after_visits, Some(700));
}

fn target(url: &str) -> Result<(String, String), Problem> {
    let checked = Layers::new()
        .set("option --url", "/targets/0/url", url.into())
        .check(&no_files);
    match checked.plan {
        Some(RunPlan { mut targets, .. }) => {
            let target = targets.remove(0);
            Ok((target.url.to_string(), target.host))
        }
        None => Err(checked.problems[0].clone()),
    }
}

#[test]
fn the_host_is_what_a_person_types_back() {
    let host = |url: &str| target(url).unwrap().1;
    assert_eq!(host("https://Matomo.Example/matomo.php"), "matomo.example");
    assert_eq!(
        host("https://matomo.example:443/matomo.php"),
        "matomo.example"
    );
    assert_eq!(
        host("http://matomo.example:8080/matomo.php"),
        "matomo.example:8080"
    );
    assert_eq!(host("http://127.0.0.1:80"), "127.0.0.1");
    assert_eq!(host("http://[::1]:8001/"), "[::1]:8001");
}

#[test]
fn a_slash_behind_the_script_is_removed_and_others_stay() {
    let address = |url: &str| target(url).unwrap().0;
    for script in ["/matomo.php", "/a/piwik.php"] {
        let url = format!("https://matomo.example{script}");
        assert_eq!(address(&url), url);
        assert_eq!(address(&format!("{url}/")), url);
    }
    let folder = "https://matomo.example/stats/";
    assert_eq!(address(folder), folder);
}

#[test]
fn addresses_that_are_no_tracking_endpoint_are_refused() {
    for (url, code) in [
        ("matomo.example/matomo.php", "invalid_url"),
        ("ftp://matomo.example/matomo.php", "invalid_url"),
        ("https:///", "invalid_url"),
        ("https://matomo.example/matomo.php?idsite=1", "invalid_url"),
        ("https://matomo.example/matomo.php#top", "invalid_url"),
        ("https://me:pass@matomo.example/", "secret_in_url"),
    ] {
        assert_eq!(target(url).unwrap_err().code, code, "{url}");
    }
}

#[test]
fn the_site_of_the_built_in_pages_is_scheme_and_host() {
    for site in ["https://shop.test", "http://shop.test:8080/"] {
        assert!(check_env(&[("SITE_URL", site)]).plan.is_some(), "{site}");
    }
    for site in [
        "https://shop.test/de",
        "https://shop.test/?a",
        "https://me@shop.test",
        "shop",
    ] {
        find(
            &check_env(&[("SITE_URL", site)]).problems,
            "/content/site_url",
            "invalid_url",
        );
    }
}

fn with_list(text: &'static str) -> config::Checked {
    let read = move |path: &Path| match path.to_str() {
        Some("urls.txt") => Ok(text.to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
    };
    Layers::new()
        .json(
            "request",
            json!({ "targets": [{ "url": URL }], "content": { "urls_file": "urls.txt" } }),
        )
        .check(&read)
}

#[test]
fn a_url_list_gives_pages_and_titles() {
    let checked = with_list(
        "\u{feff}# pages\r\nhttps://a.example/\r\nhttps://a.example/b\tThe b page\r\n\r\n  \
         https://a.example/c  Another  title \r\n# https://a.example/d\r\n",
    );
    let page = |url: &str, title: Option<&str>| Page {
        url: url.to_owned(),
        title: title.map(str::to_owned),
    };
    let Pages::List(pages) = checked.plan.unwrap().content.pages else {
        panic!("no list")
    };
    assert_eq!(
        pages,
        [
            page("https://a.example/", None),
            page("https://a.example/b", Some("The b page")),
            page("https://a.example/c", Some("Another  title")),
        ]
    );
}

#[test]
fn bad_lines_of_a_url_list_are_named_and_bounded() {
    let checked = with_list("https://a.example/\n/relative\nhttps://a.example/b title\n");
    let messages: Vec<_> = checked
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "line 2: \"/relative\" is no whole address: http:// or https:// is missing",
            "line 3: \"https://a.example/b title\" holds a blank",
        ]
    );
    assert_eq!(checked.problems[0].origin.as_deref(), Some("urls.txt"));

    let many = with_list("x\n".repeat(100).leak());
    assert_eq!(many.problems.len(), 21);
    assert_eq!(many.problems[20].message, "and 80 more bad lines");

    find(
        &with_list("# nothing\n").problems,
        "/content/urls_file",
        "empty_list",
    );
    let unreadable = check_env(&[("URLS_FILE", "elsewhere.txt"), ("SITE_URL", "nowhere")]);
    find(&unreadable.problems, "/content/site_url", "invalid_url");
    find(&unreadable.problems, "/content/urls_file", "unreadable");
}

#[test]
fn a_url_that_matomo_would_cut_is_a_bad_line() {
    let url = |length: usize| format!("{:a<length$}", "https://a.example/");
    assert!(with_list(url(1024).leak()).plan.is_some());
    let checked = with_list(url(1025).leak());
    let problem = find(&checked.problems, "/content/urls_file", "bad_line");
    assert_eq!(
        problem.message,
        "line 1: a URL of 1025 characters is above the limit of 1024"
    );
}

#[test]
fn others_stands_for_countries_that_are_not_named() {
    let checked = check_env(&[("VISITOR_COUNTRIES", "it:1, others:11")]);
    let weights = checked.plan.unwrap().audience.weights;
    assert_eq!(weights[0], ("IT".to_owned(), 1.0));
    let countries: std::collections::BTreeSet<_> = weights.iter().map(|(name, _)| name).collect();
    assert_eq!(countries.len(), weights.len(), "each country once");
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    assert!((total - 12.0).abs() < 1e-9, "{total}");
}

#[test]
fn country_weights_that_make_no_sense_are_refused() {
    let code = |text: &str| {
        check_env(&[("VISITOR_COUNTRIES", text)]).problems[0]
            .code
            .clone()
    };
    assert_eq!(code("US:0"), "below_limit");
    assert_eq!(code("US:1,us:2"), "duplicate_country");
    assert_eq!(code("Sweden:1"), "invalid_country");
    assert_eq!(code("US"), "wrong_type");
    assert_eq!(code("US=1"), "wrong_type");
}

#[test]
fn quiet_hours_lower_the_visits_of_a_day_and_say_by_how_much() {
    let checked = check_env(&[("BLACKOUT_HOURS", "22:00-06:00")]);
    let warning = find(&checked.warnings, "/load/quiet_hours", "fewer_visits");
    assert!(
        warning.message.contains("about 13333 instead of 20000"),
        "{warning}"
    );
    let plan = checked.plan.unwrap();
    assert!((plan.load.visits_on_a_day() - 13_333.3).abs() < 0.1);
    let plan = check_env(&[]).plan.unwrap();
    assert!(plan.load.quiet_hours.is_empty());
    assert!((plan.load.visits_on_a_day() - 20_000.0).abs() < f64::EPSILON);
}

#[test]
fn quiet_hours_that_leave_nothing_are_a_problem() {
    for (ranges, code) in [("00:00-24:00", "no_time_left"), ("22-6", "invalid_range")] {
        let checked = check_env(&[("BLACKOUT_HOURS", ranges)]);
        assert!(checked.plan.is_none());
        find(&checked.problems, "/load/quiet_hours", code);
    }
}

#[test]
fn a_hit_budget_ends_a_run_so_no_other_rule_is_missed() {
    let checked = check_env(&[("STOP_AFTER_HITS", "1000"), ("AUTO_STOP_AFTER_HOURS", "0")]);
    let mut warnings = checked.warnings.iter();
    assert!(warnings.all(|warning| warning.code != "no_stop_rule"));
    assert_eq!(checked.plan.unwrap().load.stop.after_hits, Some(1_000));
}
