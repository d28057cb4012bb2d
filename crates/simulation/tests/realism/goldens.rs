//! Frozen visits, a golden for each group of modules, so that a new draw in one leaves the others alone.

use std::fmt::Write;

use simulation::Pace;

use crate::{past, simulated, with};

#[test]
fn moments_of_past_and_live_visits_are_frozen() {
    let mut text = String::new();
    let simulation = simulated(&past(10, 40, &[]));
    for day in simulation.backfill_days() {
        writeln!(text, "{} {}", day.day, day.visits).unwrap();
    }
    for arrival in simulation.arrivals(Pace::Backfill).take(20) {
        writeln!(text, "{} {}", arrival.ordinal, arrival.at_ms).unwrap();
    }
    for arrival in simulated(&with(&[])).arrivals(Pace::Plan).take(20) {
        writeln!(text, "{} {}", arrival.ordinal, arrival.at_ms).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn who_comes_when_is_frozen() {
    let simulation = simulated(&past(20, 60, &[]));
    let mut text = String::new();
    for arrival in simulation.arrivals(Pace::Backfill).skip(1_000).take(60) {
        let visitor = simulation.visit(&arrival).visitor;
        writeln!(
            text,
            "{} {} {}",
            arrival.ordinal, visitor.id, visitor.returning
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}
