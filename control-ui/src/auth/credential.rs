//! What people and programs prove themselves with, as they hand it over.

use actix_web::http::header::{self, HeaderMap};
use config::Secret;

use super::sessions::refused;
use crate::api::problem::{Code, Problem};

/// Header for keys; `Authorization: Bearer` is as good.
pub const KEY_HEADER: &str = "X-API-Key";

/// Longest credential that is looked at, in bytes.
pub(super) const CREDENTIAL_BYTES_MAX: usize = 512;

/// What somebody signs in with.
pub enum Credential {
    /// A single-use code.
    Code(Secret),
    /// The key that the operator set.
    Key(Secret),
}

impl Credential {
    /// Exactly one of the two.
    ///
    /// # Errors
    /// None, both, or one that is far too long.
    pub fn from_parts(code: Option<&str>, key: Option<&str>) -> Result<Self, Problem> {
        let credential = match (code, key) {
            (Some(code), None) => Self::Code(Secret::from(code.trim().to_owned())),
            (None, Some(key)) => Self::Key(Secret::from(key.trim().to_owned())),
            _ => {
                return Err(Problem::new(
                    Code::RequestMalformed,
                    "give either `code` or `key`",
                ));
            }
        };
        let (Self::Code(text) | Self::Key(text)) = &credential;
        if text.expose().len() > CREDENTIAL_BYTES_MAX {
            return Err(refused());
        }
        Ok(credential)
    }

    /// What it is, for the audit list.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Code(_) => "by sign-in link",
            Self::Key(_) => "by the operator's key",
        }
    }
}

/// The key that a request presents. Another kind of `Authorization` is a proxy's own affair; a key that is not text
/// or far too long is none of ours, and as such an empty one.
pub(super) fn presented_key(headers: &HeaderMap) -> Option<&str> {
    let value = match headers.get(KEY_HEADER) {
        Some(value) => value.as_bytes(),
        None => {
            let value = headers.get(header::AUTHORIZATION)?.as_bytes();
            let (scheme, rest) = value.split_at_checked("Bearer ".len())?;
            scheme.eq_ignore_ascii_case(b"Bearer ").then_some(rest)?
        }
    };
    let text = std::str::from_utf8(value).unwrap_or_default().trim();
    Some(if text.len() > CREDENTIAL_BYTES_MAX {
        ""
    } else {
        text
    })
}
