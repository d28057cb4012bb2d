//! Short ways to a checked configuration.

use std::io;
use std::path::Path;

use config::{Checked, Format, Layers, Problem};
use serde_json::{Value, json};

/// A tracking URL that passes.
pub(crate) const URL: &str = "https://matomo.example/matomo.php";
/// A token that passes: 32 characters.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A machine without files.
pub(crate) fn no_files(_: &Path) -> io::Result<String> {
    Err(io::Error::from(io::ErrorKind::NotFound))
}

/// Variables as a program passes them.
pub(crate) fn vars(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Defaults with a target.
pub(crate) fn with_target() -> Layers {
    Layers::new().set("a test", "/targets/0/url", URL.into())
}

/// Defaults with a target, and these variables.
pub(crate) fn check_env(pairs: &[(&str, &str)]) -> Checked {
    with_target()
        .environment(vars(pairs), &no_files)
        .check(&no_files)
}

/// Defaults with a target, and this TOML document.
pub(crate) fn check_toml(text: &str) -> Checked {
    with_target()
        .document("run.toml", Format::Toml, text)
        .check(&no_files)
}

/// The problem with this code at this place; fails with the whole list when there is none.
#[track_caller]
pub(crate) fn find<'a>(problems: &'a [Problem], pointer: &str, code: &str) -> &'a Problem {
    problems
        .iter()
        .find(|problem| problem.pointer == pointer && problem.code == code)
        .unwrap_or_else(|| panic!("no {code} at {pointer:?} among {problems:#?}"))
}

/// The value at the pointer, as a document that holds nothing else.
pub(crate) fn document(pointer: &str, value: Value) -> Value {
    pointer
        .rsplit('/')
        .take_while(|part| !part.is_empty())
        .fold(value, |inner, part| match part {
            "0" => json!([inner]),
            name => json!({ name: inner }),
        })
}
