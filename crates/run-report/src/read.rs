//! One line of the report: the envelope around an event, written and read.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Event;

/// The version of the report that this crate writes.
pub const VERSION: u32 = 1;

/// The longest line that is written, in bytes, without its line feed. Examples in a report are cut to fit;
/// container engines split longer lines.
pub const MAX_LINE_BYTES: usize = 8 * 1024;

/// One line: envelope and event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Version of the report, [`VERSION`].
    pub v: u32,
    /// Counts the lines of one attempt from 1 without gaps; a gap means that lines were dropped or lost.
    pub seq: u64,
    /// When the line was written.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub at: DateTime<Utc>,
    /// What is said.
    #[serde(flatten)]
    pub event: Event,
}

/// Why a line could not be read as part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Ordinary text: not JSON, or JSON without the envelope. Most often a log line in the same stream.
    NotAReport,
    /// A newer loader wrote it.
    NewerVersion(u64),
    /// It has the envelope, but the event is not one of ours; says where.
    BadEvent(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAReport => write!(f, "not a line of a run report"),
            Self::NewerVersion(v) => write!(
                f,
                "run report of version {v}, this program reads version {VERSION}: update the control plane"
            ),
            Self::BadEvent(why) => write!(f, "run report line cannot be read: {why}"),
        }
    }
}

impl std::error::Error for ReadError {}

impl Line {
    /// An event in its envelope.
    #[must_use]
    pub fn new(seq: u64, at: DateTime<Utc>, event: Event) -> Self {
        Self {
            v: VERSION,
            seq,
            at,
            event,
        }
    }

    /// The JSON text of the line, without a line feed.
    ///
    /// # Errors
    /// A figure that JSON cannot hold (not a number, infinite).
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// Reads one line.
    ///
    /// # Errors
    /// [`ReadError`] says whether the text is foreign, newer, or damaged.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        if !text.starts_with('{') {
            return Err(ReadError::NotAReport);
        }
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|_| ReadError::NotAReport)?;
        let Some(version) = value.get("v").and_then(serde_json::Value::as_u64) else {
            return Err(ReadError::NotAReport);
        };
        if value.get("type").is_none() || value.get("seq").is_none() {
            return Err(ReadError::NotAReport);
        }
        if u64::from(VERSION) < version {
            return Err(ReadError::NewerVersion(version));
        }
        serde_json::from_value(value).map_err(|error| ReadError::BadEvent(error.to_string()))
    }
}

