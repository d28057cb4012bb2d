//! Editing without overwriting each other: what can be edited has a revision, answers carry it as `ETag`, and a
//! change names in `If-Match` the one it was made from.
//!
//! Invariant: whether the revision is still the current one is decided by the store, in the transaction of the
//! change; this file only reads and writes the headers.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderName};
use actix_web::{FromRequest, HttpRequest};

use crate::api::problem::{Code, Problem};

/// The header of an answer that shows `revision`.
#[must_use]
pub fn etag(revision: u64) -> (HeaderName, String) {
    (header::ETAG, format!("\"{revision}\""))
}

/// The revision that a change was made from, as `If-Match` names it. Taking one makes the header required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precondition(pub u64);

impl Precondition {
    /// Whether the change was made from `current`.
    ///
    /// # Errors
    /// It was made from another revision.
    pub fn check(self, current: u64) -> Result<(), Problem> {
        if self.0 == current {
            Ok(())
        } else {
            Err(stale())
        }
    }
}

impl FromRequest for Precondition {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = request.headers().get(header::IF_MATCH);
        ready(
            match given.map(|value| value.to_str().unwrap_or_default()) {
                None => Err(Problem::new(
                    Code::PreconditionRequired,
                    "send If-Match with the ETag of the version that you changed",
                )),
                Some(text) => revision(text).map(Self).ok_or_else(stale),
            },
        )
    }
}

/// `"7"`, or `W/"7"`, which proxies make of it when they compress an answer.
fn revision(text: &str) -> Option<u64> {
    let text = text.trim();
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    // Longer ones do not fit the store's integers.
    digits.parse().ok().filter(|_| digits.len() < 19)
}

/// The answer to a change that was made from an old revision.
fn stale() -> Problem {
    Problem::new(
        Code::PreconditionFailed,
        "somebody changed it since you read it: read it again, make your change to that, and send its ETag",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_one_quoted_number() {
        assert_eq!(revision("\"7\""), Some(7));
        assert_eq!(revision(" W/\"12\" "), Some(12));
        assert_eq!(Precondition(7).check(7).map_err(|p| p.code()), Ok(()));
        let stale = Precondition(7).check(8).map_err(|p| p.code());
        assert_eq!(stale, Err(Code::PreconditionFailed));
        for text in [
            "",
            "7",
            "\"\"",
            "*",
            "\"1\", \"2\"",
            "\"x\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(revision(text), None, "{text}");
        }
    }
}
