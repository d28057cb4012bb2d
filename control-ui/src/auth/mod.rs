//! Who may talk to the control plane: sign-in codes, sessions, the key for programs.
//!
//! Invariant: codes and sessions are stored as hashes, a code is good once and for 15 minutes, and whatever is not
//! proven is refused.

mod caller;
mod guard;
mod principal;
mod sessions;
mod throttle;

pub use caller::Caller;
pub(crate) use guard::CONTENT_POLICY;
pub use guard::{guard, security_headers};
pub use principal::{Principal, PrincipalKind, Scope};
pub use sessions::{Auth, Credential, KEY_HEADER, SESSION_COOKIE, SESSION_COOKIE_TLS, new_code};
