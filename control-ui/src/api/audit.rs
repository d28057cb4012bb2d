//! `GET /api/audit`: who did what.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::page::{self, default_limit, no_cursor};
use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::store::AuditRow;
use crate::time::Timestamp;

/// How much to list, and from where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Number of entries, 1 to 200.
    #[serde(default = "default_limit")]
    #[param(default = 50, minimum = 1, maximum = 200, required = false)]
    limit: u32,
    /// The `next` of the page before.
    before: Option<String>,
}

/// Something that somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Later entries have higher ones.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// The session or key.
    #[schema(example = "key ci (tfk_1a2b3c4d)")]
    pub who: String,
    /// What.
    #[schema(example = "run.start")]
    pub action: String,
    /// To what: an id, a host, a name; may be empty.
    pub subject: String,
    /// More, in words; may be empty.
    pub detail: String,
    /// The address that asked.
    pub address: String,
    /// The id of the request; lines of the log bear it too.
    pub request_id: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(entry: AuditRow) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            who: entry.who,
            action: entry.action,
            subject: entry.subject,
            detail: entry.detail,
            address: entry.address,
            request_id: entry.request,
        }
    }
}

/// A page of the audit list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// What `before` must be for the next page; `null` when this is the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// List who did what.
///
/// The newest 10,000 entries are kept.
#[utoipa::path(
    tag = "access",
    operation_id = "audit",
    params(AuditQuery),
    responses(
        (status = 200, description = "A page", body = AuditPage),
        (status = 400, description = "A parameter is out of bounds", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/audit")]
pub(crate) async fn audit(
    _who: Principal,
    services: web::Data<Services>,
    query: web::Query<AuditQuery>,
) -> Result<web::Json<AuditPage>, Problem> {
    let AuditQuery { limit, before } = query.into_inner();
    let limit = page::checked(limit)?;
    let before = before.map(|cursor| cursor.parse().map_err(|_| no_cursor()));
    let mut entries = services.audit.list(limit + 1, before.transpose()?).await?;
    let more = page::cut(&mut entries, limit);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| last.id.to_string());
    Ok(web::Json(AuditPage {
        entries: entries.into_iter().map(AuditEntry::from).collect(),
        next,
    }))
}
