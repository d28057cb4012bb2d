//! The built programs, found beside the test, and child processes that end with their handle.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{io::BufRead, io::BufReader};

use anyhow::{Context, Result, anyhow, bail};

/// The path of a built program of this workspace, from the profile that this test was built with.
///
/// # Errors
/// It was not built; the message says how to.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("asking for this program's own path")?;
    let mut folder = own.parent().context("a program lies in a folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().context("deps lies in a profile's folder")?;
    }
    let path = folder.join(name);
    if !path.is_file() {
        bail!(
            "{} is missing: build it with `cargo build -p {name}`",
            path.display()
        );
    }
    Ok(path)
}

/// The root of the workspace.
///
/// # Panics
/// Never: this crate lies in a folder of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie in the workspace")
}

/// A command with an environment that holds nothing of the caller's.
#[must_use]
pub fn clean(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.env_clear().stdin(Stdio::null());
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// A child process that is killed when its handle goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts a command.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
        Ok(Self { child })
    }

    /// Starts a command whose first line on standard output that begins with `prefix` tells something;
    /// returns the rest of that line. Later lines are read and thrown away, so the pipe never fills.
    ///
    /// # Errors
    /// The program ended, or said nothing of the kind within 20 s.
    pub fn start_and_read(command: &mut Command, prefix: &'static str) -> Result<(Self, String)> {
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let stdout = running
            .child
            .stdout
            .take()
            .context("standard output is piped")?;
        let said = first_line(stdout, prefix);
        let rest = said
            .recv_timeout(Duration::from_secs(20))
            .map_err(|_| anyhow!("no line `{prefix}…` from {command:?}"))?;
        Ok((running, rest))
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// The process is gone.
    pub fn signal(&self, signal: nix::sys::signal::Signal) -> Result<()> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id())?);
        nix::sys::signal::kill(pid, signal).context("sending a signal")
    }

    /// How it ended, once it has.
    ///
    /// # Errors
    /// The system could not tell.
    pub fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        self.child.try_wait().context("asking after a process")
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// The system could not tell.
    pub fn wait(&mut self) -> Result<std::process::ExitStatus> {
        self.child.wait().context("waiting for a process")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill(); // Already ended: nothing to do.
        let _ = self.child.wait();
    }
}

/// A memory figure of a running process, MiB; `VmHWM` is its peak, `VmRSS` what it holds now.
#[must_use]
pub fn memory_mib(process: u32, name: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

fn first_line(stdout: ChildStdout, prefix: &'static str) -> Receiver<String> {
    let (tell, said) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(prefix) {
                let _ = tell.send(rest.trim().to_owned()); // Only the first is waited for.
            }
        }
    });
    said
}
