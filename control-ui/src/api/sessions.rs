//! `/api/sessions`: who is signed in, and ending it; `POST /api/sign-in-link`: letting somebody else in.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::{Caller, Principal, new_code};
use crate::time::Timestamp;

/// Somebody who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionItem {
    /// What it is revoked by.
    pub id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used again.
    pub ends_at: Timestamp,
    /// The address that signed in; empty for sessions from before these were kept.
    pub address: String,
    /// What the browser said of itself then.
    pub agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Everybody who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// Last used first.
    pub sessions: Vec<SessionItem>,
}

/// A link that signs somebody in.
#[derive(Serialize, ToSchema)]
pub struct SignInLink {
    /// The link: good once. Whoever has it gets in, so hand it over with care.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// List who is signed in.
#[utoipa::path(
    tag = "access",
    operation_id = "list_sessions",
    responses(
        (status = 200, description = "The sessions", body = SessionList),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/sessions")]
pub(crate) async fn list_sessions(
    who: Principal,
    services: web::Data<Services>,
) -> Result<web::Json<SessionList>, Problem> {
    let sessions = services.auth.sessions().await?;
    let sessions = sessions.into_iter().map(|session| SessionItem {
        ends_at: services.auth.end_of(&session),
        current: who.is_session(&session.id),
        id: session.id,
        created_at: session.created,
        last_used_at: session.last_used,
        address: session.address,
        agent: session.agent,
    });
    Ok(web::Json(SessionList {
        sessions: sessions.collect(),
    }))
}

/// End a session.
///
/// Whoever has it is signed out at once, and its event stream ends.
#[utoipa::path(
    tag = "access",
    operation_id = "revoke_session",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such session", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/sessions/{id}")]
pub(crate) async fn revoke_session(
    who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let session = services.auth.revoke_session(id.into_inner()).await?;
    services
        .audit
        .note(&who, "session.revoke", &session.id, &session.address)
        .await;
    Ok(HttpResponse::NoContent().finish())
}

/// Make a sign-in link.
///
/// It is good once and for 15 minutes, like the one that the control plane prints when it starts.
#[utoipa::path(
    tag = "access",
    operation_id = "sign_in_link",
    responses(
        (status = 201, description = "The link", body = SignInLink),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/sign-in-link")]
pub(crate) async fn sign_in_link(
    who: Principal,
    request: HttpRequest,
    services: web::Data<Services>,
) -> Result<HttpResponse, Problem> {
    let (code, expires_at) = new_code(&services.store, services.clock.now()).await?;
    services.audit.note(&who, "sign_in.link", "", "").await;
    let url = format!(
        "{}/#code={}",
        address_of_asker(&request, &services),
        code.expose()
    );
    Ok(HttpResponse::Created().json(SignInLink { url, expires_at }))
}

/// Where whoever asks reached us: it works for them, and a published port may differ from ours.
fn address_of_asker(request: &HttpRequest, services: &Services) -> String {
    let settings = &services.settings;
    let host = request.headers().get(header::HOST);
    match host.and_then(|host| host.to_str().ok()) {
        // The guard found it to be one of ours.
        Some(host) if settings.public_url.is_none() => {
            let scheme = if Caller::known(request).tls {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{host}")
        }
        _ => settings.address_for_people(settings.listen.port()),
    }
}
