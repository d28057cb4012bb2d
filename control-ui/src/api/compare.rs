//! `POST /api/compare`: two run configurations side by side.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::origin::OriginView;
use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;

/// What to compare.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareRequest {
    /// How it is.
    pub from: Side,
    /// How it would be.
    pub to: Side,
}

/// A run configuration: one of these; none of them is what the operator and the defaults say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// A preset.
    pub preset: Option<String>,
    /// The saved configuration.
    #[serde(default)]
    #[schema(required = false)]
    pub configuration: bool,
    /// A run, by its id.
    pub run: Option<String>,
    /// A document that is not saved.
    pub document: Option<Document>,
}

/// A document that is not saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the layers below.
    #[schema(value_type = Object)]
    pub config: serde_json::Map<String, serde_json::Value>,
    /// Take the token of the saved configuration, unless it brings one.
    #[serde(default)]
    #[schema(required = false)]
    pub use_saved_token: bool,
}

/// How two run configurations differ.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The settings that runs would use differently, in the order of a form.
    pub changes: Vec<Change>,
}

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// Where it is.
    pub pointer: String,
    /// Its name for people.
    pub title: String,
    /// Its unit.
    #[schema(required)]
    pub unit: Option<String>,
    /// Its value on one side; of a secret `set` or `not set`.
    #[schema(value_type = Option<Value>, required)]
    pub from: serde_json::Value,
    /// Its value on the other side.
    #[schema(value_type = Option<Value>, required)]
    pub to: serde_json::Value,
    /// Who decided; `null` for a run, which does not remember.
    #[schema(required)]
    pub from_origin: Option<OriginView>,
    /// Who decided; `null` for a run.
    #[schema(required)]
    pub to_origin: Option<OriginView>,
}

/// Compare two run configurations.
#[utoipa::path(
    tag = "configuration",
    operation_id = "compare",
    request_body = CompareRequest,
    responses(
        (status = 200, description = "What differs", body = Comparison),
        (status = 400, description = "The body cannot be read, or a side is several things at once", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/compare")]
pub(crate) async fn compare(
    _who: Principal,
    services: web::Data<Services>,
    body: web::Json<CompareRequest>,
) -> Result<web::Json<Comparison>, Problem> {
    let CompareRequest { from, to } = body.into_inner();
    let changes = services.configurations.compare(from, to).await?;
    Ok(web::Json(Comparison { changes }))
}
