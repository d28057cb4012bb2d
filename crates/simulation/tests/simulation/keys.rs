//! What a visit is a function of.

use std::collections::BTreeSet;

use config::RunPlan;
use proptest::prelude::*;
use simulation::{Keys, Simulation, SimulationError, Visit};

use crate::journeys::any_plan;
use crate::{ORIGIN_MS, arrivals, keys, params, plan, simulate, visits};

fn with_keys(plan: &RunPlan, keys: Keys, count: usize) -> Vec<Visit> {
    let simulation = Simulation::new(plan, keys, true).unwrap();
    arrivals(&simulation, count)
        .iter()
        .map(|arrival| simulation.visit(arrival))
        .collect()
}

/// All values of one parameter.
fn values(visits: &[Visit], name: &str) -> BTreeSet<String> {
    let hits = visits.iter().flat_map(|visit| &visit.hits);
    hits.filter_map(|hit| params(hit).remove(name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_visit_can_be_made_alone_and_in_any_order(plan in any_plan(), seed in any::<u64>()) {
        let keys = Keys { seed, ..keys() };
        let sequence = with_keys(&plan, keys.clone(), 20);
        let other = Simulation::new(&plan, keys, true).unwrap();
        for arrival in arrivals(&other, 20).iter().rev() {
            prop_assert_eq!(&other.visit(arrival), &sequence[arrival.ordinal as usize]);
        }
    }

    #[test]
    fn shards_part_the_visits_among_them(of in 1..9u32) {
        let simulation = simulate(&plan());
        let mut sizes = vec![0u32; of as usize];
        for arrival in arrivals(&simulation, 1000) {
            // Each visit belongs to exactly one shard; indexing checks that there is such a shard.
            sizes[simulation.shard(&arrival, of) as usize] += 1;
        }
        let even = 1000.0 / f64::from(of);
        for size in sizes {
            prop_assert!((f64::from(size) - even).abs() < 5.0 * even.sqrt(), "{size} of {even}");
        }
    }
}

#[test]
fn a_fresh_population_shares_no_visitor_and_no_order_but_does_the_same() {
    let mut plan = plan();
    plan.commerce.order = 0.5;
    let one = with_keys(&plan, keys(), 3000);
    let other = with_keys(
        &plan,
        Keys {
            population: "others".to_owned(),
            ..keys()
        },
        3000,
    );
    for name in ["cid", "ec_id"] {
        let (one, other) = (values(&one, name), values(&other, name));
        assert!(900 < one.len());
        assert!(one.is_disjoint(&other), "{name}");
    }
    for (one, other) in one.iter().zip(&other) {
        let what = |visit: &Visit| {
            let hits = visit.hits.iter();
            hits.map(|hit| (hit.time_ms, hit.hit.kind(), hit.hit.page().clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(what(one), what(other));
    }
}

#[test]
fn every_visitor_and_every_order_has_an_id_of_its_own() {
    let mut plan = plan();
    plan.commerce.order = 1.0;
    let visits = visits(&plan, 3000);
    assert_eq!(values(&visits, "cid").len(), 3000);
    assert_eq!(values(&visits, "ec_id").len(), 3000);
    assert!(visits.iter().all(|visit| !visit.visitor.returning));
}

#[test]
fn a_population_has_the_same_people_in_every_run() {
    let plan = plan();
    let one = with_keys(&plan, keys(), 300);
    let later = Keys {
        seed: 99,
        origin_ms: ORIGIN_MS + 86_400_000,
        ..keys()
    };
    let other = with_keys(&plan, later, 300);
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.visitor, other.visitor);
        let who = |visit: &Visit| {
            let params = params(&visit.hits[0]);
            ["cid", "ua", "lang", "res", "cip"].map(|name| params[name].clone())
        };
        assert_eq!(who(one), who(other));
    }
    assert_ne!(
        values(&one, "pv_id"),
        values(&other, "pv_id"),
        "they do other things"
    );
}

#[test]
fn a_later_run_of_the_same_seed_and_people_has_orders_of_its_own() {
    let mut plan = plan();
    plan.commerce.order = 1.0;
    let one = values(&with_keys(&plan, keys(), 500), "ec_id");
    let later = Keys {
        origin_ms: ORIGIN_MS + 1,
        ..keys()
    };
    assert!(one.is_disjoint(&values(&with_keys(&plan, later, 500), "ec_id")));
}

#[test]
fn one_setting_leaves_everything_else_alone() {
    let base = plan();
    let mut searching = plan();
    searching.behaviour.search = 1.0;
    for (one, other) in visits(&base, 500).iter().zip(visits(&searching, 500)) {
        assert_eq!(one.visitor, other.visitor);
        assert_eq!(one.hits[0].time_ms, other.hits[0].time_ms);
        // What is left without the searches is the same, in the same order, for the same visitor.
        let rest = |visit: &Visit| {
            let hits = visit.hits.iter().map(|hit| &hit.hit);
            hits.filter(|hit| hit.kind().as_str() != "search")
                .map(|hit| {
                    (
                        hit.visitor_id().to_owned(),
                        hit.page().clone(),
                        hit.action().clone(),
                    )
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(rest(one), rest(&other));
    }
}

#[test]
fn addresses_change_nothing_but_the_address() {
    let plan = plan();
    let without = Simulation::new(&plan, keys(), false).unwrap();
    for (visit, arrival) in visits(&plan, 100).iter().zip(arrivals(&without, 100)) {
        let anonymous = without.visit(&arrival);
        assert_eq!(
            (
                anonymous.visitor.country.as_ref(),
                visit.visitor.country.is_some()
            ),
            (None, true)
        );
        for (one, other) in visit.hits.iter().zip(&anonymous.hits) {
            let mut one = params(one);
            assert!(one.remove("cip").is_some());
            assert_eq!(one, params(other));
        }
    }
}

#[test]
fn visitors_come_from_the_plans_countries_and_fit_them() {
    let plan = plan();
    let visits = visits(&plan, 5_000);
    let total: f64 = plan.audience.weights.iter().map(|(_, weight)| weight).sum();
    for (country, weight) in &plan.audience.weights {
        let from_here: Vec<_> = visits
            .iter()
            .filter(|visit| visit.visitor.country.as_deref() == Some(country))
            .collect();
        let (seen, wanted) = (from_here.len() as f64 / 5_000.0, weight / total);
        let margin = 4.0 * (wanted * (1.0 - wanted) / 5_000.0).sqrt();
        assert!(
            (seen - wanted).abs() < margin,
            "{country}: {seen} instead of {wanted}"
        );
        for visit in from_here {
            // A language is named with its country, such as pt-BR.
            let language = params(&visit.hits[0]).remove("lang").unwrap();
            assert_eq!(&language[3..5], country, "{language}");
        }
    }
}

#[test]
fn each_kind_of_device_is_there() {
    let visits = visits(&plan(), 5000);
    for (device, wanted) in [("desktop", 0.52), ("smartphone", 0.44), ("tablet", 0.04)] {
        let count = visits
            .iter()
            .filter(|visit| visit.visitor.device == device)
            .count();
        assert!(
            (count as f64 / 5000.0 - wanted).abs() < 0.03,
            "{device}: {count}"
        );
    }
}

#[test]
fn an_unknown_country_is_named_with_the_known_ones() {
    let mut plan = plan();
    plan.audience.weights.push(("AQ".to_owned(), 0.1));
    let error = Simulation::new(&plan, keys(), true).unwrap_err();
    assert!(matches!(&error, SimulationError::UnknownCountry { country, .. } if country == "AQ"));
    assert!(error.to_string().contains("AT, AU, BE"), "{error}");
    plan.audience.weights.clear();
    assert_eq!(
        Simulation::new(&plan, keys(), true).unwrap_err(),
        SimulationError::NoCountry
    );
}
