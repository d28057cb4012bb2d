//! Pages of a list: how many entries, where the next one begins, and how a wrong query is answered.

use crate::api::problem::{Code, Problem};

/// The longest page.
const LIMIT_MAX: u32 = 200;

/// The length of a page when a request names none.
pub(crate) fn default_limit() -> u32 {
    50
}

/// The length of a page that a request names.
pub(crate) fn checked(limit: u32) -> Result<u32, Problem> {
    match limit {
        1..=LIMIT_MAX => Ok(limit),
        _ => Err(malformed(format!("limit={limit} must be 1 to {LIMIT_MAX}"))),
    }
}

/// Cuts a list that was read with one entry more than the page takes; whether there was one.
pub(crate) fn cut<T>(entries: &mut Vec<T>, limit: u32) -> bool {
    let limit = limit as usize;
    let more = entries.len() > limit;
    entries.truncate(limit);
    more
}

/// A `before` that no answer gave.
pub(crate) fn no_cursor() -> Problem {
    malformed("before must be the `next` of an earlier answer")
}

/// A query that cannot be read.
pub(crate) fn malformed(why: impl Into<String>) -> Problem {
    Problem::new(Code::RequestMalformed, why)
}
