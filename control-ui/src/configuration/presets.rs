//! Presets: the built-in ones, and those that people make of a run configuration.
//!
//! Invariants: a preset holds no target and no token; what a request names it by never changes; one that was deleted
//! can be restored for a while.

use std::sync::LazyLock;

use config::{Layers, TextFormat, Written, read_text};
use serde_json::{Value, json};

use super::changes::changed;
use super::convert::{legacy_of, text_of};
use super::preset_draft::{Draft, Wanted, draft, free_id, free_title};
use super::working::without_version;
use super::{Configurations, apart, legacy, no_files};
use crate::api::convert::TextProblemView;
use crate::api::etag::Precondition;
use crate::api::presets::{ImportPreset, NewPreset, PresetView, SavePreset, SavedPreset};
use crate::api::problem::{Code, Problem};
use crate::store::PresetRow;
use crate::time::Timestamp;

/// Presets of people's own, deleted ones too. One more is refused.
const PRESETS_MAX: usize = 100;

/// How long a deleted preset can be restored.
const RESTORABLE_MS: i64 = 30 * 24 * 3600 * 1000;

impl Configurations {
    /// All presets: the built-in ones, then people's own by title.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn presets(&self) -> Result<Vec<PresetView>, Problem> {
        let own = self.0.store.presets().await?;
        let own = own.into_iter().filter(|row| row.deleted.is_none());
        let mut presets = built_in().to_vec();
        presets.extend(own.map(own_view));
        Ok(presets)
    }

    /// One preset.
    ///
    /// # Errors
    /// There is none of this id.
    pub async fn preset(&self, id: &str) -> Result<PresetView, Problem> {
        match built_in().iter().find(|preset| preset.id == id) {
            Some(preset) => Ok(preset.clone()),
            None => self.own(id).await.map(own_view),
        }
    }

    /// Makes a preset.
    ///
    /// # Errors
    /// Its title or its configuration has problems, or there are as many as are allowed.
    pub async fn create_preset(&self, new: NewPreset) -> Result<SavedPreset, Problem> {
        let config = match new.from {
            Some(_) => self.saved().await?.config,
            None => new.config.unwrap_or_else(|| json!({})),
        };
        self.add(Wanted {
            title: new.title,
            description: new.description,
            config,
            original: false,
        })
        .await
    }

    /// Makes a preset like another one.
    ///
    /// # Errors
    /// As for making one, or there is none of this id.
    pub async fn duplicate_preset(&self, id: &str, title: String) -> Result<SavedPreset, Problem> {
        let like = self.preset(id).await?;
        self.add(Wanted {
            title,
            description: Some(like.description),
            config: like.config,
            original: like.legacy.is_some(),
        })
        .await
    }

    /// Makes a preset of a text.
    ///
    /// # Errors
    /// As for making one, or the text has problems.
    pub async fn import_preset(&self, new: ImportPreset) -> Result<SavedPreset, Problem> {
        let ImportPreset {
            text,
            format,
            title,
        } = new;
        let read = apart(move || read_text(format.known(), &text)).await?;
        let original = legacy_of(&read).is_some();
        let secrets = read.written.secrets.into_keys();
        let told = read.problems.into_iter().map(TextProblemView::from);
        // A name that is nearly one of a setting is only warned of.
        let problems: Vec<_> = told.filter(|problem| !is_warning(&problem.code)).collect();
        if !problems.is_empty() {
            return Err(Problem::invalid(
                problems.into_iter().map(Into::into).collect(),
            ));
        }
        let title = match title.or(read.title) {
            Some(title) => title,
            None => free_title("Imported preset", &self.0.store.presets().await?),
        };
        let mut saved = self
            .add(Wanted {
                title,
                config: read.written.config,
                original,
                ..Wanted::default()
            })
            .await?;
        saved.removed.extend(secrets);
        saved.removed.sort();
        Ok(saved)
    }

    async fn add(&self, wanted: Wanted) -> Result<SavedPreset, Problem> {
        let _saving = self.0.saving.lock().await;
        let now = self.0.clock.now();
        self.forget(now).await?;
        let rows = self.0.store.presets().await?;
        if rows.len() >= PRESETS_MAX {
            return Err(Problem::new(
                Code::PresetsTooMany,
                format!(
                    "there are {PRESETS_MAX} presets, deleted ones that can be restored included, which is the limit"
                ),
            ));
        }
        let draft = draft(wanted, &rows, None).await?;
        let row = PresetRow {
            id: free_id(&draft.title, &rows),
            revision: 1,
            title: draft.title,
            created: now,
            updated: now,
            deleted: None,
            document: draft.document,
        };
        self.0.store.save_preset(row.clone()).await?;
        Ok(SavedPreset::of(own_view(row), draft.removed))
    }

    /// Changes a preset. The answer is what it is now, and which settings changed.
    ///
    /// # Errors
    /// It is built in, was changed in the meantime, or has problems.
    pub async fn save_preset(
        &self,
        id: &str,
        new: SavePreset,
        made_for: Precondition,
    ) -> Result<(SavedPreset, Vec<String>), Problem> {
        let _saving = self.0.saving.lock().await;
        let row = self.own(id).await?;
        made_for.check(row.revision.into())?;
        let rows = self.0.store.presets().await?;
        let wanted = Wanted {
            title: new.title,
            description: new.description,
            config: new.config,
            original: false,
        };
        let draft = draft(wanted, &rows, Some(id)).await?;
        self.replace_preset(row, draft).await
    }

    /// Gives a preset of the original the later defaults; says which settings that changed.
    ///
    /// # Errors
    /// It is built in, or there is none of this id.
    pub async fn migrate_preset(&self, id: &str) -> Result<(SavedPreset, Vec<String>), Problem> {
        let _saving = self.0.saving.lock().await;
        let row = self.own(id).await?;
        let rows = self.0.store.presets().await?;
        let wanted = Wanted {
            title: row.title.clone(),
            description: row.document["description"].as_str().map(str::to_owned),
            config: legacy::migrated(config_of(row.document.clone())),
            original: false,
        };
        let draft = draft(wanted, &rows, Some(id)).await?;
        self.replace_preset(row, draft).await
    }

    async fn replace_preset(
        &self,
        row: PresetRow,
        draft: Draft,
    ) -> Result<(SavedPreset, Vec<String>), Problem> {
        let mut changed = changed(&row.document["config"], &draft.document["config"]);
        if row.title != draft.title {
            changed.push("the title".to_owned());
        }
        if row.document["description"] != draft.document["description"] {
            changed.push("the description".to_owned());
        }
        let row = PresetRow {
            revision: row.revision + 1,
            title: draft.title,
            updated: self.0.clock.now(),
            document: draft.document,
            ..row
        };
        self.0.store.save_preset(row.clone()).await?;
        Ok((SavedPreset::of(own_view(row), draft.removed), changed))
    }

    /// Deletes a preset; it can be restored for 30 days.
    ///
    /// # Errors
    /// It is built in, or there is none of this id.
    pub async fn delete_preset(&self, id: &str) -> Result<(), Problem> {
        let _saving = self.0.saving.lock().await;
        let row = self.own(id).await?;
        let now = self.0.clock.now();
        let row = PresetRow {
            revision: row.revision + 1,
            deleted: Some(now),
            ..row
        };
        self.0.store.save_preset(row).await?;
        self.forget(now).await
    }

    /// Takes the deletion of a preset back. Its title gets a number when another one has it by now.
    ///
    /// # Errors
    /// There is none of this id, or it is too long ago.
    pub async fn restore_preset(&self, id: &str) -> Result<PresetView, Problem> {
        let _saving = self.0.saving.lock().await;
        self.forget(self.0.clock.now()).await?;
        let rows = self.0.store.presets().await?;
        let row = rows.iter().find(|row| row.id == id).ok_or_else(unknown)?;
        let title = match row.deleted {
            Some(_) => free_title(&row.title, &rows),
            None => return Ok(own_view(row.clone())),
        };
        let row = PresetRow {
            revision: row.revision + 1,
            title,
            deleted: None,
            ..row.clone()
        };
        self.0.store.save_preset(row.clone()).await?;
        Ok(own_view(row))
    }

    /// A preset as a text.
    ///
    /// # Errors
    /// There is none of this id.
    pub async fn export_preset(&self, id: &str, format: TextFormat) -> Result<String, Problem> {
        let built_in = config::presets().iter().find(|preset| preset.name == id);
        if let Some(preset) = built_in.filter(|_| format == TextFormat::Toml) {
            // With its comments.
            return Ok(preset.toml.to_owned());
        }
        let preset = self.preset(id).await?;
        Ok(text_of(format, &Written::read(preset.config)))
    }

    /// A preset of somebody's own that was not deleted.
    async fn own(&self, id: &str) -> Result<PresetRow, Problem> {
        if built_in().iter().any(|preset| preset.id == id) {
            return Err(Problem::new(
                Code::PresetBuiltIn,
                format!("{id} is built in and stays as it is; duplicate it and change the copy"),
            ));
        }
        let row = self.0.store.preset(id.to_owned()).await?;
        row.filter(|row| row.deleted.is_none()).ok_or_else(unknown)
    }

    async fn forget(&self, now: Timestamp) -> Result<(), Problem> {
        let since = Timestamp(now.0 - RESTORABLE_MS);
        Ok(self.0.store.forget_presets(since).await?)
    }
}

