//! The run configuration that people edit.
//!
//! The document rests in the store, its secrets in a file of their own, each with the server that it was given for: to
//! another one it is not sent. Invariant: who saves has seen what they replace.

use std::collections::BTreeMap;

use config::{Checked, Secret, Written};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::changes::changed;
use super::{Basis, Configurations, apart, problems};
use crate::api::configuration::{ConfigurationView, SaveConfiguration, SecretView};
use crate::api::etag::Precondition;
use crate::api::problem::{Code, Problem};
use crate::store::ConfigurationRow;
use crate::time::Timestamp;

/// Where the token of the one target is.
const TOKEN: &str = "/targets/0/token_auth";

/// Where the address of the one target is.
const ADDRESS: &str = "/targets/0/url";

/// The saved configuration; of revision 0 until somebody saves one.
pub(super) struct Saved {
    pub(super) revision: u32,
    pub(super) updated: Option<Timestamp>,
    pub(super) preset: Option<String>,
    pub(super) config: Value,
}

/// A secret of the saved configuration.
#[derive(Clone)]
pub struct KeptSecret {
    pub(super) pointer: String,
    pub(super) secret: Secret,
    /// The address that it was given for; `None` while no target was named.
    pub(super) given_for: Option<String>,
}

/// A secret in its file, in clear: the file is the owner's alone.
#[derive(Serialize, Deserialize)]
struct InFile {
    pointer: String,
    secret: String,
    given_for: Option<String>,
}

impl Configurations {
    /// The saved configuration as it is shown.
    ///
    /// # Errors
    /// The store or the file of the secrets does not answer.
    pub async fn show(&self) -> Result<ConfigurationView, Problem> {
        let saved = self.saved().await?;
        let basis = self.working_basis().await?;
        let checked = apart(move || basis.check(None)).await?;
        Ok(view(saved, &checked, &self.saved_secrets()?))
    }

    /// Saves the configuration that a request brings. The answer is what it is now, and which settings changed.
    ///
    /// # Errors
    /// It was made for another revision, it has problems of its own, or it cannot be written.
    pub async fn save(
        &self,
        new: SaveConfiguration,
        made_for: Precondition,
    ) -> Result<(ConfigurationView, Vec<String>), Problem> {
        let _saving = self.0.saving.lock().await;
        let before = self.saved().await?;
        made_for.check(before.revision.into())?;
        let mut written = Written::read(new.config);
        let mut kept = self.saved_secrets()?;
        let mut given = std::mem::take(&mut written.secrets);
        let token = new.token.map(|token| (TOKEN.to_owned(), token));
        let mut touched = Vec::new();
        for (pointer, secret) in new.secrets.into_iter().chain(token) {
            match secret {
                Some(secret) => drop(given.insert(pointer, secret)),
                None => {
                    touched.extend(
                        kept.extract_if(.., |kept| kept.pointer == pointer)
                            .map(|it| it.pointer),
                    );
                }
            }
        }
        touched.extend(given.keys().cloned());
        replace(&mut kept, given);
        let document = written.versioned();
        let basis = self.basis(new.preset.as_deref()).await?;
        let basis = basis.with_secrets(kept.clone());
        let own = document.clone();
        let (checked, mut wrong) = apart(move || own_problems(&basis, own)).await?;
        wrong.splice(0..0, written.problems);
        if !wrong.is_empty() {
            return Err(Problem::invalid(problems(&wrong)));
        }
        self.keep(
            &kept,
            checked.config.targets.first().map(|it| it.url.as_str()),
        )?;
        let saved = Saved {
            revision: before.revision + 1,
            updated: Some(self.0.clock.now()),
            preset: new.preset,
            config: document,
        };
        let mut changed = changed(&before.config, &saved.config);
        if before.preset != saved.preset {
            changed.push("the preset that it begins from".to_owned());
        }
        changed.extend(touched);
        let row = ConfigurationRow {
            revision: saved.revision,
            updated: self.0.clock.now(),
            preset: saved.preset.clone(),
            document: saved.config.clone(),
        };
        self.0.store.save_configuration(row).await?;
        Ok((view(saved, &checked, &kept), changed))
    }

