//! The JSON Schema of a run configuration, and the form hints in it.
//!
//! For: the sections' own descriptions, in the one shape that forms, API documents and this crate's
//! own checks read. Not for: adding facts about a single setting; those stand at its field.
//! Invariant: the schema holds no `$ref`, so whoever walks it needs nothing but `properties` and
//! `items`.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::sections::RunConfig;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<RunConfig>()
        .as_value()
        .clone();
    let title = schema["title"].as_str().unwrap_or_default().to_owned();
    decorate(&mut schema, &title);
    schema
});

/// The JSON Schema (2020-12) of a run configuration.
///
/// Beside the standard keywords a setting may carry: `x-env` its environment name, `x-unit` its unit,
/// `x-group` the heading it belongs under, `x-order` its place, `x-widget` how a form draws it,
/// `x-advanced` folded away at first, `x-off` the value that switches it off, `x-secret` never shown again, `x-aliases`
/// other spellings. A section with `x-unavailable` is known and refused: no form shows it.
pub fn schema() -> Value {
    SCHEMA.clone()
}

pub(crate) fn cached() -> &'static Value {
    &SCHEMA
}

/// Fills in what follows from the place of a setting: its group is its section's title, its order the
/// order of declaration. Help becomes one paragraph.
fn decorate(schema: &mut Value, group: &str) {
    let Value::Object(schema) = schema else {
        return;
    };
    unwrap_lines(schema);
    if schema.get("writeOnly") == Some(&Value::Bool(true)) {
        schema.insert("x-secret".to_owned(), true.into());
    }
    if let Some(items) = schema.get_mut("items") {
        let title = items["title"].as_str().unwrap_or(group).to_owned();
        decorate(items, &title);
    }
    for option in schema
        .get_mut("oneOf")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        decorate(option, group);
    }
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (order, property) in properties.values_mut().enumerate() {
        let title = property
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or(group)
            .to_owned();
        let is_setting = property.get("properties").is_none();
        decorate(property, if is_setting { group } else { &title });
        let Value::Object(property) = property else {
            continue;
        };
        property.insert("x-order".to_owned(), order.into());
        if is_setting {
            property.entry("x-group").or_insert_with(|| group.into());
        } else {
            // A section's default is the sum of its settings' defaults.
            property.remove("default");
        }
    }
}

fn unwrap_lines(schema: &mut Map<String, Value>) {
    if let Some(Value::String(help)) = schema.get_mut("description") {
        *help = help.replace('\n', " ");
    }
}
