//! The audit list: who did what to what, and from where.
//!
//! It keeps what people ask after an accident, not what a debugger wants; that is the log's part. Invariants: an
//! entry is short and holds no secret, since callers pass ids, names and words, never documents; and a list that
//! cannot be written does not stop what was done, because by then it is done.

use std::fmt::Display;
use std::path::Path;

use crate::auth::Principal;
use crate::store::{AuditRow, Store, StoreError, add_beside};
use crate::time::{Clock, Timestamp};

/// Longest subject, in characters; the rest is cut.
const SUBJECT_MAX: usize = 300;

/// Longest detail, in characters; the rest is cut.
const DETAIL_MAX: usize = 1_000;

/// The audit list.
#[derive(Clone)]
pub struct Audit {
    store: Store,
    clock: Clock,
}

impl Audit {
    /// The list in `store`.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Notes that `who` did `action` (`run.start`, `key.revoke` …) to `subject` (an id, a host, a name). `detail` is
    /// what a person wants to read about it and must hold no secret; empty when there is nothing to say.
    pub async fn note(
        &self,
        who: &Principal,
        action: &'static str,
        subject: impl Display,
        detail: impl Display,
    ) {
        let caller = who.caller();
        let entry = AuditRow {
            id: 0,
            at: self.clock.now(),
            who: who.name(),
            action: action.to_owned(),
            subject: cut(&subject, SUBJECT_MAX),
            detail: cut(&detail, DETAIL_MAX),
            address: caller.address.to_string(),
            request: caller.request.clone(),
        };
        if let Err(error) = self.store.add_audit(entry).await {
            tracing::error!(error = %error, action, "the audit list cannot be written");
        }
    }

    /// At most `limit` entries older than the one numbered `before`, newest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list(&self, limit: u32, before: Option<i64>) -> Result<Vec<AuditRow>, StoreError> {
        self.store.audit(limit, before).await
    }
}

/// Notes what somebody did on the command line of this machine, where nobody is asked who he is but the system.
///
/// # Errors
/// The database cannot be written.
pub fn note_of_command_line(
    data_dir: &Path,
    now: Timestamp,
    action: &'static str,
    subject: impl Display,
    detail: impl Display,
) -> Result<(), StoreError> {
    let entry = AuditRow {
        id: 0,
        at: now,
        who: format!("the command line, as user {}", nix::unistd::getuid()),
        action: action.to_owned(),
        subject: cut(&subject, SUBJECT_MAX),
        detail: cut(&detail, DETAIL_MAX),
        address: "this machine".to_owned(),
        request: String::new(),
    };
    add_beside(data_dir, &entry)
}

fn cut(text: &impl Display, characters: usize) -> String {
    let text = text.to_string();
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut(&"äöü", 3), "äöü");
        assert_eq!(cut(&"äöü", 2), "äö…");
    }
}
