//! The schema and the checker agree on single settings: types, choices, bounds.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use serde_json::{Value, json};

use crate::schema::settings;
use crate::support::{document, no_files, with_target};

/// Codes of what the schema speaks of: type, choice, bounds.
const OF_THE_SCHEMA: [&str; 5] = [
    "wrong_type",
    "unknown_choice",
    "above_limit",
    "below_limit",
    "unknown_key",
];

/// Whether the schema of one setting takes a value: the keywords that occur, and no others.
fn takes(schema: &Value, value: &Value) -> bool {
    let limit = |name: &str| schema[name].as_f64();
    if let Some(choices) = schema["oneOf"].as_array() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let other_name = schema["x-aliases"].get(&text).is_some();
        return other_name || choices.iter().any(|choice| choice["const"] == *value);
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => vec![one.as_str().unwrap()],
    };
    types.into_iter().any(|kind| match (kind, value) {
        ("boolean", Value::Bool(_)) => true,
        ("number", Value::Number(number)) => within(schema, number.as_f64().unwrap()),
        ("integer", Value::Number(number)) => {
            let number = number.as_f64().unwrap();
            number.fract() == 0.0 && within(schema, number)
        }
        ("string", Value::String(text)) => {
            let dated = schema["format"] == "date";
            let length = text.chars().count() as f64;
            limit("maxLength").is_none_or(|max| length <= max) && (!dated || text.len() == 10)
        }
        ("array", Value::Array(entries)) => {
            let length = entries.len() as f64;
            limit("minItems").is_none_or(|min| min <= length)
                && limit("maxItems").is_none_or(|max| length <= max)
                && entries.iter().all(|entry| takes(&schema["items"], entry))
        }
        ("object", Value::Object(fields)) => {
            let known = schema["properties"].as_object().unwrap();
            let needed = schema["required"].as_array().into_iter().flatten();
            needed
                .into_iter()
                .all(|name| fields.contains_key(name.as_str().unwrap()))
                && fields
                    .iter()
                    .all(|(name, value)| known.get(name).is_some_and(|schema| takes(schema, value)))
        }
        _ => false,
    })
}

fn within(schema: &Value, number: f64) -> bool {
    let limit = |name: &str| schema[name].as_f64();
    limit("minimum").is_none_or(|min| min <= number)
        && limit("maximum").is_none_or(|max| number <= max)
        && limit("exclusiveMinimum").is_none_or(|above| above < number)
}

/// Values around everything that the schema says of a setting.
fn candidates(schema: &Value) -> Vec<Value> {
    let mut values = vec![
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(2.0),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!("zzz"),
        json!("2026-01-31"),
        json!("31.1.2026"),
        json!({}),
        json!([1]),
        json!(["x"]),
        json!([{ "country": "SE", "weight": 1 }]),
        json!([{ "country": "SE", "weight": 0 }]),
        json!([{ "country": "SE", "weight": 1, "x": 1 }]),
        json!([-1]),
        json!({ "x": 1 }),
    ];
    for name in ["minimum", "maximum", "exclusiveMinimum"] {
        let Some(limit) = schema[name].as_f64() else {
            continue;
        };
        // Above this, one more is the same number.
        let step = limit.abs().max(1.0) * 1e-3;
        for value in [limit, limit - step, limit + step, limit - 1.0, limit + 1.0] {
            values.push(json!(value));
            if value.fract() == 0.0 && value.abs() < 9e15 {
                values.push(json!(value as i64));
            }
        }
    }
    if let Some(max) = schema["maxLength"].as_u64() {
        let max = usize::try_from(max).unwrap();
        values.extend([
            json!("a".repeat(max)),
            json!("ä".repeat(max)),
            json!("a".repeat(max + 1)),
        ]);
    }
    if let Some(max) = schema["maxItems"].as_u64() {
        let max = usize::try_from(max).unwrap();
        values.extend([json!(vec![1; max]), json!(vec![1; max + 1])]);
    }
    for choice in schema["oneOf"].as_array().into_iter().flatten() {
        values.push(choice["const"].clone());
    }
    values
}

#[test]
fn the_schema_takes_and_refuses_what_the_checker_does() {
    let mut wrong = Vec::new();
    for (pointer, schema) in settings() {
        let place = pointer.replace('*', "0");
        if place == "/version" {
            continue;
        }
        for value in candidates(&schema) {
            let checked = with_target()
                .json("a test", document(&place, value.clone()))
                .check(&no_files);
            let said = checked.problems.iter().find(|problem| {
                problem.pointer.starts_with(&place)
                    && OF_THE_SCHEMA.contains(&problem.code.as_str())
            });
            if takes(&schema, &value) == said.is_some() {
                let shown: String = value.to_string().chars().take(80).collect();
                wrong.push(format!("{pointer} = {shown}: the checker says {said:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
