//! `/api/keys`: named keys for programs.

use actix_web::{HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::{Principal, Scope};
use crate::store::KeyRow;
use crate::time::Timestamp;

/// Longest name of a key, in characters.
const NAME_MAX: usize = 100;

/// The longest life of a key that has an end, in days.
const DAYS_MAX: u32 = 3_650;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// What it is revoked by.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The key's first characters.
    #[schema(example = "tfk_1a2b3c4d")]
    pub prefix: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `null`: when it is revoked.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute; `null`: never.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
}

impl From<KeyRow> for KeyView {
    fn from(key: KeyRow) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scope: key.scope,
            created_at: key.created,
            expires_at: key.expires,
            last_used_at: key.last_used,
        }
    }
}

/// All named keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// Oldest first; expired ones too. The key that the operator set is not among them.
    pub keys: Vec<KeyView>,
}

/// What key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// What people call it: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// After how many days it ends, 1 to 3650; when it is revoked if left out.
    #[schema(minimum = 1, maximum = 3650)]
    pub expires_in_days: Option<u32>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeKey {
    /// What is kept of it.
    pub key: KeyView,
    /// The key itself. It is shown here and never again.
    #[schema(example = "tfk_0123456789abcdef0123456789abcdef0123456789abcdef")]
    pub secret: String,
}

/// List the keys.
#[utoipa::path(
    tag = "access",
    operation_id = "list_keys",
    responses(
        (status = 200, description = "The keys", body = KeyList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/keys")]
pub(crate) async fn list_keys(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<web::Json<KeyList>, Problem> {
    let keys = services.auth.keys().await?;
    Ok(web::Json(KeyList {
        keys: keys.into_iter().map(KeyView::from).collect(),
    }))
}

/// Make a key.
///
/// The answer holds the key, once. Send it as `X-API-Key`, or as `Authorization: Bearer`.
#[utoipa::path(
    tag = "access",
    operation_id = "create_key",
    request_body = NewKey,
    responses(
        (status = 201, description = "The key", body = MadeKey),
        (status = 400, description = "The body cannot be read, or a value is out of bounds", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`keys.too_many`: revoke one first", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/keys")]
pub(crate) async fn create_key(
    who: Principal,
    services: web::Data<Services>,
    body: web::Json<NewKey>,
) -> Result<HttpResponse, Problem> {
    let NewKey {
        name,
        scope,
        expires_in_days,
    } = body.into_inner();
    let name = name.trim().to_owned();
    let length = name.chars().count();
    if !(1..=NAME_MAX).contains(&length) || name.chars().any(char::is_control) {
        return Err(out_of_bounds(
            "`name` must have 1 to 100 characters, none of them a control character",
        ));
    }
    if expires_in_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        return Err(out_of_bounds(
            "`expires_in_days` must be from 1 to 3650, or left out",
        ));
    }
    let life = expires_in_days.map(|days| i64::from(days) * DAY_MS);
    let (key, secret) = services.auth.make_key(name, scope, life).await?;
    let detail = format!("{}, {}", key.prefix, scope.as_str());
    services
        .audit
        .note(&who, "key.create", &key.name, detail)
        .await;
    Ok(HttpResponse::Created().json(MadeKey {
        key: key.into(),
        secret: secret.expose().to_owned(),
    }))
}

/// Revoke a key.
///
/// It is refused from now on, and event streams that were opened with it end.
#[utoipa::path(
    tag = "access",
    operation_id = "revoke_key",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such key", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/keys/{id}")]
pub(crate) async fn revoke_key(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key = services.auth.revoke_key(id.into_inner()).await?;
    services
        .audit
        .note(&who, "key.revoke", &key.name, &key.prefix)
        .await;
    Ok(HttpResponse::NoContent().finish())
}

fn out_of_bounds(rule: &str) -> Problem {
    Problem::new(Code::RequestMalformed, rule)
}