    pub(super) async fn saved(&self) -> Result<Saved, Problem> {
        let row = self.0.store.configuration().await?;
        Ok(match row {
            Some(row) => Saved {
                revision: row.revision,
                updated: Some(row.updated),
                preset: row.preset,
                config: row.document,
            },
            None => Saved {
                revision: 0,
                updated: None,
                preset: None,
                config: Value::Object(serde_json::Map::new()),
            },
        })
    }

    /// The secrets of the saved configuration.
    ///
    /// # Errors
    /// Their file cannot be read.
    pub fn saved_secrets(&self) -> Result<Vec<KeptSecret>, Problem> {
        let text = self.0.secrets.read_configuration();
        let Some(text) = text.map_err(|error| Problem::internal(&error))? else {
            return Ok(Vec::new());
        };
        // The parser's message may repeat a secret.
        let kept: Vec<InFile> = serde_json::from_str(text.expose()).map_err(|_| damaged())?;
        let kept = kept.into_iter().map(|kept| KeptSecret {
            pointer: kept.pointer,
            secret: Secret::from(kept.secret),
            given_for: kept.given_for,
        });
        Ok(kept.collect())
    }

    /// Writes the secrets down. Those that were given for no server yet are for `address` from now on.
    fn keep(&self, kept: &[KeptSecret], address: Option<&str>) -> Result<(), Problem> {
        let address = address.filter(|address| !address.is_empty());
        let kept: Vec<_> = kept
            .iter()
            .map(|kept| InFile {
                pointer: kept.pointer.clone(),
                secret: kept.secret.expose().to_owned(),
                given_for: kept
                    .given_for
                    .clone()
                    .or_else(|| address.map(str::to_owned)),
            })
            .collect();
        let text = serde_json::to_string(&kept).map_err(|error| Problem::internal(&error))?;
        let text = Secret::from(text);
        let written = self
            .0
            .secrets
            .write_configuration((!kept.is_empty()).then_some(&text));
        written.map_err(|error| Problem::internal(&error))
    }
}

/// New secrets take the place of old ones.
fn replace(kept: &mut Vec<KeptSecret>, given: BTreeMap<String, Secret>) {
    kept.retain(|kept| !given.contains_key(&kept.pointer));
    kept.extend(given.into_iter().map(|(pointer, secret)| KeptSecret {
        pointer,
        secret,
        given_for: None,
    }));
}

fn damaged() -> Problem {
    Problem::new(
        Code::Internal,
        "the file of the saved token in DATA_DIR/secrets is damaged: remove it, and save the token again",
    )
}

/// Checks a document. Its own problems are those that there are with it and not without; that the target is not named
/// yet is none.
fn own_problems(basis: &Basis, document: Value) -> (Checked, Vec<config::Problem>) {
    let without = basis.check(None).problems;
    let with = basis.check(Some(document));
    let own = with.problems.iter().filter(|problem| {
        let unnamed = problem.code == "required" && problem.pointer == ADDRESS;
        !unnamed && !without.contains(problem)
    });
    let own = own.cloned().collect();
    (with, own)
}

fn view(saved: Saved, checked: &Checked, kept: &[KeptSecret]) -> ConfigurationView {
    let others = kept.iter().filter(|kept| kept.pointer != TOKEN);
    ConfigurationView {
        revision: saved.revision,
        updated_at: saved.updated,
        preset: saved.preset,
        config: without_version(saved.config),
        token: SecretView::of(checked),
        secrets: others
            .map(|kept| (kept.pointer.clone(), SecretView::saved(&kept.secret)))
            .collect(),
    }
}

/// A document as a person sees it: the version of the format is no setting.
pub(super) fn without_version(mut document: Value) -> Value {
    if let Some(document) = document.as_object_mut() {
        document.remove("version");
    }
    document
}
