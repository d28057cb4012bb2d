//! Hits that are not accepted: told within seconds, with their reason, an example and what to do.
//!
//! Invariant: each reason is told once, and again only when its hits have become a hundred times as many.

use std::time::Duration;

use run_report::{HitOutcome, Incident, Reason, Severity};

use super::incident;

/// Hits of one reason after which it is told at once.
const SOON: u64 = 10;

/// Time after its first hit at which a reason with fewer hits is told.
const LATEST: Duration = Duration::from_secs(5);

/// Growth of a reason's hits after which it is told again.
const AGAIN: u64 = 100;

#[derive(Default)]
pub(super) struct Story {
    /// As many as there are rows in the list of reasons, which is bounded.
    rows: Vec<Row>,
}

struct Row {
    outcome: HitOutcome,
    code: String,
    /// Hits that were told of, or that an earlier attempt had.
    known: u64,
    /// When hits that were not told of were first seen.
    since: Option<Duration>,
}

impl Story {
    pub(super) fn going_on_from(reasons: &[Reason]) -> Self {
        let row = |reason: &Reason| Row {
            known: reason.hits,
            ..Row::of(reason)
        };
        Self {
            rows: reasons.iter().map(row).collect(),
        }
    }

    pub(super) fn look(&mut self, now: Duration, reasons: &[Reason], told: &mut Vec<Incident>) {
        for reason in reasons {
            if reason.outcome == HitOutcome::Skipped && reason.code == "late.queue_full" {
                // Told on its own, with how often.
                continue;
            }
            let at = match self.rows.iter().position(|row| row.is_of(reason)) {
                Some(at) => at,
                None => {
                    self.rows.push(Row::of(reason));
                    self.rows.len() - 1
                }
            };
            let row = &mut self.rows[at];
            if reason.hits < row.known.saturating_mul(AGAIN).max(row.known + 1) {
                continue;
            }
            let since = *row.since.get_or_insert(now);
            if row.known + SOON <= reason.hits || since + LATEST <= now {
                row.known = reason.hits;
                row.since = None;
                told.push(words(reason));
            }
        }
    }
}

impl Row {
    fn of(reason: &Reason) -> Self {
        Self {
            outcome: reason.outcome,
            code: reason.code.clone(),
            known: 0,
            since: None,
        }
    }

    fn is_of(&self, reason: &Reason) -> bool {
        self.outcome == reason.outcome && self.code == reason.code
    }
}

fn words(reason: &Reason) -> Incident {
    let (severity, code, what) = match reason.outcome {
        HitOutcome::Accepted => (Severity::Warning, "hits.remark", "accepted, but"),
        HitOutcome::Rejected => (Severity::Error, "hits.rejected", "rejected"),
        HitOutcome::Failed => (Severity::Error, "hits.failed", "given up"),
        HitOutcome::Unknown => (Severity::Warning, "hits.unknown", "in doubt"),
        HitOutcome::Skipped => (Severity::Warning, "hits.skipped", "skipped"),
    };
    let hits = match reason.hits {
        1 => "1 hit".to_owned(),
        hits => format!("{hits} hits"),
    };
    let example = reason
        .example
        .as_deref()
        .map_or_else(String::new, |example| format!(", for example {example}"));
    let message = format!(
        "{hits} {what}{example}: {} [{}]",
        reason.message, reason.code
    );
    incident(severity, code, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(hits: u64) -> Reason {
        Reason {
            outcome: HitOutcome::Rejected,
            code: "http.400".into(),
            message: "refused; check the token".into(),
            hits,
            example: Some("https://shop.example/".into()),
        }
    }

    fn look(story: &mut Story, second: u64, hits: u64) -> Vec<String> {
        let mut told = Vec::new();
        story.look(Duration::from_secs(second), &[reason(hits)], &mut told);
        told.into_iter().map(|incident| incident.message).collect()
    }

    #[test]
    fn many_refused_hits_are_told_at_once_and_again_when_they_have_grown() {
        let mut story = Story::default();
        assert_eq!(look(&mut story, 1, 9), Vec::<String>::new());
        assert_eq!(
            look(&mut story, 2, 12),
            [
                "12 hits rejected, for example https://shop.example/: refused; check the token [http.400]"
            ]
        );
        assert!(look(&mut story, 3, 1_199).is_empty());
        assert_eq!(look(&mut story, 4, 1_200).len(), 1);
        assert!(look(&mut story, 5, 100_000).is_empty());
    }

    #[test]
    fn a_single_refused_hit_is_told_after_seconds() {
        let mut story = Story::default();
        assert!(look(&mut story, 10, 1).is_empty());
        assert!(look(&mut story, 14, 1).is_empty());
        assert_eq!(look(&mut story, 15, 1).len(), 1);
        assert!(look(&mut story, 16, 2).is_empty());
    }

    #[test]
    fn what_an_earlier_attempt_told_is_not_told_again() {
        let mut story = Story::going_on_from(&[reason(12)]);
        assert!(look(&mut story, 60, 12).is_empty());
        assert!(look(&mut story, 61, 1_199).is_empty());
        assert_eq!(look(&mut story, 62, 1_200).len(), 1);
    }
}
