//! Texts into documents and back.

use config::{TextFormat, TextRead, Written, read_text, write_env, write_json, write_toml};
use serde_json::Value;

use super::{legacy, problems};
use crate::api::convert::{FromText, TextFormatView, TextProblemView};
use crate::api::problem::{ConfigProblem, Problem};

/// What a text says.
#[must_use]
pub fn from_text(format: Option<TextFormat>, text: &str) -> FromText {
    let read = read_text(format, text);
    FromText {
        legacy: legacy_of(&read),
        title: read.title,
        format: match read.format {
            TextFormat::Toml => TextFormatView::Toml,
            TextFormat::Json => TextFormatView::Json,
            TextFormat::Env => TextFormatView::Env,
        },
        problems: read
            .problems
            .into_iter()
            .map(TextProblemView::from)
            .collect(),
        secrets_removed: !read.written.secrets.is_empty(),
        config: read.written.config,
    }
}

/// What the original's old defaults left in its text; documents of our own never had them.
pub(super) fn legacy_of(read: &TextRead) -> Option<crate::api::presets::Legacy> {
    let original = read.format == TextFormat::Env || read.title.is_some();
    original
        .then(|| legacy::found(&read.written.config))
        .flatten()
}

/// A document as a text.
///
/// # Errors
/// The document has unknown keys or values of the wrong type.
pub fn to_text(format: TextFormat, config: Value) -> Result<String, Problem> {
    let written = Written::read(config);
    if !written.problems.is_empty() {
        return Err(Problem::invalid(problems(&written.problems)));
    }
    Ok(text_of(format, &written))
}

pub(super) fn text_of(format: TextFormat, written: &Written) -> String {
    match format {
        TextFormat::Toml => write_toml(written),
        TextFormat::Json => write_json(written),
        TextFormat::Env => write_env(written),
    }
}

impl From<config::TextProblem> for TextProblemView {
    fn from(told: config::TextProblem) -> Self {
        let (line, column) = told.at.unzip();
        Self {
            pointer: told.problem.pointer,
            code: told.problem.code,
            message: told.problem.message,
            hint: told.problem.hint,
            line,
            column,
        }
    }
}

/// The same without its place, said in the message where a list of problems has none.
impl From<TextProblemView> for ConfigProblem {
    fn from(told: TextProblemView) -> Self {
        let message = match told.line {
            Some(line) if !told.message.starts_with("line ") => {
                format!("line {line}: {}", told.message)
            }
            _ => told.message,
        };
        Self {
            pointer: told.pointer,
            code: told.code,
            message,
            hint: told.hint,
            origin: None,
        }
    }
}
