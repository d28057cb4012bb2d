//! The steps of a purchase, goals and custom dimensions: what must fit together.

use serde_json::{Value, json};

use crate::support::{check_env, no_files, with_target};

/// Pointer and code of each problem.
fn problems(document_of: Value) -> Vec<(String, String)> {
    let checked = with_target().json("a test", document_of).check(&no_files);
    checked
        .problems
        .into_iter()
        .map(|problem| (problem.pointer, problem.code))
        .collect()
}

fn found(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[test]
fn nobody_orders_without_a_cart_or_has_one_without_a_product() {
    let none: [(String, String); 0] = [];
    for (commerce, expected) in [
        (json!({"order": 0.3}), &none[..]),
        (
            json!({"order": 0.3, "cart": 0.3, "product_view": 0.3}),
            &none,
        ),
        (
            json!({"order": 0.1, "cart": 0.05}),
            &[found("/commerce/cart", "does_not_fit")],
        ),
        (
            json!({"cart": 0.2, "product_view": 0.1}),
            &[found("/commerce/product_view", "does_not_fit")],
        ),
        (
            json!({"order": 0.2, "product_view": 0.1}),
            &[found("/commerce/product_view", "does_not_fit")],
        ),
        (
            json!({"order": 0.3, "cart": 0.2, "product_view": 0.1}),
            &[
                found("/commerce/cart", "does_not_fit"),
                found("/commerce/product_view", "does_not_fit"),
            ],
        ),
    ] {
        assert_eq!(
            problems(json!({"commerce": commerce})),
            expected,
            "{commerce}"
        );
    }
}

#[test]
fn goals_and_dimensions_that_do_not_fit_are_all_named() {
    let site = json!({
        "goals": [
            {"id": 1, "name": "Contact", "when": "page"},
            {"id": 2, "name": "Search", "when": "search", "matching": "x"},
            {"id": 1, "name": "Again", "when": "order"},
        ],
        "dimensions": [
            {"id": 1, "scope": "visit", "from": "values"},
            {"id": 1, "scope": "visit", "from": "loyalty", "values": "a"},
            {"id": 3, "scope": "visit", "from": "section"},
            {"id": 4, "scope": "visit", "from": "values", "values": "gold:1, silver:0"},
            {"id": 5, "scope": "visit", "from": "values", "values": "gold:much"},
        ],
    });
    let expected = [
        ("/site/goals/2/id", "given_twice"),
        ("/site/dimensions/1/id", "given_twice"),
        ("/site/goals/0/matching", "missing"),
        ("/site/goals/1/matching", "does_not_fit"),
        ("/site/dimensions/0/values", "missing"),
        ("/site/dimensions/1/values", "does_not_fit"),
        ("/site/dimensions/2/scope", "does_not_fit"),
        ("/site/dimensions/3/values", "invalid_weight"),
        ("/site/dimensions/4/values", "invalid_weight"),
    ];
    let expected = expected.map(|(pointer, code)| found(pointer, code));
    assert_eq!(problems(json!({"site": site})), expected);
}

#[test]
fn a_share_of_nothing_and_a_number_beyond_the_limit_are_refused() {
    let site = json!({
        "goals": [{"id": 1, "name": "Order", "when": "order", "share": 0.0}],
        "dimensions": [{"id": 201, "scope": "visit", "from": "signed_in"}],
    });
    let codes: Vec<_> = problems(json!({"site": site}))
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    assert_eq!(codes, ["above_limit", "below_limit"]);
}

#[test]
fn goals_and_dimensions_may_come_from_the_environment() {
    let goals =
        r#"[{"id": 3, "name": "Newsletter", "when": "event", "matching": "signup", "share": 0.5}]"#;
    let dimensions =
        r#"[{"id": 1, "scope": "visit", "from": "values", "values": "gold:1, tin: 2.5,plain"}]"#;
    let checked = check_env(&[("GOALS", goals), ("CUSTOM_DIMENSIONS", dimensions)]);
    assert_eq!(checked.problems, []);
    let site = checked.plan.unwrap().site;
    assert_eq!((site.goals[0].id, site.goals[0].share), (3, 0.5));
    let config::DimensionValues::Drawn(values) = &site.dimensions[0].from else {
        panic!("values were given");
    };
    let expected = [("gold", 1.0), ("tin", 2.5), ("plain", 1.0)];
    let expected = expected.map(|(value, weight)| (value.to_owned(), weight));
    assert_eq!(values, &expected);
}
