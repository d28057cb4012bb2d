//! Properties 1 to 5: when visits begin.

use chrono::{DateTime, Timelike};
use serde_json::json;

use crate::{DAY_MS, HOUR_MS, ORIGIN_MS, moments, past, simulated, with};

/// All visitors in one zone, without anything that makes days differ.
fn even(more: &[(&'static str, serde_json::Value)]) -> Vec<(&'static str, serde_json::Value)> {
    let mut settings = vec![
        ("/audience/weights", json!([{"country": "DE", "weight": 1}])),
        ("/load/time_zone", json!("Europe/Berlin")),
        ("/load/day_noise", json!(0)),
        ("/load/growth_percent", json!(0)),
        ("/load/weekdays", json!([1, 1, 1, 1, 1, 1, 1])),
    ];
    settings.extend_from_slice(more);
    settings
}

fn per_day(moments: &[i64], days: usize) -> Vec<f64> {
    let first = (ORIGIN_MS + 2 * HOUR_MS).div_euclid(DAY_MS) - days as i64;
    let mut counts = vec![0.0; days];
    for at_ms in moments {
        // Berlin's summer time.
        counts[((at_ms + 2 * HOUR_MS).div_euclid(DAY_MS) - first) as usize] += 1.0;
    }
    counts
}

#[test]
fn property_1_arrivals_are_poisson_within_a_quarter_of_an_hour() {
    // Variance over mean of the minutes of each quarter: 4,000 degrees of freedom make a standard deviation of 0.022.
    let moments = moments(&past(3, 200_000, &even(&[])));
    let mut minutes = vec![0.0_f64; 3 * 1_440];
    let first = moments[0].div_euclid(DAY_MS) * DAY_MS + 22 * HOUR_MS;
    let first = if first <= moments[0] {
        first
    } else {
        first - DAY_MS
    };
    for at_ms in &moments {
        minutes[((at_ms - first) / 60_000) as usize] += 1.0;
    }
    let (mut squares, mut freedom) = (0.0, 0.0);
    for quarter in minutes.chunks(15) {
        let mean = quarter.iter().sum::<f64>() / 15.0;
        squares += quarter
            .iter()
            .map(|count| (count - mean) * (count - mean))
            .sum::<f64>()
            / mean;
        freedom += 14.0;
    }
    let dispersion = squares / freedom;
    assert!((0.9..1.1).contains(&dispersion), "{dispersion}");
}

#[test]
fn property_2_the_curve_of_a_day_is_that_of_the_visitors_own_clocks() {
    // The run's zone is not the visitors'. 300,000 visits: an hour's share is off by a hundredth of itself.
    for (curve, peaks) in [("day", 9..16), ("two_humps", 19..22), ("evening", 19..22)] {
        let mut settings = even(&[("/load/curve", json!(curve))]);
        settings[1].1 = json!("America/New_York");
        let mut hours = [0.0_f64; 24];
        for at_ms in moments(&past(14, 20_000, &settings)) {
            let at = DateTime::from_timestamp_millis(at_ms).unwrap();
            hours[at.with_timezone(&chrono_tz::Europe::Berlin).hour() as usize] += 1.0;
        }
        let mean = hours.iter().sum::<f64>() / 24.0;
        let at = |best: fn(f64, f64) -> f64| {
            let value = hours.iter().copied().reduce(best).unwrap();
            (hours.iter().position(|hour| *hour == value).unwrap(), value)
        };
        let ((busiest, most), (calmest, least)) = (at(f64::max), at(f64::min));
        assert!(
            (1.75..2.05).contains(&(most / mean)),
            "{curve}: {}",
            most / mean
        );
        assert!(
            (6.0..10.5).contains(&(most / least)),
            "{curve}: {}",
            most / least
        );
        assert!(peaks.contains(&busiest), "{curve}: {busiest}");
        assert!((3..6).contains(&calmest), "{curve}: {calmest}");
    }
}

#[test]
fn property_2_an_own_curve_leaves_its_empty_hours_empty() {
    let mut hours = vec![0; 24];
    hours[9..17].fill(1);
    let settings = even(&[
        ("/load/curve", json!("hours")),
        ("/load/curve_hours", json!(hours)),
    ]);
    let moments = moments(&past(7, 2_000, &settings));
    assert!(moments.iter().all(|at_ms| {
        let hour = (at_ms + 2 * HOUR_MS).rem_euclid(DAY_MS) / HOUR_MS;
        (9..17).contains(&hour)
    }));
    // The mean of a day stays: 14,000 visits are off by 118, of which four.
    assert!(moments.len().abs_diff(14_000) < 480, "{}", moments.len());
}

#[test]
fn property_3_weekends_differ_from_the_days_of_work() {
    // A shop's 0.85 to 1.1. 56 days of 5,000: off by half a hundredth.
    let mut settings = even(&[]);
    settings.pop();
    let days = per_day(&moments(&past(56, 5_000, &settings)), 56);
    // The origin is a Monday, and so is the first day.
    let mean = |of: fn(usize) -> bool| {
        let found: Vec<f64> = days
            .iter()
            .enumerate()
            .filter(|(nth, _)| of(nth % 7))
            .map(|(_, count)| *count)
            .collect();
        found.iter().sum::<f64>() / found.len() as f64
    };
    let ratio = mean(|day| day >= 5) / mean(|day| day < 5);
    assert!((0.85..1.1).contains(&ratio), "{ratio}");
    assert!((ratio - 0.925).abs() < 0.02, "{ratio}");
    let week = days.iter().sum::<f64>() / 56.0;
    assert!((week / 5_000.0 - 1.0).abs() < 0.01, "{week}");
}

#[test]
fn property_4_days_grow_and_differ_by_chance() {
    // 30 % in a year are 12.7 % between the middles of the first and the last month of half a year, on 0.85.
    let settings = even(&[("/load/growth_percent", json!(30))]);
    let days = per_day(&moments(&past(180, 2_000, &settings)), 180);
    let growth = days[150..].iter().sum::<f64>() / days[..30].iter().sum::<f64>();
    assert!((growth - 1.143).abs() < 0.02, "{growth}");

    // A standard deviation of 0.1, drawn 180 times, is off by 0.005; chance within a day adds next to nothing.
    let settings = even(&[("/load/day_noise", json!(0.1))]);
    let days = per_day(&moments(&past(180, 20_000, &settings)), 180);
    let logs: Vec<f64> = days.iter().map(|count| count.ln()).collect();
    let mean = logs.iter().sum::<f64>() / 180.0;
    let deviation = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / 179.0).sqrt();
    assert!((0.08..0.12).contains(&deviation), "{deviation}");
    let average = days.iter().sum::<f64>() / 180.0 / 20_000.0;
    assert!((average - 1.0).abs() < 0.03, "{average}");
}

#[test]
fn property_4_holidays_have_a_level_of_their_own() {
    let settings = even(&[
        ("/load/holidays", json!(["2026-05-25"])),
        ("/load/holiday_factor", json!(0.5)),
    ]);
    let days = per_day(&moments(&past(14, 20_000, &settings)), 14);
    assert!((days[7] / days[6] - 0.5).abs() < 0.03, "{days:?}");
}

#[test]
fn property_5_a_spike_rises_at_once_falls_by_halves_and_brings_new_people() {
    let spike = json!([{"start": "2026-05-30T12:00", "factor": 8, "half_life_hours": 3}]);
    let settings = even(&[
        ("/load/curve", json!("flat")),
        ("/load/spikes", spike),
        ("/audience/returning", json!(0.4)),
    ]);
    let simulation = simulated(&past(20, 24_000, &settings));
    let start_ms = ORIGIN_MS - 2 * DAY_MS - 2 * HOUR_MS;
    let hour_of = |at_ms: i64| (at_ms - start_ms).div_euclid(HOUR_MS) + 6;
    let mut arrivals = simulation.arrivals(simulation::Pace::Backfill);
    arrivals.skip_to(start_ms - 6 * HOUR_MS);
    let found: Vec<_> = arrivals
        .take_while(|arrival| hour_of(arrival.at_ms) < 24)
        .collect();
    let mut hours = [0.0_f64; 24];
    for arrival in &found {
        hours[hour_of(arrival.at_ms) as usize] += 1.0;
    }
    // A thousand an hour before; at its height about 7,200 on the mean of the first hour; after three hours half of
    // what came on top.
    assert!((hours[5] - 1_000.0).abs() < 160.0, "{hours:?}");
    assert!((hours[6] / 1_000.0 - 7.25).abs() < 0.4, "{hours:?}");
    assert!(
        ((hours[9] - 1_000.0) / (hours[6] - 1_000.0) - 0.5).abs() < 0.04,
        "{hours:?}"
    );
    // The share of returning visits among 800 is off by 0.017.
    let share = |hour: i64| {
        let of_hour = found
            .iter()
            .filter(|arrival| hour_of(arrival.at_ms) == hour);
        let returning = of_hour
            .take(800)
            .filter(|arrival| simulation.visit(arrival).visitor.returning);
        returning.count() as f64 / 800.0
    };
    assert!(share(6) < share(5) / 2.0, "{} {}", share(5), share(6));
}

#[test]
fn quiet_hours_take_their_visits_away_and_leave_the_others() {
    let quiet = even(&[("/load/quiet_hours", json!("22:07-06:00"))]);
    let few = moments(&past(14, 5_000, &quiet));
    assert!(few.iter().all(|at_ms| {
        let minute = (at_ms + 2 * HOUR_MS).rem_euclid(DAY_MS) / 60_000;
        (360..1_327).contains(&minute)
    }));
    let all = moments(&past(14, 5_000, &even(&[])));
    assert!(
        few.len() < all.len() * 95 / 100,
        "{} {}",
        few.len(),
        all.len()
    );
}

#[test]
fn live_arrivals_keep_to_caps_of_24_hours_and_go_on_behind() {
    let mut plan = with(&even(&[]));
    plan.load.visits_per_day = 2_000;
    plan.load.stop.visits_per_window = Some(500);
    plan.load.stop.after_visits = Some(2_100);
    let arrivals: Vec<_> = simulated(&plan).arrivals(simulation::Pace::Plan).collect();
    assert_eq!(arrivals.len(), 2_100);
    let mut windows = std::collections::BTreeMap::new();
    for (nth, arrival) in arrivals.iter().enumerate() {
        assert_eq!(arrival.ordinal, nth as u64);
        *windows
            .entry((arrival.at_ms - ORIGIN_MS).div_euclid(DAY_MS))
            .or_insert(0) += 1;
    }
    // The cap scales the curve, so that days come near it and few are cut.
    assert!(windows.values().all(|visits| *visits <= 500), "{windows:?}");
    assert!(
        windows.values().take(4).all(|visits| *visits > 430),
        "{windows:?}"
    );
}

#[test]
fn the_rate_of_a_moment_is_told() {
    let plan = with(&even(&[("/load/visits_per_day", json!(86_400))]));
    let simulation = simulated(&plan);
    let rate = |hours: i64| simulation.visits_per_second(ORIGIN_MS + DAY_MS + hours * HOUR_MS);
    let mean = (0..24).map(rate).sum::<f64>() / 24.0;
    assert!((mean - 1.0).abs() < 0.02, "{mean}");
    // 20:30 and 4:30 in Berlin: the origin is at 14:00.
    let half = HOUR_MS / 2;
    let at = |hours: i64| simulation.visits_per_second(ORIGIN_MS + DAY_MS + hours * HOUR_MS + half);
    assert!((1.75..1.95).contains(&at(6)), "{}", at(6));
    assert!((0.17..0.25).contains(&at(14)), "{}", at(14));
}
