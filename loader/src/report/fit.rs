//! Keeps a JSON line under the limit by leaving out what can be spared: examples first, then rare reasons.
//!
//! It never changes a total: the hits of reasons left out are added up under `other`.

use run_report::{Event, HitOutcome, Line, MAX_LINE_BYTES, Reason};

/// The line's JSON text with its line feed. Empty when a figure cannot be written as JSON, which is logged.
pub(super) fn to_bytes(mut line: Line) -> Vec<u8> {
    loop {
        match line.to_json() {
            Ok(text) if text.len() < MAX_LINE_BYTES || !shorten(&mut line) => {
                let mut bytes = text.into_bytes();
                bytes.push(b'\n');
                return bytes;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "a line of the run report cannot be written as JSON");
                return Vec::new();
            }
        }
    }
}

/// Takes one thing away; false when nothing is left that may go.
fn shorten(line: &mut Line) -> bool {
    match &mut line.event {
        Event::Finished(finished) => {
            shorten_reasons(&mut finished.reasons) || finished.latency_histogram.take().is_some()
        }
        Event::Progress(progress) => shorten_reasons(&mut progress.reasons),
        Event::Incident(incident) => cut(&mut incident.message),
        _ => false,
    }
}

fn shorten_reasons(reasons: &mut Vec<Reason>) -> bool {
    if reasons.iter().any(|reason| reason.example.is_some()) {
        for reason in reasons.iter_mut() {
            reason.example = None;
        }
        return true;
    }
    let Some(at) = reasons.iter().rposition(|reason| reason.code != "other") else {
        return false;
    };
    let gone = reasons.remove(at);
    add_other(reasons, gone.outcome, gone.hits);
    true
}

/// Adds `hits` to the row of reasons that have no row of their own.
pub(crate) fn add_other(reasons: &mut Vec<Reason>, outcome: HitOutcome, hits: u64) {
    let row = reasons
        .iter_mut()
        .find(|reason| reason.code == "other" && reason.outcome == outcome);
    match row {
        Some(reason) => reason.hits += hits,
        None => reasons.push(Reason {
            outcome,
            code: "other".to_owned(),
            message: "rarer reasons, not listed one by one".to_owned(),
            hits,
            example: None,
        }),
    }
}

fn cut(message: &mut String) -> bool {
    if message.len() < 64 {
        return false;
    }
    let half = (0..=message.len() / 2)
        .rev()
        .find(|at| message.is_char_boundary(*at))
        .unwrap_or(0);
    message.truncate(half);
    message.push('…');
    true
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use run_report::{Account, Finished, Incident, Outcome, Severity, Visits};

    use super::*;

    fn finished(reasons: Vec<Reason>) -> Line {
        let finished = Finished {
            outcome: Outcome::Done,
            reason: "all visits made".into(),
            next: None,
            exit_code: 0,
            account: Account::default(),
            visits_planned: None,
            visits: Visits::default(),
            by_kind: std::collections::BTreeMap::new(),
            unverified: 0,
            reasons,
            latency_ms: None,
            latency_histogram: None,
            lateness_ms: None,
            requests: 0,
            duration_s: 1.0,
        };
        Line::new(1, Utc::now(), Event::Finished(Box::new(finished)))
    }

    fn reason(number: u64, filler: usize) -> Reason {
        Reason {
            outcome: HitOutcome::Rejected,
            code: format!("http.{number}"),
            message: "m".repeat(filler),
            hits: number,
            example: Some("e".repeat(filler)),
        }
    }

    #[test]
    fn a_long_last_line_loses_examples_and_rare_reasons_but_no_hit() {
        for (count, filler) in [(1, 10), (40, 100), (40, 400), (2, 20_000)] {
            let bytes = to_bytes(finished((1..=count).map(|n| reason(n, filler)).collect()));
            assert!(bytes.len() <= MAX_LINE_BYTES, "{}", bytes.len());
            let line = Line::parse(std::str::from_utf8(&bytes).unwrap().trim_end()).unwrap();
            let Event::Finished(finished) = line.event else {
                panic!("not the last line")
            };
            let hits: u64 = finished.reasons.iter().map(|reason| reason.hits).sum();
            assert_eq!(hits, count * (count + 1) / 2);
        }
    }

    #[test]
    fn a_heartbeat_with_long_reasons_stays_under_the_limit() {
        let mut value = serde_json::json!({
            "v": 1, "seq": 2, "at": "2026-01-01T00:00:00Z", "type": "progress",
            "state": "running", "detail": "", "account": Account::default(),
            "visits": Visits::default(), "rate": run_report::Rate::default(),
            "latency_ms": null, "lateness_ms": null, "in_flight": 0, "requests": 0, "by_kind": {},
        });
        let reasons: Vec<Reason> = (1..=5).map(|n| reason(n, 200)).collect();
        value["reasons"] = serde_json::to_value(&reasons).unwrap();
        // Worst case: each character takes four bytes.
        let text = value.to_string().replace("mmmm", "😀😀😀😀");
        let text = text.replace("eeee", "😀😀😀😀");
        let bytes = to_bytes(Line::parse(&text).unwrap());
        assert!(bytes.len() <= MAX_LINE_BYTES, "{}", bytes.len());
        let line = Line::parse(std::str::from_utf8(&bytes).unwrap().trim_end()).unwrap();
        let Event::Progress(progress) = line.event else {
            panic!("not a heartbeat")
        };
        let hits: u64 = progress.reasons.iter().map(|reason| reason.hits).sum();
        assert_eq!(hits, 15);
    }

    #[test]
    fn a_long_message_is_cut_at_a_character() {
        let incident = Incident {
            severity: Severity::Info,
            code: "a".into(),
            message: "ß".repeat(20_000),
        };
        let bytes = to_bytes(Line::new(1, Utc::now(), Event::Incident(incident)));
        assert!(bytes.len() <= MAX_LINE_BYTES);
        assert!(std::str::from_utf8(&bytes).unwrap().contains('…'));
    }
}
