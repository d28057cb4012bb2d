//! `GET /api/audit`: who did what.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::store::AuditRow;
use crate::time::Timestamp;

/// The longest page.
const LIMIT_MAX: u32 = 200;

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

fn default_limit() -> u32 {
    50
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
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::new(
            Code::RequestMalformed,
            "`limit` must be from 1 to 200",
        ));
    }
    let before = before.as_deref().map(cursor).transpose()?;
    // One more than asked for says whether there is a next page.
    let mut entries = services.audit.list(limit + 1, before).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| last.id.to_string());
    Ok(web::Json(AuditPage {
        entries: entries.into_iter().map(AuditEntry::from).collect(),
        next,
    }))
}

fn cursor(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| {
        Problem::new(
            Code::RequestMalformed,
            "`before` must be the `next` of the page before",
        )
    })
}
