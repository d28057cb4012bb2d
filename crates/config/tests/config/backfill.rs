//! The rules of a backfill, and the plan of one.

use chrono::{DateTime, NaiveDate, Utc};
use config::{BackfillPlan, Checked, Method, Problem, Window};

use crate::support::{TOKEN, check_env, find, no_files, vars, with_target};

/// Environment names and values.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// A backfill that is checked on 30 June in Stockholm, when it is still the 29th in UTC.
fn checked(settings: Settings<'_>) -> Checked {
    let mut pairs = vec![
        ("BACKFILL_ENABLED", "true"),
        ("BACKFILL_RUN_ONCE", "true"),
        ("RANDOMIZE_VISITOR_COUNTRIES", "off"),
        ("TIMEZONE", "Europe/Stockholm"),
    ];
    pairs.retain(|(name, _)| settings.iter().all(|(given, _)| given != name));
    pairs.extend_from_slice(settings);
    let now: DateTime<Utc> = "2026-06-29T22:00:00Z".parse().expect("a moment");
    with_target()
        .now(now)
        .environment(vars(&pairs), &no_files)
        .check(&no_files)
}

/// The problems and warnings of a backfill with a token.
fn backfill(settings: Settings<'_>) -> (Vec<Problem>, Vec<Problem>) {
    let mut pairs = vec![("MATOMO_TOKEN_AUTH", TOKEN)];
    pairs.extend_from_slice(settings);
    let checked = checked(&pairs);
    (checked.problems, checked.warnings)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
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
    let (problems, _) = with(&[("BACKFILL_VISITS_PER_SECOND", "0")]);
    find(&problems, "/backfill/visits_per_second", "below_limit");
    let (_, warnings) = with(&[("MAX_TOTAL_VISITS", "100")]);
    find(&warnings, "/load/max_visits_per_window", "no_effect");
}

#[test]
fn leftovers_of_a_backfill_that_is_off_do_no_harm() {
    let checked = check_env(&[
        ("BACKFILL_START_DATE", "2026-01-01"),
        ("BACKFILL_ENABLED", "no"),
    ]);
    assert!(checked.plan.is_some(), "{:?}", checked.problems);
}

#[test]
fn days_before_today_need_a_token_and_today_does_not() {
    let refused: [Settings<'_>; 2] = [
        &[
            ("BACKFILL_START_DATE", "2026-06-29"),
            ("BACKFILL_END_DATE", "2026-06-30"),
        ],
        &[("BACKFILL_DAYS_BACK", "1"), ("BACKFILL_DURATION_DAYS", "1")],
    ];
    for settings in refused {
        let problems = checked(settings).problems;
        let hint = &find(&problems, "/targets/0/token_auth", "needs_token").hint;
        assert!(hint.as_ref().is_some_and(|hint| hint.contains("Security")));
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert_eq!(backfill(settings).0, []);
    }
    let today = [
        ("BACKFILL_START_DATE", "2026-06-30"),
        ("BACKFILL_END_DATE", "2026-06-30"),
    ];
    assert_eq!(checked(&today).problems, []);
}

#[test]
fn a_backfill_that_goes_on_in_real_time_is_warned_of_as_an_endless_run() {
    let settings = [
        ("BACKFILL_DAYS_BACK", "9"),
        ("BACKFILL_DURATION_DAYS", "9"),
        ("BACKFILL_RUN_ONCE", "false"),
    ];
    let (problems, warnings) = backfill(&settings);
    assert!(
        problems
            .iter()
            .all(|problem| problem.pointer != "/backfill/run_once")
    );
    find(&warnings, "/load/stop_after_hours", "no_stop_rule");
}

