//! What is done with presets beside making, showing, changing and deleting them.

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use config::TextFormat;

use crate::api::convert::TextFormatView;
use crate::api::presets::{
    DuplicatePreset, ExportQuery, ImportPreset, PresetView, SavedPreset, created, updated,
};
use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;

/// Duplicate a preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "duplicate_preset",
    request_body = DuplicatePreset,
    params(("id" = String, Path, description = "The preset's id")),
    responses(
        (status = 201, description = "Made", body = SavedPreset),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There are as many as are allowed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "It has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/presets/{id}/duplicate")]
pub(crate) async fn duplicate_preset(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    body: web::Json<DuplicatePreset>,
) -> Result<HttpResponse, Problem> {
    let title = body.into_inner().title;
    let made = services.configurations.duplicate_preset(&id, title).await?;
    Ok(created(&services, &who, &made).await)
}

/// Import a preset.
///
/// Target and secrets in the text are left out; `removed` names them.
#[utoipa::path(
    tag = "presets",
    operation_id = "import_preset",
    request_body = ImportPreset,
    responses(
        (status = 201, description = "Made", body = SavedPreset),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "There are as many as are allowed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The text or the title has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/presets/import")]
pub(crate) async fn import_preset(
    who: Principal,
    services: web::Data<Services>,
    body: web::Json<ImportPreset>,
) -> Result<HttpResponse, Problem> {
    let made = services.configurations.import_preset(body.into_inner());
    Ok(created(&services, &who, &made.await?).await)
}

/// Take the deletion of a preset back.
///
/// Possible for 30 days. Its title gets a number when another preset has it by now.
#[utoipa::path(
    tag = "presets",
    operation_id = "restore_preset",
    params(("id" = String, Path, description = "The preset's id")),
    responses(
        (status = 200, description = "It is there again", body = PresetView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/presets/{id}/restore")]
pub(crate) async fn restore_preset(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<web::Json<PresetView>, Problem> {
    let preset = services.configurations.restore_preset(&id).await?;
    let audit = services
        .audit
        .note(&who, "preset.restore", &preset.id, &preset.title);
    audit.await;
    Ok(web::Json(preset))
}

/// Give a preset of the Python original the later defaults.
///
/// Changes what `legacy` lists: UTC becomes CET, USD becomes SEK.
#[utoipa::path(
    tag = "presets",
    operation_id = "migrate_preset",
    params(("id" = String, Path, description = "The preset's id")),
    responses(
        (status = 200, description = "Changed, or there was nothing to change", body = SavedPreset),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is built in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/presets/{id}/migrate")]
pub(crate) async fn migrate_preset(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<web::Json<SavedPreset>, Problem> {
    let (saved, changed) = services.configurations.migrate_preset(&id).await?;
    updated(&services, &who, &saved, &changed).await;
    Ok(web::Json(saved))
}

/// Export a preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "export_preset",
    params(("id" = String, Path, description = "The preset's id"), ExportQuery),
    responses(
        (status = 200, description = "A file to save: TOML, JSON, or lines for an environment", content((String = "application/toml"), (serde_json::Value = "application/json"), (String = "text/plain"))),
        (status = 400, description = "The format is none of toml, json, env", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/presets/{id}/export")]
pub(crate) async fn export_preset(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or(TextFormatView::Toml);
    let text = services
        .configurations
        .export_preset(&id, TextFormat::from(format))
        .await?;
    let (kind, end) = match format {
        TextFormatView::Toml => ("application/toml", "toml"),
        TextFormatView::Json => ("application/json", "json"),
        TextFormatView::Env => ("text/plain; charset=utf-8", "env"),
    };
    let file = format!("attachment; filename=\"{id}.{end}\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, file))
        .body(text))
}