fn write_time<S: Serializer>(at: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn read_time<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    DateTime::<Utc>::deserialize(from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;

    use super::*;
    use crate::{Account, DayAccount, Incident, RunKind, Severity, TargetName, Window};

    fn incident(seq: u64) -> Line {
        Line::new(
            seq,
            DateTime::from_timestamp_millis(1_790_000_000_123).unwrap(),
            Event::Incident(Incident {
                severity: Severity::Warning,
                code: "target.slow".into(),
                message: "answers take 6 s".into(),
            }),
        )
    }

    #[test]
    fn a_line_has_version_sequence_time_and_type_at_the_top_level() {
        let text = incident(7).to_json().unwrap();
        insta::assert_snapshot!(text, @r#"{"v":1,"seq":7,"at":"2026-09-21T14:13:20.123Z","type":"incident","severity":"warning","code":"target.slow","message":"answers take 6 s"}"#);
    }

    #[test]
    fn a_line_reads_back_as_it_was_written() {
        let line = incident(7);
        assert_eq!(Line::parse(&line.to_json().unwrap()), Ok(line));
    }

    #[test]
    fn foreign_text_is_told_from_a_damaged_report() {
        for (text, expected) in [
            ("plain text", ReadError::NotAReport),
            ("{\"a\":1}", ReadError::NotAReport),
            ("{broken", ReadError::NotAReport),
            (
                r#"{"v":2,"seq":1,"at":"x","type":"started"}"#,
                ReadError::NewerVersion(2),
            ),
        ] {
            assert_eq!(Line::parse(text), Err(expected), "{text}");
        }
        assert!(matches!(
            Line::parse(r#"{"v":1,"seq":1,"at":"2026-01-01T00:00:00Z","type":"nonsense"}"#),
            Err(ReadError::BadEvent(_))
        ));
    }

    #[test]
    fn a_heartbeat_of_an_earlier_release_reads_without_the_newer_fields() {
        let text = r#"{"v":1,"seq":2,"at":"2026-01-01T00:00:00Z","type":"progress","state":"running","detail":"",
            "account":{"planned":0,"accepted":0,"rejected":0,"failed":0,"unknown":0,"skipped":0,"remaining":0},
            "visits":{"planned":null,"started":1,"finished":1,"open":0},
            "rate":{"visits_per_s_planned":1,"visits_per_s":1,"hits_per_s":1,"errors_per_s":0},
            "latency_ms":null,"lateness_ms":null,"in_flight":0,"requests":0,"by_kind":{}}"#;
        let Ok(Event::Progress(progress)) = Line::parse(text).map(|line| line.event) else {
            panic!("{:?}", Line::parse(text));
        };
        assert_eq!((progress.until, progress.next_visit_at), (None, None));
        assert_eq!((progress.reasons.len(), progress.visits.cut), (0, 0));
    }

    #[test]
    fn a_start_of_an_earlier_release_is_one_of_a_live_run() {
        let text = r#"{"v":1,"seq":1,"at":"2026-01-01T00:00:00Z","type":"started","loader_version":"0.2.0",
            "shard":{"index":1,"of":1},"pacing":"live","method":"beacon","seed":1,"population":"people",
            "origin":"2026-01-01T00:00:00Z","visits_per_day":1000.0,"visits_planned":null,"trial":null,
            "countries":false,"targets":[]}"#;
        let Ok(Event::Started(started)) = Line::parse(text).map(|line| line.event) else {
            panic!("{:?}", Line::parse(text));
        };
        assert_eq!((started.kind, started.window), (RunKind::Live, None));
    }

    #[test]
    fn a_day_of_an_earlier_release_is_closed() {
        let text = r#"{"v":1,"seq":9,"at":"2026-01-01T00:00:00Z","type":"account","day":"2025-12-31",
            "target":{"host":"matomo.example","site_id":3},
            "account":{"planned":2,"accepted":2,"rejected":0,"failed":0,"unknown":0,"skipped":0,"remaining":0},
            "by_kind":{}}"#;
        let Ok(Event::Account(day)) = Line::parse(text).map(|line| line.event) else {
            panic!("{:?}", Line::parse(text));
        };
        assert!(day.closed);
        assert_eq!((day.visits_planned, day.visits_started), (None, 0));
    }

    #[test]
    fn an_open_day_of_a_backfill_is_frozen() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 30).unwrap();
        let account = Account {
            planned: 3,
            accepted: 2,
            remaining: 1,
            ..Account::default()
        };
        let at = DateTime::from_timestamp_millis(1_790_000_000_123).unwrap();
        let open = DayAccount {
            day,
            target: TargetName {
                host: "matomo.example".into(),
                site_id: 3,
            },
            closed: false,
            visits_planned: Some(2_000),
            visits_started: 2,
            visits_finished: 1,
            unverified: 0,
            account,
            by_kind: BTreeMap::from([("pageview".to_owned(), account)]),
        };
        let line = Line::new(12, at, Event::Account(Box::new(open)));
        let text = line.to_json().unwrap();
        insta::assert_snapshot!(text, @r#"{"v":1,"seq":12,"at":"2026-09-21T14:13:20.123Z","type":"account","day":"2026-01-30","target":{"host":"matomo.example","site_id":3},"closed":false,"visits_planned":2000,"visits_started":2,"visits_finished":1,"unverified":0,"account":{"planned":3,"accepted":2,"rejected":0,"failed":0,"unknown":0,"skipped":0,"remaining":1},"by_kind":{"pageview":{"planned":3,"accepted":2,"rejected":0,"failed":0,"unknown":0,"skipped":0,"remaining":1}}}"#);
        assert_eq!(Line::parse(&text), Ok(line));
    }

    #[test]
    fn the_window_of_a_backfill_is_frozen() {
        let window = Window {
            first: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            last: NaiveDate::from_ymd_opt(2026, 1, 30).unwrap(),
            days: 30,
            time_zone: "Europe/Stockholm".into(),
        };
        let text = serde_json::to_string(&window).unwrap();
        insta::assert_snapshot!(text, @r#"{"first":"2026-01-01","last":"2026-01-30","days":30,"time_zone":"Europe/Stockholm"}"#);
    }

    #[test]
    fn unknown_fields_of_a_later_release_are_ignored() {
        let text = r#"{"v":1,"seq":1,"at":"2026-01-01T00:00:00Z","type":"incident","severity":"info","code":"a","message":"b","later":true}"#;
        assert!(Line::parse(text).is_ok());
    }
}
