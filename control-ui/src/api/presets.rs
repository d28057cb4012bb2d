//! `/api/presets`: run configurations with a name.

use actix_web::{HttpResponse, delete, get, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::convert::{GivenFormat, TextFormatView};
use crate::api::etag::{Precondition, etag};
use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::changes::in_words;
use crate::time::Timestamp;

/// A named run configuration.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PresetView {
    /// What requests name it by; never changes.
    #[schema(example = "light")]
    pub id: String,
    /// The name for people.
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether it came with the program and cannot be changed.
    pub built_in: bool,
    /// Grows with each change; also the `ETag`. `null` for a built-in one.
    #[schema(required)]
    pub revision: Option<u32>,
    /// When it was made.
    #[schema(required)]
    pub created_at: Option<Timestamp>,
    /// When it was changed last.
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
    /// Its rate.
    pub visits_per_day: u32,
    /// What it sets; everything else is the default. Never a target or a token.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
    /// Settings that were the default of the Python original once and are not what they seem; `null` when there are
    /// none. Nothing is changed unless somebody asks for it.
    #[schema(required)]
    pub legacy: Option<Legacy>,
}

/// Settings of an old document that a person may want to have changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Legacy {
    /// The settings.
    pub settings: Vec<LegacySetting>,
}

/// A setting of an old document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LegacySetting {
    /// Where it is.
    pub pointer: String,
    /// What it says.
    pub from: String,
    /// What it would say.
    pub to: String,
}

/// All presets.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetList {
    /// The built-in ones from the lightest to the heaviest, then people's own by title.
    pub presets: Vec<PresetView>,
}

/// A preset that was saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedPreset {
    /// The preset.
    #[serde(flatten)]
    pub preset: PresetView,
    /// Settings of target and secrets that were given and not saved, as pointers.
    pub removed: Vec<String>,
}

impl SavedPreset {
    pub(crate) fn of(saved: PresetView, removed: Vec<String>) -> Self {
        Self {
            preset: saved,
            removed,
        }
    }
}

/// What a new preset is made of.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresetSource {
    /// The saved configuration.
    Configuration,
}

/// A preset to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreset {
    /// The name for people, 1 to 60 characters; no other preset may have it.
    pub title: String,
    /// What it is for, up to 300 characters.
    pub description: Option<String>,
    /// The run configuration, up to 64 KiB. Target and secrets are left out.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// Instead of `config`: what it is made of.
    pub from: Option<PresetSource>,
}

/// A preset as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavePreset {
    /// The name for people, 1 to 60 characters; no other preset may have it.
    pub title: String,
    /// What it is for, up to 300 characters.
    pub description: Option<String>,
    /// The run configuration, up to 64 KiB. Target and secrets are left out.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
}

/// A preset to make of a text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPreset {
    /// The text: TOML, JSON, a `.env` file, or a preset of the Python original.
    pub text: String,
    /// How it is written.
    #[serde(default)]
    #[schema(required = false)]
    pub format: GivenFormat,
    /// The name for people; the one in the text, or `Imported preset`, when left out.
    pub title: Option<String>,
}

/// A preset like another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicatePreset {
    /// The name for people, 1 to 60 characters; no other preset may have it.
    pub title: String,
}

/// How a preset is exported.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// The format; TOML when left out.
    pub format: Option<TextFormatView>,
}

/// List the presets.
#[utoipa::path(
    tag = "presets",
    operation_id = "presets",
    responses(
        (status = 200, description = "All presets", body = PresetList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/presets")]
pub(crate) async fn presets(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<web::Json<PresetList>, Problem> {
    let presets = services.configurations.presets().await?;
    Ok(web::Json(PresetList { presets }))
}

/// Show one preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "preset",
    params(("id" = String, Path, description = "The preset's id")),
    responses(
        (status = 200, description = "The preset", body = PresetView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/presets/{id}")]
pub(crate) async fn preset(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let preset = services.configurations.preset(&id).await?;
    let mut answer = HttpResponse::Ok();
    if let Some(revision) = preset.revision {
        answer.insert_header(etag(revision.into()));
    }
    Ok(answer.json(preset))
}

/// Make a preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "create_preset",
    request_body = NewPreset,
    responses(
        (status = 201, description = "Made", body = SavedPreset),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There are as many as are allowed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "It has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/presets")]
pub(crate) async fn create_preset(
    who: Principal,
    services: web::Data<Services>,
    body: web::Json<NewPreset>,
) -> Result<HttpResponse, Problem> {
    let made = services.configurations.create_preset(body.into_inner());
    Ok(created(&services, &who, &made.await?).await)
}

/// Change a preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "save_preset",
    request_body = SavePreset,
    params(
        ("id" = String, Path, description = "The preset's id"),
        ("If-Match" = String, Header, description = "The `ETag` that was read"),
    ),
    responses(
        (status = 200, description = "Saved", body = SavedPreset),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is built in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Somebody else saved it in the meantime", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "It has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[put("/api/presets/{id}")]
pub(crate) async fn save_preset(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    made_for: Precondition,
    body: web::Json<SavePreset>,
) -> Result<HttpResponse, Problem> {
    let (saved, changed) = services
        .configurations
        .save_preset(&id, body.into_inner(), made_for)
        .await?;
    updated(&services, &who, &saved, &changed).await;
    Ok(HttpResponse::Ok()
        .insert_header(etag(saved.preset.revision.unwrap_or_default().into()))
        .json(saved))
}

/// Delete a preset.
///
/// It can be restored for 30 days.
#[utoipa::path(
    tag = "presets",
    operation_id = "delete_preset",
    params(("id" = String, Path, description = "The preset's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is built in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/presets/{id}")]
pub(crate) async fn delete_preset(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    services.configurations.delete_preset(&id).await?;
    services.audit.note(&who, "preset.delete", &id, "").await;
    Ok(HttpResponse::NoContent().finish())
}

/// Notes that a preset was changed, and in what.
pub(crate) async fn updated(
    services: &Services,
    who: &Principal,
    saved: &SavedPreset,
    changed: &[String],
) {
    let (id, title) = (&saved.preset.id, &saved.preset.title);
    let detail = format!("{title}; {}", in_words(changed));
    services.audit.note(who, "preset.update", id, detail).await;
}

/// The answer to a preset that was made.
pub(crate) async fn created(
    services: &Services,
    who: &Principal,
    made: &SavedPreset,
) -> HttpResponse {
    let (id, title) = (&made.preset.id, &made.preset.title);
    services.audit.note(who, "preset.create", id, title).await;
    HttpResponse::Created()
        .insert_header(etag(made.preset.revision.unwrap_or_default().into()))
        .insert_header(("Location", format!("/api/presets/{id}")))
        .json(made)
}
