//! What is written of a preset, checked before it is kept.
//!
//! Invariants: a title is short, on one line, and no other preset has it; a document is without target and secrets,
//! and of bounded size.

use config::{Layers, Written};
use serde_json::{Value, json};

use super::presets::built_in;
use super::{apart, no_files, problems};
use crate::api::problem::{ConfigProblem, Problem};
use crate::store::PresetRow;

/// Largest preset, in bytes of JSON. A larger one is refused.
const BYTES_MAX: usize = 64 * 1024;

/// Longest title, in characters.
const TITLE_MAX: usize = 60;

/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 300;

/// What is written of a preset, checked.
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) document: Value,
    /// Pointers of what belongs to no preset and was given.
    pub(super) removed: Vec<String>,
}

/// What a preset is to be made of.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) config: Value,
    /// Whether it comes from the Python original, whose old defaults are then pointed out.
    pub(super) original: bool,
}

/// Checks what a preset is to be made of. `rows` are the presets that there are, `own_id` is the one that changes.
pub(super) async fn draft(
    wanted: Wanted,
    rows: &[PresetRow],
    own_id: Option<&str>,
) -> Result<Draft, Problem> {
    let Wanted {
        title: text,
        description,
        config,
        original,
    } = wanted;
    let title = title(&text, rows, own_id);
    let mut wrong = Vec::new();
    let title = title
        .map_err(|problem| wrong.push(problem))
        .unwrap_or_default();
    let description = description.unwrap_or_default().trim().to_owned();
    if description.chars().count() > DESCRIPTION_MAX || description.chars().any(char::is_control) {
        wrong.push(own_problem(
            "/description",
            "text.length",
            format!(
                "the description must have at most {DESCRIPTION_MAX} characters and no line breaks"
            ),
            "shorten it",
        ));
    }
    let mut written = Written::read(config);
    let removed = written.take_targets();
    wrong.extend(problems(&written.problems));
    let document = written.versioned();
    let checked = document.clone();
    let found = apart(move || Layers::new().person(checked).check(&no_files).problems).await?;
    let own = found
        .iter()
        .filter(|problem| problem.pointer != "/targets/0/url");
    wrong.extend(own.map(ConfigProblem::from));
    let document = json!({ "description": description, "config": document, "original": original });
    let bytes = document.to_string().len();
    if bytes > BYTES_MAX {
        wrong.push(own_problem(
            "",
            "preset.too_large",
            format!("the preset has {bytes} bytes, and {BYTES_MAX} is the limit"),
            "leave out long lists",
        ));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    Ok(Draft {
        title,
        document,
        removed,
    })
}

/// A title like this one that no other preset has.
pub(super) fn free_title(text: &str, rows: &[PresetRow]) -> String {
    let numbered = (2_u32..).map(|number| format!("{text} ({number})"));
    std::iter::once(text.to_owned())
        .chain(numbered)
        .find(|text| title(text, rows, None).is_ok() || text.chars().count() > TITLE_MAX)
        .unwrap_or_default()
}

/// A title as it is stored, if no other preset has it.
fn title(text: &str, rows: &[PresetRow], own_id: Option<&str>) -> Result<String, ConfigProblem> {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let refuse = |code, message: String, hint| Err(own_problem("/title", code, message, hint));
    let length = title.chars().count();
    if length == 0 || length > TITLE_MAX || title.chars().any(char::is_control) {
        let message = format!("a title has 1 to {TITLE_MAX} characters, and this one {length}");
        return refuse(
            "text.length",
            message,
            "give a short name, such as Spring sale",
        );
    }
    let others = rows
        .iter()
        .filter(|row| row.deleted.is_none() && Some(row.id.as_str()) != own_id)
        .map(|row| row.title.as_str())
        .chain(built_in().iter().map(|preset| preset.title.as_str()));
    let lower = title.to_lowercase();
    for other in others {
        if other.to_lowercase() == lower {
            let message = format!("there is a preset named {other:?} already");
            return refuse("preset.title_taken", message, "give it another name");
        }
    }
    Ok(title)
}

/// An id that reads like the title and that no other preset has, deleted ones included.
pub(super) fn free_id(title: &str, rows: &[PresetRow]) -> String {
    let letters: String = title
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<_> = letters.split_whitespace().collect();
    let stem = match words.join("-") {
        stem if stem.is_empty() => "preset".to_owned(),
        stem => stem,
    };
    let taken = |id: &str| {
        rows.iter().any(|row| row.id == id) || built_in().iter().any(|preset| preset.id == id)
    };
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.clone())
        .chain(numbered)
        .find(|id| !taken(id))
        .unwrap_or(stem)
}

fn own_problem(pointer: &str, code: &str, message: String, hint: &str) -> ConfigProblem {
    ConfigProblem {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message,
        hint: Some(hint.to_owned()),
        origin: None,
    }
}
