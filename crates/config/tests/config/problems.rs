//! Problems: all of them at once, each with place, value, rule, origin and way out.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use config::{Checked, Format, Layers, Problem};
use serde_json::json;

use crate::support::{check_env, check_toml, find, no_files, vars};

fn listed(checked: &Checked) -> String {
    let mut text = String::new();
    for (heading, problems) in [
        ("problem", &checked.problems),
        ("warning", &checked.warnings),
    ] {
        for problem in problems {
            let _ = writeln!(text, "{heading} [{}] {problem}", problem.code);
        }
    }
    text
}

#[test]
fn all_problems_of_a_bad_configuration_come_at_once() {
    let document = r#"
        [[targets]]
        url = "ftp://matomo.example/matomo.php"
        site = 3

        [load]
        concurrency = 600
        visits_per_day = "many"
        time_zone = "Europe/Stokholm"
        pause_min = 3.0

        [behaviour]
        search = 1.5
        page_views_min = 8

        [audience]
        countries = "on"
        weights = [{ country = "Sweden", weight = 1.0 }]

        [delivery]
        method = "gett"
        retries = -1

        [commerce]
        currency = "kr"
        shipping_rates = [0, -5]

        [content]
        urls_file = "/config/urls.txt"

        [backfil]
        enabled = true
    "#;
    let list = |path: &Path| match path.to_str() {
        Some("/config/urls.txt") => Ok("https://a.example/\nnowhere\n\nftp://b\n".to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let checked = Layers::new()
        .preset("hevy")
        .document("run.toml", Format::Toml, document)
        .environment(
            vars(&[
                ("AUTO_STOP_AFTER_HOURS", "0"),
                ("BACKFILL_ENABLED", "maybe"),
                ("FUNNEL_CONFIG_PATH", "/app/data/funnels.json"),
                ("AUTO_START", "false"),
                ("CONTROL_UI_API_KEY", "change-me-in-production"),
                ("START_SIGNAL_FILE", "/app/data/loadgen.start"),
                ("PAGEVIEW_MAX", "4"),
                ("ECOMMERCE_TAX_RATE", "10%"),
            ]),
            &list,
        )
        .check(&list);
    assert!(checked.plan.is_none());
    insta::assert_snapshot!("all_at_once", listed(&checked));
}

#[test]
fn a_problem_reads_as_one_sentence_with_value_rule_origin_and_way_out() {
    let checked = check_env(&[("CONCURRENCY", "600")]);
    assert_eq!(
        checked.problems[0].to_string(),
        "load.concurrency: 600 is above the limit of 500 (environment variable CONCURRENCY); \
         lower it to 500 or less"
    );
}

#[test]
fn a_missing_target_is_said() {
    let checked = Layers::new().check(&no_files);
    let problem = find(&checked.problems, "/targets/0/url", "required");
    assert!(
        problem.hint.as_ref().unwrap().contains("MATOMO_URL="),
        "{problem}"
    );
    assert_eq!(checked.problems.len(), 1);
}

#[test]
fn syntax_errors_are_told_with_line_and_column() {
    let toml = check_toml("[load]\nconcurrency = = 5\n");
    assert!(
        toml.problems[0].message.starts_with("line 2, column 15"),
        "{}",
        toml.problems[0]
    );
    assert_eq!(toml.problems[0].origin.as_deref(), Some("run.toml"));

    let json = Layers::new().document("run.json", Format::Json, "{\n  \"load\": {,}\n}");
    let checked = json.check(&no_files);
    let problem = find(&checked.problems, "", "syntax");
    assert!(
        problem.message.starts_with("line 2, column 12"),
        "{problem}"
    );
    // The rest is still checked.
    find(&checked.problems, "/targets/0/url", "required");
}

#[test]
fn unknown_keys_name_the_key_that_was_probably_meant() {
    let hint = |text: &str, pointer: &str| {
        find(&check_toml(text).problems, pointer, "unknown_key")
            .hint
            .clone()
            .unwrap()
    };
    assert_eq!(
        hint("[load]\nconcurency = 5", "/load/concurency"),
        "did you mean concurrency?"
    );
    assert_eq!(
        hint("concurrency = 5", "/concurrency"),
        "did you mean load.concurrency?"
    );
    assert_eq!(
        hint("PAGEVIEWS_MIN = 5", "/PAGEVIEWS_MIN"),
        "did you mean behaviour.page_views_min?"
    );
    assert_eq!(
        hint("[logging]\nfile = 'x'", "/logging/file"),
        "did you mean funnels.file?"
    );
    assert_eq!(
        hint("[logging]\nx = 'x'", "/logging/x"),
        "known here: level"
    );
}

#[test]
fn many_unknown_keys_are_counted() {
    let keys: String = (0..50).map(|at| format!("zzz{at} = 1\n")).collect();
    let checked = check_toml(&keys);
    assert_eq!(checked.problems.len(), 21);
    assert_eq!(checked.problems[20].message, "and 30 more unknown keys");
}

#[test]
fn text_in_place_of_a_number_is_told_apart() {
    let checked = check_toml("[load]\nconcurrency = \"50\"\nvisits_per_day = 1.5\n");
    let quoted = find(&checked.problems, "/load/concurrency", "wrong_type");
    assert_eq!(quoted.hint.as_deref(), Some("write it without quotes"));
    let broken = find(&checked.problems, "/load/visits_per_day", "wrong_type");
    assert_eq!(broken.message, "1.5 is not a whole number");
}

#[test]
fn what_is_not_built_yet_is_refused() {
    let checked = Layers::new()
        .json(
            "request",
            json!({ "targets": [{ "url": "https://a.example/" }, {}] }),
        )
        .check(&no_files);
    find(&checked.problems, "/targets", "not_available");

    let checked = check_env(&[("FUNNEL_CONFIG_PATH", "f.json")]);
    find(&checked.problems, "/funnels/file", "not_available");
    assert!(checked.plan.is_none());
}

#[test]
fn a_newer_document_is_refused_clearly_and_a_missing_version_is_one() {
    let newer = check_toml("version = 2\nsomething_new = true\n");
    assert_eq!(newer.problems.len(), 1);
    assert!(
        newer.problems[0].message.contains("newer"),
        "{}",
        newer.problems[0]
    );
    assert_eq!(check_toml("[load]\nconcurrency = 5\n").config.version, 1);
    find(
        &check_toml("version = 0\n").problems,
        "/version",
        "below_limit",
    );
}

#[test]
fn minimum_and_maximum_are_compared_and_the_one_that_was_set_is_named() {
    let at_max = check_env(&[("PAGEVIEWS_MAX", "2")]);
    assert_eq!(
        at_max.problems[0].to_string(),
        "behaviour.page_views_max: 2 is below behaviour.page_views_min, which is 3 (environment \
         variable PAGEVIEWS_MAX); raise it to 3 or change behaviour.page_views_min"
    );
    for (min, max) in [
        ("PAGEVIEWS_MIN", "PAGEVIEWS_MAX"),
        ("PAUSE_BETWEEN_PVS_MIN", "PAUSE_BETWEEN_PVS_MAX"),
        ("VISIT_DURATION_MIN", "VISIT_DURATION_MAX"),
        ("ECOMMERCE_ORDER_VALUE_MIN", "ECOMMERCE_ORDER_VALUE_MAX"),
        ("ECOMMERCE_ITEMS_MIN", "ECOMMERCE_ITEMS_MAX"),
    ] {
        let codes = |min_value, max_value| -> Vec<String> {
            let checked = check_env(&[(min, min_value), (max, max_value)]);
            checked
                .problems
                .into_iter()
                .map(|problem| problem.code)
                .collect()
        };
        assert_eq!(codes("9", "8"), ["min_above_max"], "{min}");
        assert_eq!(codes("8", "8"), Vec::<String>::new(), "{min}");
        // A value beyond its limit is said once, without a second problem of the same making.
        assert_eq!(codes("99999999", "8"), ["above_limit"], "{min}");
    }
}

#[test]
fn countries_need_a_token_only_when_they_were_asked_for() {
    let on = check_env(&[("RANDOMIZE_VISITOR_COUNTRIES", "true")]);
    let problem = find(&on.problems, "/audience/countries", "needs_token");
    assert!(
        problem.hint.as_ref().unwrap().contains("MATOMO_TOKEN_AUTH"),
        "{problem}"
    );

    let auto = check_env(&[]);
    find(&auto.warnings, "/audience/countries", "countries_off");
    assert_eq!(
        auto.plan.unwrap().audience.countries,
        config::Countries::Off
    );
}

#[test]
fn the_originals_warnings_are_given() {
    let warns = |pairs: &[(&str, &str)], pointer: &str, code: &str| {
        let checked = check_env(pairs);
        assert!(checked.plan.is_some(), "{:?}", checked.problems);
        find(&checked.warnings, pointer, code);
    };
    warns(
        &[("CONCURRENCY", "201")],
        "/load/concurrency",
        "high_concurrency",
    );
    warns(
        &[("TARGET_VISITS_PER_DAY", "500001")],
        "/load/visits_per_day",
        "high_load",
    );
    warns(
        &[("AUTO_STOP_AFTER_HOURS", "0")],
        "/load/stop_after_hours",
        "no_stop_rule",
    );
    warns(
        &[("MATOMO_TOKEN_AUTH", "short")],
        "/targets/0/token_auth",
        "unusual_token",
    );
    let quiet = check_env(&[
        ("CONCURRENCY", "200"),
        ("TARGET_VISITS_PER_DAY", "500000"),
        ("RANDOMIZE_VISITOR_COUNTRIES", "no"),
    ]);
    assert_eq!(quiet.warnings, []);
}

#[test]
fn problems_travel_as_json() {
    for problem in check_env(&[("CONCURRENCY", "600"), ("ECOMMERCE_CURRENCY", "x")]).problems {
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), problem);
    }
}
