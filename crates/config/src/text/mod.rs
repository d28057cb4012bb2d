//! Run configurations as texts that people paste, download and keep.
//!
//! For: reading TOML, JSON, `.env` files and the Python original's presets into one kind of document, and
//! writing the first three. Not for: checking a document together with other layers. Invariants: what is
//! written is read back as the same document; a secret never leaves in a text.

mod env_file;
mod locate;
mod write;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::catalogue;
use crate::document::{self, Format};
use crate::environment::Environment;
use crate::layers::Layers;
use crate::problem::Problem;
use crate::reference::as_text;
use crate::written::Written;

pub use write::{write_env, write_json, write_toml};

/// Names and values.
type Variables = Vec<(String, String)>;

/// How a run configuration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// TOML.
    Toml,
    /// JSON; also presets of the Python original.
    Json,
    /// Lines of `NAME=value`.
    Env,
}

/// A problem of a text, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// What is wrong.
    pub problem: Problem,
    /// Line and column, from 1.
    pub at: Option<(usize, usize)>,
}

/// A text that was read.
#[derive(Debug)]
pub struct TextRead {
    /// The document, with its secrets apart.
    pub written: Written,
    /// What could not be read; `written` has none of them.
    pub problems: Vec<TextProblem>,
    /// The format that it was read in.
    pub format: TextFormat,
    /// The name of a preset of the Python original.
    pub title: Option<String>,
}

/// Reads a text; without a format, the one that it looks like.
#[must_use]
pub fn read_text(format: Option<TextFormat>, text: &str) -> TextRead {
    let text = text.trim_start_matches('\u{feff}');
    let format = format.unwrap_or_else(|| looks_like(text));
    let mut read = match format {
        TextFormat::Toml => document(Format::Toml, text),
        TextFormat::Json => document(Format::Json, text),
        TextFormat::Env => env_file::read(text),
    };
    read.format = format;
    read
}

/// What is wrong with the document's own values, beside what could not be read: limits, and rules between settings.
/// What a document alone cannot settle is left out: that it names no target, or needs a token.
fn own_problems(config: &Value) -> Vec<Problem> {
    let no_files = |_: &std::path::Path| Err(std::io::Error::other("not read here"));
    let checked = Layers::new().person(config.clone()).check(&no_files);
    let alone = ["required", "needs_token", "unreadable"];
    let problems = checked.problems.into_iter();
    problems
        .filter(|problem| !alone.contains(&problem.code.as_str()))
        .collect()
}

/// A document opens with a brace, an `.env` file has a name in capitals and `=` in its first line that counts.
fn looks_like(text: &str) -> TextFormat {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.unwrap_or_default();
    let name = first.strip_prefix("export ").unwrap_or(first);
    let name = name.split('=').next().unwrap_or_default();
    let is_variable = |name: &str| {
        name.bytes().any(|byte| byte.is_ascii_uppercase())
            && name
                .bytes()
                .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
    };
    match first {
        _ if first.starts_with('{') => TextFormat::Json,
        _ if first.contains('=') && is_variable(name) => TextFormat::Env,
        _ => TextFormat::Toml,
    }
}

fn document(format: Format, text: &str) -> TextRead {
    let tree = match document::parse(format, text) {
        Ok(tree) => tree,
        Err(problem) => return TextRead::failed(problem, locate::in_message),
    };
    if let Some((title, variables)) = original_preset(&tree) {
        let mut read = variables_read(variables, |_| None);
        read.title = title;
        return read;
    }
    let mut written = Written::read(tree);
    let places = locate::Places::of(format, text);
    let mut problems = std::mem::take(&mut written.problems);
    problems.extend(own_problems(&written.config));
    TextRead {
        problems: problems
            .into_iter()
            .map(|problem| TextProblem {
                at: places.find(&problem.pointer),
                problem,
            })
            .collect(),
        written,
        format: TextFormat::Json,
        title: None,
    }
}

impl TextRead {
    fn failed(problem: Problem, at: fn(&Problem) -> Option<(usize, usize)>) -> Self {
        let at = at(&problem);
        Self {
            written: Written {
                config: Value::Object(Map::new()),
                ..Written::default()
            },
            problems: vec![TextProblem { problem, at }],
            format: TextFormat::Json,
            title: None,
        }
    }
}

/// The name and the variables of a preset of the Python original, whose settings have environment names in
/// either case.
fn original_preset(tree: &Value) -> Option<(Option<String>, Variables)> {
    let settings = match &tree["config"] {
        Value::Object(settings) => settings,
        _ => tree.as_object()?,
    };
    let known = |name: &String| catalogue::by_env(&name.to_ascii_uppercase()).is_some();
    if !settings.keys().any(known) {
        return None;
    }
    let title = tree["name"].as_str().map(str::to_owned);
    let variables = settings
        .iter()
        .map(|(name, value)| (name.to_ascii_uppercase(), as_text(value)));
    Some((title, variables.collect()))
}

/// Reads variables; `at` tells the place of a name in the text.
fn variables_read(variables: Variables, at: impl Fn(&str) -> Option<(usize, usize)>) -> TextRead {
    let no_files = |_: &std::path::Path| {
        let why = "a file of your machine cannot be read from here";
        Err(std::io::Error::other(why))
    };
    // A pair of quotes is taken off there, as `docker run --env-file` leaves them on; these values have lost theirs.
    let in_quotes = |(name, value): (String, String)| match value.trim() {
        "" => (name, value),
        text => (name, format!("\"{text}\"")),
    };
    let variables = variables.into_iter().map(in_quotes);
    let environment = Environment::read(variables, &no_files);
    let names = environment.leaves.values.iter();
    let names: BTreeMap<_, _> = names
        .map(|(pointer, given)| (pointer.clone(), given.origin.to_string()))
        .collect();
    let written = Written::of(environment.leaves);
    let own = own_problems(&written.config).into_iter().map(|problem| {
        let origin = names.get(&problem.pointer).cloned();
        Problem { origin, ..problem }
    });
    let told = environment.problems.into_iter();
    let told = told.chain(environment.warnings).chain(own);
    TextRead {
        problems: told
            .map(|problem| {
                let origin = problem.origin.as_deref().unwrap_or_default();
                let name = origin.trim_start_matches("environment variable ");
                let name = name.split(',').next().unwrap_or_default();
                TextProblem {
                    at: at(name),
                    problem,
                }
            })
            .collect(),
        written,
        format: TextFormat::Env,
        title: None,
    }
}
