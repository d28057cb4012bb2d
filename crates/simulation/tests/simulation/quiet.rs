//! Quiet hours: which visits they take out, and that they change no other.

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use config::{Layers, RunPlan};
use simulation::{Arrival, Keys, Pace, Simulation};

const DAY_MS: i64 = 86_400_000;

fn plan(quiet_hours: &str, zone: &str) -> RunPlan {
    let document = serde_json::json!({
        "targets": [{"url": "https://matomo.example/matomo.php"}],
        "load": {"visits_per_day": 20_000, "quiet_hours": quiet_hours, "time_zone": zone},
    });
    let checked = Layers::new()
        .json("test", document)
        .check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

fn simulate(plan: &RunPlan, origin: &str) -> Simulation {
    let origin: DateTime<chrono::Utc> = origin.parse().unwrap();
    let keys = Keys {
        seed: 7,
        population: "town".to_owned(),
        origin_ms: origin.timestamp_millis(),
    };
    Simulation::new(plan, keys, false).unwrap()
}

/// When visits begin in the first days from the origin.
fn moments(quiet_hours: &str, zone: &str, origin: &str, days: i64) -> Vec<i64> {
    let origin_ms = origin.parse::<DateTime<chrono::Utc>>().unwrap();
    let end = origin_ms.timestamp_millis() + days * DAY_MS;
    simulate(&plan(quiet_hours, zone), origin)
        .arrivals(Pace::Plan)
        .map(|arrival| arrival.at_ms)
        .take_while(|at_ms| *at_ms < end)
        .collect()
}

/// Minute of the day on the wall.
fn minute(at_ms: i64, zone: &str) -> u32 {
    let zone: Tz = zone.parse().unwrap();
    let local = DateTime::from_timestamp_millis(at_ms)
        .unwrap()
        .with_timezone(&zone);
    local.hour() * 60 + local.minute()
}

#[test]
fn quiet_hours_take_out_their_visits_and_leave_the_others_as_they_are() {
    // Clocks change in Stockholm on 2026-03-29 and 2026-10-25; Kathmandu is 5:45 ahead. No origin is at a full minute.
    for (zone, origin) in [
        ("Europe/Stockholm", "2026-03-28T10:00:17.250Z"),
        ("Europe/Stockholm", "2026-10-24T22:15:59.999Z"),
        ("Asia/Kathmandu", "2026-06-01T00:00:30Z"),
        ("UTC", "2026-06-01T00:00:00Z"),
    ] {
        let all = moments("", zone, origin, 2);
        let left = moments("22:00-02:30, 12:00-13:01", zone, origin, 2);
        let is_quiet = |at_ms: &i64| {
            let minute = minute(*at_ms, zone);
            !(150..1_320).contains(&minute) || (720..781).contains(&minute)
        };
        let expected: Vec<i64> = all.iter().copied().filter(|at| !is_quiet(at)).collect();
        assert!(10_000 < left.len() && left.len() < all.len());
        assert_eq!(left, expected, "{zone} {origin}");
    }
}

#[test]
fn an_hour_that_the_clock_shows_twice_is_quiet_twice() {
    let autumn = "2026-10-24T22:00:00Z";
    let all = moments("", "Europe/Stockholm", autumn, 1);
    let left = moments("02:00-03:00", "Europe/Stockholm", autumn, 1);
    let two_hours = (all.len() - left.len()) as f64 / all.len() as f64 * 24.0;
    assert!((1.8..2.2).contains(&two_hours), "{two_hours} h are quiet");
    let spring = "2026-03-28T23:00:00Z";
    let all = moments("", "Europe/Stockholm", spring, 1);
    assert_eq!(moments("02:00-03:00", "Europe/Stockholm", spring, 1), all);
}

#[test]
fn a_jump_over_quiet_hours_keeps_ordinals_and_moments() {
    let simulation = simulate(&plan("21:30-06:10", "UTC"), "2026-06-01T20:00:30Z");
    let all: Vec<Arrival> = simulation.arrivals(Pace::Plan).take(12_000).collect();
    for at in [900, 1_200, 1_300, 5_000] {
        let mut jumped = simulation.arrivals(Pace::Plan);
        jumped.skip_to(all[at].at_ms - 1);
        assert_eq!(jumped.next(), Some(all[at]));
    }
}

#[test]
fn the_end_of_quiet_hours_is_known_and_a_trial_does_not_keep_to_them() {
    let simulation = simulate(&plan("21:00-06:10", "CET"), "2026-06-01T20:00:00Z");
    let at = |text: &str| {
        text.parse::<DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp_millis()
    };
    let end = Some(at("2026-06-02T04:10:00Z"));
    assert_eq!(simulation.quiet_until(at("2026-06-01T20:00:00Z")), end);
    assert_eq!(simulation.quiet_until(at("2026-06-02T04:09:59.999Z")), end);
    assert_eq!(simulation.quiet_until(at("2026-06-02T04:10:00Z")), None);
    let first = simulation.arrivals(Pace::Plan).next().unwrap();
    assert!(end <= Some(first.at_ms));
    let trial = Pace::Trial {
        visits: 50,
        per_second: 5.0,
    };
    let last = simulation.arrivals(trial).last().unwrap();
    assert!(last.at_ms < at("2026-06-01T20:05:00Z"));
}
