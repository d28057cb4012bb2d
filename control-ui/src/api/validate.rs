//! `POST /api/validate`: every problem of a run configuration, what each setting would be and why, and what it means.

use std::num::NonZeroU32;

use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::confirmations::Confirmation;
use crate::api::origin::OriginView;
use crate::api::problem::{ConfigProblem, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::{self, apart};
use crate::confirmation;
use crate::settings::host_of;

/// What to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateRequest {
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the layers below. Whatever it is, the answer says what is wrong.
    #[schema(value_type = Option<Value>)]
    pub config: Option<serde_json::Value>,
    /// Check it with the token of the saved configuration, unless it brings one.
    #[serde(default)]
    #[schema(required = false)]
    pub use_saved_token: bool,
    /// Speak of a trial of this many visits.
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 4_294_967_295_u64)]
    pub trial: Option<NonZeroU32>,
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
    /// Every setting as a run would have it, in the order of a form.
    pub values: Vec<ValueView>,
    /// What it means in words; empty while something is wrong.
    pub consequences: Vec<Consequence>,
    /// What a person is asked before the target gets more than a trial; `null` while something is wrong.
    #[schema(required)]
    pub confirmation: Option<Confirmation>,
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

/// A setting as a run would have it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ValueView {
    /// Where it is in a run configuration.
    #[schema(example = "/load/visits_per_day")]
    pub pointer: String,
    /// Its value; `null` where there is none, and for a secret always.
    #[schema(value_type = Option<Value>, required)]
    pub value: serde_json::Value,
    /// Who decided. A secret that nobody gave comes from the defaults.
    pub origin: OriginView,
}

/// One thing that a run of this configuration means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consequence {
    /// Stable name of what it speaks of.
    #[schema(example = "rate")]
    pub code: String,
    /// A sentence for people.
    pub text: String,
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
    services: web::Data<Services>,
    body: web::Json<ValidateRequest>,
) -> Result<web::Json<Validation>, Problem> {
    let request = body.into_inner();
    let trial = request.trial.map(|visits| u64::from(visits.get()));
    let configurations = &services.configurations;
    let mut basis = configurations.basis(request.preset.as_deref()).await?;
    if request.use_saved_token {
        basis = basis.with_secrets(configurations.saved_secrets()?);
    }
    let mut known = services.runs.confirmed_hosts().await?;
    let practice = services.settings.practice.as_ref();
    known.extend(practice.map(|practice| host_of(&practice.url)));
    let found = apart(move || {
        let checked = basis.check(request.config);
        let figures = checked.plan.as_ref().map(configuration::figures);
        let told = checked.plan.as_ref().zip(figures.as_ref());
        Validation {
            ok: checked.problems.is_empty(),
            problems: configuration::problems(&checked.problems),
            warnings: configuration::problems(&checked.warnings),
            figures,
            confirmation: checked.plan.as_ref().and_then(|plan| {
                let host = &plan.targets.first()?.host;
                confirmation::about(plan, trial, known.contains(host))
            }),
            values: checked.values().iter().map(ValueView::from).collect(),
            consequences: told
                .map(|(plan, figures)| configuration::consequences(plan, figures, trial))
                .unwrap_or_default(),
        }
    });
    Ok(web::Json(found.await?))
}

impl From<&config::SettingValue> for ValueView {
    fn from(setting: &config::SettingValue) -> Self {
        Self {
            pointer: setting.pointer.clone(),
            value: setting.value.clone(),
            origin: OriginView::from(&setting.origin),
        }
    }
}
