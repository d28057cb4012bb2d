//! From the command line, documents and environment to a checked run plan.
//!
//! It reads files and the environment and hands the text on; what is right or wrong is decided by `config` alone.
//!
//! Invariants: every problem is told at once; a hand-over file of secrets is gone once it was read.

use std::io::Read as _;
use std::path::Path;

use config::{Checked, Layers, Problem, RunPlan, Secrets};

use crate::cli::Common;

/// Visits of a trial that a target gets without being confirmed.
pub const UNCONFIRMED_VISITS: u64 = 50;

/// Longest document that is read, in bytes; a longer one is refused.
const MAX_DOCUMENT: u64 = 32 * 1024 * 1024;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The configuration is wrong; every problem is listed, and every warning.
    #[error("{}", list(.problems, .warnings))]
    Problems {
        /// What keeps the run from beginning.
        problems: Vec<Problem>,
        /// What would not have.
        warnings: Vec<Problem>,
    },
    /// A file named on the command line cannot be used.
    #[error("{what} {path}: {source}")]
    File {
        /// What it is for.
        what: &'static str,
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The hand-over file holds something else.
    #[error("secrets file {path}: {source}")]
    Secrets {
        /// Its path.
        path: String,
        /// Why; never what it holds.
        source: config::SecretsError,
    },
    /// A full run against a target that nobody confirmed.
    #[error(
        "the target {host} is not confirmed{}: add --confirm-target {host} if it is meant to take this load, \
         or take --trial {UNCONFIRMED_VISITS} for a first look",
        typed(.given.as_deref())
    )]
    Unconfirmed {
        /// The host to type back.
        host: String,
        /// What was typed.
        given: Option<String>,
    },
    /// A full run against a host where each hit costs money.
    #[error(
        "{0} bills by hits, so a run there needs an end: set load.stop_after_hits (STOP_AFTER_HITS) to the number of \
         hits that it may cost, or take --trial {UNCONFIRMED_VISITS} for a first look"
    )]
    NeedsBudget(String),
}

fn list(problems: &[Problem], warnings: &[Problem]) -> String {
    let problem_lines = problems.iter().map(|problem| format!("  {problem}"));
    let warning_lines = warnings
        .iter()
        .map(|warning| format!("  warning: {warning}"));
    let lines: Vec<String> = problem_lines.chain(warning_lines).collect();
    let what = if problems.len() == 1 {
        "the run configuration has a problem:".to_owned()
    } else {
        format!("the run configuration has {} problems:", problems.len())
    };
    format!("{what}\n{}", lines.join("\n"))
}

fn typed(given: Option<&str>) -> String {
    given.map_or_else(String::new, |host| {
        format!(" (--confirm-target says {host})")
    })
}

/// Reads all layers and checks them.
///
/// # Errors
/// When a file cannot be read; problems of the configuration are in the value.
pub fn check(common: &Common, secrets: Option<Secrets>) -> Result<Checked, InputError> {
    let mut layers = Layers::new();
    if let Some(name) = &common.preset {
        layers = layers.preset(name);
    }
    if let Some(path) = &common.config {
        let text = read_document(path)?;
        layers = layers.document(&origin(path), format_of(path, &text), &text);
    }
    layers = layers.environment(std::env::vars_os().filter_map(both_text), &read_file);
    for (option, pointer, value) in [
        ("--seed", "/audience/seed", common.seed.map(Into::into)),
        (
            "--population",
            "/audience/population",
            common.population.clone().map(Into::into),
        ),
    ] {
        if let Some(value) = value {
            layers = layers.set(option, pointer, value);
        }
    }
    if let Some(secrets) = secrets {
        layers = layers.secrets(secrets);
    }
    let checked = layers.now(chrono::Utc::now()).check(&read_file);
    Ok(simulation::check(checked))
}

/// The plan of a checked configuration; its warnings stay with the caller.
///
/// # Errors
/// [`InputError::Problems`] with all of them.
pub fn plan(checked: Checked) -> Result<(RunPlan, Vec<Problem>), InputError> {
    match checked.plan {
        Some(plan) if checked.problems.is_empty() => Ok((plan, checked.warnings)),
        _ => Err(InputError::Problems {
            problems: checked.problems,
            warnings: checked.warnings,
        }),
    }
}

/// Nobody loads a production Matomo by accident: more than a small trial needs the target's host typed back.
///
/// Where hits cost money, it needs a hit budget too.
///
/// # Errors
/// [`InputError::Unconfirmed`] and [`InputError::NeedsBudget`] with the way out.
pub fn confirm(common: &Common, plan: &RunPlan) -> Result<(), InputError> {
    let small = common
        .trial
        .is_some_and(|visits| visits <= UNCONFIRMED_VISITS);
    let target = &plan.targets[0];
    if !small && target.is_billed_by_hits() && plan.load.stop.after_hits.is_none() {
        return Err(InputError::NeedsBudget(target.host.clone()));
    }
    let host = &target.host;
    let given = common.confirm_target.as_deref();
    if given == Some(host) || small && given.is_none() {
        return Ok(());
    }
    Err(InputError::Unconfirmed {
        host: host.clone(),
        given: common.confirm_target.clone(),
    })
}

/// Reads the hand-over file and deletes it.
///
/// # Errors
/// When it cannot be read, deleted or understood. It is deleted in the last case too.
pub fn take_secrets(path: &Path) -> Result<Secrets, InputError> {
    let file_error = |source| InputError::File {
        what: "secrets file",
        path: path.display().to_string(),
        source,
    };
    let text = std::fs::read_to_string(path).map_err(file_error)?;
    std::fs::remove_file(path).map_err(file_error)?;
    Secrets::from_json(&text).map_err(|source| InputError::Secrets {
        path: path.display().to_string(),
        source,
    })
}

fn read_document(path: &Path) -> Result<String, InputError> {
    let mut text = String::new();
    let read = if is_stdin(path) {
        std::io::stdin()
            .lock()
            .take(MAX_DOCUMENT)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_DOCUMENT).read_to_string(&mut text))
    };
    read.and_then(|bytes| {
        if bytes as u64 == MAX_DOCUMENT {
            return Err(std::io::Error::other("longer than 32 MiB"));
        }
        Ok(text)
    })
    .map_err(|source| InputError::File {
        what: "run configuration",
        path: origin(path),
        source,
    })
}

fn read_file(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn origin(path: &Path) -> String {
    if is_stdin(path) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn format_of(path: &Path, text: &str) -> config::Format {
    let json = match path.extension().and_then(|ending| ending.to_str()) {
        Some(ending) if ending.eq_ignore_ascii_case("json") => true,
        Some(ending) if ending.eq_ignore_ascii_case("toml") => false,
        _ => text.trim_start().starts_with('{'),
    };
    if json {
        config::Format::Json
    } else {
        config::Format::Toml
    }
}

/// The proxy variables of the environment.
pub fn proxy_variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(both_text)
        .filter(|(name, _)| name.to_ascii_lowercase().ends_with("_proxy"))
}

/// Variables that are not text are nobody's settings.
fn both_text((name, value): (std::ffi::OsString, std::ffi::OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.into_string().ok()?))
}
