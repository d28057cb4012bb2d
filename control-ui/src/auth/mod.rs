//! Who may talk to the control plane: sign-in codes, sessions, the key for programs.
//!
//! Invariant: codes and sessions are stored as hashes, a code is good once and for 15 minutes, and whatever is not
//! proven is refused.

mod guard;
mod principal;
mod sessions;
mod throttle;

pub(crate) use guard::CONTENT_POLICY;
pub use guard::{guard, security_headers};
pub use principal::{Principal, PrincipalKind};
pub use sessions::{Auth, Credential, KEY_HEADER, SESSION_COOKIE, SESSION_COOKIE_TLS, new_code};

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

/// The address of whoever speaks to us: the connection's, never a header's, since no proxy is trusted.
pub(crate) fn client_address(request: &HttpRequest) -> IpAddr {
    request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip())
}
