//! Properties 12, 13 and 15: who comes, and comes again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::json;
use simulation::{Keys, Pace, Simulation, Visit};

use crate::{DAY_MS, HOUR_MS, ORIGIN_MS, keys, params, past, past_visits, share};

/// Matomo begins a new visit after half an hour.
const APART_MS: i64 = 30 * 60_000;

fn day_of(visit: &Visit) -> i64 {
    visit.hits[0].time_ms.div_euclid(DAY_MS)
}

#[test]
fn property_12_a_third_of_the_visits_is_of_people_who_were_there_before() {
    // 90 days, of which the last 60 count: before, there are too few who might return. 24,000 visits are off by
    // 0.003, and some who would return came before the first day.
    let first = ORIGIN_MS.div_euclid(DAY_MS) - 90;
    let mut counted = (0, 0);
    let mut gaps: BTreeMap<i64, usize> = BTreeMap::new();
    let mut seen: BTreeMap<String, (i64, usize)> = BTreeMap::new();
    for visit in past_visits(&past(90, 400, &[])) {
        let day = day_of(&visit);
        if day - first >= 30 {
            counted.0 += usize::from(visit.visitor.returning);
            counted.1 += 1;
        }
        let (last, times) = seen.entry(visit.visitor.id).or_insert((day, 0));
        if 0 < *times {
            *gaps.entry(day - *last).or_default() += 1;
        }
        (*last, *times) = (day, *times + 1);
    }
    let returning = share(counted.0, counted.1);
    assert!((0.25..0.35).contains(&returning), "{returning}");

    // Gaps: many within a day, peaks at one day and at seven, and a long tail.
    let gap = |days: i64| gaps.get(&days).copied().unwrap_or(0);
    let all: usize = gaps.values().sum();
    assert!((0.08..0.25).contains(&share(gap(0), all)), "{gaps:?}");
    assert!(gap(1) > 2 * gap(2), "{gaps:?}");
    assert!(gap(7) > gap(6) && gap(7) > 2 * gap(8), "{gaps:?}");
    let late: usize = gaps.range(31..).map(|(_, count)| count).sum();
    assert!(share(late, all) > 0.01, "{gaps:?}");

    // Visits of a person: most come once, and few make a large part of the visits.
    let mut times: Vec<usize> = seen.values().map(|(_, times)| *times).collect();
    times.sort_unstable_by(|one, other| other.cmp(one));
    let visits: usize = times.iter().sum();
    let tenth: usize = times[..times.len() / 10].iter().sum();
    let once = times.iter().filter(|times| **times == 1).count();
    assert!(times[0] >= 10, "{}", times[0]);
    assert!(share(tenth, visits) > 0.25, "{}", share(tenth, visits));
    assert!((0.7..0.95).contains(&share(once, times.len())));
}

#[test]
fn property_13_visitors_of_a_month_are_fewer_than_the_sum_of_its_days() {
    let first = ORIGIN_MS.div_euclid(DAY_MS) - 30;
    let mut days: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for visit in past_visits(&past(60, 300, &[])) {
        if day_of(&visit) >= first {
            days.entry(day_of(&visit))
                .or_default()
                .insert(visit.visitor.id);
        }
    }
    let sum: usize = days.values().map(BTreeSet::len).sum();
    let month: BTreeSet<&String> = days.values().flatten().collect();
    let ratio = share(month.len(), sum);
    assert!((0.6..0.88).contains(&ratio), "{ratio}");
}

#[test]
fn property_15_hours_fit_the_clocks_of_each_country() {
    // The hours that Matomo is told: fewest in the small hours, whatever the run's zone is.
    let zones: [(&str, Tz); 3] = [
        ("DE", chrono_tz::Europe::Berlin),
        ("JP", chrono_tz::Asia::Tokyo),
        ("SE", chrono_tz::Europe::Stockholm),
    ];
    let weights = json!([
        {"country": "DE", "weight": 1}, {"country": "JP", "weight": 1}, {"country": "SE", "weight": 1}
    ]);
    let mut hours: BTreeMap<String, [usize; 24]> = BTreeMap::new();
    for visit in past_visits(&past(7, 1_000, &[("/audience/weights", weights)])) {
        let country = visit.visitor.country.clone().unwrap();
        let (_, zone) = zones.iter().find(|(code, _)| *code == country).unwrap();
        let told: usize = params(&visit.hits[0])["h"].parse().unwrap();
        let at = DateTime::from_timestamp_millis(visit.hits[0].time_ms).unwrap();
        assert_eq!(told, at.with_timezone(zone).hour() as usize);
        hours.entry(country).or_default()[told] += 1;
    }
    for (country, hours) in hours {
        let sum = |range: std::ops::Range<usize>| hours[range].iter().sum::<usize>();
        // A quarter of the day with a fourteenth of the visits against one with a third.
        assert!(3 * sum(0..6) < sum(17..23), "{country}: {hours:?}");
        let all = sum(0..24);
        assert!(
            (share(all, 7_000) - 1.0 / 3.0).abs() < 0.03,
            "{country}: {all}"
        );
    }
}

