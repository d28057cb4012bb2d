//! Run configurations as the control plane meets them: what the operator gives, what people save, what a request
//! brings, and what they mean together.
//!
//! All rules are those of the `config` crate; the same list of problems comes out here and on the loader's command
//! line. Invariants: no file of this machine is read because a request names it; every document at rest is without
//! secrets.

pub mod changes;
pub mod compare;
mod consequences;
pub mod convert;
pub mod figures;
mod legacy;
pub mod operator;
mod preset_draft;
pub mod presets;
mod said;
pub mod working;

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use config::{Checked, Layers};
use serde_json::Value;

use crate::api::problem::{ConfigProblem, Problem};
use crate::secrets::SecretFiles;
use crate::store::Store;
use crate::time::{Clock, Timestamp};

pub use consequences::{consequences, whole_backfill};
pub use figures::figures;
pub use operator::Operator;
pub(crate) use said::number;
pub use working::KeptSecret;

/// The run configuration that people edit, their presets, and the operator's layers. Cheap to clone.
#[derive(Clone)]
pub struct Configurations(Arc<Inner>);

struct Inner {
    store: Store,
    secrets: SecretFiles,
    clock: Clock,
    operator: Operator,
    /// Held while something is saved: what was read is still so when it is written.
    saving: tokio::sync::Mutex<()>,
}

/// Everything below what a request brings. Cheap to clone; checking blocks.
#[derive(Clone, Default)]
pub struct Basis {
    operator: Operator,
    preset: Option<PresetLayer>,
    saved: Option<Value>,
    secrets: Vec<KeptSecret>,
    /// The moment against which days are checked; without it days of the future are not seen.
    now: Option<Timestamp>,
}

#[derive(Clone)]
enum PresetLayer {
    /// Built in, or of a name that nobody knows, which the check says.
    Named(String),
    Own {
        title: String,
        config: Value,
    },
}

impl Configurations {
    /// The configurations of this store.
    #[must_use]
    pub fn new(store: Store, secrets: SecretFiles, clock: Clock, operator: Operator) -> Self {
        Self(Arc::new(Inner {
            store,
            secrets,
            clock,
            operator,
            saving: tokio::sync::Mutex::default(),
        }))
    }

    /// What a request's configuration is laid upon.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn basis(&self, preset: Option<&str>) -> Result<Basis, Problem> {
        let preset = match preset {
            None => None,
            Some(name) => Some(self.preset_layer(name).await?),
        };
        Ok(Basis {
            preset,
            now: Some(self.0.clock.now()),
            ..Basis::of(self.0.operator.clone())
        })
    }

    /// What a run of the saved configuration is checked with: `check(None)` brings all of it.
    ///
    /// # Errors
    /// The store or the file of the secrets does not answer.
    pub async fn working_basis(&self) -> Result<Basis, Problem> {
        let saved = self.saved().await?;
        let mut basis = self.basis(saved.preset.as_deref()).await?;
        basis.saved = Some(saved.config);
        basis.secrets = self.saved_secrets()?;
        Ok(basis)
    }

    async fn preset_layer(&self, name: &str) -> Result<PresetLayer, Problem> {
        let own = self.0.store.preset(name.to_owned()).await?;
        Ok(match own.filter(|row| row.deleted.is_none()) {
            Some(row) => PresetLayer::Own {
                title: row.title,
                config: presets::config_of(row.document),
            },
            None => PresetLayer::Named(name.to_owned()),
        })
    }
}

impl Basis {
    /// The operator's layers alone.
    #[must_use]
    pub fn of(operator: Operator) -> Self {
        Self {
            operator,
            ..Self::default()
        }
    }

    /// The same with the secrets of the saved configuration.
    #[must_use]
    pub fn with_secrets(mut self, secrets: Vec<KeptSecret>) -> Self {
        self.secrets = secrets;
        self
    }

    /// The same for a run whose time zero is another moment.
    #[must_use]
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.now = Some(moment);
        self
    }

    /// Checks a run configuration: this, and above it what a request brings.
    #[must_use]
    pub fn check(&self, config: Option<Value>) -> Checked {
        let mut layers = self.operator.onto(Layers::new());
        match &self.preset {
            Some(PresetLayer::Named(name)) => layers = layers.preset(name),
            Some(PresetLayer::Own { title, config }) => {
                layers = layers.own_preset(title, config.clone());
            }
            None => {}
        }
        if let Some(saved) = &self.saved {
            layers = layers.person(saved.clone());
        }
        for kept in &self.secrets {
            let (secret, server) = (kept.secret.clone(), kept.given_for.as_deref());
            layers = layers.person_secret(&kept.pointer, secret, server);
        }
        if let Some(value) = config {
            layers = layers.person(value);
        }
        if let Some(now) = self
            .now
            .and_then(|now| DateTime::from_timestamp_millis(now.0))
        {
            layers = layers.now(now);
        }
        simulation::check(layers.check(&no_files))
    }
}

/// A path in a request would be a path of the control plane, which holds secrets; and a loader elsewhere could not
/// read it.
fn no_files(_: &Path) -> std::io::Result<String> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "the control plane reads no files for a run",
    ))
}

/// Reads a `LOG_LEVEL` as a loader does, so that one `.env` file serves both; empty means not set.
///
/// # Errors
/// It is none of the levels; the message names them.
pub fn log_level(text: &str) -> Result<config::LogLevel, String> {
    let variable = ("LOG_LEVEL".to_owned(), text.to_owned());
    let checked = Layers::new()
        .environment([variable], &no_files)
        .check(&no_files);
    let problem = checked
        .problems
        .iter()
        .find(|problem| problem.pointer == "/logging/level");
    match problem {
        Some(problem) => Err(problem.to_string()),
        None => Ok(checked.config.logging.level),
    }
}

/// Problems as the API shows them.
#[must_use]
pub fn problems(found: &[config::Problem]) -> Vec<ConfigProblem> {
    found.iter().map(ConfigProblem::from).collect()
}

/// Does what blocks where blocking is fine: checking a long list takes a while.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::internal(&error))
}
