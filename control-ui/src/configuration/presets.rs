//! Presets: the built-in ones, and those that people make of a run configuration.
//!
//! Invariants: a preset holds no target and no token; what a request names it by never changes; one that was deleted
//! can be restored for a while.

use std::sync::LazyLock;

use config::{Layers, Written};
use serde_json::{Value, json};

use super::working::without_version;
use super::{Configurations, apart, no_files, problems};
use crate::api::etag::Precondition;
use crate::api::presets::{NewPreset, PresetView, SavePreset, SavedPreset};
use crate::api::problem::{Code, ConfigProblem, Problem};
use crate::store::PresetRow;
use crate::time::Timestamp;

/// Presets of people's own, deleted ones too. One more is refused.
const PRESETS_MAX: usize = 100;

/// Largest preset, in bytes of JSON. A larger one is refused.
const BYTES_MAX: usize = 64 * 1024;

/// Longest title, in characters.
const TITLE_MAX: usize = 60;

/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 300;

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
        let _saving = self.0.saving.lock().await;
        let now = self.0.clock.now();
        self.forget(now).await?;
        let rows = self.0.store.presets().await?;
        if rows.len() >= PRESETS_MAX {
            return Err(Problem::new(
                Code::PresetsTooMany,
                format!("there are {PRESETS_MAX} presets, which is the limit; delete one first"),
            ));
        }
        let title = title(&new.title, &rows, None);
        let draft = draft(title, new.description, config).await?;
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

    /// Changes a preset.
    ///
    /// # Errors
    /// It is built in, was changed in the meantime, or has problems.
    pub async fn save_preset(
        &self,
        id: &str,
        new: SavePreset,
        made_for: Precondition,
    ) -> Result<SavedPreset, Problem> {
        let _saving = self.0.saving.lock().await;
        let row = self.own(id).await?;
        made_for.check(row.revision.into())?;
        let rows = self.0.store.presets().await?;
        let title = title(&new.title, &rows, Some(id));
        let draft = draft(title, new.description, new.config).await?;
        let row = PresetRow {
            revision: row.revision + 1,
            title: draft.title,
            updated: self.0.clock.now(),
            document: draft.document,
            ..row
        };
        self.0.store.save_preset(row.clone()).await?;
        Ok(SavedPreset::of(own_view(row), draft.removed))
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

    /// A preset of somebody's own that was not deleted.
    async fn own(&self, id: &str) -> Result<PresetRow, Problem> {
        if built_in().iter().any(|preset| preset.id == id) {
            return Err(Problem::new(
                Code::PresetBuiltIn,
                format!("{id} is built in and stays as it is; duplicate it and change the copy"),
            ));
        }
        let row = self.0.store.preset(id.to_owned()).await?;
        row.filter(|row| row.deleted.is_none()).ok_or_else(|| {
            Problem::new(
                Code::NotFound,
                "no preset of this id; GET /api/presets lists them",
            )
        })
    }

    async fn forget(&self, now: Timestamp) -> Result<(), Problem> {
        let since = Timestamp(now.0 - RESTORABLE_MS);
        Ok(self.0.store.forget_presets(since).await?)
    }
}

/// What is written of a preset, checked.
struct Draft {
    title: String,
    document: Value,
    removed: Vec<String>,
}

async fn draft(
    title: Result<String, ConfigProblem>,
    description: Option<String>,
    config: Value,
) -> Result<Draft, Problem> {
    let mut wrong = Vec::new();
    let title = title
        .map_err(|problem| wrong.push(problem))
        .unwrap_or_default();
    let description = description.unwrap_or_default().trim().to_owned();
    if description.chars().count() > DESCRIPTION_MAX || description.chars().any(char::is_control) {
        wrong.push(own_problem(
            "/description",
            "text.length",
            format!(
                "the description must have at most {DESCRIPTION_MAX} characters and no line breaks"
            ),
            "shorten it",
        ));
    }
    let mut written = Written::read(config);
    let removed = written.take_targets();
    wrong.extend(problems(&written.problems));
    let document = written.versioned();
    let checked = document.clone();
    let found = apart(move || Layers::new().person(checked).check(&no_files).problems).await?;
    let own = found
        .iter()
        .filter(|problem| problem.pointer != "/targets/0/url");
    wrong.extend(own.map(ConfigProblem::from));
    let document = json!({ "description": description, "config": document });
    let bytes = document.to_string().len();
    if bytes > BYTES_MAX {
        wrong.push(own_problem(
            "",
            "preset.too_large",
            format!("the preset has {bytes} bytes, and {BYTES_MAX} is the limit"),
            "leave out long lists",
        ));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    Ok(Draft {
        title,
        document,
        removed,
    })
}

/// A title as it is stored, if no other preset has it.
fn title(text: &str, rows: &[PresetRow], own_id: Option<&str>) -> Result<String, ConfigProblem> {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let refuse = |code, message: String, hint| Err(own_problem("/title", code, message, hint));
    let length = title.chars().count();
    if length == 0 || length > TITLE_MAX || title.chars().any(char::is_control) {
        let message = format!("a title has 1 to {TITLE_MAX} characters, and this one {length}");
        return refuse(
            "text.length",
            message,
            "give a short name, such as Spring sale",
        );
    }
    let others = rows
        .iter()
        .filter(|row| row.deleted.is_none() && Some(row.id.as_str()) != own_id)
        .map(|row| row.title.as_str())
        .chain(built_in().iter().map(|preset| preset.title.as_str()));
    let lower = title.to_lowercase();
    for other in others {
        if other.to_lowercase() == lower {
            let message = format!("there is a preset named {other:?} already");
            return refuse("preset.title_taken", message, "give it another name");
        }
    }
    Ok(title)
}

/// An id that reads like the title and that no other preset has, deleted ones included.
fn free_id(title: &str, rows: &[PresetRow]) -> String {
    let letters: String = title
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<_> = letters.split_whitespace().collect();
    let stem = match words.join("-") {
        stem if stem.is_empty() => "preset".to_owned(),
        stem => stem,
    };
    let taken = |id: &str| {
        rows.iter().any(|row| row.id == id) || built_in().iter().any(|preset| preset.id == id)
    };
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.clone())
        .chain(numbered)
        .find(|id| !taken(id))
        .unwrap_or(stem)
}

fn own_problem(pointer: &str, code: &str, message: String, hint: &str) -> ConfigProblem {
    ConfigProblem {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message,
        hint: Some(hint.to_owned()),
        origin: None,
    }
}

/// The built-in presets.
fn built_in() -> &'static [PresetView] {
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
    let config = config_of(row.document);
    PresetView {
        id: row.id,
        title: row.title,
        description,
        built_in: false,
        revision: Some(row.revision),
        created_at: Some(row.created),
        updated_at: Some(row.updated),
        visits_per_day: visits_per_day(config.clone()),
        config: without_version(config),
        legacy: None,
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
