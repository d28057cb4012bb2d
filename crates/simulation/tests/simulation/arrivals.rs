//! When visits begin.

use config::RunPlan;
use proptest::prelude::*;
use simulation::{Arrival, Keys, Pace, Simulation};

use crate::{ORIGIN_MS, arrivals, keys, plan, simulate};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1440 * MINUTE_MS;

fn plan_with(visits_per_day: u32, cap: Option<u64>, end: Option<u64>) -> RunPlan {
    let mut plan = plan();
    plan.load.visits_per_day = visits_per_day;
    plan.load.stop.visits_per_window = cap;
    plan.load.stop.after_visits = end;
    plan
}

/// Arrivals of the first days.
fn days(plan: &RunPlan, days: i64) -> Vec<Arrival> {
    let end = ORIGIN_MS + days * DAY_MS;
    simulate(plan)
        .arrivals(Pace::Plan)
        .take_while(|arrival| arrival.at_ms < end)
        .collect()
}

/// Variance over mean of how many moments fall into each slice of `slice_ms`.
fn dispersion(moments: &[Arrival], slice_ms: i64, slices: usize) -> f64 {
    let mut counts = vec![0.0; slices];
    for arrival in moments {
        counts[((arrival.at_ms - ORIGIN_MS) / slice_ms) as usize] += 1.0;
    }
    let mean = counts.iter().sum::<f64>() / slices as f64;
    let squares: f64 = counts
        .iter()
        .map(|count| (count - mean) * (count - mean))
        .sum();
    squares / (slices - 1) as f64 / mean
}

#[test]
fn arrivals_vary_as_a_poisson_process_does() {
    let seen = days(&plan_with(10_000, None, None), 7);
    for (slice_ms, slices) in [
        (MINUTE_MS, 7 * 1440),
        (10_000, 7 * 8640),
        (10 * MINUTE_MS, 1008),
    ] {
        let dispersion = dispersion(&seen, slice_ms, slices);
        assert!(
            (0.9..1.1).contains(&dispersion),
            "{slice_ms} ms: {dispersion}"
        );
    }
}

#[test]
fn the_rate_is_the_plans_at_every_size() {
    for (rate, over_days) in [(500, 60), (20_000, 3), (1_000_000, 1)] {
        let seen = days(&plan_with(rate, None, None), over_days).len() as f64;
        let expected = f64::from(rate) * over_days as f64;
        // Four standard deviations of a Poisson number.
        assert!(
            (seen - expected).abs() < 4.0 * expected.sqrt(),
            "{rate}: {seen}"
        );
    }
}

#[test]
fn arrivals_ascend_from_the_origin_and_are_numbered_from_zero() {
    let seen = arrivals(&simulate(&plan()), 5000);
    assert!(ORIGIN_MS <= seen[0].at_ms);
    assert!(seen.is_sorted_by_key(|arrival| arrival.at_ms));
    for (nth, arrival) in seen.iter().enumerate() {
        assert_eq!((arrival.ordinal, arrival.after_cap), (nth as u64, None));
    }
}

#[test]
fn a_full_window_pauses_and_the_next_one_goes_on() {
    // About 1,000 wanted, 400 allowed: each window is full.
    let seen = days(&plan_with(1000, Some(400), None), 5);
    assert_eq!(seen.len(), 5 * 400);
    let uncapped = days(&plan_with(1000, None, None), 1);
    for (day, window) in (0..).zip(seen.chunks(400)) {
        let start = ORIGIN_MS + day * DAY_MS;
        assert!(
            window
                .iter()
                .all(|a| (start..start + DAY_MS).contains(&a.at_ms))
        );
        let resumed: Vec<_> = window
            .iter()
            .filter_map(|arrival| arrival.after_cap)
            .collect();
        assert_eq!(resumed, if day == 0 { vec![] } else { vec![start] });
        assert_eq!(window[0].after_cap, resumed.first().copied());
    }
    // The cap cuts off the end of a window and changes nothing before.
    let moments = |arrivals: &[Arrival]| arrivals.iter().map(|a| a.at_ms).collect::<Vec<_>>();
    assert_eq!(moments(&seen[..400]), moments(&uncapped[..400]));
}

