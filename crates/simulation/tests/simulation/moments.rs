//! When the hits of a visit happen and are sent.

use std::time::Duration;

use chrono::{Offset, TimeZone, Timelike, Utc};
use config::Pacing;
use proptest::prelude::*;
use simulation::{Keys, Pace, Simulation, Visit};

use crate::journeys::any_plan;
use crate::{ORIGIN_MS, arrivals, keys, params, plan, simulate, visits};

/// Matomo begins a new visit after such a gap (Matomo 5, `visit_standard_length`).
const NEW_VISIT_MS: i64 = 1_800_000;

fn gaps(visit: &Visit) -> Vec<i64> {
    visit
        .hits
        .windows(2)
        .map(|pair| pair[1].time_ms - pair[0].time_ms)
        .collect()
}

fn length(visit: &Visit) -> i64 {
    gaps(visit).iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn hits_are_a_second_to_half_an_hour_apart_in_any_plan(plan in any_plan(), seed in any::<u64>()) {
        let simulation = Simulation::new(&plan, Keys { seed, ..keys() }, true).unwrap();
        for arrival in arrivals(&simulation, 10) {
            let visit = simulation.visit(&arrival);
            prop_assert_eq!(visit.hits[0].send_at_ms, arrival.at_ms);
            for gap in gaps(&visit) {
                prop_assert!((1000..NEW_VISIT_MS).contains(&gap), "{gap}");
            }
            // The drawn duration, unless the hits need more or the gaps allow less.
            let shortest = plan.behaviour.visit_duration_min.as_millis() as i64;
            let longest = plan.behaviour.visit_duration_max.as_millis() as i64;
            let needed = gaps(&visit).len() as i64 * 1000;
            let pages = visit.hits.iter().filter(|hit| hit.hit.kind().as_str() == "pageview");
            let allowed = pages.count() as i64 * 1_750_000;
            let bounds = shortest.min(allowed).max(needed)..=longest.max(needed);
            prop_assert!(bounds.contains(&length(&visit)), "{bounds:?} {}", length(&visit));
        }
    }

    #[test]
    fn back_dated_hits_have_happened_a_minute_before_they_are_sent(
        mut plan in any_plan(),
        pauses in (100..60_000u64, 0..60_000u64),
    ) {
        let (min, max) = (pauses.0, (pauses.0 + pauses.1).min(60_000));
        plan.load.pacing = Pacing::Compressed {
            pause_min: Duration::from_millis(min),
            pause_max: Duration::from_millis(max),
        };
        let simulation = simulate(&plan);
        for arrival in arrivals(&simulation, 5) {
            let visit = simulation.visit(&arrival);
            prop_assert_eq!(visit.hits[0].send_at_ms, arrival.at_ms);
            for hit in &visit.hits {
                prop_assert!(hit.time_ms + 60_000 <= hit.send_at_ms);
                prop_assert_eq!(hit.cdt_s, Some(hit.time_ms.div_euclid(1000)));
            }
            for pair in visit.hits.windows(2) {
                let pause = (pair[1].send_at_ms - pair[0].send_at_ms) as u64;
                prop_assert!((min..=max).contains(&pause));
                prop_assert!(pair[0].cdt_s < pair[1].cdt_s);
            }
        }
    }
}

#[test]
fn live_hits_are_sent_at_their_moment_and_leave_the_time_to_matomo() {
    for visit in visits(&plan(), 100) {
        for hit in &visit.hits {
            assert_eq!((hit.send_at_ms, hit.cdt_s), (hit.time_ms, None));
            assert!(!params(hit).contains_key("cdt"));
        }
    }
}

#[test]
fn pacing_changes_the_sending_and_not_the_visit() {
    let mut plan = plan();
    let live = visits(&plan, 50);
    plan.load.pacing = Pacing::Compressed {
        pause_min: Duration::from_millis(500),
        pause_max: Duration::from_secs(2),
    };
    for (live, compressed) in live.iter().zip(visits(&plan, 50)) {
        assert_eq!(gaps(live), gaps(&compressed));
        assert_eq!(live.visitor, compressed.visitor);
        for (one, other) in live.hits.iter().zip(&compressed.hits) {
            assert_eq!(one.hit.page(), other.hit.page());
            assert_eq!(one.hit.action(), other.hit.action());
        }
    }
}

#[test]
fn time_on_a_page_is_skewed_to_short_stays() {
    let mut plan = plan();
    plan.behaviour.page_views_min = 6;
    let mut stays: Vec<_> = visits(&plan, 2000).iter().flat_map(gaps).collect();
    stays.sort_unstable();
    let mean = stays.iter().sum::<i64>() as f64 / stays.len() as f64;
    let median = stays[stays.len() / 2] as f64;
    assert!(median < 0.75 * mean, "median {median}, mean {mean}");
}

#[test]
fn visits_are_as_long_as_drawn() {
    let lengths: Vec<_> = visits(&plan(), 4000).iter().map(length).collect();
    let mean = lengths.iter().sum::<i64>() as f64 / lengths.len() as f64;
    // Even between 1 and 8 minutes.
    assert!((mean - 270_000.0).abs() < 8000.0, "{mean}");
    assert!(
        lengths
            .iter()
            .all(|length| (60_000..=480_000).contains(length))
    );
}

#[test]
fn local_time_is_the_country_s_also_when_the_clocks_change() {
    let mut plan = plan();
    plan.audience.weights = vec![("DE".to_owned(), 1.0)];
    plan.behaviour.visit_duration_min = Duration::from_secs(3600);
    plan.behaviour.visit_duration_max = Duration::from_secs(7200);
    let simulation = simulate(&plan);
    // 2026-10-25 01:00 UTC: 03:00 summer time becomes 02:00.
    let change_ms = 1_792_890_000_000;
    let mut crossed = 0;
    for mut arrival in simulation.arrivals(Pace::Plan).take(200) {
        arrival.at_ms = change_ms - 1_800_000;
        let visit = simulation.visit(&arrival);
        for hit in &visit.hits {
            let utc = Utc.timestamp_millis_opt(hit.time_ms).unwrap();
            let local = utc.with_timezone(&chrono_tz::Europe::Berlin);
            let params = params(hit);
            let clock = ["h", "m", "s"].map(|part| params[part].parse::<u32>().unwrap());
            assert_eq!(clock, [local.hour(), local.minute(), local.second()]);
        }
        let offset = |time_ms: i64| {
            let utc = Utc.timestamp_millis_opt(time_ms).unwrap();
            utc.with_timezone(&chrono_tz::Europe::Berlin).offset().fix()
        };
        let ends = [&visit.hits[0], visit.hits.last().unwrap()].map(|hit| offset(hit.time_ms));
        crossed += usize::from(ends[0] != ends[1]);
    }
    assert!(
        crossed > 100,
        "the visits were meant to cross the change: {crossed}"
    );
    assert!(ORIGIN_MS < change_ms);
}
