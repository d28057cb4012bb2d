//! The environment as a layer.
//!
//! For: the environment names of settings, `NAME_FILE` for secrets, and the names of the Python
//! original that have no setting here. Not for: reading the process's environment or files; programs
//! pass both. Invariant: a known name is used or complained about, never ignored; an unrelated
//! variable is never complained about.

use std::io;
use std::path::Path;

use serde_json::Value;

use crate::catalogue::{self, Setting};
use crate::origin::{Origin, OriginKind};
use crate::problem::{Problem, quoted};
use crate::shape::Leaves;
use crate::value::{boolean, from_text};
use crate::{KNOWN_DEFAULT_KEYS, Read};

/// Shorter names are too easily near a name by chance.
const MIN_NEAR_MISS: usize = 8;
/// So many slips make a near miss.
const MAX_SLIPS: usize = 2;

/// What the environment gave.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) leaves: Leaves,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl Environment {
    pub(crate) fn read(vars: impl IntoIterator<Item = (String, String)>, read: Read<'_>) -> Self {
        let mut environment = Self::default();
        let mut vars: Vec<_> = vars
            .into_iter()
            .map(|(name, value)| (name, unquoted(value.trim()).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        // The same list of problems whatever order the system keeps its variables in.
        vars.sort();
        for (name, value) in &vars {
            environment.variable(name, value, &vars, read);
        }
        environment
    }

    fn variable(&mut self, name: &str, value: &str, all: &[(String, String)], read: Read<'_>) {
        let origin = Origin::new(OriginKind::Environment, name);
        if let Some(setting) = catalogue::by_env(name) {
            self.set(setting, value, &origin);
        } else if let Some((plain, setting)) = secret_file(name) {
            if all.iter().any(|(other, _)| other == plain) {
                let message = format!("both {plain} and {name} are set");
                self.problems.push(
                    Problem::new(&setting.pointer, "conflict", message)
                        .hint("keep one of them")
                        .origin(&origin),
                );
            }
            self.file(setting, value, &origin, read);
        } else if let Some(verdict) = original_only(name, value) {
            match verdict {
                Verdict::Fine => {}
                Verdict::Refused(problem) => self.problems.push(problem.origin(&origin)),
                Verdict::Useless(warning) => self.warnings.push(warning.origin(&origin)),
            }
        } else if let Some(near) = near_miss(name) {
            self.warnings.push(
                Problem::new("", "near_miss", format!("{} is no setting", quoted(name)))
                    .hint(format!("did you mean {near}?"))
                    .origin(&origin),
            );
        }
    }

    fn set(&mut self, setting: &Setting, text: &str, origin: &Origin) {
        let value = from_text(&setting.shape, text);
        let leaves = Leaves::read(at(&setting.pointer, value), origin, &mut self.problems);
        // One target: nothing is left behind within a layer.
        self.leaves.values.extend(leaves.values);
        self.leaves.secrets.extend(leaves.secrets);
    }

    fn file(&mut self, setting: &Setting, file: &str, origin: &Origin, read: Read<'_>) {
        match read(Path::new(file)) {
            Ok(text) if text.trim().is_empty() => self.warnings.push(
                Problem::new(
                    &setting.pointer,
                    "empty_file",
                    format!(
                        "the file {} is empty, which counts as not set",
                        quoted(file)
                    ),
                )
                .hint("write the secret into it, or remove the variable")
                .origin(origin),
            ),
            Ok(text) => {
                let name = format!("{}, file {file}", origin.name);
                let origin = Origin::new(OriginKind::Environment, &name);
                self.set(setting, text.trim(), &origin);
            }
            Err(error) => self
                .problems
                .push(unreadable(&setting.pointer, file, &error).origin(origin)),
        }
    }
}

/// A file that could not be read.
pub(crate) fn unreadable(pointer: &str, file: &str, error: &io::Error) -> Problem {
    let message = format!("the file {} could not be read: {error}", quoted(file));
    Problem::new(pointer, "unreadable", message)
        .hint("check the path, and that the program may read it")
}

/// A tree with one value.
pub(crate) fn at(pointer: &str, value: Value) -> Value {
    crate::shape::tree([(pointer, &value)].into_iter())
}

/// Quotes around a value, which `docker run --env-file` keeps and compose removes.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .map_or(value, str::trim)
}

/// `MATOMO_TOKEN_AUTH_FILE`: the secret stands in a file.
fn secret_file(name: &str) -> Option<(&str, &'static Setting)> {
    let plain = name.strip_suffix("_FILE")?;
    catalogue::by_env(plain)
        .filter(|setting| setting.secret)
        .map(|setting| (plain, setting))
}

enum Verdict {
    Fine,
    Refused(Problem),
    Useless(Problem),
}

/// Names of the Python original that no setting has.
fn original_only(name: &str, value: &str) -> Option<Verdict> {
    let refused = |code, message: &str, hint: &str| {
        Verdict::Refused(Problem::new("", code, message).hint(hint))
    };
    Some(match (name, boolean(value)) {
        ("AUTO_START", Some(true)) => Verdict::Fine,
        ("AUTO_START", Some(false)) => refused(
            "refused",
            "AUTO_START=false asks for an idle loader that waits for a signal; there is none",
            "remove it: a loader sends when it is started, and the control plane starts loaders",
        ),
        ("AUTO_START", None) => refused(
            "wrong_type",
            &format!("AUTO_START: {} is not true or false", quoted(value)),
            "remove it, or set it to true",
        ),
        ("START_SIGNAL_FILE" | "START_CHECK_INTERVAL", _) => Verdict::Useless(
            Problem::new(
                "",
                "no_effect",
                format!("{name} has no effect: no loader waits for a file"),
            )
            .hint("remove it"),
        ),
        ("CONTROL_UI_API_KEY", _) if KNOWN_DEFAULT_KEYS.contains(&value) => refused(
            "default_key",
            "CONTROL_UI_API_KEY is a key that everybody knows",
            "set a long random one, or remove it and sign in by the link that the log prints",
        ),
        ("CONTROL_UI_API_KEY", _) => Verdict::Fine,
        _ => return None,
    })
}

/// The name that was probably meant.
fn near_miss(name: &str) -> Option<&'static str> {
    if name.len() < MIN_NEAR_MISS {
        return None;
    }
    let upper = name.to_ascii_uppercase();
    catalogue::settings()
        .filter_map(|setting| setting.env.as_deref())
        .filter(|known| known.len() >= MIN_NEAR_MISS)
        .map(|known| (strsim::damerau_levenshtein(&upper, known), known))
        .filter(|(slips, _)| *slips <= MAX_SLIPS)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, known)| known)
}
