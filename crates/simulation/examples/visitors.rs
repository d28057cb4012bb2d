//! Prints visitors of the believable model as JSON lines, for judges that know nothing of this project.
//!
//! `cargo run -p simulation --example visitors -- COUNT [COUNTRY …]`; without countries those of the defaults, by their
//! weights. See `make judge-places` and `make judge-devices`.

#![expect(clippy::print_stdout, reason = "this is what it is for")]

use config::Layers;
use simulation::{Keys, Pace, Simulation};

fn main() {
    let mut given = std::env::args().skip(1);
    let count = given
        .next()
        .and_then(|count| count.parse().ok())
        .expect("the first argument says how many visitors");
    let mut document = serde_json::json!({
        "targets": [{
            "url": "https://matomo.example/matomo.php",
            "token_auth": "0123456789abcdef0123456789abcdef",
        }],
        "behaviour": {"realism": "realistic"},
    });
    let weights: Vec<_> = given
        .map(|country| serde_json::json!({"country": country, "weight": 1.0}))
        .collect();
    if !weights.is_empty() {
        document["audience"] = serde_json::json!({"weights": weights});
    }
    let checked = simulation::check(
        Layers::new()
            .json("arguments", document)
            .check(&|_| Err(std::io::ErrorKind::NotFound.into())),
    );
    let plan = checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems));
    let keys = Keys {
        seed: 1,
        population: "judged".to_owned(),
        origin_ms: 1_780_315_200_000,
    };
    let simulation = Simulation::new(&plan, keys, true).expect("the plan was checked");
    for arrival in simulation.arrivals(Pace::Plan).take(count) {
        let visit = simulation.visit(&arrival);
        let told = visit.hits[0].hit.identity().parts();
        let line = serde_json::json!({
            "country": visit.visitor.country,
            "device": visit.visitor.device,
            "os": visit.visitor.os,
            "browser": visit.visitor.browser,
            "ip": told.ip,
            "agent": &*told.user_agent,
            "hints": told.hints.as_deref(),
            "language": &*told.language,
            "screen": &*told.resolution,
        });
        println!("{line}");
    }
}
