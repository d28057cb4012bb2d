//! `GET /api/presets`: the built-in run configurations with a name.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::auth::Principal;
use crate::configuration;

/// A named run configuration.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PresetView {
    /// The name that requests use.
    #[schema(example = "light")]
    pub name: String,
    /// The name for people.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Its rate.
    pub visits_per_day: u32,
    /// What it sets; everything else is the default.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
}

/// All presets.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetList {
    /// In the order in which they are shown.
    pub presets: Vec<PresetView>,
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
pub(crate) async fn presets(_who: Principal) -> web::Json<PresetList> {
    web::Json(PresetList {
        presets: configuration::presets(),
    })
}

/// Show one preset.
#[utoipa::path(
    tag = "presets",
    operation_id = "preset",
    params(("name" = String, Path, description = "The preset's name")),
    responses(
        (status = 200, description = "The preset", body = PresetView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such preset", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/presets/{name}")]
pub(crate) async fn preset(
    _who: Principal,
    name: web::Path<String>,
) -> Result<web::Json<PresetView>, Problem> {
    configuration::presets()
        .into_iter()
        .find(|preset| preset.name == *name)
        .map(web::Json)
        .ok_or_else(|| {
            Problem::new(
                Code::NotFound,
                "no preset of this name; GET /api/presets lists them",
            )
        })
}
