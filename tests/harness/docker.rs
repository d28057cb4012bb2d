//! The Docker engine, where there is one, driven by its own command line as a person would.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::practice::TOKEN;

/// Image of the loader; `scripts/test-rust` builds it before the tests run.
pub const LOADER_IMAGE: &str = "trafficinator-loader:local";
const PRACTICE_IMAGE: &str = "trafficinator-demo-matomo:local";

/// Whether an engine answers.
///
/// # Errors
/// None answers although the environment says `CI=true`: there, nothing may be left out.
pub fn engine(test: &str) -> Result<bool> {
    match docker(&["info", "--format", "{{.ServerVersion}}"]) {
        Ok(_) => Ok(true),
        Err(error) if must_be_tested() => {
            Err(error).context("no Docker engine answers, and CI must not leave tests out")
        }
        Err(_) => {
            announce("no Docker engine answers", test);
            Ok(false)
        }
    }
}

/// Whether nothing may be left out here.
pub(crate) fn must_be_tested() -> bool {
    std::env::var("CI").as_deref() == Ok("true")
}

/// Runs a docker command; its standard output, trimmed.
///
/// # Errors
/// It failed; the message holds what it wrote to standard error.
pub fn docker(arguments: &[&str]) -> Result<String> {
    docker_with(arguments, &[])
}

/// The same with further environment.
///
/// # Errors
/// As [`docker`].
pub fn docker_with(arguments: &[&str], environment: &[(&str, String)]) -> Result<String> {
    let output = Command::new("docker")
        .args(arguments)
        .envs(environment.iter().cloned())
        .current_dir(crate::process::workspace())
        .output()
        .context("running docker")?;
    if !output.status.success() {
        bail!(
            "docker {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The loader's container of a run.
///
/// # Errors
/// It has none.
pub fn container_of(run: &str) -> Result<String> {
    let listed = docker(&[
        "ps",
        "--all",
        "--quiet",
        "--no-trunc",
        "--filter",
        &format!("label=io.trafficinator.run={run}"),
    ])?;
    listed
        .lines()
        .next()
        .map(str::to_owned)
        .with_context(|| format!("run {run} has a container"))
}

/// Standard output and standard error of a container, as one text.
///
/// # Errors
/// There is no such container.
pub fn logs(container: &str) -> Result<String> {
    let output = Command::new("docker")
        .args(["logs", container])
        .output()
        .context("docker logs")?;
    ensure!(output.status.success(), "no logs of {container}");
    let text = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A network with a practice target in it, and everything else that joined it; all of it goes with the handle.
#[derive(Debug)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// The ledger's address as seen from the test.
    pub ledger: String,
}

impl Network {
    /// Makes a network and starts a practice target in it.
    ///
    /// # Errors
    /// Docker refused; most likely the images were not built.
    pub fn with_practice_target(name: &str) -> Result<Self> {
        let name = format!("trafficinator-test-{name}-{}", std::process::id());
        docker(&["network", "create", &name])?;
        let mut network = Self {
            name,
            ledger: String::new(),
        };
        let container = network.container();
        docker(&[
            "run",
            "--detach",
            "--rm",
            "--name",
            &container,
            "--network",
            &network.name,
            "--network-alias",
            "practice",
            "--env",
            &format!("DEMO_MATOMO_TOKEN={TOKEN}"),
            "--publish",
            "127.0.0.1::8080",
            PRACTICE_IMAGE,
        ])?;
        let port = docker(&["port", &container, "8080/tcp"])?;
        let port = port
            .lines()
            .next()
            .context("the practice target's port is published")?;
        network.ledger = format!("http://{port}");
        Ok(network)
    }

    /// The tracking endpoint as seen from a loader.
    #[must_use]
    pub fn url(&self) -> &'static str {
        "http://practice:8080/matomo.php"
    }

    /// What a person types back to confirm it.
    #[must_use]
    pub fn host(&self) -> &'static str {
        "practice:8080"
    }

    fn container(&self) -> String {
        format!("{}-practice", self.name)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = docker(&["rm", "--force", &self.container()]); // Gone already: nothing to do.
        let joined = docker(&[
            "ps",
            "--all",
            "--quiet",
            "--filter",
            &format!("network={}", self.name),
        ]);
        for container in joined.unwrap_or_default().lines() {
            let _ = docker(&["rm", "--force", "--volumes", container]);
        }
        let _ = docker(&["network", "rm", &self.name]);
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a test that is left out says so where people look"
)]
pub(crate) fn announce(why: &str, test: &str) {
    eprintln!("left out, since {why}: {test}");
}
