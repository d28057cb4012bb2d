//! What a container wrote, line by line, with the engine's own time stamps.

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt, future};

use super::engine::said;
use crate::orchestrator::{LogEntry, LogStream, Output};

pub(super) fn lines(
    docker: Docker,
    container: String,
    since: Option<DateTime<Utc>>,
    follow: bool,
) -> LogStream {
    let mut options = LogsOptionsBuilder::default()
        .stdout(true)
        .stderr(true)
        .timestamps(true)
        .tail("all")
        .follow(follow);
    if let Some(since) = since {
        // Whole seconds: the lines of the begun second come once more, and are filtered below.
        options = options.since(i32::try_from(since.timestamp()).unwrap_or(i32::MAX));
    }
    docker
        .logs(&container, Some(options.build()))
        .map_err(|error| said("read a loader's log", &error))
        .try_filter_map(|output| future::ready(Ok(entry(&output))))
        .try_filter(move |line| future::ready(since.is_none_or(|since| since <= line.at)))
        .boxed()
}

/// `2026-03-01T09:30:00.123456789Z text`, as the engine writes with time stamps.
fn entry(output: &LogOutput) -> Option<LogEntry> {
    let (output, bytes) = match output {
        LogOutput::StdOut { message } => (Output::Standard, message),
        LogOutput::StdErr { message } => (Output::Error, message),
        LogOutput::StdIn { .. } | LogOutput::Console { .. } => return None,
    };
    let text = String::from_utf8_lossy(bytes);
    let (at, text) = text.trim_end().split_once(' ')?;
    Some(LogEntry {
        at: at.parse().ok()?,
        output,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_line_of_the_engine_is_split_into_moment_and_text() {
        let message = Bytes::from_static(b"2026-03-01T09:30:00.123456789Z a line \r\n");
        let line = entry(&LogOutput::StdErr { message }).unwrap();
        assert_eq!(line.output, Output::Error);
        assert_eq!(line.text, "a line");
        assert_eq!(line.at.timestamp_subsec_nanos(), 123_456_789);
    }

    #[test]
    fn what_is_not_a_line_of_the_engine_is_left_out() {
        let message = Bytes::from_static(b"no moment here\n");
        assert_eq!(entry(&LogOutput::StdOut { message }), None);
    }
}
