//! Who may talk to the control plane: sign-in codes, sessions, keys for programs.
//!
//! Invariant: codes, sessions and keys are stored as hashes, a code is good once and for 15 minutes, and whatever is
//! not proven is refused.

mod authority;
mod base_path;
mod caller;
mod cookie;
mod credential;
mod forwarded;
mod guard;
mod hosts;
mod keys;
mod limits;
mod principal;
mod sessions;
mod throttle;

pub use authority::Auth;
pub use base_path::{base_path, below_base};
pub use caller::Caller;
pub use cookie::SESSION_COOKIE;
pub(crate) use cookie::of as session_cookie;
pub use credential::{Credential, KEY_HEADER};
pub(crate) use guard::CONTENT_POLICY;
pub use guard::{guard, security_headers};
pub use hosts::AllowedHost;
pub use limits::Limits;
pub(crate) use principal::QUESTIONS;
pub use principal::{Principal, PrincipalKind, Scope};
pub use sessions::new_code;
