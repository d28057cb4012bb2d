//! The session cookie: its name says what the browser must hold of it.

use actix_web::cookie::{Cookie, SameSite};

/// Name of the session cookie without TLS.
pub const SESSION_COOKIE: &str = "trafficinator_session";

/// Name under TLS; browsers take it over https, from this host alone.
const HOST_COOKIE: &str = "__Host-trafficinator_session";

/// Name under TLS below a path, where `__Host-` is not allowed; browsers take it over https alone.
const SECURE_COOKIE: &str = "__Secure-trafficinator_session";

/// Its name for a request that came over TLS or not, below `base` (empty at the root).
pub(crate) fn name(tls: bool, base: &str) -> &'static str {
    match (tls, base.is_empty()) {
        (false, _) => SESSION_COOKIE,
        (true, true) => HOST_COOKIE,
        (true, false) => SECURE_COOKIE,
    }
}

/// The cookie lives as long as the browser does; the server decides how long it is good.
pub(crate) fn of(token: &str, tls: bool, base: &str) -> Cookie<'static> {
    let path = if base.is_empty() { "/" } else { base };
    Cookie::build(name(tls, base), token.to_owned())
        .path(path.to_owned())
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(tls)
        .finish()
}
