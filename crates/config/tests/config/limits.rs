//! Limits: each one that the schema publishes is kept, told once, and told in the right words.

use config::{Checked, Problem, RunConfig, schema};
use serde_json::{Value, json};

use crate::support::{find, no_files, with_target};

/// Pointer and schema of every setting but the version, whose maximum has a problem of its own.
fn settings() -> Vec<(String, Value)> {
    fn walk(schema: &Value, pointer: &str, found: &mut Vec<(String, Value)>) {
        if let Some(properties) = schema["properties"].as_object() {
            for (name, property) in properties {
                walk(property, &format!("{pointer}/{name}"), found);
            }
        } else if schema["x-env"].is_null() && schema["items"].is_object() {
            walk(&schema["items"], &format!("{pointer}/0"), found);
        } else if pointer != "/version" {
            found.push((pointer.to_owned(), schema.clone()));
        }
    }
    let mut found = Vec::new();
    walk(&schema(), "", &mut found);
    found
}

/// Values at the limits of a schema and values just beyond them.
#[derive(Default)]
struct Samples {
    at: Vec<Value>,
    beyond: Vec<Value>,
}

/// A value of this schema with nothing wrong with it, and no more parts than it must have.
fn sound(schema: &Value) -> Value {
    if let Some(properties) = schema["properties"].as_object() {
        let needed = schema["required"].as_array().into_iter().flatten();
        let needed = needed.filter_map(Value::as_str);
        return needed
            .map(|name| (name.to_owned(), sound(&properties[name])))
            .collect();
    }
    match (&schema["oneOf"][0]["const"], schema["type"].as_str()) {
        (Value::Null, Some("integer" | "number")) => json!(1),
        (Value::Null, Some("array")) => json!([]),
        (Value::Null, _) if schema["format"] == "date" => json!("2026-01-31"),
        (Value::Null, _) => json!("SE"),
        (choice, _) => choice.clone(),
    }
}

fn samples(schema: &Value) -> Samples {
    let mut samples = Samples::default();
    if let Some(properties) = schema["properties"].as_object() {
        let sound = sound(schema);
        for (name, property) in properties {
            samples.add(self::samples(property), |value| {
                let mut record = sound.clone();
                record[name] = value;
                record
            });
        }
        samples.at.push(sound);
    }
    if schema["items"].is_object() {
        let entries = self::samples(&schema["items"]);
        let sound = entries.at.first().cloned();
        let sound = sound.unwrap_or_else(|| self::sound(&schema["items"]));
        samples.add(entries, |value| json!([sound, value]));
        samples.lengths(schema, "Items", |length| vec![sound.clone(); length].into());
    }
    samples.lengths(schema, "Length", |length| "å".repeat(length).into());
    samples.numbers(schema);
    samples
}

impl Samples {
    fn add(&mut self, inner: Self, wrap: impl Fn(Value) -> Value) {
        self.at.extend(inner.at.into_iter().map(&wrap));
        self.beyond.extend(inner.beyond.into_iter().map(&wrap));
    }

    fn lengths(&mut self, schema: &Value, of: &str, value: impl Fn(usize) -> Value) {
        let limit = |side: &str| schema[format!("{side}{of}")].as_u64();
        if let Some(min) = limit("min") {
            self.at.push(value(min as usize));
            self.beyond.push(value(min as usize - 1));
        }
        if let Some(max) = limit("max") {
            self.at.push(value(max as usize));
            self.beyond.push(value(max as usize + 1));
        }
    }

    fn numbers(&mut self, schema: &Value) {
        let types = schema["type"].to_string();
        if types.contains("integer") {
            for (limit, step) in [("minimum", -1), ("maximum", 1)] {
                let limit = schema[limit].as_i64().expect("a whole number has limits");
                self.at.push(limit.into());
                self.beyond.push((limit + step).into());
                self.beyond.push((i64::MAX * step).into());
            }
        } else if types.contains("number") {
            let max = schema["maximum"].as_f64().expect("a number has limits");
            self.at.push(max.into());
            self.beyond.push(max.next_up().into());
            match schema["exclusiveMinimum"].as_f64() {
                Some(above) => {
                    self.at.push(above.next_up().into());
                    self.beyond.push(above.into());
                }
                None => {
                    let min = schema["minimum"].as_f64().expect("a number has limits");
                    self.at.push(min.into());
                    self.beyond.push(min.next_down().into());
                }
            }
        }
    }
}

