//! Tokens, and how they are kept apart from everything that is written down.
//!
//! For: carrying a token from where a person gave it to the request that needs it, and handing it to
//! a loader in a file of its own. Not for: deciding where that file lies or who deletes it.
//! Invariant: nothing here can be printed, logged or serialised by accident; the only ways out are
//! [`Secret::expose`] and [`Secrets::to_json_exposed`], both easy to find in a review.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// Text that must not be seen: no `Display`, no `Serialize`, a `Debug` without the content, and
/// memory that is overwritten when the value is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself, for the one place that puts it into a request body.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// The secrets of a run configuration, taken out so that the rest can be stored.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// One entry for each target, in the order of the run configuration's `targets`.
    pub targets: Vec<TargetSecret>,
}

/// The secrets of one target.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSecret {
    /// The target's `token_auth`, if it has one.
    #[serde(default)]
    pub token_auth: Option<Secret>,
}

/// Why a hand-over file could not be read. Says where, never what.
#[derive(Debug, thiserror::Error)]
#[error(
    "the hand-over file is not of the form {{\"targets\":[{{\"token_auth\":\"…\"}}]}} \
     (line {line}, column {column})"
)]
pub struct SecretsError {
    line: usize,
    column: usize,
}

impl Secrets {
    /// The hand-over file's text, **with the tokens in clear**: `{"targets":[{"token_auth":"…"}]}`.
    /// Write it with mode 0600 or 0400 and to nowhere else.
    pub fn to_json_exposed(&self) -> String {
        let targets: Vec<_> = self
            .targets
            .iter()
            .map(|target| match &target.token_auth {
                Some(token) => serde_json::json!({ "token_auth": token.expose() }),
                None => serde_json::json!({}),
            })
            .collect();
        serde_json::json!({ "targets": targets }).to_string()
    }

    /// Reads what [`Secrets::to_json_exposed`] wrote.
    pub fn from_json(text: &str) -> Result<Self, SecretsError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct HandOver {
            targets: Vec<TargetSecret>,
        }
        serde_json::from_str::<HandOver>(text)
            .map(|read| Self {
                targets: read.targets,
            })
            // The parser's own message may quote the text, so only its position is kept.
            .map_err(|error| SecretsError {
                line: error.line(),
                column: error.column(),
            })
    }

    /// True when no target has a token.
    pub fn is_empty(&self) -> bool {
        self.targets
            .iter()
            .all(|target| target.token_auth.is_none())
    }
}