#[test]
fn a_cap_that_is_never_reached_changes_nothing() {
    let capped = days(&plan_with(1000, Some(5000), None), 3);
    assert_eq!(capped, days(&plan_with(1000, None, None), 3));
}

#[test]
fn a_plan_ends_after_its_last_visit() {
    let plan = plan_with(5000, Some(700), Some(1234));
    let all: Vec<_> = simulate(&plan).arrivals(Pace::Plan).collect();
    assert_eq!(all.len(), 1234);
    assert_eq!(all[1233].ordinal, 1233);
}

#[test]
fn a_trial_makes_exactly_its_visits_at_its_rate_whatever_the_plan_says() {
    let simulation = simulate(&plan_with(100, Some(3), Some(2)));
    for visits in [0, 1, 50, 3000] {
        let trial = Pace::Trial {
            visits,
            per_second: 5.0,
        };
        let seen: Vec<_> = simulation.arrivals(trial).collect();
        assert_eq!(seen.len() as u64, visits);
        if visits == 3000 {
            let seconds = (seen[2999].at_ms - ORIGIN_MS) as f64 / 1000.0;
            assert!((560.0..640.0).contains(&seconds), "{seconds}");
        }
    }
}

#[test]
fn a_trial_without_a_rate_has_no_visits() {
    for per_second in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let trial = Pace::Trial {
            visits: 5,
            per_second,
        };
        assert_eq!(simulate(&plan()).arrivals(trial).count(), 0, "{per_second}");
    }
}

#[test]
fn the_origin_moves_arrivals_and_the_seed_makes_others() {
    let plan = plan();
    let first = |keys: Keys| {
        let simulation = Simulation::new(&plan, keys, false).unwrap();
        arrivals(&simulation, 100)
            .iter()
            .map(|arrival| arrival.at_ms)
            .collect::<Vec<_>>()
    };
    let base = first(keys());
    let moved = first(Keys {
        origin_ms: ORIGIN_MS + 12_345,
        ..keys()
    });
    assert!(
        base.iter()
            .zip(&moved)
            .all(|(one, other)| one + 12_345 == *other)
    );
    assert_ne!(first(Keys { seed: 8, ..keys() }), base);
}

#[test]
fn months_are_skipped_without_making_their_visits() {
    let plan = plan_with(10_000, Some(9_990), None);
    let mut arrivals = simulate(&plan).arrivals(Pace::Plan);
    let target = ORIGIN_MS + 90 * DAY_MS;
    arrivals.skip_to(target);
    let next = arrivals.next().unwrap();
    assert!((target..target + 10 * MINUTE_MS).contains(&next.at_ms));
    assert!(
        (890_000..=90 * 9_990).contains(&next.ordinal),
        "{}",
        next.ordinal
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn skipping_leads_to_the_same_arrivals_as_walking(
        rate in prop::sample::select(vec![50u32, 3000, 200_000]),
        cap in prop::option::of(1..4000u64),
        end in prop::option::of(1..9000u64),
        walked in 0..20usize,
        offset_ms in -MINUTE_MS..3 * DAY_MS,
    ) {
        let simulation = simulate(&plan_with(rate, cap, end));
        let target = ORIGIN_MS + offset_ms;
        let mut skipping = simulation.arrivals(Pace::Plan);
        let before: Vec<_> = skipping.by_ref().take(walked).collect();
        skipping.skip_to(target);
        let skipped: Vec<_> = skipping.take(30).collect();
        let walked: Vec<_> = simulation
            .arrivals(Pace::Plan)
            .skip(before.len())
            .skip_while(|arrival| arrival.at_ms < target)
            .take(30)
            .collect();
        prop_assert_eq!(skipped, walked);
    }
}
