//! Schemas of the OpenAPI document as text: what a value looks like, in one line or with its fields.

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::text::prose;

/// Deepest example of a body; what lies deeper is left empty.
const EXAMPLE_DEPTH: usize = 3;

/// What a value looks like, in a few words; shapes with a name are links to it.
pub(super) fn shape(schema: &Value) -> Markup {
    if let Some(name) = name_of(schema) {
        return html! { a href={ "#shape-" (name) } { (name) } };
    }
    for alternatives in ["oneOf", "anyOf"] {
        if let Some(list) = schema[alternatives].as_array() {
            return joined(list.iter().map(shape), " or ");
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return joined(
            values.iter().map(|value| html! { code { (plain(value)) } }),
            " or ",
        );
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    let kinds = kinds.into_iter().map(|kind| match kind {
        "array" => html! { "list of " (shape(&schema["items"])) },
        "object" if schema["additionalProperties"].is_object() => {
            html! { "object of " (shape(&schema["additionalProperties"])) }
        }
        kind => html! { (kind) },
    });
    html! { (joined(kinds, " or ")) (bounds(schema)) }
}

fn bounds(schema: &Value) -> String {
    let words = [
        ("format", ""),
        ("minimum", "from "),
        ("maximum", "to "),
        ("minLength", "at least characters: "),
        ("maxLength", "at most characters: "),
        ("default", "default "),
    ];
    let found = words.iter().filter_map(|(field, word)| {
        let value = schema.get(*field)?;
        Some(format!(", {word}{}", plain(value)))
    });
    found.collect()
}

/// A named shape with its fields, or with what it may be.
pub(super) fn schema_section(name: &str, schema: &Value) -> Markup {
    let parts: Vec<&Value> = match schema["allOf"].as_array() {
        Some(parts) => parts.iter().collect(),
        None => vec![schema],
    };
    html! {
        article aria-labelledby={ "shape-" (name) } {
            h3 id={ "shape-" (name) } { code { (name) } }
            (prose(schema["description"].as_str().unwrap_or_default()))
            @for part in parts {
                @if let Some(name) = name_of(part) {
                    p { "All fields of " a href={ "#shape-" (name) } { (name) } "." }
                } @else if let Some(fields) = part["properties"].as_object() {
                    (field_list(fields, &part["required"]))
                } @else {
                    p { (shape(part)) }
                }
            }
        }
    }
}

fn field_list(fields: &Map<String, Value>, required: &Value) -> Markup {
    let is_required = |name: &str| {
        let required = required.as_array();
        required.is_some_and(|required| required.iter().any(|field| field == name))
    };
    html! {
        dl {
            @for (name, field) in fields {
                dt {
                    code { (name) } " " (shape(field))
                    @if !is_required(name) { ", may be left out" }
                }
                dd { (prose(field["description"].as_str().unwrap_or_default())) }
            }
        }
    }
}

/// A body with the fields that are required, or with all when none is.
pub(super) fn body_example(document: &Value, schema: &Value) -> Option<String> {
    if schema.is_null() {
        return None;
    }
    Some(value_for(document, schema, 0).to_string())
}

fn value_for(document: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(name) = name_of(schema) {
        return value_for(document, &document["components"]["schemas"][name], depth);
    }
    if let Some(example) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return example.clone();
    }
    let alternatives = schema["oneOf"]
        .as_array()
        .or_else(|| schema["anyOf"].as_array());
    if let Some(list) = alternatives {
        let first = list.iter().find(|schema| schema["type"] != "null");
        return first.map_or(Value::Null, |schema| value_for(document, schema, depth));
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") if depth < EXAMPLE_DEPTH => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let required = schema["required"].as_array();
            let wanted = fields.filter(|(name, _)| {
                required.is_none_or(|required| required.iter().any(|field| field == *name))
            });
            let values =
                wanted.map(|(name, schema)| (name.clone(), value_for(document, schema, depth + 1)));
            Value::Object(values.collect())
        }
        Some("object") => json!({}),
        Some("array") => json!([]),
        Some("boolean") => json!(false),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("string") => json!("…"),
        _ => Value::Null,
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    let reference = schema["$ref"].as_str()?;
    reference.strip_prefix("#/components/schemas/")
}

fn joined(parts: impl Iterator<Item = Markup>, between: &str) -> Markup {
    html! {
        @for (n, part) in parts.enumerate() {
            @if n > 0 { (between) }
            (part)
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
