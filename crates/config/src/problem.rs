//! What is wrong with a run configuration, in words that a person can act on.
//!
//! For: one list that the command line, the API and the form show alike. Not for: finding problems.
//! Invariant: a problem names the setting, the value (never a secret), the rule, where the value came
//! from and, where there is one, the way out.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One problem or warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// JSON pointer of the setting, such as `/load/concurrency`; empty for a whole document.
    pub pointer: String,
    /// Stable name of the rule that was broken, such as `above_limit`.
    pub code: String,
    /// What is wrong, with the value and the rule.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where the value came from: a file, an environment variable, a preset, an option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Problem {
    pub(crate) fn new(pointer: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            message: message.into(),
            hint: None,
            origin: None,
        }
    }

    /// The same problem at this place.
    pub(crate) fn at(mut self, pointer: &str) -> Self {
        self.pointer = pointer.to_owned();
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn origin(mut self, origin: impl fmt::Display) -> Self {
        self.origin = Some(origin.to_string());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", path(&self.pointer))?;
        }
        f.write_str(&self.message)?;
        if let Some(origin) = &self.origin {
            write!(f, " ({origin})")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

/// `/targets/0/url` as a person writes it: `targets[0].url`.
pub(crate) fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if !path.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        let key = part.replace("~1", "/").replace("~0", "~");
        path.extend(key.chars().take(MAX_SHOWN).flat_map(char::escape_debug));
    }
    path
}

/// Longest value shown in a message, in characters; what is longer is cut.
const MAX_SHOWN: usize = 80;

/// Text from outside as it may appear in a message: in quotes, escaped, of bounded length.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
