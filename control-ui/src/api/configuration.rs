//! `/api/configuration`: the run configuration that people edit.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, put, web};
use config::{Checked, Secret};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::api::etag::{Precondition, etag};
use crate::api::origin::{OriginKindView, OriginView};
use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::changes::in_words;
use crate::time::Timestamp;

/// Tokens of this many characters show their last four; of shorter ones that would be too much.
const SHOWN_FROM: usize = 16;

/// The run configuration that people edit.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfigurationView {
    /// Grows with each save; 0 while nothing was saved. Also the `ETag`.
    pub revision: u32,
    /// When it was saved.
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
    /// The preset that it begins from.
    #[schema(required)]
    pub preset: Option<String>,
    /// What was set, and nothing else; never a token.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
    /// The target's token.
    pub token: SecretView,
    /// Further secrets that were saved, by JSON pointer, such as `/targets/0/basic_auth_password`.
    pub secrets: BTreeMap<String, SecretView>,
}

/// What may be known of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecretView {
    /// Whether a run would have it.
    pub set: bool,
    /// Its last four characters, when it is long enough to show them.
    #[schema(required)]
    pub last4: Option<String>,
    /// Who gave it.
    #[schema(required)]
    pub origin: Option<OriginView>,
}

impl SecretView {
    /// The token of the one target.
    pub(crate) fn of(checked: &Checked) -> Self {
        let token = checked
            .config
            .targets
            .first()
            .and_then(|target| target.token_auth.as_ref());
        let origin = checked.origins.get("/targets/0/token_auth");
        Self {
            set: token.is_some(),
            last4: token.and_then(last4),
            origin: token.and(origin).map(OriginView::from),
        }
    }
}

impl SecretView {
    /// A secret that was saved with the configuration.
    pub(crate) fn saved(secret: &Secret) -> Self {
        Self {
            set: true,
            last4: last4(secret),
            origin: Some(OriginView {
                kind: OriginKindView::You,
                name: String::new(),
            }),
        }
    }
}

fn last4(secret: &Secret) -> Option<String> {
    let letters: Vec<char> = secret.expose().chars().collect();
    (letters.len() >= SHOWN_FROM).then(|| letters[letters.len() - 4..].iter().collect())
}

/// The configuration to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveConfiguration {
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the layers below.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
    /// The target's token: a text replaces it, `null` removes it, left out it stays.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub token: Option<Option<Secret>>,
    /// Further secrets by JSON pointer: a text replaces one, `null` removes it, those left out stay.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, Option<String>>>)]
    pub secrets: BTreeMap<String, Option<Secret>>,
}

/// Tells `null` from a field that is not there.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Secret>>, D::Error> {
    Option::<Secret>::deserialize(from).map(Some)
}

/// Show the configuration.
#[utoipa::path(
    tag = "configuration",
    operation_id = "configuration",
    responses(
        (status = 200, description = "The configuration; `ETag` is its revision", body = ConfigurationView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/configuration")]
pub(crate) async fn configuration(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<HttpResponse, Problem> {
    let view = services.configurations.show().await?;
    Ok(answer(&view))
}

/// Save the configuration.
///
/// It may lack the target's address; other problems are refused.
#[utoipa::path(
    tag = "configuration",
    operation_id = "save_configuration",
    request_body = SaveConfiguration,
    params(("If-Match" = String, Header, description = "The `ETag` that was read")),
    responses(
        (status = 200, description = "Saved", body = ConfigurationView),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Somebody else saved it in the meantime", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "It has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[put("/api/configuration")]
pub(crate) async fn save_configuration(
    who: Principal,
    services: web::Data<Services>,
    made_for: Precondition,
    body: web::Json<SaveConfiguration>,
) -> Result<HttpResponse, Problem> {
    let saved = services.configurations.save(body.into_inner(), made_for);
    let (saved, changed) = saved.await?;
    let detail = format!("revision {}; {}", saved.revision, in_words(&changed));
    services
        .audit
        .note(&who, "configuration.save", "", detail)
        .await;
    Ok(answer(&saved))
}

fn answer(view: &ConfigurationView) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(view.revision.into()))
        .json(view)
}
