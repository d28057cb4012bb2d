//! The program's own log: what a person needs to find out why something went wrong.
//!
//! The account of a run is in the report, not here. Lines leave through a bounded writer of their own, so a blocked
//! standard error never slows the pace. Libraries are heard from warnings on only, since their chattier levels show
//! addresses.
//!
//! Invariant: nothing that holds a secret is ever handed to the log.

use std::io::{self, IsTerminal};
use std::path::Path;

use config::LogLevel;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::report::{Outlet, RotatedFile};

/// Starts the log: to standard error, readable on a terminal and JSON otherwise; with `directory` to `loader.log` there.
///
/// # Errors
/// When the file cannot be opened or no thread can be started.
pub fn start(level: LogLevel, directory: Option<&Path>) -> io::Result<Outlet> {
    let outlet = match directory {
        Some(directory) => Outlet::start("log", RotatedFile::open(directory, "loader.log")?)?,
        None => Outlet::start("log", io::stderr())?,
    };
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("loader", filter_of(level));
    let registry = tracing_subscriber::registry().with(filter);
    let writer = Lines(outlet.clone());
    let result = if directory.is_none() && io::stderr().is_terminal() {
        let layer = tracing_subscriber::fmt::layer().with_writer(writer);
        registry.with(layer.with_target(false)).try_init()
    } else {
        let layer = tracing_subscriber::fmt::layer().json().with_writer(writer);
        registry.with(layer.flatten_event(true)).try_init()
    };
    // A second start in one process keeps the first log; only tests do that.
    let _ = result;
    Ok(outlet)
}

fn filter_of(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

/// Collects what the formatter writes and sends it as one line.
struct Lines(Outlet);

struct Line<'a> {
    outlet: &'a Outlet,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line {
            outlet: &self.0,
            text: Vec::new(),
        }
    }
}

impl io::Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if !self.text.is_empty() {
            self.outlet.send(std::mem::take(&mut self.text), false);
        }
    }
}
