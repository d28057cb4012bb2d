//! What holds for any input: no panic, a plan or problems, and round trips.

use config::{Format, Layers, RunConfig, schema};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{URL, document, no_files, vars, with_target};
use crate::words;

/// Pointers of everything that has one, sections and lists included, and names of every setting.
fn places() -> (Vec<String>, Vec<String>) {
    fn walk(schema: &Value, pointer: &str, pointers: &mut Vec<String>, names: &mut Vec<String>) {
        pointers.push(pointer.to_owned());
        names.extend(schema["x-env"].as_str().map(str::to_owned));
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            walk(property, &format!("{pointer}/{name}"), pointers, names);
        }
        if schema["items"].is_object() {
            walk(&schema["items"], &format!("{pointer}/0"), pointers, names);
        }
    }
    let (mut pointers, mut names) = (Vec::new(), Vec::new());
    walk(&schema(), "", &mut pointers, &mut names);
    (pointers, names)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..200_i64).prop_map(Value::from),
        (0.0..2.0_f64).prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop::sample::select(vec!["on", "live", "2026-01-31", "UTC", "SEK", URL])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop_oneof![
            "(?s).{0,6}",
            prop::sample::select(vec!["country", "weight", "url", "load", "0"])
                .prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_in_any_place_gives_a_plan_or_problems(
        place in prop::sample::select(places().0), value in any_json()
    ) {
        let checked = with_target().json("any", document(&place, value)).check(&no_files);
        prop_assert_eq!(checked.plan.is_some(), checked.problems.is_empty());
        // Type checks and limits leave nothing for deserialisation to stumble over.
        prop_assert!(checked.problems.iter().all(|problem| problem.code != "invalid"),
            "{:?}", checked.problems);
        for problem in checked.problems.iter().chain(&checked.warnings) {
            prop_assert!(!problem.to_string().contains('\n'), "{}", problem);
            prop_assert_eq!(words::fault(problem), None);
        }
    }

    #[test]
    fn any_text_in_any_variable_gives_a_plan_or_problems(
        name in prop::sample::select(places().1), text in "\\PC{0,24}|[0-9.,:-]{0,12}"
    ) {
        let checked = with_target().environment(vars(&[(&name, &text)]), &no_files).check(&no_files);
        prop_assert_eq!(checked.plan.is_some(), checked.problems.is_empty());
        prop_assert!(checked.problems.iter().all(|problem| problem.code != "invalid"),
            "{:?}", checked.problems);
    }

    #[test]
    fn any_text_as_a_document_gives_a_plan_or_problems(text in ".{0,60}") {
        for format in [Format::Toml, Format::Json] {
            let checked = with_target().document("any", format, &text).check(&no_files);
            prop_assert_eq!(checked.plan.is_some(), checked.problems.is_empty());
        }
    }

    #[test]
    fn a_slip_anywhere_beside_a_token_does_not_show_the_token(
        at in 0..60_usize, slip in "[\"'\\[\\]{}=:,#\\\\\n a0]", is_toml in any::<bool>()
    ) {
        let (format, text) = match is_toml {
            true => (Format::Toml, "[[targets]]\ntoken_auth = \"canary5ecret\"\nsite_id = 3\n"),
            false => (Format::Json, "{\"targets\": [{\"token_auth\": \"canary5ecret\", \"site_id\": 3}]}"),
        };
        let mut text = text.to_owned();
        text.insert_str(at.min(text.len()), &slip);
        let checked = with_target().document("any", format, &text).check(&no_files);
        let found = format!("{:?} {:?}", checked.problems, checked.warnings);
        prop_assert!(!found.contains("canary") && !found.contains("5ecret"), "{}", found);
    }

    #[test]
    fn a_configuration_survives_json_and_toml(
        concurrency in 1..=500_u16,
        search in 0.0..=1.0_f64,
        seed in prop::option::of(0..=9_007_199_254_740_991_u64),
        days_back in prop::option::of(1..=365_u32),
        country in "[A-Z]{2}",
    ) {
        let mut config = RunConfig::default();
        config.targets[0].url = URL.to_owned();
        config.load.concurrency = concurrency;
        config.behaviour.search = search;
        config.audience.seed = seed;
        config.audience.weights[0].country = country;
        config.backfill.days_back = days_back;
        let json = serde_json::to_string(&config).unwrap();
        let toml = toml::to_string(&config).unwrap();
        for (format, text) in [(Format::Json, &json), (Format::Toml, &toml)] {
            let checked = Layers::new().document("stored", format, text).check(&no_files);
            let mut again = checked.config;
            again.load.pacing = config.load.pacing;
            again.delivery.method = config.delivery.method;
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), json.clone());
        }
    }
}
