//! `/api/session`: signing in by code or key, asking who is signed in, signing out.

use actix_web::cookie::time::Duration;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{Problem, ProblemBody};
use crate::app::Services;
use crate::auth::{Caller, Credential, Principal, PrincipalKind, Scope, session_cookie};

/// What a person signs in with: exactly one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The single-use code from the sign-in link.
    pub code: Option<String>,
    /// The key that the operator set as `CONTROL_UI_API_KEY`.
    pub key: Option<String>,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Always true; without credentials the answer is 401.
    pub signed_in: bool,
    /// How.
    pub kind: PrincipalKind,
    /// What they may do.
    pub scope: Scope,
}

/// Sign in.
///
/// Exchanges a single-use code, or the key, for a session cookie.
#[utoipa::path(
    tag = "session",
    operation_id = "sign_in",
    request_body = SignIn,
    security(()),
    responses(
        (status = 204, description = "Signed in; the answer sets the session cookie"),
        (status = 400, description = "Neither code nor key, or both", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Wrong, used or expired", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/session")]
pub(crate) async fn sign_in(
    request: HttpRequest,
    services: web::Data<Services>,
    body: web::Json<SignIn>,
) -> Result<HttpResponse, Problem> {
    let credential = Credential::from_parts(body.code.as_deref(), body.key.as_deref())?;
    let how = credential.name();
    let agent = request.headers().get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    let caller = Caller::known(&request);
    let tls = caller.tls;
    let (token, who) = services
        .auth
        .sign_in(credential, caller, agent.unwrap_or_default())
        .await?;
    services.audit.note(&who, "sign_in", "", how).await;
    let cookie = session_cookie(token.expose(), tls, services.settings.base_path());
    Ok(HttpResponse::NoContent().cookie(cookie).finish())
}

/// Ask who is signed in.
#[utoipa::path(
    tag = "session",
    operation_id = "session",
    responses(
        (status = 200, description = "Signed in", body = SessionView),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/session")]
pub(crate) async fn session(who: Principal) -> web::Json<SessionView> {
    web::Json(SessionView {
        signed_in: true,
        kind: who.kind(),
        scope: who.scope(),
    })
}

/// Sign out.
///
/// Ends the session on the server and removes the cookie.
#[utoipa::path(
    tag = "session",
    operation_id = "sign_out",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/api/session")]
pub(crate) async fn sign_out(
    who: Principal,
    services: web::Data<Services>,
) -> Result<HttpResponse, Problem> {
    services.auth.sign_out(&who).await?;
    services.audit.note(&who, "sign_out", "", "").await;
    let mut gone = session_cookie("", who.caller().tls, services.settings.base_path());
    gone.set_max_age(Duration::ZERO);
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}
