//! Runs of the loader from the command line.

use std::process::{Command, Output};

use anyhow::{Context, Result};
use run_report::{Event, Finished, Line};

use crate::process::{clean, program};

/// A loader command with a clean environment.
///
/// # Errors
/// The loader was not built.
pub fn command(arguments: &[&str]) -> Result<Command> {
    let mut command = clean(&program("loader")?);
    command.args(arguments);
    Ok(command)
}

/// What a loader said, and its exit code.
#[derive(Debug)]
pub struct Said {
    /// Its report.
    pub lines: Vec<Line>,
    /// Everything on standard output.
    pub stdout: String,
    /// Everything on standard error.
    pub stderr: String,
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
}

impl Said {
    /// Reads the output of an ended loader.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        Self {
            lines: stdout
                .lines()
                .filter_map(|line| Line::parse(line).ok())
                .collect(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code(),
            stdout,
        }
    }

    /// The last line of the report.
    ///
    /// # Errors
    /// There is none; the message shows what the loader said instead.
    pub fn finished(&self) -> Result<&Finished> {
        self.lines
            .iter()
            .find_map(|line| match &line.event {
                Event::Finished(finished) => Some(finished.as_ref()),
                _ => None,
            })
            .with_context(|| format!("no finished line; standard error says: {}", self.stderr))
    }
}

/// Runs a loader to its end without blocking the test's other tasks.
///
/// # Errors
/// It could not be started.
pub async fn run(mut command: Command) -> Result<Said> {
    let output = tokio::task::spawn_blocking(move || command.output())
        .await?
        .context("running the loader")?;
    Ok(Said::of(&output))
}
