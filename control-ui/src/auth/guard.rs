//! What every request passes before a handler sees it.
//!
//! In this order: the host must be ours (against DNS rebinding), the request must not come from another web site
//! (against forgery), and under `/api` somebody known must ask, who may ask this and does not ask it too often. Only signing in and the health checks are open.
//! Handlers still take a [`super::Principal`]: when this guard had a hole, they would answer 401.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};
use tracing::Instrument;
use url::Url;

use super::caller::Caller;
use super::hosts::is_served;
use crate::api::problem::{Code, Problem};
use crate::app::Services;
use crate::settings::Settings;

/// The policy of everything that is not the page; the page adds its nonce.
pub(crate) const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'self'; form-action 'self'; \
    frame-ancestors 'none'";

/// Lets a request through, or answers why not.
///
/// # Errors
/// Those of the handler.
pub async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match admit(&request).await {
        Ok(caller) => {
            let span = tracing::info_span!("request", request.id = %caller.request);
            let answer = next.call(request).instrument(span).await?;
            Ok(answer.map_into_left_body())
        }
        Err(problem) => {
            let answer = problem.error_response().map_into_right_body();
            Ok(request.into_response(answer))
        }
    }
}

async fn admit(request: &ServiceRequest) -> Result<Caller, Problem> {
    let Some(services) = request.app_data::<web::Data<Services>>() else {
        return Err(Problem::new(Code::Internal, "the server is not set up"));
    };
    let caller = Caller::of(request.request(), &services.settings);
    request.extensions_mut().insert(caller.clone());
    let host = host_header(request)?;
    if !is_served(host, caller.tls, &services.settings) {
        return Err(Problem::new(
            Code::HostUnknown,
            "to serve this host name, add it to ALLOWED_HOSTS or set PUBLIC_URL",
        ));
    }
    // As the router reads it: `/%61pi` is `/api`.
    let path = request.match_info().as_str();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if (changes || path == "/api/events")
        && !comes_from_here(request.headers(), host, &services.settings)
    {
        return Err(Problem::new(
            Code::OriginForeign,
            "a page of another web site made this request",
        ));
    }
    let is_api = path == "/api" || path.starts_with("/api/") || path == "/metrics";
    let is_sign_in = path == "/api/session" && request.method() == Method::POST;
    if is_api && !is_sign_in {
        let who = services.auth.authenticate(request.request()).await?;
        who.may(request.method(), path)?;
        services.storage.admit(request.method(), path)?;
        let retry = request.headers().get("Idempotency-Key");
        let retry = retry.and_then(|retry| retry.to_str().ok());
        let now = services.clock.now();
        services
            .limits
            .admit(&who, (request.method(), path), retry, now)?;
        request.extensions_mut().insert(who);
    }
    Ok(caller)
}

fn host_header(request: &ServiceRequest) -> Result<&str, Problem> {
    let mut hosts = request.headers().get_all(header::HOST);
    match (hosts.next().map(HeaderValue::to_str), hosts.next()) {
        (Some(Ok(host)), None) => Ok(host),
        _ => Err(Problem::new(
            Code::HostUnknown,
            "a request must have exactly one Host header",
        )),
    }
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; programs say nothing.
fn comes_from_here(headers: &HeaderMap, host: &str, settings: &Settings) -> bool {
    if let Some(site) = headers.get("Sec-Fetch-Site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    let here = ["http", "https"]
        .iter()
        .filter_map(|scheme| Url::parse(&format!("{scheme}://{host}/")).ok())
        .any(|url| url.origin() == origin.origin());
    let public = settings.public_url.as_ref();
    here || public.is_some_and(|url| url.origin() == origin.origin())
}

/// Headers that tell a browser to be careful, on every answer.
///
/// # Errors
/// Those of the handler.
pub async fn security_headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let api = request.match_info().as_str().starts_with("/api");
    let mut response = next.call(request).await?;
    let tls = Caller::known(response.request()).tls;
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "no-referrer");
    add(header::X_FRAME_OPTIONS, "DENY");
    add(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    );
    add(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    add(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if api {
        add(header::CACHE_CONTROL, "no-store");
    }
    if tls {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    Ok(response)
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
