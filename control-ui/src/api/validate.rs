//! `POST /api/validate`: every problem of a run configuration, and what it means in numbers.

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{ConfigProblem, Problem, ProblemBody};
use crate::auth::Principal;
use crate::configuration;

/// What to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateRequest {
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the preset and the defaults.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Validation {
    /// Whether a run could be started with it.
    pub ok: bool,
    /// Everything that is wrong.
    pub problems: Vec<ConfigProblem>,
    /// Everything that is doubtful.
    pub warnings: Vec<ConfigProblem>,
    /// What it means in numbers; `null` while something is wrong.
    #[schema(required)]
    pub figures: Option<Figures>,
}

/// What a run configuration means in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// Mean rate of visits.
    pub visits_per_second: f64,
    /// Mean rate of hits, from simulated visits; `null` when none could be simulated.
    #[schema(required)]
    pub hits_per_second_estimate: Option<f64>,
    /// Hits a day, from simulated visits.
    #[schema(required)]
    pub hits_per_day_estimate: Option<f64>,
}

/// Check a run configuration.
///
/// Answers 200 whatever is found: the list is the answer.
#[utoipa::path(
    tag = "configuration",
    operation_id = "validate",
    request_body = ValidateRequest,
    responses(
        (status = 200, description = "What was found", body = Validation),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/validate")]
pub(crate) async fn validate(
    _who: Principal,
    body: web::Json<ValidateRequest>,
) -> Result<web::Json<Validation>, Problem> {
    let ValidateRequest { preset, config } = body.into_inner();
    let found = web::block(move || {
        let checked = configuration::check(preset.as_deref(), config);
        let figures = checked.plan.as_ref().map(configuration::figures);
        Validation {
            ok: checked.problems.is_empty(),
            problems: configuration::problems(&checked.problems),
            warnings: configuration::problems(&checked.warnings),
            figures,
        }
    })
    .await
    .map_err(|error| Problem::internal(&error))?;
    Ok(web::Json(found))
}
