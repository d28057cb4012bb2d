//! `GET /metrics`: figures for Prometheus. A key is needed, since the figures name targets.

use actix_web::{HttpResponse, get, web};

use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::metrics::{Figures, page};

/// The control plane in figures, in Prometheus' text format.
#[utoipa::path(
    tag = "health",
    operation_id = "metrics",
    responses(
        (status = 200, description = "Each metric with its meaning", body = String, content_type = "text/plain"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/metrics")]
pub(crate) async fn metrics(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<HttpResponse, Problem> {
    let figures = Figures {
        ready: services.readiness.problem().await.is_none(),
        database_bytes: services.store.bytes().await?,
        runs_by_state: services.store.runs_by_state().await?,
        active: services.runs.active_in_full().await?,
    };
    let text = page(&services, &figures).map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}
