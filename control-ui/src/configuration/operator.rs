//! What the operator decided for every run: a mounted document, and environment variables.
//!
//! It reads the document once, when the control plane starts; what is wrong with it stops nothing and is told in the
//! log and wherever a run configuration is checked. Invariant: nothing here can be printed, since a variable may be a token.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use config::{Format, Layers, ProxyVariables};

use super::Basis;

/// Largest document and file of a secret that is read, in bytes; a larger one is refused.
const BYTES_MAX: u64 = 1024 * 1024;

/// The operator's layers of every run.
#[derive(Clone, Default)]
pub struct Operator {
    document: Option<Document>,
    variables: Vec<(String, String)>,
}

#[derive(Clone)]
struct Document {
    name: String,
    format: Format,
    text: Result<String, String>,
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Operator(hidden)")
    }
}

impl Operator {
    /// Reads the document of `CONFIG_FILE`, TOML unless its name ends in `.json`, and keeps the variables.
    #[must_use]
    pub fn read(
        config_file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let document = config_file.map(|path| Document {
            name: path.display().to_string(),
            format: match path.extension() {
                Some(end) if end.eq_ignore_ascii_case("json") => Format::Json,
                _ => Format::Toml,
            },
            text: bounded(path).map_err(|error| error.to_string()),
        });
        Self {
            document,
            variables: variables.into_iter().collect(),
        }
    }

    /// The proxies of the control plane's environment, for its loaders.
    #[must_use]
    pub fn proxies(&self) -> ProxyVariables {
        ProxyVariables::from_vars(self.variables.iter().cloned())
    }

    /// Says in the log what is wrong with it, since every run is refused until it is right or somebody overrides it.
    /// That it names no target is no fault: people name one.
    pub fn complain(&self) {
        let checked = Basis::of(self.clone()).check(None);
        let wrong = checked.problems.iter();
        for problem in wrong.filter(|problem| problem.code != "required") {
            tracing::warn!(
                "a setting of the control plane's environment or CONFIG_FILE keeps runs from starting: {problem}"
            );
        }
        for warning in &checked.warnings {
            tracing::info!(
                "a setting of the control plane's environment or CONFIG_FILE: {warning}"
            );
        }
    }

    /// Adds the operator's layers.
    pub(super) fn onto(&self, mut layers: Layers) -> Layers {
        if let Some(Document { name, format, text }) = &self.document {
            layers = match text {
                Ok(text) => layers.document(name, *format, text),
                Err(why) => layers.unreadable("CONFIG_FILE", name, why),
            };
        }
        layers.environment(self.variables.iter().cloned(), &|path| bounded(path))
    }
}

/// A file's text; what a name like `/dev/zero` would bring is cut off.
fn bounded(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?
        .take(BYTES_MAX + 1)
        .read_to_string(&mut text)?;
    if u64::try_from(read).is_ok_and(|read| read > BYTES_MAX) {
        let why = format!("it is larger than {} MiB", BYTES_MAX >> 20);
        return Err(std::io::Error::other(why));
    }
    Ok(text)
}
