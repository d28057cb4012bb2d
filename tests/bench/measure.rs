//! Costs of a whole process as the operating system counts them.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::process::memory_mib;
use nix::sys::resource::{UsageWho, getrusage};
use run_report::{Event, Finished, Line};

/// How often a running process is asked for its peak memory; the peak only grows, so the last answer holds.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What one run of a loader cost.
pub(crate) struct Cost {
    /// User and system time, seconds.
    pub(crate) cpu_s: f64,
    /// Peak resident memory, MiB.
    pub(crate) peak_mib: Option<f64>,
    /// What the loader said last.
    pub(crate) finished: Finished,
}

impl Cost {
    /// CPU seconds for each 1,000 accepted hits.
    pub(crate) fn cpu_per_1000_hits(&self) -> Option<f64> {
        let hits = self.finished.account.accepted;
        (0 < hits).then(|| self.cpu_s * 1000.0 / hits as f64)
    }
}

/// Runs a loader to its end.
pub(crate) fn loader(mut command: Command) -> Result<Cost> {
    let before = children_cpu_s()?;
    let output = tempfile::NamedTempFile::new()?;
    let mut child = command
        .stdout(output.reopen()?)
        .stderr(Stdio::null())
        .spawn()
        .context("starting the loader")?;
    let mut peak_mib = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak_mib = memory_mib(child.id(), "VmHWM").or(peak_mib);
        std::thread::sleep(LOOK_EVERY);
    };
    let text = std::fs::read_to_string(output.path())?;
    let finished = text
        .lines()
        .rev()
        .find_map(|line| match Line::parse(line).ok()?.event {
            Event::Finished(finished) => Some(*finished),
            _ => None,
        });
    let finished = finished.with_context(|| format!("the loader said no last word: {status}"))?;
    ensure!(
        finished.account.adds_up(),
        "the account does not add up: {finished:?}"
    );
    Ok(Cost {
        cpu_s: children_cpu_s()? - before,
        peak_mib,
        finished,
    })
}

/// Runs a command to its end; wall seconds.
pub(crate) fn wall_s(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(start.elapsed().as_secs_f64())
}

fn children_cpu_s() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}
