//! What a hit costs before it is sent: making visits and writing their queries, without any I/O.
//!
//! Prints CPU seconds per 1,000 hits, median of several rounds on one thread. CPU time comes from
//! `/proc/self/schedstat`, so that a busy machine disturbs little; elsewhere it is wall-clock time.

#![expect(
    clippy::print_stdout,
    reason = "a benchmark reports on standard output"
)]

use std::hint::black_box;
use std::time::Instant;

use config::Layers;
use simulation::{Keys, Pace, Simulation};

const ROUNDS: usize = 9;
const VISITS: usize = 50_000;

fn main() {
    let original = median("original");
    println!("simulation_cpu_s_per_1000_hits {original:.6}");
    let realistic = median("realistic");
    println!("realistic_cpu_s_per_1000_hits {realistic:.6}");
}

/// CPU seconds per 1,000 hits in one of the two models.
fn median(realism: &str) -> f64 {
    let target = serde_json::json!({
        "targets": [{
            "url": "https://matomo.example/matomo.php",
            "token_auth": "0123456789abcdef0123456789abcdef",
        }],
        "behaviour": {"realism": realism},
    });
    let checked = Layers::new()
        .json("benchmark", target)
        .check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    let plan = checked.plan.expect("the defaults make a plan");
    let keys = Keys {
        seed: 1,
        population: "benchmark".to_owned(),
        origin_ms: 1_780_315_200_000,
    };
    let simulation = Simulation::new(&plan, keys, true).expect("the defaults can be simulated");

    let mut costs: Vec<f64> = (0..ROUNDS).map(|_| round(&simulation)).collect();
    costs.sort_by(f64::total_cmp);
    costs[ROUNDS / 2]
}

/// CPU seconds per 1,000 hits of one round.
fn round(simulation: &Simulation) -> f64 {
    let begin = Instant::now();
    let begin_cpu = cpu_seconds();
    let mut hits = 0;
    let mut query = String::new();
    for arrival in simulation.arrivals(Pace::Plan).take(VISITS) {
        for timed in &simulation.visit(&arrival).hits {
            query.clear();
            timed
                .hit
                .write_query(Some(timed.time_ms / 1000), &mut query);
            black_box(&query);
            hits += 1;
        }
    }
    let spent = match (begin_cpu, cpu_seconds()) {
        (Some(begin), Some(end)) => end - begin,
        _ => begin.elapsed().as_secs_f64(),
    };
    spent / f64::from(hits) * 1000.0
}

/// Time that this thread spent on a processor, from Linux' scheduler (first field, nanoseconds).
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
