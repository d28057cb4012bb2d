//! Single values: from text, into the form that a setting expects.
//!
//! For: one value and the shape of its setting. Not for: limits, which are the work of `limits`, or
//! where the value came from or goes to. Invariant: a value that passes [`canonical`] deserialises,
//! unless it is a whole number that its type cannot hold.

use serde_json::{Number, Value};

use crate::catalogue::{Choice, Field, Kind, Shape};
use crate::nearest::nearest;
use crate::problem::quoted;

/// What is wrong with a value, without saying where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            code,
            message,
            hint: Some(hint.into()),
        }
    }
}

/// Every integer up to this is exact as a JSON number in every reader.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// Text of the environment as a value. What does not fit stays text, for [`canonical`] to refuse.
pub(crate) fn from_text(shape: &Shape, text: &str) -> Value {
    let text = text.trim();
    let parsed = match &shape.kind {
        Kind::Integer | Kind::Number => number(text),
        Kind::Boolean => boolean(text).map(Value::Bool),
        Kind::List(_) if text.starts_with('[') => serde_json::from_str(text).ok(),
        Kind::List(item) => Some(text.split(',').map(|part| from_text(item, part)).collect()),
        Kind::Record(fields) => record(fields, text),
        Kind::Text | Kind::Date | Kind::Choice(_) => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Yes and no, in the spellings that `.env` files use.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "on" => Some(true),
        "false" | "0" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
}

/// `US:0.35` for the fields `country` and `weight`.
fn record(fields: &[Field], text: &str) -> Option<Value> {
    let parts: Vec<_> = text.split(':').collect();
    (parts.len() == fields.len()).then(|| {
        let field =
            |(field, part): (&Field, &str)| (field.name.clone(), from_text(&field.shape, part));
        fields.iter().zip(parts).map(field).collect()
    })
}

/// The value in the form that the setting expects: choices by their name, integers whole.
pub(crate) fn canonical(shape: &Shape, value: Value) -> Result<Value, Fault> {
    match (&shape.kind, value) {
        (Kind::Boolean, value @ Value::Bool(_)) => Ok(value),
        // One spelling for 5 and 5.0, so that equal documents are equal.
        (Kind::Number, Value::Number(number)) => {
            let float = number.as_f64().and_then(Number::from_f64);
            Ok(Value::Number(float.unwrap_or(number)))
        }
        (Kind::Integer, Value::Number(number)) => integer(number),
        (Kind::Text, Value::String(text)) => Ok(text.trim().into()),
        (Kind::Date, Value::String(text)) => date(&text),
        (Kind::Choice(choice), value @ (Value::String(_) | Value::Bool(_) | Value::Number(_))) => {
            choose(choice, &value)
        }
        (Kind::List(item), Value::Array(values)) => values
            .into_iter()
            .map(|value| canonical(item, value))
            .collect(),
        (Kind::Record(fields), Value::Object(given)) => record_of(fields, given),
        (kind, value) => Err(wrong_type(kind, &value)),
    }
}

/// A record with its parts in the order of declaration; what may be left out and is empty is left out.
fn record_of(fields: &[Field], mut given: serde_json::Map<String, Value>) -> Result<Value, Fault> {
    let mut record = serde_json::Map::new();
    for field in fields {
        let value = given.remove(&field.name).unwrap_or_default();
        let unset = value.is_null() || value == "";
        if unset && field.optional {
            continue;
        }
        let value = canonical(&field.shape, value).map_err(|fault| Fault {
            message: format!("{}: {}", field.name, fault.message),
            ..fault
        })?;
        record.insert(field.name.clone(), value);
    }
    let Some(key) = given.keys().next() else {
        return Ok(Value::Object(record));
    };
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    Err(Fault::new(
        "unknown_key",
        format!("unknown key {} in an entry", quoted(key)),
        match nearest(key, names.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known here: {}", names.join(", ")),
        },
    ))
}

fn integer(number: Number) -> Result<Value, Fault> {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else {
        return Ok(Value::Number(number));
    };
    if float.fract() != 0.0 {
        return Err(wrong_type(&Kind::Integer, &Value::Number(number)));
    }
    // Larger ones stay as they are: they are beyond every limit.
    Ok(if float.abs() <= MAX_EXACT {
        (float as i64).into()
    } else {
        Value::Number(number)
    })
}

fn date(text: &str) -> Result<Value, Fault> {
    match chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d") {
        Ok(date) => Ok(date.format("%Y-%m-%d").to_string().into()),
        Err(_) => Err(wrong_type(&Kind::Date, &text.into())),
    }
}

fn choose(choice: &Choice, value: &Value) -> Result<Value, Fault> {
    let text = match value {
        Value::String(text) => text.trim().to_ascii_lowercase(),
        other => other.to_string(),
    };
    let names = || choice.options.iter().map(|(name, _)| name.as_str());
    if let Some(name) = names()
        .find(|name| *name == text)
        .or(choice.aliases.get(&text).map(String::as_str))
    {
        return Ok(name.into());
    }
    let all = names().collect::<Vec<_>>().join(", ");
    let message = format!("{} is none of {all}", shown(value));
    Err(match nearest(&text, names()) {
        Some(name) => Fault::new("unknown_choice", message, format!("did you mean {name}?")),
        None => Fault::new("unknown_choice", message, "take one of them"),
    })
}

fn wrong_type(kind: &Kind, value: &Value) -> Fault {
    let (expected, example) = match kind {
        Kind::Boolean => ("true or false", "true"),
        Kind::Integer => ("a whole number", "50"),
        Kind::Number => ("a number", "0.5"),
        Kind::Text | Kind::Choice(_) => ("text", "\"text\""),
        Kind::Date => ("a date of the form YYYY-MM-DD", "2026-01-31"),
        Kind::List(item) => match &item.kind {
            Kind::Record(fields) if fields.len() == 2 => ("a list of pairs", "US:0.35,DE:0.1"),
            Kind::Record(_) => ("a list of tables", "[{\"name\": \"…\"}]"),
            _ => ("a list of numbers", "0,5.99"),
        },
        Kind::Record(fields) if fields.len() == 2 => ("a pair", "US:0.35"),
        Kind::Record(_) => ("a table", "{\"name\": \"…\"}"),
    };
    let quoted_scalar = match (kind, value) {
        (Kind::Integer | Kind::Number, Value::String(text)) => number(text.trim()).is_some(),
        (Kind::Boolean, Value::String(text)) => boolean(text.trim()).is_some(),
        _ => false,
    };
    let hint = match quoted_scalar {
        true => "write it without quotes".to_owned(),
        false => format!("write it like {example}"),
    };
    Fault::new(
        "wrong_type",
        format!("{} is not {expected}", shown(value)),
        hint,
    )
}

/// A value as a message shows it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => figure(number),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a table".to_owned(),
    }
}

/// A number as a person writes it: `5`, not `5.0`.
pub(crate) fn figure(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float.to_string(),
        _ => number.to_string(),
    }
}

/// A number with commas between groups of three digits, for reading.
pub(crate) fn grouped(number: &Number) -> String {
    let figure = figure(number);
    let (whole, fraction) = match figure.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (figure.as_str(), String::new()),
    };
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &fraction
}