#[test]
fn the_plan_of_a_backfill_holds_its_caps_and_is_sent_in_bulk_without_an_end_by_time() {
    let plan = |more: Settings<'_>| {
        let mut settings = vec![
            ("MATOMO_TOKEN_AUTH", TOKEN),
            ("BACKFILL_DAYS_BACK", "9"),
            ("BACKFILL_DURATION_DAYS", "3"),
        ];
        settings.extend_from_slice(more);
        let checked = checked(&settings);
        checked
            .plan
            .unwrap_or_else(|| panic!("{:?}", checked.problems))
    };
    let usual = plan(&[]);
    assert_eq!(
        usual.backfill,
        Some(BackfillPlan {
            window: Window::Back {
                days_back: 9,
                days: 3
            },
            visits_per_day: 2_000,
            visits_per_day_max: Some(2_000),
            max_visits_total: Some(200_000),
            requests_per_second: None,
            visits_per_second: None,
            run_once: true,
        })
    );
    assert_eq!(usual.delivery.method, Method::Bulk);
    assert_eq!(usual.load.stop.after, None);
    assert_eq!((usual.load.loaders, usual.audience.seed), (1, None));
    let given = plan(&[
        ("BACKFILL_MAX_VISITS_PER_DAY", "0"),
        ("BACKFILL_MAX_VISITS_TOTAL", "0"),
        ("TARGET_VISITS_PER_DAY", "700"),
        ("STOP_AFTER_VISITS", "1000"),
        ("DELIVERY_METHOD", "beacon"),
        ("AUTO_STOP_AFTER_HOURS", "2"),
        ("BACKFILL_SEED", "42"),
        ("LOADERS", "3"),
    ]);
    let backfill = given.backfill.as_ref().expect("a backfill");
    assert_eq!(
        (backfill.visits_per_day, backfill.max_visits_total),
        (700, Some(1_000))
    );
    assert_eq!(given.delivery.method, Method::Beacon);
    assert_eq!(
        given.load.stop.after.map(|after| after.as_secs()),
        Some(7_200)
    );
    assert_eq!((given.load.loaders, given.audience.seed), (3, Some(42)));
}

#[test]
fn what_nobody_gave_follows_the_server_in_a_backfill_and_nothing_does_in_a_live_run() {
    let adapts = |more: Settings<'_>| {
        let mut settings = vec![
            ("MATOMO_TOKEN_AUTH", TOKEN),
            ("BACKFILL_DAYS_BACK", "9"),
            ("BACKFILL_DURATION_DAYS", "3"),
        ];
        settings.extend_from_slice(more);
        let checked = checked(&settings);
        let stored = serde_json::to_value(&checked.config.delivery).expect("a document");
        let delivery = checked.plan.expect("a plan").delivery;
        let word = stored["adapt"].as_str().map(str::to_owned);
        (
            delivery.adapts_in_flight,
            delivery.adapts_bulk_size,
            word.unwrap_or_default(),
        )
    };
    let (in_flight, bulk_size) = (("CONCURRENCY", "50"), ("BULK_SIZE", "50"));
    assert_eq!(adapts(&[]), (true, true, "both".into()));
    assert_eq!(adapts(&[in_flight]), (false, true, "bulk_size".into()));
    assert_eq!(adapts(&[bulk_size]), (true, false, "in_flight".into()));
    let all = [in_flight, bulk_size];
    assert_eq!(adapts(&all), (false, false, "off".into()));
    // As a stored document says it, in which every number is given.
    let stored = [in_flight, bulk_size, ("DELIVERY_ADAPT", "both")];
    assert_eq!(adapts(&stored), (true, true, "both".into()));
    let live = [("BACKFILL_ENABLED", "false"), ("DELIVERY_ADAPT", "both")];
    assert_eq!(adapts(&live), (false, false, "both".into()));
}

#[test]
fn a_window_is_reckoned_from_the_day_of_the_origin() {
    let dates = |window: Window| {
        let (first, last) = window.dates(day("2026-03-01"));
        format!("{first} {last}")
    };
    let back = |days_back, days| dates(Window::Back { days_back, days });
    assert_eq!(back(1, 1), "2026-02-28 2026-02-28");
    assert_eq!(back(1, 2), "2026-02-28 2026-03-01");
    assert_eq!(back(30, 30), "2026-01-30 2026-02-28");
    let given = Window::Dates {
        first: day("2024-02-29"),
        last: day("2024-03-01"),
    };
    assert_eq!(dates(given), "2024-02-29 2024-03-01");
}
