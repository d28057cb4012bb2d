//! `PATCH /api/runs/{id}`: change a run's name or notes.

use actix_web::{HttpResponse, patch, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::run_id;
use crate::api::etag::{Precondition, etag};
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunChange {
    /// A name for people, 1 to 100 characters.
    pub name: Option<String>,
    /// What people should know about it, at most 10,000 characters.
    pub notes: Option<String>,
}

/// Rename a run, or note something about it.
#[utoipa::path(
    tag = "runs",
    operation_id = "edit_run",
    request_body = RunChange,
    params(
        ("id" = String, Path, description = "The run's id"),
        ("If-Match" = String, Header, description = "The ETag of the run as you read it"),
    ),
    responses(
        (status = 200, description = "The run", body = RunView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Somebody changed it meanwhile", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The text does not fit", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[patch("/api/runs/{id}")]
pub(crate) async fn edit_run(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
    seen: Precondition,
    body: web::Json<RunChange>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let edited = services.runs.edit(&id, seen, body.into_inner());
    let view = edited.await?;
    let audit = &services.audit;
    audit.note(&who, "run.update", id, &view.summary.name).await;
    Ok(HttpResponse::Ok()
        .insert_header(etag(view.revision))
        .json(view))
}
