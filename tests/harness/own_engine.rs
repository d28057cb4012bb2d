//! A Docker engine of a test's own, which the test kills and restarts; `scripts/own-engine` knows how.
//!
//! Its containers use the machine's network (`LOADER_NETWORK=host`), so that they reach a practice target on loopback and
//! nothing of the machine's own engine is touched. Invariant: engine, containers and folder go with the handle.

use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::docker::{LOADER_IMAGE, announce, docker, engine, must_be_tested};
use crate::process::workspace;

/// Options of each engine here.
const OPTIONS: [&str; 4] = [
    "--beside",
    "--host-gateway-ip=127.0.0.1",
    "--shutdown-timeout=30",
    "--log-level=warn",
];

/// What the script answers where no engine can be started.
const NOT_ALLOWED: i32 = 69;

/// A running engine, which has the loader's image.
#[derive(Debug)]
pub struct OwnEngine {
    folder: TempDir,
    options: Vec<&'static str>,
}

impl OwnEngine {
    /// Starts one with further options of dockerd; `None` when the machine does not allow it, which is then said.
    ///
    /// # Errors
    /// It does not start, or the machine does not allow it although the environment says `CI=true`.
    pub fn start(test: &str, options: &[&'static str]) -> Result<Option<Self>> {
        if !engine(test)? {
            return Ok(None);
        }
        let own = Self {
            folder: tempfile::Builder::new().prefix("own-engine").tempdir()?,
            options: [&OPTIONS[..], options].concat(),
        };
        let started = own.script("start", &own.options)?;
        if started.status.code() == Some(NOT_ALLOWED) && !must_be_tested() {
            announce("no engine of its own can be started", test);
            return Ok(None);
        }
        succeeded("start", &started)?;
        let host = own.host();
        let moved = Command::new("sh")
            .args(["-c", "docker save \"$0\" | docker --host \"$1\" load"])
            .args([LOADER_IMAGE, &host])
            .output()?;
        succeeded("load the loader's image into", &moved)?;
        Ok(Some(own))
    }

    /// What a `DOCKER_HOST` says to use it.
    #[must_use]
    pub fn host(&self) -> String {
        format!("unix://{}/engine/docker.sock", self.folder.path().display())
    }

    /// Runs a docker command against it; its standard output, trimmed.
    ///
    /// # Errors
    /// It failed.
    pub fn docker(&self, arguments: &[&str]) -> Result<String> {
        let host = self.host();
        docker(&[&["--host", &host], arguments].concat())
    }

    /// Ends it as a crash would.
    ///
    /// # Errors
    /// It does not end.
    pub fn kill(&self) -> Result<()> {
        succeeded("kill", &self.script("kill", &[])?)
    }

    /// Ends it with all its containers, as a loss of power would.
    ///
    /// # Errors
    /// It does not end.
    pub fn lose(&self) -> Result<()> {
        succeeded("lose", &self.script("loss", &[])?)
    }

    /// Ends it as a restart of the machine's service would.
    ///
    /// # Errors
    /// It does not end.
    pub fn stop(&self) -> Result<()> {
        succeeded("stop", &self.script("stop", &[])?)
    }

    /// Starts it again with what it had; it answers when this returns.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_again(&self) -> Result<()> {
        succeeded("start", &self.script("start", &self.options)?)
    }

    /// Gives the volumes that it makes from now on so much room in all, as a tmpfs takes it: `512k`.
    ///
    /// # Errors
    /// It cannot be mounted.
    pub fn give_volumes(&self, size: &'static str) -> Result<()> {
        succeeded("give little room to", &self.script("small", &[size])?)
    }

    /// Takes all that room.
    ///
    /// # Errors
    /// The script does not run.
    pub fn fill_volumes(&self) -> Result<()> {
        succeeded("fill the volumes of", &self.script("fill", &[])?)
    }

    /// Gives it back.
    ///
    /// # Errors
    /// There was nothing to give back.
    pub fn relieve_volumes(&self) -> Result<()> {
        succeeded("relieve the volumes of", &self.script("room", &[])?)
    }

    fn script(&self, what: &str, options: &[&str]) -> Result<Output> {
        Command::new(workspace().join("scripts/own-engine"))
            .arg(what)
            .arg(self.folder.path().join("engine"))
            .args(options)
            .stdin(Stdio::null())
            .output()
            .context("running scripts/own-engine")
    }
}

impl Drop for OwnEngine {
    fn drop(&mut self) {
        let _ = self.script("end", &[]); // The folder's handle removes what may be left.
    }
}

fn succeeded(what: &str, output: &Output) -> Result<()> {
    ensure!(
        output.status.success(),
        "could not {what} an engine of the test's own: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
