//! Countries: those that nobody lives in are a problem of the configuration, not a failure of the run.

use config::{Checked, Layers};

fn checked(countries: serde_json::Value) -> Checked {
    let document = serde_json::json!({
        "targets": [{"url": "https://matomo.example/matomo.php"}],
        "audience": {"weights": countries},
    });
    let layers = Layers::new().json("test", document);
    simulation::check(layers.check(&|_| Err(std::io::ErrorKind::NotFound.into())))
}

#[test]
fn a_country_without_visitors_is_a_problem_with_its_place_and_the_way_out() {
    let found = checked(serde_json::json!([
        {"country": "SE", "weight": 0.5},
        {"country": "AQ", "weight": 0.5},
    ]));

    assert!(found.plan.is_none());
    let problems: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = &problems[0];
    for part in ["audience.weights", "\"AQ\"", "SE"] {
        assert!(problem.contains(part), "{part} in {problem}");
    }
}

#[test]
fn countries_with_visitors_pass() {
    let found = checked(serde_json::json!([{"country": "SE", "weight": 1.0}]));

    assert!(found.plan.is_some(), "{:?}", found.problems);
}
