//! The rules of a backfill. Running one is not available yet, which every check here also says.

use chrono::NaiveDate;
use config::Problem;

use crate::support::{check_env, find, no_files, vars, with_target};

/// Environment names and values.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// The problems (beside "not available") and warnings of a backfill.
fn backfill(settings: Settings<'_>) -> (Vec<Problem>, Vec<Problem>) {
    let mut pairs = vec![
        ("BACKFILL_ENABLED", "true"),
        ("RANDOMIZE_VISITOR_COUNTRIES", "off"),
    ];
    pairs.extend_from_slice(settings);
    let checked = with_target()
        .today(NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day"))
        .environment(vars(&pairs), &no_files)
        .check(&no_files);
    let mut problems = checked.problems;
    problems.retain(|problem| problem.pointer != "/backfill/enabled");
    (problems, checked.warnings)
}

#[test]
fn the_rules_of_a_backfill_are_checked() {
    let start = |day| ("BACKFILL_START_DATE", day);
    let end = |day| ("BACKFILL_END_DATE", day);
    let back = |days| ("BACKFILL_DAYS_BACK", days);
    let duration = |days| ("BACKFILL_DURATION_DAYS", days);
    let refused: [(Settings<'_>, &str, &str); 11] = [
        (&[], "/backfill/start_date", "required"),
        (&[start("2026-01-01")], "/backfill/start_date", "incomplete"),
        (&[end("2026-01-01")], "/backfill/end_date", "incomplete"),
        (&[back("10")], "/backfill/days_back", "incomplete"),
        (&[duration("10")], "/backfill/duration_days", "incomplete"),
        (
            &[
                start("2026-01-01"),
                end("2026-01-02"),
                back("1"),
                duration("1"),
            ],
            "/backfill/days_back",
            "conflict",
        ),
        (
            &[start("2026-06-02"), end("2026-06-01")],
            "/backfill/start_date",
            "min_above_max",
        ),
        (
            &[start("2026-06-01"), end("2026-07-01")],
            "/backfill/end_date",
            "in_the_future",
        ),
        (
            &[back("5"), duration("7")],
            "/backfill/duration_days",
            "in_the_future",
        ),
        (
            &[start("2026-01-01"), end("2026-06-30")],
            "/backfill/end_date",
            "above_limit",
        ),
        (
            &[back("365"), duration("181")],
            "/backfill/duration_days",
            "above_limit",
        ),
    ];
    for (settings, pointer, code) in refused {
        let (problems, _) = backfill(settings);
        find(&problems, pointer, code);
        assert_eq!(problems.len(), 1, "{problems:#?}");
    }

    let window = [start("2026-01-02"), end("2026-06-30")];
    let (problems, warnings) = backfill(&window);
    assert_eq!(problems, [], "180 days are allowed");
    find(&warnings, "/backfill/end_date", "long_window");
    assert_eq!(backfill(&[back("90"), duration("90")]), (vec![], vec![]));
}

#[test]
fn the_caps_of_a_backfill_are_checked() {
    let with = |more: &[(&'static str, &'static str)]| {
        let mut settings = vec![("BACKFILL_DAYS_BACK", "9"), ("BACKFILL_DURATION_DAYS", "9")];
        settings.extend_from_slice(more);
        backfill(&settings)
    };
    let per_day = |cap| ("BACKFILL_MAX_VISITS_PER_DAY", cap);
    let total = |cap| ("BACKFILL_MAX_VISITS_TOTAL", cap);
    let (problems, _) = with(&[per_day("2000"), total("1999")]);
    find(&problems, "/backfill/max_visits_total", "min_above_max");
    let (problems, warnings) = with(&[per_day("0"), total("19999")]);
    find(&problems, "/backfill/max_visits_total", "min_above_max");
    find(&warnings, "/backfill/max_visits_per_day", "high_load");
    assert_eq!(with(&[per_day("8000"), total("0")]), (vec![], vec![]));
    let (_, warnings) = with(&[("BACKFILL_RPS_LIMIT", "101")]);
    find(&warnings, "/backfill/requests_per_second", "high_load");
    let (problems, _) = with(&[("BACKFILL_RPS_LIMIT", "0")]);
    find(&problems, "/backfill/requests_per_second", "below_limit");
}

#[test]
fn leftovers_of_a_backfill_that_is_off_do_no_harm() {
    let checked = check_env(&[
        ("BACKFILL_START_DATE", "2026-01-01"),
        ("BACKFILL_ENABLED", "no"),
    ]);
    assert!(checked.plan.is_some(), "{:?}", checked.problems);
}
