//! Reads what a loader writes to its files while it writes, across rotations.
//!
//! A file that grows too long is renamed to `NAME.1` and begun anew; the reader notices that the name stands for
//! another file, finishes the one that it has, and goes on with the new one. When it was so late that a whole file
//! came and went, the sequence numbers of the run report show the gap.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use nix::unistd::Pid;
use tokio::time::sleep;

use super::folders::{self, Place};
use super::proc;
use crate::orchestrator::{LogEntry, LogStream, Output};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Lines read at a time from one file.
const BATCH: usize = 500;

/// The longest line that is read; the rest of a longer one is dropped.
const LINE_BYTES: usize = 64 * 1024;

struct Tail {
    path: PathBuf,
    output: Output,
    open: Option<(u64, BufReader<File>)>,
    /// A line without its end yet.
    partial: Vec<u8>,
    /// The last moment that a line named; lines without one happened then.
    at: Option<DateTime<Utc>>,
}

struct Reader {
    place: Place,
    tails: [Tail; 3],
    ready: VecDeque<LogEntry>,
    follow: bool,
    /// The loader, once found: looking at one process is cheap, looking for one is not.
    loader: Option<Pid>,
}

/// The lines of a loader's files; see [`crate::orchestrator::Orchestrator::logs`].
pub(super) fn lines(place: Place, since: Option<DateTime<Utc>>, follow: bool) -> LogStream {
    let tails = [
        Tail::new(place.early_file(), Output::Error),
        Tail::new(place.log_file(), Output::Error),
        Tail::new(place.report_file(), Output::Standard),
    ];
    let reader = Reader {
        place,
        tails,
        ready: VecDeque::new(),
        follow,
        loader: None,
    };
    stream::unfold(reader, |mut reader| async move {
        let line = reader.next().await?;
        Some((line, reader))
    })
    .filter(move |line| {
        let recent = since.is_none_or(|since| since <= line.at);
        async move { recent }
    })
    .map(Ok)
    .boxed()
}

impl Reader {
    async fn next(&mut self) -> Option<LogEntry> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(line);
            }
            // Asked before reading: whatever was written before the end is read after this.
            let ended = !self.follow || !self.works();
            for tail in &mut self.tails {
                tail.read(&mut self.ready);
            }
            if self.ready.is_empty() {
                if ended {
                    return None;
                }
                sleep(LOOK).await;
            }
        }
    }
}

impl Reader {
    /// Whether the loader is there.
    fn works(&mut self) -> bool {
        if self
            .loader
            .is_some_and(|pid| proc::is_still(pid, &self.place))
        {
            return true;
        }
        self.loader = proc::find(&self.place);
        self.loader.is_some() || folders::is_locked_by(&self.place)
    }
}

impl Tail {
    fn new(path: PathBuf, output: Output) -> Self {
        Self {
            open: open(&predecessor(&path)),
            path,
            output,
            partial: Vec::new(),
            at: None,
        }
    }

    fn read(&mut self, lines: &mut VecDeque<LogEntry>) {
        for _ in 0..BATCH {
            if self.open.is_none() {
                self.open = open(&self.path);
            }
            let Some((_, file)) = &mut self.open else {
                return;
            };
            match file.read_until(b'\n', &mut self.partial) {
                Ok(0) if self.was_replaced() => self.open = None,
                Ok(0) => return,
                Ok(_) if self.partial.ends_with(b"\n") => lines.extend(self.line()),
                Ok(_) => {
                    self.partial.truncate(LINE_BYTES);
                    return;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    /// Whether the path stands for another file than the one that is open.
    fn was_replaced(&self) -> bool {
        let now = std::fs::metadata(&self.path).map(|found| found.ino());
        matches!((&self.open, now), (Some((open, _)), Ok(now)) if *open != now)
    }

    fn last_written(&self) -> DateTime<Utc> {
        let written = std::fs::metadata(&self.path).and_then(|found| found.modified());
        written.map_or_else(|_| Utc::now(), DateTime::<Utc>::from)
    }

    fn line(&mut self) -> Option<LogEntry> {
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.truncate(LINE_BYTES);
        let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        if text.is_empty() {
            return None;
        }
        self.at = self.at.max(moment_in(&text));
        Some(LogEntry {
            at: self.at.unwrap_or_else(|| self.last_written()),
            output: self.output,
            text,
        })
    }
}

/// The moment that a line of the run report (`at`) or of the log (`timestamp`) names.
fn moment_in(text: &str) -> Option<DateTime<Utc>> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let moment = value.get("at").or_else(|| value.get("timestamp"))?;
    moment.as_str()?.parse().ok()
}

fn predecessor(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    PathBuf::from(name)
}

fn open(path: &Path) -> Option<(u64, BufReader<File>)> {
    let file = File::open(path).ok()?;
    let inode = file.metadata().ok()?.ino();
    Some((inode, BufReader::new(file)))
}

#[cfg(test)]
#[path = "tail_tests.rs"]
mod tests;
