//! A control plane of a test's own, and a client that is signed in.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::{Running, clean, program};
use crate::wait::until;

/// The key that tests give to their control plane, and look for where it must not be.
pub const API_KEY: &str = "canary-key-of-the-system-tests-0001";

/// A plain HTTP client for loopback.
///
/// # Errors
/// The client cannot be built.
pub fn http_client() -> Result<reqwest::Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // A second installation is refused, which is as good as ours.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Ok(reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        // Sooner than the server closes it: a test that waits elsewhere does not notice, and its next request would fail.
        .pool_idle_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(30))
        .build()?)
}

/// A running control plane.
#[derive(Debug)]
pub struct ControlPlane {
    /// `None` when somebody else started it, a container for instance.
    process: Option<Running>,
    settings: Settings,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// The sign-in link that it printed.
    pub link: String,
    http: reqwest::Client,
}

/// How a test's control plane is started, so that it can be started again.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it keeps its data.
    pub data: PathBuf,
    /// `process` or `docker`.
    pub orchestrator: &'static str,
    /// Further environment.
    pub environment: Vec<(String, String)>,
}

impl ControlPlane {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// It does not start, or is not ready within 20 s.
    pub async fn start(settings: Settings) -> Result<Self> {
        let (process, link) = Running::start_and_read(&mut command(&settings)?, "Open ")?;
        let base = link
            .split("/#")
            .next()
            .context("the link has a fragment")?
            .to_owned();
        let plane = Self {
            process: Some(process),
            settings,
            base,
            link,
            http: http_client()?,
        };
        plane.ready().await?;
        Ok(plane)
    }

    /// One that somebody else started and keeps, at `base`; it takes [`API_KEY`].
    ///
    /// # Errors
    /// It is not ready within 20 s.
    pub async fn at(base: String) -> Result<Self> {
        let plane = Self {
            process: None,
            settings: Settings {
                data: PathBuf::new(),
                orchestrator: "process",
                environment: Vec::new(),
            },
            base,
            link: String::new(),
            http: http_client()?,
        };
        plane.ready().await?;
        Ok(plane)
    }

    async fn ready(&self) -> Result<()> {
        until(
            "the control plane is ready",
            Duration::from_secs(20),
            || async {
                let request = self.http.get(format!("{}/readyz", self.base));
                let answer = request.send().await;
                Ok(answer
                    .is_ok_and(|answer| answer.status().is_success())
                    .then_some(()))
            },
        )
        .await
    }

    /// The file that holds what it wrote to standard error, over all its starts.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.settings.data.with_extension("log")
    }

    /// Its data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.settings.data
    }

    /// Kills it as a crash would and starts it again on the same data.
    ///
    /// # Errors
    /// It does not come up again.
    pub async fn kill_and_start_again(self) -> Result<Self> {
        Self::start(self.killed()?).await
    }

    fn killed(mut self) -> Result<Settings> {
        let process = self
            .process
            .as_mut()
            .context("only one that was started here is killed here")?;
        process.signal(nix::sys::signal::Signal::SIGKILL)?;
        process.wait()?;
        Ok(self.settings.clone())
    }

    /// Kills it, starts another one on the same data and kills that after `life`, in whatever it is doing; then starts
    /// a third, which stays.
    ///
    /// # Errors
    /// The last one does not come up.
    pub async fn kill_twice(self, life: Duration) -> Result<Self> {
        let settings = self.killed()?;
        let mut short = Running::start(command(&settings)?.stdout(std::process::Stdio::null()))?;
        tokio::time::sleep(life).await;
        short.signal(nix::sys::signal::Signal::SIGKILL)?;
        short.wait()?;
        Self::start(settings).await
    }

    /// A GET with the key.
    ///
    /// # Errors
    /// It does not answer with JSON and a success.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let request = self
            .http
            .get(format!("{}{path}", self.base))
            .header("X-API-Key", API_KEY);
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "GET {path} answered {status}: {text}");
        serde_json::from_str(&text).with_context(|| format!("GET {path} answered {text}"))
    }

    /// A POST with the key; the status and the JSON answer.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let answer = self
            .http
            .post(format!("{}{path}", self.base))
            .header("X-API-Key", API_KEY)
            .json(body)
            .send()
            .await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        ))
    }

    /// Starts a run; its id.
    ///
    /// # Errors
    /// It was refused.
    pub async fn start_run(&self, body: &Value) -> Result<String> {
        let (status, answer) = self.post("/api/runs", body).await?;
        ensure!(status == 201, "the run was refused with {status}: {answer}");
        Ok(answer["id"].as_str().context("a run has an id")?.to_owned())
    }

    /// The run as the API shows it.
    ///
    /// # Errors
    /// It is not there.
    pub async fn run(&self, id: &str) -> Result<Value> {
        self.get(&format!("/api/runs/{id}")).await
    }

    /// Waits until a run is in one of `states`.
    ///
    /// # Errors
    /// It is not within the time; the message shows the run.
    pub async fn run_in(&self, id: &str, states: &[&str], within: Duration) -> Result<Value> {
        let last = std::cell::RefCell::new(Value::Null);
        until(
            &format!("run {id} in one of {states:?}"),
            within,
            || async {
                let run = self.run(id).await?;
                last.replace(run.clone());
                let there = run["state"]
                    .as_str()
                    .is_some_and(|state| states.contains(&state));
                Ok(there.then_some(run))
            },
        )
        .await
        .with_context(|| format!("the run is {}", last.borrow()))
    }
}

fn command(settings: &Settings) -> Result<std::process::Command> {
    let mut command = clean(&program("control-ui")?);
    command
        .arg("serve")
        .env("LISTEN", "127.0.0.1:0")
        .env("DATA_DIR", &settings.data)
        .env("ORCHESTRATOR", settings.orchestrator)
        .env("LOADER_BIN", program("loader")?)
        .env("CONTROL_UI_API_KEY", API_KEY)
        .envs(settings.environment.iter().cloned());
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(settings.data.with_extension("log"))?;
    command.stderr(log);
    Ok(command)
}