fn unknown() -> Problem {
    Problem::new(
        Code::NotFound,
        "no preset of this id; GET /api/presets lists them",
    )
}

/// What is told of a text and keeps nobody from using it.
fn is_warning(code: &str) -> bool {
    matches!(code, "near_miss" | "no_effect")
}

/// The built-in presets.
pub(super) fn built_in() -> &'static [PresetView] {
    static PRESETS: LazyLock<Vec<PresetView>> =
        LazyLock::new(|| config::presets().iter().map(built_in_view).collect());
    &PRESETS
}

fn built_in_view(preset: &config::Preset) -> PresetView {
    let config: Value = toml::from_str(preset.toml).unwrap_or_default();
    PresetView {
        id: preset.name.to_owned(),
        title: preset.title.to_owned(),
        description: preset.description.to_owned(),
        built_in: true,
        revision: None,
        created_at: None,
        updated_at: None,
        visits_per_day: visits_per_day(config.clone()),
        config: without_version(config),
        legacy: None,
    }
}

fn own_view(row: PresetRow) -> PresetView {
    let description = row.document["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let original = row.document["original"] == true;
    let config = config_of(row.document);
    PresetView {
        legacy: original.then(|| legacy::found(&config)).flatten(),
        id: row.id,
        title: row.title,
        description,
        built_in: false,
        revision: Some(row.revision),
        created_at: Some(row.created),
        updated_at: Some(row.updated),
        visits_per_day: visits_per_day(config.clone()),
        config: without_version(config),
    }
}

fn visits_per_day(config: Value) -> u32 {
    let checked = Layers::new().own_preset("", config).check(&no_files);
    checked.config.load.visits_per_day
}

/// The run configuration in a stored preset.
pub(super) fn config_of(mut document: Value) -> Value {
    document["config"].take()
}
