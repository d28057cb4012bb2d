//! Property 26: the same settings and keys make the same visits, whoever makes them and in which order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use simulation::{Arrival, Keys, Pace, Simulation};

use crate::{keys, past, simulated, with};

#[test]
fn property_26_visits_are_the_same_in_any_order_and_from_any_simulation() {
    let plan = past(20, 150, &[]);
    let one = simulated(&plan);
    let arrivals: Vec<Arrival> = one.arrivals(Pace::Backfill).collect();
    let forth: Vec<_> = arrivals.iter().map(|arrival| one.visit(arrival)).collect();
    let other = simulated(&plan);
    let mut back: Vec<_> = arrivals
        .iter()
        .rev()
        .map(|arrival| other.visit(arrival))
        .collect();
    back.reverse();
    assert_eq!(forth, back);
}

#[test]
fn property_26_loaders_share_the_visits_and_keep_their_people() {
    let simulation = simulated(&past(10, 300, &[]));
    let mut shards: BTreeMap<String, u32> = BTreeMap::new();
    let mut counts = [0_usize; 4];
    for arrival in simulation.arrivals(Pace::Backfill) {
        let shard = simulation.shard(&arrival, 4);
        counts[shard as usize] += 1;
        let id = simulation.visit(&arrival).visitor.id;
        assert_eq!(*shards.entry(id).or_insert(shard), shard);
    }
    // A quarter of 3,000 each; loyal people make it uneven beyond chance.
    assert!(
        counts.iter().all(|count| count.abs_diff(750) < 160),
        "{counts:?}"
    );
}

#[test]
fn property_26_the_seed_decides_when_and_the_population_who() {
    let plan = past(5, 200, &[]);
    let made = |seed, population: &str| {
        let keys = Keys {
            seed,
            population: population.to_owned(),
            ..keys()
        };
        let simulation = Simulation::new(&plan, keys, true).unwrap();
        let arrivals: Vec<Arrival> = simulation.arrivals(Pace::Backfill).collect();
        let ids: Vec<String> = arrivals
            .iter()
            .map(|arrival| simulation.visit(arrival).visitor.id)
            .collect();
        (arrivals, ids)
    };
    let (when, who) = made(7, "town");
    let (same, others) = made(7, "village");
    assert_eq!(when, same);
    assert!(who.iter().zip(&others).all(|(one, other)| one != other));
    assert_ne!(made(8, "town").0, when);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_past_visit_is_found_by_its_ordinal_or_its_moment(
        zone in prop::sample::select(vec!["Europe/Stockholm", "Australia/Lord_Howe", "UTC"]),
        per_day in prop::sample::select(vec![1u32, 40, 700]),
        days_back in 0..9u32,
        total in prop::option::of(0..3_000u64),
        cap in prop::option::of(1..600u32),
        walked in 0..20u64,
        share in 0.0..1.05f64,
    ) {
        let mut plan = past(1, per_day, &[("/load/time_zone", json!(zone))]);
        let backfill = plan.backfill.as_mut().unwrap();
        backfill.window = config::Window::Back { days_back, days: days_back + 1 };
        backfill.max_visits_total = total;
        backfill.visits_per_day_max = cap;
        let keys = Keys { origin_ms: 1_775_445_669_000, ..keys() };
        let simulation = Simulation::new(&plan, keys, true).unwrap();
        let all: Vec<_> = simulation.arrivals(Pace::Backfill).collect();
        prop_assert_eq!(all.len() as u64, simulation.backfill_days().iter().map(|day| day.visits).sum::<u64>());
        for day in simulation.backfill_days() {
            for arrival in &all[day.first_ordinal as usize..(day.first_ordinal + day.visits) as usize] {
                prop_assert!((day.start_ms..day.end_ms).contains(&arrival.at_ms));
                prop_assert_eq!(arrival.ends_ms, Some(day.end_ms));
            }
        }
        let ordinal = (all.len() as f64 * share) as usize;
        let mut arrivals = simulation.arrivals(Pace::Backfill);
        arrivals.seek(walked);
        arrivals.seek(ordinal as u64);
        let rest = &all[ordinal.min(all.len())..];
        prop_assert_eq!(arrivals.collect::<Vec<_>>(), rest);
        if let Some(first) = rest.first() {
            let found = |at_ms| {
                let mut arrivals = simulation.arrivals(Pace::Backfill);
                arrivals.skip_to(at_ms);
                arrivals.next()
            };
            prop_assert!(found(first.at_ms - 1).is_some_and(|found| found.at_ms <= first.at_ms));
            prop_assert_eq!(found(first.at_ms).map(|found| found.at_ms), Some(first.at_ms));
        }
    }

    #[test]
    fn a_live_run_goes_on_where_it_would_have_been(
        zone in prop::sample::select(vec!["Europe/Stockholm", "Australia/Lord_Howe", "UTC"]),
        per_day in prop::sample::select(vec![3u32, 400, 5_000]),
        cap in prop::option::of(1..3_000u64),
        end in prop::option::of(1..3_000u64),
        later_ms in 0..200_000_000i64,
    ) {
        let mut plan = with(&[("/load/time_zone", json!(zone))]);
        plan.load.visits_per_day = per_day;
        plan.load.stop.visits_per_window = cap;
        plan.load.stop.after_visits = end;
        let keys = Keys { origin_ms: 1_775_445_669_000, ..keys() };
        let at_ms = keys.origin_ms + later_ms;
        let simulation = Simulation::new(&plan, keys, true).unwrap();
        let walked: Vec<_> = simulation
            .arrivals(Pace::Plan)
            .skip_while(|arrival| arrival.at_ms < at_ms)
            .take(50)
            .collect();
        let mut arrivals = simulation.arrivals(Pace::Plan);
        arrivals.skip_to(at_ms);
        prop_assert_eq!(arrivals.take(50).collect::<Vec<_>>(), walked.clone());
        if let Some(first) = walked.first() {
            let mut arrivals = simulation.arrivals(Pace::Plan);
            arrivals.seek(first.ordinal);
            prop_assert_eq!(arrivals.next(), Some(*first));
        }
    }
}
