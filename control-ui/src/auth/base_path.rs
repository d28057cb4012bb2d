//! Serving below a path: `PUBLIC_URL=https://example.org/traffic/`.
//!
//! Some proxies take the path away before they ask us and some do not; both work, because what is below the path is
//! the same as what is not. Invariant: whatever comes after this middleware sees paths without it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::app::Services;

tokio::task_local! {
    /// The path below which the request at hand is served.
    static BASE: String;
}

/// An address of ours as whoever sent the request at hand must write it: below the path.
#[must_use]
pub fn below_base(address: &str) -> String {
    let base = BASE.try_with(String::clone).unwrap_or_default();
    base + address
}

/// Takes the path away from requests and puts it before the addresses in answers.
///
/// # Errors
/// Those of the handler.
pub async fn base_path<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let services = request.app_data::<web::Data<Services>>();
    let base = services.map_or("", |services| services.settings.base_path());
    if base.is_empty() {
        return next.call(request).await;
    }
    let base = base.to_owned();
    if let Some(uri) = below(request.uri(), &base) {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    let mut response = BASE.scope(base.clone(), next.call(request)).await?;
    let location = response.headers().get(header::LOCATION);
    let moved = location
        .and_then(|location| location.to_str().ok())
        .filter(|location| location.starts_with('/'))
        .and_then(|location| HeaderValue::try_from(format!("{base}{location}")).ok());
    if let Some(moved) = moved {
        response.headers_mut().insert(header::LOCATION, moved);
    }
    Ok(response)
}

/// The same address without the path; `None` when it is not below it.
fn below(uri: &Uri, base: &str) -> Option<Uri> {
    let rest = uri.path().strip_prefix(base)?;
    let path = match rest {
        "" => "/",
        rest if rest.starts_with('/') => rest,
        _ => return None,
    };
    match uri.query() {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_the_path_is_found_and_nothing_else() {
        let ask = |uri: &str| {
            let uri: Uri = uri.parse().unwrap();
            below(&uri, "/a/b").map(|uri| uri.to_string())
        };
        for (uri, expected) in [
            ("/a/b/api/runs?limit=3", Some("/api/runs?limit=3")),
            ("/a/b/", Some("/")),
            ("/a/b", Some("/")),
            ("/a/b?x=1", Some("/?x=1")),
            ("/a/bc", None),
            ("/a", None),
            ("/api/runs", None),
        ] {
            assert_eq!(ask(uri).as_deref(), expected, "{uri}");
        }
    }
}