#[test]
fn property_15_people_keep_their_country_language_device_and_address() {
    let mut people: BTreeMap<String, String> = BTreeMap::new();
    let mut again = 0;
    for visit in past_visits(&past(20, 400, &[])) {
        let told = params(&visit.hits[0]);
        let stable =
            ["cid", "uid", "ua", "lang", "res", "cip", "uadata"].map(|name| told.get(name));
        let stable = format!("{stable:?} {:?}", visit.visitor.country);
        match people.get(&visit.visitor.id) {
            Some(before) => {
                again += 1;
                assert_eq!(before, &stable);
            }
            None => {
                people.insert(visit.visitor.id.clone(), stable);
            }
        }
    }
    assert!(again > 1_000, "{again}");
}

/// Sees to it that nobody overlaps, nobody is there twice within half an hour, and `returning` is the truth.
fn hold_rules(visits: impl Iterator<Item = Visit>) -> Result<usize, TestCaseError> {
    let mut ends: BTreeMap<String, i64> = BTreeMap::new();
    let mut again = 0;
    for visit in visits {
        let (first, last) = (&visit.hits[0], visit.hits.last().unwrap());
        prop_assert!(
            visit
                .hits
                .is_sorted_by(|one, next| one.time_ms < next.time_ms)
        );
        let before = ends.insert(visit.visitor.id.clone(), last.time_ms);
        prop_assert_eq!(before.is_some(), visit.visitor.returning);
        if let Some(before) = before {
            prop_assert!(
                before + APART_MS < first.time_ms,
                "{}",
                first.time_ms - before
            );
            again += 1;
        }
    }
    Ok(again)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nobody_overlaps_and_whoever_returns_was_there(
        zone in prop::sample::select(vec!["Europe/Stockholm", "Australia/Lord_Howe", "America/Havana", "UTC"]),
        per_day in prop::sample::select(vec![1u32, 12, 60, 200]),
        days in 1..25u32,
        returning in 0.0..0.9f64,
        cap in prop::option::of(1..300u32),
        total in prop::option::of(0..3_000u64),
        live in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let settings = [("/load/time_zone", json!(zone)), ("/audience/returning", json!(returning))];
        let mut plan = past(days, per_day, &settings);
        plan.behaviour.visit_duration_max = std::time::Duration::from_secs(7_200);
        let backfill = plan.backfill.as_mut().unwrap();
        backfill.visits_per_day_max = cap;
        backfill.max_visits_total = total;
        // Around a change of clocks.
        let keys = Keys { seed, origin_ms: 1_775_445_660_000, ..keys() };
        let simulation = Simulation::new(&plan, keys, true).unwrap();
        let past = simulation.arrivals(Pace::Backfill);
        let going_on = simulation.arrivals(Pace::Plan).take(if live && total.is_none() { 500 } else { 0 });
        hold_rules(past.chain(going_on).map(|arrival| simulation.visit(&arrival)))?;
        for day in simulation.backfill_days() {
            prop_assert!(cap.is_none_or(|cap| day.visits <= u64::from(cap)));
        }
    }
}

#[test]
fn a_run_that_goes_on_meets_the_people_of_its_past() {
    let plan = past(20, 400, &[]);
    let simulation = crate::simulated(&plan);
    let mut known: BTreeSet<String> = past_visits(&plan).map(|visit| visit.visitor.id).collect();
    let mut returning = 0;
    for arrival in simulation.arrivals(Pace::Plan).take(800) {
        let visit = simulation.visit(&arrival);
        returning += usize::from(visit.visitor.returning);
        assert_eq!(visit.visitor.returning, !known.insert(visit.visitor.id));
    }
    assert!((150..320).contains(&returning), "{returning}");
}

#[test]
fn a_later_run_brings_back_the_people_of_an_earlier_one() {
    let plan = past(40, 600, &[]);
    let known: BTreeSet<String> = past_visits(&plan).map(|visit| visit.visitor.id).collect();
    let mut later = crate::with(&[("/audience/people_since", json!("2026-04-22"))]);
    later.load.visits_per_day = 600;
    // Another seed, as a new run has.
    let keys = Keys { seed: 8, ..keys() };
    let simulation = Simulation::new(&later, keys, true).unwrap();
    let visits: Vec<Visit> = simulation
        .arrivals(Pace::Plan)
        .take_while(|arrival| arrival.at_ms < ORIGIN_MS + 12 * HOUR_MS)
        .map(|arrival| simulation.visit(&arrival))
        .collect();
    let returning: BTreeSet<&String> = visits
        .iter()
        .filter(|visit| visit.visitor.returning)
        .map(|visit| &visit.visitor.id)
        .collect();
    let met = returning.iter().filter(|id| known.contains(**id)).count();
    assert!(returning.len() > 40, "{}", returning.len());
    // Those who were not there in truth came earlier on this very day, before the run.
    assert!(
        share(met, returning.len()) > 0.8,
        "{met} of {}",
        returning.len()
    );
}
