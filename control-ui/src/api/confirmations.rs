//! `/api/confirmations`: the hosts that a person typed back, and forgetting one.

use actix_web::{HttpResponse, delete, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::time::Timestamp;

/// What a person is asked before a target gets more than a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Confirmation {
    /// The host to type back, with the port when it is not the usual one.
    #[schema(example = "matomo.example")]
    pub host: String,
    /// Whether it has to be typed back.
    pub needed: bool,
    /// What would happen, in sentences.
    pub text: String,
    /// Whether a full run must name a number of hits after which it stops.
    pub hit_budget_needed: bool,
}

/// Hosts that may be targets of full runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmationList {
    /// By name.
    pub hosts: Vec<ConfirmedHost>,
}

/// A host that a person typed back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedHost {
    /// The host.
    #[schema(example = "matomo.example")]
    pub host: String,
    /// When it was typed back last.
    pub confirmed_at: Timestamp,
    /// By whom.
    #[schema(required)]
    pub who: Option<String>,
}

/// List the confirmed hosts.
#[utoipa::path(
    tag = "confirmations",
    operation_id = "list_confirmations",
    responses(
        (status = 200, description = "By name; without the practice target, which the operator confirmed", body = ConfirmationList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/confirmations")]
pub(crate) async fn list_confirmations(
    _who: Principal,
    services: web::Data<Services>,
) -> Result<web::Json<ConfirmationList>, Problem> {
    let hosts = services.store.confirmations().await?;
    let hosts = hosts
        .into_iter()
        .map(|host| ConfirmedHost {
            host: host.host,
            confirmed_at: host.at,
            who: host.who,
        })
        .collect();
    Ok(web::Json(ConfirmationList { hosts }))
}

/// Forget that a host was confirmed.
///
/// The next full run at it needs the host typed back again. Runs that are at work go on.
#[utoipa::path(
    tag = "confirmations",
    operation_id = "forget_confirmation",
    params(("host" = String, Path, description = "The host as the list shows it")),
    responses(
        (status = 204, description = "It is not confirmed any more"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "It was not confirmed", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/confirmations/{host}")]
pub(crate) async fn forget_confirmation(
    who: Principal,
    services: web::Data<Services>,
    host: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let host = host.into_inner().to_ascii_lowercase();
    if services.store.forget_confirmation(host.clone()).await? {
        services.audit.note(&who, "target.forget", host, "").await;
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Problem::new(
        Code::NotFound,
        "this host is not confirmed; GET /api/confirmations lists those that are",
    ))
}
