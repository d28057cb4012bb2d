//! Run configurations as texts that are written.
//!
//! Each setting bears its name for people as a comment, where the format has comments. Only what a document sets is
//! written, in the order of declaration.

use std::fmt::Write as _;

use serde_json::Value;

use super::env_file::quoted;
use crate::catalogue::{self, Setting};
use crate::reference::as_text;
use crate::sections::VERSION;
use crate::written::Written;

const INTRO: &str =
    "# A run configuration of Trafficinator. What is not set here keeps its default.\n";

/// The document as TOML, with a short comment on each setting.
#[must_use]
pub fn write_toml(written: &Written) -> String {
    let mut text = format!("{INTRO}\nversion = {VERSION}\n");
    let mut section = "";
    for (setting, value) in given(written) {
        let Some((place, name)) = setting.pointer.rsplit_once('/') else {
            continue;
        };
        if place != section {
            section = place;
            let heading = match place {
                "/targets/0" => "[[targets]]".to_owned(),
                place => format!("[{}]", place[1..].replace('/', ".")),
            };
            let _ = write!(text, "\n{heading}\n");
        }
        let unit = setting
            .unit
            .as_deref()
            .map_or_else(String::new, |unit| format!(", {unit}"));
        let _ = writeln!(
            text,
            "{name} = {} # {}{unit}",
            toml_value(value),
            setting.title
        );
    }
    text
}

/// The document as JSON.
#[must_use]
pub fn write_json(written: &Written) -> String {
    format!("{:#}\n", written.versioned())
}

/// The document as lines for an `.env` file, with a short comment on each setting.
#[must_use]
pub fn write_env(written: &Written) -> String {
    let mut text = INTRO.to_owned();
    let mut group = "";
    for (setting, value) in given(written) {
        let Some(name) = &setting.env else { continue };
        if setting.group != group {
            group = &setting.group;
            let _ = write!(text, "\n# {group}\n");
        }
        let _ = writeln!(text, "{name}={}", quoted(&as_text(value)));
    }
    text
}

fn given(written: &Written) -> impl Iterator<Item = (&'static Setting, &Value)> {
    catalogue::settings()
        .filter(|setting| !setting.secret && setting.env.is_some())
        .filter_map(|setting| Some((setting, written.config.pointer(&setting.pointer)?)))
}

/// A value on one line.
fn toml_value(value: &Value) -> String {
    toml::Value::try_from(value).map_or_else(|_| value.to_string(), |value| value.to_string())
}
