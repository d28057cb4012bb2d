//! The visits of past days.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use config::{BackfillPlan, LoadPlan, RunPlan, Window};
use proptest::prelude::*;
use simulation::{Arrival, BackfillDay, Keys, Pace, Simulation};

use crate::{keys, plan};

const HOUR_MS: i64 = 3_600_000;

fn ms(text: &str) -> i64 {
    let at: DateTime<Utc> = text.parse().unwrap();
    at.timestamp_millis()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn past(zone: &str, window: Window, visits_per_day: u32, total: Option<u64>) -> RunPlan {
    let mut plan = plan();
    plan.load = LoadPlan {
        time_zone: zone.parse().unwrap(),
        ..plan.load
    };
    plan.backfill = Some(BackfillPlan {
        window,
        visits_per_day,
        visits_per_day_max: None,
        max_visits_total: total,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    plan
}

fn dates(first: &str, last: &str) -> Window {
    Window::Dates {
        first: day(first),
        last: day(last),
    }
}

fn simulate(plan: &RunPlan, origin: &str) -> Simulation {
    let keys = Keys {
        origin_ms: ms(origin),
        ..keys()
    };
    Simulation::new(plan, keys, true).unwrap()
}

/// Every visit of the backfill, seen to keep all rules.
fn all(simulation: &Simulation, zone: &str, origin: &str) -> Vec<Arrival> {
    let zone: Tz = zone.parse().unwrap();
    let arrivals: Vec<Arrival> = simulation.arrivals(Pace::Backfill).collect();
    assert!(arrivals.is_sorted_by_key(|arrival| arrival.at_ms));
    let mut visits = arrivals.iter();
    let mut ordinal = 0;
    for day in simulation.backfill_days() {
        assert_eq!(day.first_ordinal, ordinal);
        for _ in 0..day.visits {
            let arrival = visits.next().unwrap();
            assert_eq!(arrival.ordinal, ordinal);
            ordinal += 1;
            let hits = simulation.visit(arrival).hits;
            assert_eq!(hits[0].time_ms, arrival.at_ms);
            assert!(hits.is_sorted_by(|one, next| one.cdt_s < next.cdt_s));
            for hit in &hits {
                assert!((day.start_ms..day.end_ms).contains(&hit.time_ms));
                assert!(hit.time_ms < ms(origin) - 60_000);
                assert_eq!(hit.cdt_s, Some(hit.time_ms.div_euclid(1_000)));
                assert_eq!(hit.send_at_ms, hit.time_ms);
                let at = DateTime::from_timestamp(hit.cdt_s.unwrap(), 0).unwrap();
                assert_eq!(at.with_timezone(&zone).date_naive(), day.day);
            }
        }
    }
    assert_eq!(visits.next(), None);
    arrivals
}

fn lengths(days: &[BackfillDay]) -> Vec<i64> {
    let halves = days
        .iter()
        .map(|day| (day.end_ms - day.start_ms) / (HOUR_MS / 2));
    halves.collect()
}

#[test]
fn days_on_which_clocks_change_have_their_length_and_the_same_number_of_visits() {
    for (zone, first, last, halves) in [
        ("Europe/Stockholm", "2026-03-28", "2026-03-30", [48, 46, 48]),
        ("Europe/Stockholm", "2025-10-25", "2025-10-27", [48, 50, 48]),
        ("America/New_York", "2026-03-07", "2026-03-09", [48, 46, 48]),
        ("America/New_York", "2025-11-01", "2025-11-03", [48, 50, 48]),
        (
            "Australia/Lord_Howe",
            "2026-04-04",
            "2026-04-06",
            [48, 49, 48],
        ),
        (
            "Australia/Lord_Howe",
            "2025-10-04",
            "2025-10-06",
            [48, 47, 48],
        ),
        // There the clocks jump over midnight, and in Havana midnight comes twice.
        ("America/Santiago", "2025-09-06", "2025-09-08", [48, 46, 48]),
        ("America/Havana", "2025-11-01", "2025-11-03", [48, 50, 48]),
        // A leap day.
        ("UTC", "2024-02-28", "2024-03-01", [48, 48, 48]),
    ] {
        let origin = "2026-06-30T12:00:00Z";
        let plan = past(zone, dates(first, last), 300, None);
        let simulation = simulate(&plan, origin);
        let days = simulation.backfill_days();
        assert_eq!(lengths(days), halves, "{zone} {first}");
        assert!(days.iter().all(|day| day.visits == 300));
        assert_eq!(all(&simulation, zone, origin).len(), 900);
    }
}

#[test]
fn the_origins_own_day_holds_what_began_a_minute_before_the_origin() {
    let zone = "Europe/Stockholm";
    let window = dates("2026-06-28", "2026-06-30");
    // In Stockholm the day begins at 22:00 UTC.
    for (origin, share) in [
        ("2026-06-29T22:00:30Z", 0.0),
        ("2026-06-30T10:00:00Z", 0.5),
        ("2026-06-30T21:59:59Z", 1.0),
    ] {
        let simulation = simulate(&past(zone, window, 2_000, None), origin);
        let days = simulation.backfill_days();
        assert_eq!(
            (days.len(), days[0].visits, days[1].visits),
            (3, 2_000, 2_000)
        );
        let begun = days[2].visits as f64 / 2_000.0;
        assert!((begun - share).abs() < 0.05, "{origin}: {begun}");
        all(&simulation, zone, origin);
    }
    // Days that have not come yet have no visits.
    let simulation = simulate(&past(zone, window, 2_000, None), "2026-06-28T22:30:00Z");
    assert_eq!(simulation.backfill_days().len(), 2);
}

#[test]
fn a_day_is_the_same_whichever_days_are_around_it() {
    let moments = |first, last, of| {
        let simulation = simulate(
            &past("UTC", dates(first, last), 400, None),
            "2026-06-30T12:00:00Z",
        );
        let days = simulation.backfill_days();
        let at = days.iter().position(|found| found.day == day(of)).unwrap();
        let mut arrivals = simulation.arrivals(Pace::Backfill);
        arrivals.seek(days[at].first_ordinal);
        arrivals
            .take(400)
            .map(|arrival| arrival.at_ms)
            .collect::<Vec<_>>()
    };
    let alone = moments("2026-05-05", "2026-05-05", "2026-05-05");
    assert_eq!(moments("2026-05-01", "2026-05-09", "2026-05-05"), alone);
    assert_ne!(
        moments("2026-05-06", "2026-05-06", "2026-05-06"),
        alone
            .iter()
            .map(|at_ms| at_ms + 24 * HOUR_MS)
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_cap_for_all_days_cuts_the_last_ones_and_changes_nothing_before() {
    let origin = "2026-06-30T12:00:00Z";
    let made = |total| {
        let simulation = simulate(
            &past("CET", dates("2026-05-01", "2026-05-04"), 100, total),
            origin,
        );
        let visits: Vec<u64> = simulation
            .backfill_days()
            .iter()
            .map(|day| day.visits)
            .collect();
        (visits, all(&simulation, "CET", origin))
    };
    let (whole, uncut) = made(None);
    assert_eq!(whole, [100, 100, 100, 100]);
    let (cut, rest) = made(Some(250));
    assert_eq!(cut, [100, 100, 50, 0]);
    assert_eq!(rest, uncut[..250]);
}

#[test]
fn quiet_hours_stay_quiet_and_a_day_keeps_its_number() {
    let checked = config::Layers::new()
        .set("test", "/targets/0/url", "http://127.0.0.1/".into())
        .set("test", "/load/quiet_hours", "22:00-06:00".into())
        .check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    let mut plan = past("UTC", dates("2026-05-01", "2026-05-02"), 500, None);
    plan.load.quiet_hours = checked.plan.unwrap().load.quiet_hours;
    let origin = "2026-06-30T12:00:00Z";
    let arrivals = all(&simulate(&plan, origin), "UTC", origin);
    assert_eq!(arrivals.len(), 1_000);
    assert!(arrivals.iter().all(|arrival| {
        let hour = arrival.at_ms.div_euclid(HOUR_MS).rem_euclid(24);
        (6..22).contains(&hour)
    }));
}

#[test]
fn visits_are_spread_evenly_over_the_day() {
    let plan = past("UTC", dates("2026-05-01", "2026-05-01"), 24_000, None);
    let mut hours = [0u32; 24];
    for arrival in simulate(&plan, "2026-06-30T12:00:00Z").arrivals(Pace::Backfill) {
        hours[arrival.at_ms.div_euclid(HOUR_MS).rem_euclid(24) as usize] += 1;
    }
    // Five standard deviations.
    assert!(
        hours.iter().all(|count| count.abs_diff(1_000) < 160),
        "{hours:?}"
    );
}

#[test]
fn half_a_year_is_planned_in_a_moment() {
    let window = Window::Back {
        days_back: 179,
        days: 180,
    };
    let plan = past("Europe/Stockholm", window, 10_000, None);
    let began = Instant::now();
    let simulation = simulate(&plan, "2026-06-30T12:00:00Z");
    assert_eq!(simulation.backfill_days().len(), 180);
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_plan_without_a_backfill_has_no_past_days() {
    let simulation = Simulation::new(&plan(), keys(), false).unwrap();
    assert!(simulation.backfill_days().is_empty());
    assert_eq!(simulation.arrivals(Pace::Backfill).next(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_visit_is_found_by_its_ordinal_or_its_moment(
        zone in prop::sample::select(vec!["Europe/Stockholm", "Australia/Lord_Howe", "UTC"]),
        per_day in prop::sample::select(vec![1u32, 40, 700]),
        days_back in 0..9u32,
        total in prop::option::of(0..3_000u64),
        walked in 0..20u64,
        share in 0.0..1.05f64,
    ) {
        let window = Window::Back { days_back, days: days_back + 1 };
        let simulation = simulate(&past(zone, window, per_day, total), "2026-04-06T03:21:09Z");
        let all: Vec<_> = simulation.arrivals(Pace::Backfill).collect();
        let ordinal = (all.len() as f64 * share) as usize;
        let mut arrivals = simulation.arrivals(Pace::Backfill);
        arrivals.seek(walked);
        arrivals.seek(ordinal as u64);
        let rest = &all[ordinal.min(all.len())..];
        prop_assert_eq!(arrivals.collect::<Vec<_>>(), rest);
        if let Some(first) = rest.first() {
            let mut arrivals = simulation.arrivals(Pace::Backfill);
            arrivals.skip_to(first.at_ms - 1);
            prop_assert!(arrivals.next().is_some_and(|found| found.at_ms <= first.at_ms));
            let mut arrivals = simulation.arrivals(Pace::Backfill);
            arrivals.skip_to(first.at_ms);
            prop_assert_eq!(arrivals.next().map(|found| found.at_ms), Some(first.at_ms));
        }
    }
}
