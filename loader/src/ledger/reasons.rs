//! Why hits ended as they did: a bounded list.
//!
//! It keeps a row for each outcome and code. Invariant: the sum over the rows is the number of hits added.

use std::borrow::Cow;

use run_report::{HitOutcome, Reason};

use super::Ledger;

/// Rows kept; hits with yet another reason are added up in a row `other` for their outcome.
pub const MAX_REASONS: usize = 12;

/// Longest message and longest example kept, in characters; the rest is cut.
const MAX_CHARS: usize = 200;

/// Why a hit ended as it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Stable code, such as `http.400`.
    pub code: Cow<'static, str>,
    /// What it means, and a way out where there is one.
    pub message: Cow<'static, str>,
}

impl Cause {
    /// A cause known when the program was written.
    #[must_use]
    pub const fn fixed(code: &'static str, message: &'static str) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(message),
        }
    }

    /// A cause that was written down before.
    #[must_use]
    pub fn of(code: String, message: String) -> Self {
        Self {
            code: Cow::Owned(code),
            message: Cow::Owned(message),
        }
    }

    /// Whether the end of the run is the cause, so that the visit did not end by itself.
    #[must_use]
    pub fn is_of_a_stop(&self) -> bool {
        self.code.starts_with(STOP)
    }
}

/// What codes of causes begin with that are the end of the run itself.
const STOP: &str = "stop.";

/// The hit was still unsent when the run was stopped.
pub const CUT: Cause = Cause::fixed("stop.cut", "not sent: the run was stopped before");

/// The hit had no answer yet when the run was stopped.
pub const IN_FLIGHT: Cause = Cause::fixed(
    "stop.in_flight",
    "sent, but the run ended before an answer came; whether the hit was recorded is not known",
);

/// A remark on accepted hits.
pub const DOUBLE: Cause = Cause::fixed(
    "double.possible",
    "accepted after an attempt whose outcome is not known; Matomo may have recorded the hit twice",
);

/// The list.
#[derive(Debug, Clone, Default)]
pub struct Reasons {
    rows: Vec<Reason>,
}

impl Reasons {
    /// Continues the list of an earlier attempt.
    #[must_use]
    pub fn from_rows(mut rows: Vec<Reason>) -> Self {
        // A row for each outcome may stand beside the full list.
        rows.truncate(MAX_REASONS + 5);
        Self { rows }
    }

    /// Adds hits; `example` is asked for only when a new row needs one.
    pub fn add(
        &mut self,
        outcome: HitOutcome,
        cause: &Cause,
        hits: u64,
        example: impl FnOnce() -> Option<String>,
    ) {
        let known = self
            .rows
            .iter_mut()
            .find(|row| row.outcome == outcome && row.code == cause.code);
        if let Some(row) = known {
            row.hits += hits;
            return;
        }
        let own_rows = self.rows.iter().filter(|row| row.code != "other").count();
        if MAX_REASONS <= own_rows {
            crate::report::add_other(&mut self.rows, outcome, hits);
            return;
        }
        self.rows.push(Reason {
            outcome,
            code: cause.code.to_string(),
            message: cut(&cause.message),
            hits,
            example: example().map(|text| cut(&text)),
        });
    }

    /// Says better why hits were rejected, once it is known.
    pub fn explain(&mut self, code: &str, message: &str) {
        let mut rows = self.rows.iter_mut();
        let row = rows.find(|row| row.outcome == HitOutcome::Rejected && row.code == code);
        if let Some(row) = row {
            row.message = cut(message);
        }
    }

    /// The rows, the most frequent first, `other` last.
    #[must_use]
    pub fn rows(&self) -> Vec<Reason> {
        let mut rows = self.rows.clone();
        rows.sort_by_key(|row| (row.code == "other", std::cmp::Reverse(row.hits)));
        rows
    }

    /// What needs a person's eye, the most frequent first: what was cut off by a stop is left out, and so is `other`.
    #[must_use]
    pub fn notable(&self) -> Vec<Reason> {
        let told = |row: &&Reason| row.code != "other" && !row.code.starts_with(STOP);
        let mut rows: Vec<&Reason> = self.rows.iter().filter(told).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.hits));
        rows.into_iter().cloned().collect()
    }
}

impl Ledger {
    /// Adds hits to a row of the reasons without settling them: what is worth knowing of accepted hits.
    pub fn remark(&self, cause: &Cause, hits: u64) {
        let mut figures = self.lock();
        figures
            .reasons
            .add(HitOutcome::Accepted, cause, hits, || None);
        if let Some(journal) = self.journal.get() {
            // One that is not written ends the run, and the last checkpoint holds the remark.
            let _ = journal.remarked(cause, hits);
        }
    }

    /// Says better why hits were rejected, once it is known.
    pub fn explain(&self, code: &str, message: &str) {
        self.lock().reasons.explain(code, message);
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(number: usize) -> Cause {
        Cause {
            code: format!("http.{number}").into(),
            message: "m".repeat(1_000).into(),
        }
    }

    #[test]
    fn the_list_is_bounded_and_no_hit_is_lost() {
        let mut reasons = Reasons::default();
        for number in 0..50 {
            for outcome in [HitOutcome::Rejected, HitOutcome::Unknown] {
                reasons.add(outcome, &cause(number), 2, || Some("e".repeat(1_000)));
            }
        }
        reasons.add(HitOutcome::Rejected, &cause(3), 5, || None);
        let rows = reasons.rows();
        assert!(rows.len() <= MAX_REASONS + 2, "{}", rows.len());
        assert_eq!(rows.iter().map(|row| row.hits).sum::<u64>(), 205);
        assert_eq!((rows[0].code.as_str(), rows[0].hits), ("http.3", 7));
        assert!(rows[0].message.chars().count() <= MAX_CHARS + 1);
        assert_eq!(rows.last().map(|row| row.code.as_str()), Some("other"));
    }
}
