//! Documents: TOML and JSON texts into one kind of tree.
//!
//! For: syntax. Not for: what the tree means. Invariant: a syntax error is told with line and column
//! and never with the line itself, which may hold a token.

use serde_json::{Map, Value};

use crate::problem::Problem;
use crate::sections::VERSION;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.0.
    Toml,
    /// JSON.
    Json,
}

/// The document's tree.
pub(crate) fn parse(format: Format, text: &str) -> Result<Value, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    match format {
        Format::Toml => text
            .parse::<toml::Table>()
            .map(from_table)
            .map_err(|error| {
                let at = error.span().map_or(0, |span| span.start);
                let (line, column) = position(text, at);
                syntax("TOML", line, column, error.message())
            }),
        Format::Json => serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or_default();
            syntax("JSON", error.line(), error.column(), what)
        }),
    }
}

/// The tree, if its version is one that this program knows.
pub(crate) fn known_version(tree: Value) -> Result<Value, Problem> {
    match tree["version"].as_u64() {
        Some(version) if version > u64::from(VERSION) => Err(Problem::new(
            "/version",
            "newer_version",
            format!("document version {version} is newer than this program, which knows {VERSION}"),
        )
        .hint("use a newer Trafficinator, or save the document with this one")),
        _ => Ok(tree),
    }
}

fn syntax(language: &str, line: usize, column: usize, what: &str) -> Problem {
    let what = what.lines().next().unwrap_or_default();
    let message = format!("line {line}, column {column}: not valid {language}: {what}");
    Problem::new("", "syntax", message).hint(
        "look there and in the line before: mostly a quote, a bracket or a comma is missing or too much",
    )
}

/// Line and column, from 1, of a byte offset.
pub(crate) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

fn from_table(table: toml::Table) -> Value {
    let entries = table
        .into_iter()
        .map(|(key, value)| (key, from_toml(value)));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        // `nan` and `inf` are not numbers in JSON; as text they are refused where they stand.
        toml::Value::Float(number) => serde_json::Number::from_f64(number)
            .map_or_else(|| number.to_string().into(), Value::Number),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(entries) => entries.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => from_table(table),
    }
}
