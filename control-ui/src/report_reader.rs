//! Follows what one loader writes until the loader has ended, whatever happens to the connection.
//!
//! A stream of logs may end early, fall silent at a rotation, or repeat itself; loaders speak every second, so five
//! silent seconds mean that something is wrong with the stream. Then it is opened anew from the last moment heard; so
//! it is when somebody says that something happened to the loader.
//! Invariants: each line of the report is passed on once and in order, by its sequence number; of lines that cannot be
//! read any more the number is told; nothing is passed on after the end.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use run_report::{Line, ReadError};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::orchestrator::{
    Ending, LoaderId, LoaderStatus, LogEntry, LogStream, Orchestrator, OrchestratorError, Output,
};

/// A stream that is silent for this long is opened anew.
const STALL: Duration = Duration::from_secs(5);

/// Pause before a stream that ended early is opened anew.
const REOPEN: Duration = Duration::from_millis(200);

/// Pause while the orchestrator cannot be used.
const UNAVAILABLE: Duration = Duration::from_millis(500);

/// How far before the last line heard a stream is opened anew: clocks of engine and loader may differ a little.
const OVERLAP: TimeDelta = TimeDelta::seconds(2);

/// What was heard of a loader.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A line of its run report that was not heard before.
    Report(Box<Line>),
    /// This many lines of its report are missing before the next one, which is of this moment.
    Missing(u64, DateTime<Utc>),
    /// A line of its log.
    Log(LogEntry),
    /// A line of its run report that cannot be read.
    Unreadable(LogEntry, ReadError),
    /// It ended, and everything that it wrote was heard.
    Ended(Ending),
    /// It is gone, and what it wrote with it.
    Gone,
}

/// Follows one loader.
pub(crate) struct ReportReader {
    orchestrator: Arc<dyn Orchestrator>,
    loader: LoaderId,
    last_seq: u64,
    last_at: Option<DateTime<Utc>>,
    last_log: Option<DateTime<Utc>>,
    /// Log lines up to here were heard before the stream was opened anew.
    heard_until: Option<DateTime<Utc>>,
    stream: Option<LogStream>,
    /// A line that comes after what is missing.
    held: Option<Box<Line>>,
    /// How it ended, while the rest is read.
    ending: Option<Ending>,
    /// Whether the log says already that the loader cannot be followed.
    complained: bool,
    /// Told when the loader is to be looked at.
    look: Arc<Notify>,
}

impl ReportReader {
    /// Begins to read from the loader's first line; lines of the report up to `last_seq` were heard before.
    pub(crate) fn new(
        orchestrator: Arc<dyn Orchestrator>,
        loader: LoaderId,
        last_seq: u64,
    ) -> Self {
        Self {
            orchestrator,
            loader,
            last_seq,
            last_at: None,
            last_log: None,
            heard_until: None,
            stream: None,
            held: None,
            ending: None,
            complained: false,
            look: Arc::default(),
        }
    }

    /// Looks at the loader at once whenever `look` is told.
    pub(crate) fn told_by(self, look: Arc<Notify>) -> Self {
        Self { look, ..self }
    }

    /// The next thing heard. After [`Heard::Ended`] and [`Heard::Gone`] nothing more comes.
    pub(crate) async fn next(&mut self) -> Heard {
        if let Some(line) = self.held.take() {
            return Heard::Report(line);
        }
        loop {
            let Some(stream) = &mut self.stream else {
                match self.open().await {
                    Ok(None) => {
                        self.complained = false;
                        continue;
                    }
                    Ok(Some(end)) => return end,
                    Err(error) => {
                        self.complain(&error);
                        sleep(UNAVAILABLE).await;
                        continue;
                    }
                }
            };
            let next = tokio::select! {
                next = timeout(STALL, stream.next()) => next,
                () = self.look.notified() => {
                    self.stream = None;
                    continue;
                }
            };
            match next {
                Ok(Some(Ok(entry))) => {
                    if let Some(heard) = self.take(entry) {
                        return heard;
                    }
                }
                over => {
                    if let Ok(Some(Err(error))) = over {
                        tracing::warn!(loader.id = %self.loader, error = %error, "a loader's log was cut off");
                    } else if let Some(ending) = self.ending.take_if(|_| over.is_ok()) {
                        return Heard::Ended(ending);
                    }
                    self.stream = None;
                    sleep(REOPEN).await;
                }
            }
        }
    }

    /// Says once that the orchestrator is away, however long it is.
    fn complain(&mut self, error: &OrchestratorError) {
        if !std::mem::replace(&mut self.complained, true) {
            tracing::warn!(loader.id = %self.loader, error = %error, "a loader cannot be followed at the moment; trying again");
        }
    }

    /// Opens the stream: the live one while the loader runs, and once more from the same place when it has ended.
    async fn open(&mut self) -> Result<Option<Heard>, OrchestratorError> {
        let Some(loader) = self.orchestrator.inspect(&self.loader).await? else {
            return Ok(Some(Heard::Gone));
        };
        self.ending = match loader.status {
            LoaderStatus::Ended(ending) => Some(ending),
            LoaderStatus::Running | LoaderStatus::Created => None,
        };
        let since = self.last_at.map(|at| at - OVERLAP);
        self.heard_until = self.last_log;
        let follow = self.ending.is_none();
        match self.orchestrator.logs(&self.loader, since, follow).await {
            Ok(stream) => {
                self.stream = Some(stream);
                Ok(None)
            }
            Err(OrchestratorError::NotFound(_)) => Ok(Some(Heard::Gone)),
            Err(error) => Err(error),
        }
    }

    fn take(&mut self, entry: LogEntry) -> Option<Heard> {
        if entry.output == Output::Error {
            return self.take_log(entry);
        }
        match Line::parse(&entry.text) {
            Ok(line) if line.seq <= self.last_seq => None,
            Ok(line) => {
                let missing = line.seq - self.last_seq - 1;
                self.last_seq = line.seq;
                self.last_at = Some(entry.at);
                let line = Box::new(line);
                if missing == 0 {
                    return Some(Heard::Report(line));
                }
                self.held = Some(line);
                Some(Heard::Missing(missing, entry.at))
            }
            Err(ReadError::NotAReport) => self.take_log(entry),
            Err(error) => self
                .is_new(&entry)
                .then_some(Heard::Unreadable(entry, error)),
        }
    }

    fn take_log(&mut self, entry: LogEntry) -> Option<Heard> {
        self.is_new(&entry).then_some(Heard::Log(entry))
    }

    fn is_new(&mut self, entry: &LogEntry) -> bool {
        let new = self.heard_until.is_none_or(|until| until < entry.at);
        self.last_log = self.last_log.max(Some(entry.at));
        new
    }
}

#[cfg(test)]
#[path = "report_reader_tests.rs"]
mod tests;
