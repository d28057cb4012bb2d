//! What every request passes before a handler sees it.
//!
//! In this order: the host must be ours (against DNS rebinding), the request must not come from another web site
//! (against forgery), and under `/api` somebody known must ask, who may ask this. Only signing in and the health checks are open.
//! Handlers still take a [`super::Principal`]: when this guard had a hole, they would answer 401.

use std::net::IpAddr;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};
use url::Url;

use super::caller::Caller;
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
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => {
            let answer = problem.error_response().map_into_right_body();
            Ok(request.into_response(answer))
        }
    }
}

async fn admit(request: &ServiceRequest) -> Result<(), Problem> {
    let Some(services) = request.app_data::<web::Data<Services>>() else {
        return Err(Problem::new(Code::Internal, "the server is not set up"));
    };
    let caller = Caller::of(request.request());
    request.extensions_mut().insert(caller);
    let host = host_header(request)?;
    if !host_is_served(host, &services.settings) {
        return Err(Problem::new(
            Code::HostUnknown,
            "to serve this host name, add it to ALLOWED_HOSTS or set PUBLIC_URL",
        ));
    }
    let path = request.path();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if (changes || path == "/api/events")
        && !comes_from_here(request.headers(), host, &services.settings)
    {
        return Err(Problem::new(
            Code::OriginForeign,
            "a page of another web site made this request",
        ));
    }
    let is_api = path == "/api" || path.starts_with("/api/");
    let is_sign_in = path == "/api/session" && request.method() == Method::POST;
    if is_api && !is_sign_in {
        let who = services.auth.authenticate(request.request()).await?;
        who.may(request.method(), path)?;
        request.extensions_mut().insert(who);
    }
    Ok(())
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

/// The host without its port, in lower case; an IPv6 address without its brackets.
fn name_of(host: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"/\\?#@".contains(&byte);
    if !host.bytes().all(plain) {
        return None;
    }
    let url = Url::parse(&format!("http://{host}/")).ok()?;
    let name = url.host_str()?.trim_matches(['[', ']']);
    Some(name.to_ascii_lowercase())
}

/// Loopback on any port, since a container's port may be published under another number; the address that is
/// listened on; the public name; what the operator allows.
fn host_is_served(host: &str, settings: &Settings) -> bool {
    let Some(name) = name_of(host) else {
        return false;
    };
    let loopback = name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let listened = !settings.listen.ip().is_unspecified()
        && name
            .parse()
            .is_ok_and(|ip: IpAddr| ip == settings.listen.ip());
    let public = settings
        .public_url
        .as_ref()
        .and_then(Url::host_str)
        .is_some_and(|public| public.eq_ignore_ascii_case(&name));
    loopback || listened || public || settings.allowed_hosts.contains(&name)
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
    let tls = request
        .app_data::<web::Data<Services>>()
        .is_some_and(|services| services.settings.behind_tls());
    let api = request.path().starts_with("/api");
    let mut response = next.call(request).await?;
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
