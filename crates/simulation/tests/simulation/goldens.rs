//! The first visits of a fixed seed, frozen: equal inputs give equal hits on every machine, for ever.

use std::fmt::Write;
use std::time::Duration;

use config::{BackfillPlan, Pacing, Window};

use simulation::Pace;

use crate::{plan, simulate, visits};

/// Parameters that all hits of a visit share come first; the address of the page follows them.
const FIRST_OWN: &str = "url";

/// The visitor's parameters, then a line for each hit with its own.
fn lines(plan: &config::RunPlan, count: usize) -> String {
    told(visits(plan, count))
}

fn told(visits: Vec<simulation::Visit>) -> String {
    let mut text = String::new();
    for visit in visits {
        let visitor = &visit.visitor;
        writeln!(text, "visit {}: {visitor:?}", visit.ordinal).unwrap();
        for (nth, timed) in visit.hits.iter().enumerate() {
            let params = timed.hit.params(timed.cdt_s);
            let own = params
                .iter()
                .position(|(name, _)| *name == FIRST_OWN)
                .unwrap();
            if nth == 0 {
                writeln!(text, "  {}", joined(&params[..own])).unwrap();
            }
            let kind = timed.hit.kind().as_str();
            writeln!(
                text,
                "  {} {kind} {}",
                timed.send_at_ms,
                joined(&params[own..])
            )
            .unwrap();
        }
    }
    text
}

fn joined(params: &[(&str, String)]) -> String {
    let params = params.iter().map(|(name, value)| format!("{name}={value}"));
    params.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_first_live_visits_are_frozen() {
    let mut plan = plan();
    (
        plan.behaviour.search,
        plan.behaviour.outlink,
        plan.behaviour.download,
    ) = (0.5, 0.5, 0.5);
    plan.commerce.order = 0.5;
    insta::assert_snapshot!(lines(&plan, 4));
}

#[test]
fn the_first_compressed_visits_are_frozen() {
    let mut plan = plan();
    plan.load.pacing = Pacing::Compressed {
        pause_min: Duration::from_millis(500),
        pause_max: Duration::from_secs(2),
    };
    insta::assert_snapshot!(lines(&plan, 2));
}

#[test]
fn the_first_and_last_visits_of_a_backfill_are_frozen() {
    let mut plan = plan();
    plan.backfill = Some(BackfillPlan {
        window: Window::Back {
            days_back: 2,
            days: 3,
        },
        visits_per_day: 500,
        visits_per_day_max: None,
        max_visits_total: None,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    let simulation = simulate(&plan);
    let mut arrivals = simulation.arrivals(Pace::Backfill);
    let mut chosen: Vec<_> = arrivals.by_ref().take(2).collect();
    arrivals.seek(499);
    chosen.extend(arrivals.by_ref().take(2));
    chosen.extend(arrivals.last());
    let visits = chosen.iter().map(|arrival| simulation.visit(arrival));
    insta::assert_snapshot!(told(visits.collect()));
}