fn check(pointer: &str, value: &Value) -> Checked {
    with_target()
        .set("a test", pointer, value.clone())
        .check(&no_files)
}

fn limit_problems(checked: &Checked) -> Vec<&Problem> {
    let problems = checked.problems.iter();
    problems
        .filter(|problem| problem.code.ends_with("_limit"))
        .collect()
}

#[test]
fn a_value_beyond_any_limit_of_the_schema_is_told_once_and_gives_way_to_its_default() {
    let defaults = serde_json::to_value(RunConfig::default()).unwrap();
    let mut count = 0;
    for (pointer, setting) in settings() {
        for value in samples(&setting).beyond {
            count += 1;
            let checked = check(&pointer, &value);
            let told: Vec<_> = limit_problems(&checked)
                .into_iter()
                .map(|problem| (problem.pointer.as_str(), problem.origin.as_deref()))
                .collect();
            assert_eq!(told, [(pointer.as_str(), Some("a test"))], "{value}");
            let config = serde_json::to_value(&checked.config).unwrap();
            assert_eq!(config.pointer(&pointer), defaults.pointer(&pointer));
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn a_value_at_a_limit_is_within_it() {
    for (pointer, setting) in settings() {
        for value in samples(&setting).at {
            let checked = check(&pointer, &value);
            assert!(limit_problems(&checked).is_empty(), "{pointer}: {value}");
        }
    }
}

#[test]
fn numbers_lengths_and_entries_are_told_in_words_that_fit() {
    let said = |pointer: &str, value: Value| {
        let checked = check(pointer, &value);
        let problem = limit_problems(&checked)[0];
        format!("{}; {}", problem.message, problem.hint.as_ref().unwrap())
    };
    for (pointer, value, words) in [
        (
            "/load/concurrency",
            json!(70_000),
            "70000 is above the limit of 500; lower it to 500 or less",
        ),
        (
            "/load/concurrency",
            json!(-1),
            "-1 is below the limit of 1; raise it to 1 or more",
        ),
        (
            "/backfill/requests_per_second",
            json!(0),
            "0 is not above 0; give a number above 0",
        ),
        (
            "/audience/population",
            "x".repeat(129).into(),
            "129 characters are above the limit of 128; shorten it to 128 characters or fewer",
        ),
        (
            "/audience/weights",
            json!([]),
            "0 entries are below the limit of 1; give at least 1",
        ),
        (
            "/audience/weights",
            json!([{ "country": "SE", "weight": -2 }, { "country": "NO", "weight": -3 }]),
            "-2 is not above 0; give a number above 0",
        ),
        (
            "/commerce/shipping_rates",
            json!([0, -5, -6]),
            "-5 is below the limit of 0; raise it to 0 or more",
        ),
        // The length comes first.
        (
            "/commerce/shipping_rates",
            vec![-1; 51].into(),
            "51 entries are above the limit of 50; shorten it to 50 entries or fewer",
        ),
    ] {
        assert_eq!(said(pointer, value), words);
    }
}

#[test]
fn limits_that_different_checks_find_come_in_the_order_of_places() {
    let document = json!({
        "commerce": { "shipping_rates": [-5] },
        "load": { "concurrency": 70_000, "pause_min": 99 },
        "behaviour": { "search": 2 },
        "targets": [{ "site_id": 0 }],
    });
    let checked = with_target().json("request", document).check(&no_files);
    let places: Vec<_> = limit_problems(&checked)
        .into_iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "/behaviour/search",
            "/commerce/shipping_rates",
            "/load/concurrency",
            "/load/pause_min",
            "/targets/0/site_id",
        ]
    );
    find(&checked.problems, "/targets/0/site_id", "below_limit");
}
