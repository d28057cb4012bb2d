//! The control plane's own log, as the page shows it: the last lines in memory, and each new one as a live event.
//!
//! It takes what goes to standard error, no more and no less; it writes no files. Invariant: it is bounded, what was
//! dropped is counted, and logging never waits for a reader.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::api::view::{LogLine, LogSource};
use crate::live::Hub;
use crate::log_filter::{LEVELS, LogFilter, place};
use crate::time::{Clock, Timestamp};

/// Lines kept. When full, the oldest is dropped and counted; standard error had it.
pub const LINES: usize = 2_000;

/// Longest text of a line, in characters; the rest is cut.
const TEXT: usize = 2_000;

/// The last lines of the control plane's log. Clones are the same.
#[derive(Clone, Default)]
pub struct OwnLog(Arc<Inner>);

#[derive(Default)]
struct Inner {
    ring: Mutex<Ring>,
    /// Who wants to know; set once the control plane is put together.
    live: OnceLock<Arc<Hub>>,
}

#[derive(Default)]
struct Ring {
    lines: VecDeque<LogLine>,
    dropped: u64,
    /// Lines so far, for each of [`LEVELS`].
    counts: [u64; LEVELS.len()],
}

impl OwnLog {
    /// What to give to the subscriber, so that this log hears.
    #[must_use]
    pub fn layer(&self) -> OwnLogLayer {
        OwnLogLayer {
            log: self.clone(),
            clock: Clock::system(),
        }
    }

    /// Tells of each new line from now on.
    pub(crate) fn announce_to(&self, live: Arc<Hub>) {
        // A second hub would be a second control plane in one process; the first one keeps the log.
        let _ = self.0.live.set(live);
    }

    /// The last `count` lines that `filter` lets through, oldest first, and how many came before them: those that
    /// match and are not shown, and all that are not kept any more.
    #[must_use]
    pub fn last(&self, count: usize, filter: &LogFilter) -> (Vec<LogLine>, u64) {
        let ring = self.ring();
        let matching = ring.lines.iter().filter(|line| filter.wants(line));
        let mut lines: VecDeque<LogLine> = VecDeque::new();
        let mut skipped = ring.dropped;
        for line in matching {
            if lines.len() == count {
                lines.pop_front();
                skipped += 1;
            }
            lines.push_back(line.clone());
        }
        (lines.into(), skipped)
    }

    /// Number of lines so far, by level.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, u64); LEVELS.len()] {
        let counts = self.ring().counts;
        std::array::from_fn(|n| (LEVELS[n], counts[n]))
    }

    fn push(&self, line: LogLine) {
        let mut ring = self.ring();
        if ring.lines.len() == LINES {
            ring.lines.pop_front();
            ring.dropped += 1;
        }
        if let Some(place) = place(&line.level) {
            ring.counts[place] += 1;
        }
        ring.lines.push_back(line.clone());
        drop(ring);
        if let Some(live) = self.0.live.get() {
            live.publish("control_log", &line);
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Nothing panics while it holds the lock, so a poisoned one holds whole data.
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens to what the program logs.
pub struct OwnLogLayer {
    log: OwnLog,
    clock: Clock,
}

impl<S: Subscriber> Layer<S> for OwnLogLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        let level = level_name(*event.metadata().level());
        self.log
            .push(line(self.clock.now(), level, words.message + &words.fields));
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

fn line(at: Timestamp, level: &str, text: String) -> LogLine {
    let text = match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    LogLine {
        at,
        stream: LogSource::Control,
        level: level.to_owned(),
        text,
    }
}

/// The message, then ` name=value` for each field.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a text cannot fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    fn log_of(work: impl FnOnce()) -> OwnLog {
        let log = OwnLog::default();
        let subscriber = tracing_subscriber::registry().with(log.layer());
        tracing::subscriber::with_default(subscriber, work);
        log
    }

    fn texts(log: &OwnLog, count: usize, filter: &LogFilter) -> (Vec<String>, u64) {
        let (lines, skipped) = log.last(count, filter);
        (lines.into_iter().map(|line| line.text).collect(), skipped)
    }

    #[test]
    fn a_line_has_its_message_and_its_fields() {
        let log = log_of(|| tracing::warn!(run.id = %"7", why = "slow", "no answer"));
        let (lines, _) = log.last(1, &LogFilter::default());
        assert_eq!(lines[0].text, "no answer run.id=7 why=slow");
        assert_eq!(lines[0].level, "warn");
        assert_eq!(log.counts()[1], ("warn", 1));
    }

    #[test]
    fn lines_are_filtered_by_level_and_text_and_the_others_are_counted() {
        let log = log_of(|| {
            for n in 0..4 {
                tracing::info!("Step {n}");
                tracing::error!("Fault {n}");
            }
        });
        let worse = LogFilter::new(Some("WARN"), None).unwrap();
        assert_eq!(
            texts(&log, 2, &worse),
            (vec!["Fault 2".into(), "Fault 3".into()], 2)
        );
        let step = LogFilter::new(None, Some("sTEP 3")).unwrap();
        assert_eq!(texts(&log, 9, &step), (vec!["Step 3".into()], 0));
    }

    #[test]
    fn the_log_is_bounded_and_long_lines_are_cut() {
        let log = log_of(|| {
            for n in 0..LINES + 3 {
                tracing::info!("{n}");
            }
            tracing::info!("{}", "é".repeat(TEXT + 1));
        });
        let (lines, skipped) = log.last(LINES * 2, &LogFilter::default());
        assert_eq!((lines.len(), skipped), (LINES, 4));
        assert_eq!(lines[LINES - 1].text.chars().count(), TEXT + 1);
    }

    #[test]
    fn each_line_is_a_live_event() {
        let hub = Arc::new(Hub::new("a".into()));
        hub.publish("status", &1);
        let log = OwnLog::default();
        log.announce_to(Arc::clone(&hub));
        let subscriber = tracing_subscriber::registry().with(log.layer());
        tracing::subscriber::with_default(subscriber, || tracing::info!("told"));
        let seen = hub.subscribe(Some("a-1")).replay;
        assert_eq!(seen[0].name, "control_log");
        assert!(seen[0].data.contains("told"));
    }
}
