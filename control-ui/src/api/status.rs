//! `GET /api/status`: what the page's first screen needs in one answer.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunSummary;
use crate::app::Services;
use crate::auth::Principal;
use crate::storage::ReadOnly;
use crate::time::Timestamp;

/// The state of the whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// The control plane's version.
    pub version: String,
    /// What starts and stops loaders.
    pub orchestrator: OrchestratorStatus,
    /// The practice target, when the operator set one and it answers.
    #[schema(required)]
    pub practice_target: Option<PracticeTarget>,
    /// Why nothing is written at the moment, and the way out; `null` when everything is well.
    #[schema(required)]
    pub read_only: Option<ReadOnly>,
    /// Where everything is kept.
    pub data: DataStatus,
    /// Hosts that a person confirmed, or the operator by setting up the practice target.
    pub confirmed_hosts: Vec<String>,
    /// Runs that have not ended, newest first; paused ones too.
    pub active_runs: Vec<RunSummary>,
    /// The server's clock.
    pub now: Timestamp,
}

/// Where everything is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct DataStatus {
    /// Bytes that may still be written; `null` when the system does not say.
    #[schema(required)]
    pub free_bytes: Option<u64>,
}

/// What starts and stops loaders, and whether it can.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrchestratorStatus {
    /// `docker` or `process`.
    pub kind: String,
    /// Whether a loader could be started now.
    pub ready: bool,
    /// Why not, and the cure.
    #[schema(required)]
    pub problem: Option<String>,
}

/// The practice target.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PracticeTarget {
    /// Its address.
    pub url: String,
    /// Its host, as a target's host is written.
    pub host: String,
    /// Its site id.
    pub site_id: u32,
    /// Whether the operator gave a token for it.
    pub token_set: bool,
}

/// The state of the whole.
#[utoipa::path(
    tag = "status",
    operation_id = "status",
    responses(
        (status = 200, description = "The state", body = Status),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/status")]
pub(crate) async fn status(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<web::Json<Status>, Problem> {
    let problem = services.readiness.problem().await;
    let practice_is_there = services.practice.is_there().await;
    Ok(web::Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        orchestrator: OrchestratorStatus {
            kind: services.orchestrator.kind().to_owned(),
            ready: problem.is_none(),
            problem,
        },
        practice_target: services
            .settings
            .practice_target_view()
            .filter(|_| practice_is_there),
        read_only: services.storage.read_only(),
        data: DataStatus {
            free_bytes: services.storage.free_bytes(),
        },
        confirmed_hosts: services.runs.confirmed_hosts().await?,
        active_runs: services.runs.active().await?,
        now: services.clock.now(),
    }))
}
