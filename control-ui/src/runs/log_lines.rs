//! The log of a run as people read it: bounded, in memory; what was dropped is counted.

use std::collections::VecDeque;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use run_report::{Event, Line, Outcome, Severity};
use serde_json::Value;

use crate::api::view::{LogLine, LogSource};
use crate::orchestrator::LogEntry;
use crate::time::Timestamp;

/// Lines kept for each run. When full, the oldest is dropped and counted; the orchestrator still has more.
pub(crate) const LINES: usize = 2_000;

/// Longest text of a line, in characters; the rest is cut.
const TEXT: usize = 2_000;

/// The last lines.
#[derive(Debug, Default)]
pub(crate) struct LogRing {
    lines: VecDeque<LogLine>,
    dropped: u64,
    missed: u64,
}

impl LogRing {
    pub(crate) fn push(&mut self, line: LogLine) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
        self.lines.push_back(line);
    }

    /// Counts lines of a loader's report that nobody can read any more.
    pub(crate) fn miss(&mut self, lines: u64) {
        self.missed += lines;
    }

    /// How many those are.
    pub(crate) fn missed(&self) -> u64 {
        self.missed
    }

    /// Puts lines of earlier times before those that came since, in the order of their moments.
    pub(crate) fn put_before(&mut self, earlier: impl IntoIterator<Item = LogLine>) {
        let mut lines: Vec<LogLine> = earlier.into_iter().chain(self.lines.drain(..)).collect();
        lines.sort_by_key(|line| line.at);
        for line in lines {
            self.push(line);
        }
    }

    /// Keeps the lines that a rule wants.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&LogLine) -> bool) {
        self.lines.retain(wanted);
    }

    /// The last `count` lines, and how many came before them.
    pub(crate) fn last(&self, count: usize) -> (Vec<LogLine>, u64) {
        let skip = self.lines.len().saturating_sub(count);
        let lines = self.lines.iter().skip(skip).cloned().collect();
        (lines, self.dropped + skip as u64)
    }
}

/// A line of one of a run's loaders: of several it says which.
pub(crate) fn of_loader(line: LogLine, shard: u32, loaders: usize) -> LogLine {
    match loaders {
        1 => line,
        _ => LogLine {
            text: format!("loader {shard}: {}", line.text),
            ..line
        },
    }
}

/// A line of the control plane itself.
pub(crate) fn control(at: Timestamp, level: &str, text: impl Into<String>) -> LogLine {
    line(at, LogSource::Control, level, text.into())
}

/// The line that stands where lines of a report are missing.
pub(crate) fn missing(lines: u64, at: DateTime<Utc>) -> LogLine {
    control(Timestamp::from(at), "warn", missing_words(lines))
}

/// That lines of a report are missing, and why.
pub(crate) fn missing_words(lines: u64) -> String {
    let (lines, are) = match lines {
        1 => ("1 line".to_owned(), "is"),
        lines => (format!("{lines} lines"), "are"),
    };
    format!(
        "{lines} of the loader's report {are} missing, and perhaps of its log: they were dropped or rotated away before \
         they were read; totals are complete, since each line has them"
    )
}

/// A line as text, for people who read it elsewhere.
pub(crate) fn text(line: &LogLine) -> Bytes {
    let stream = match line.stream {
        LogSource::Report => "report",
        LogSource::Log => "loader",
        LogSource::Control => "control",
    };
    Bytes::from(format!(
        "{} {:5} {stream:7} {}\n",
        line.at, line.level, line.text
    ))
}

/// Whether a log line says again what the run report says: loaders write incidents to both.
pub(crate) fn repeats_report(entry: &LogEntry) -> bool {
    serde_json::from_str::<Value>(&entry.text).is_ok_and(|line| line.get("code").is_some())
}

/// A line of a loader's log: its JSON put in words, anything else as it is.
pub(crate) fn log(entry: &LogEntry) -> LogLine {
    let at = Timestamp::from(entry.at);
    let Some((level, text)) = structured(&entry.text) else {
        return line(at, LogSource::Log, "info", entry.text.clone());
    };
    line(at, LogSource::Log, &level, text)
}

/// A line of the run report in words; heartbeats have none, they are drawn.
pub(crate) fn report(said: &Line) -> Option<LogLine> {
    let (level, text) = match &said.event {
        Event::Progress(_) | Event::Account(_) => return None,
        Event::Started(started) => {
            let again = if started.resumed {
                "resumed"
            } else {
                "started"
            };
            let target = started
                .targets
                .first()
                .map(|target| format!("{}, site {}", target.host, target.site_id))
                .unwrap_or_default();
            let text = format!(
                "{again}: {} visits a day to {target}, {} pacing, method {}, seed {}, population {}",
                started.visits_per_day,
                started.pacing,
                started.method,
                started.seed,
                started.population
            );
            ("info", text)
        }
        Event::Incident(incident) => {
            let level = match incident.severity {
                Severity::Info => "info",
                Severity::Warning => "warn",
                Severity::Error => "error",
            };
            (level, format!("{}: {}", incident.code, incident.message))
        }
        Event::Finished(finished) => {
            let level = match finished.outcome {
                Outcome::Done | Outcome::Stopped => "info",
                Outcome::Failed | Outcome::Guard => "error",
            };
            (level, format!("finished: {}", finished.reason))
        }
    };
    let at = Timestamp::from(said.at);
    Some(line(at, LogSource::Report, level, text))
}

fn line(at: Timestamp, stream: LogSource, level: &str, text: String) -> LogLine {
    let text = match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    LogLine {
        at,
        stream,
        level: level.to_owned(),
        text,
    }
}

/// A log line in JSON, as loaders write them when no person watches: level, message, further fields.
fn structured(text: &str) -> Option<(String, String)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let fields = value.as_object()?;
    let level = fields.get("level")?.as_str()?.to_ascii_lowercase();
    let mut words = fields.get("message")?.as_str()?.to_owned();
    let known = ["timestamp", "level", "message", "target"];
    for (name, value) in fields
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
    {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        words.push_str(&format!(" {name}={value}"));
    }
    Some((level, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orchestrator::Output;

    fn entry(text: &str) -> LogEntry {
        LogEntry {
            at: DateTime::UNIX_EPOCH,
            output: Output::Error,
            text: text.into(),
        }
    }

    #[test]
    fn a_json_line_is_put_in_words_and_plain_text_stays() {
        let json = log(&entry(
            r#"{"timestamp":"x","level":"WARN","message":"slow","delay_ms":7,"host":"a","target":"t"}"#,
        ));
        assert_eq!(
            (json.level.as_str(), json.text.as_str()),
            ("warn", "slow delay_ms=7 host=a")
        );
        let plain = log(&entry("just text"));
        assert_eq!(
            (plain.level.as_str(), plain.text.as_str()),
            ("info", "just text")
        );
    }

    #[test]
    fn the_log_is_bounded_and_says_what_it_left_out() {
        let mut ring = LogRing::default();
        for n in 0..LINES + 5 {
            ring.push(control(Timestamp(0), "info", n.to_string()));
        }
        let (lines, skipped) = ring.last(10);
        assert_eq!((lines.len(), skipped), (10, LINES as u64 - 5));
        assert_eq!(lines[9].text, (LINES + 4).to_string());
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let cut = control(Timestamp(0), "info", "é".repeat(TEXT + 1));
        assert_eq!(cut.text.chars().count(), TEXT + 1);
        assert!(cut.text.ends_with('…'));
    }
}
