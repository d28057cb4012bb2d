//! The schema: frozen by a snapshot, and complete enough to draw a form from.

use std::collections::BTreeSet;

use config::schema;
use serde_json::Value;

/// Every setting of the schema with its pointer.
pub(crate) fn settings() -> Vec<(String, Value)> {
    fn walk(schema: &Value, pointer: &str, found: &mut Vec<(String, Value)>) {
        if let Some(properties) = schema["properties"].as_object() {
            for (name, property) in properties {
                walk(property, &format!("{pointer}/{name}"), found);
            }
        } else if schema["x-env"].is_null() && schema["items"].is_object() {
            walk(&schema["items"], &format!("{pointer}/*"), found);
        } else {
            found.push((pointer.to_owned(), schema.clone()));
        }
    }
    let mut found = Vec::new();
    walk(&schema(), "", &mut found);
    found
}

#[test]
fn the_schema_is_the_known_one() {
    insta::assert_json_snapshot!("schema", schema());
}

#[test]
fn every_setting_is_fit_for_a_form() {
    let mut names = BTreeSet::new();
    for (pointer, setting) in settings() {
        for keyword in ["title", "description", "x-group"] {
            let text = setting[keyword].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{pointer} has no {keyword}");
        }
        assert!(setting["x-order"].is_u64(), "{pointer} has no x-order");
        let help = setting["description"].as_str().unwrap();
        assert!(
            help.ends_with('.') && !help.contains('\n'),
            "{pointer}: {help}"
        );
        if pointer != "/version" {
            let name = setting["x-env"]
                .as_str()
                .unwrap_or_else(|| panic!("{pointer} has no name"));
            assert!(names.insert(name.to_owned()), "{name} is used twice");
        }
    }
    assert!(names.len() > 50);
}

#[test]
fn help_names_the_limits() {
    for (pointer, setting) in settings() {
        let help = setting["description"].as_str().unwrap();
        for keyword in ["minimum", "maximum", "exclusiveMinimum"] {
            let Some(limit) = setting[keyword].as_f64().filter(|_| pointer != "/version") else {
                continue;
            };
            let figure = grouped(limit);
            let named = help
                .split([' ', ';', ':'])
                .any(|word| word.trim_end_matches([',', '.']) == figure);
            assert!(named, "{pointer}: {keyword} {figure} is not in {help:?}");
        }
    }
}

fn grouped(figure: f64) -> String {
    let text = figure.to_string();
    if text.contains('.') {
        return text;
    }
    let mut grouped = String::new();
    for (at, digit) in text.chars().enumerate() {
        if at > 0 && (text.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[test]
fn whole_numbers_fit_their_types() {
    for (pointer, setting) in settings() {
        let Some(format) = setting["format"]
            .as_str()
            .and_then(|name| name.strip_prefix("uint"))
        else {
            continue;
        };
        let bits: u32 = format.parse().unwrap();
        let (min, max) = (setting["minimum"].as_u64(), setting["maximum"].as_u64());
        assert!(min.is_some(), "{pointer} has no minimum");
        let max = max.unwrap_or_else(|| panic!("{pointer} has no maximum"));
        assert!(
            u128::from(max) < 1 << bits,
            "{pointer}: {max} does not fit {bits} bits"
        );
    }
}

#[test]
fn token_password_and_header_are_secret() {
    let secret: Vec<_> = settings()
        .into_iter()
        .filter(|(_, setting)| setting["x-secret"] == true)
        .map(|(pointer, _)| pointer)
        .collect();
    let expected = ["token_auth", "basic_auth_password", "extra_header_value"];
    assert_eq!(secret, expected.map(|name| format!("/targets/*/{name}")));
}
