//! What the operator decides when starting the control plane: command line and environment.
//!
//! It reads the environment once and checks everything before anything is started. Invariant: after
//! [`Options::settings`] nobody asks the environment again, and no setting is half understood.

mod network;
mod secrets;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use config::Secret;
use ipnet::IpNet;
use url::Url;

use crate::api::status::PracticeTarget;
use crate::auth::AllowedHost;
use crate::configuration::Operator;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Options of the command line; each has an environment variable of the same name.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: String,
    /// Folder for the database, secrets and state.
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// What starts and stops loaders: docker or process.
    #[arg(long, env = "ORCHESTRATOR", default_value = "docker")]
    pub orchestrator: String,
    /// Image that loaders are started from (docker).
    #[arg(
        long,
        env = "LOADER_IMAGE",
        default_value = "trafficinator-loader:latest"
    )]
    pub loader_image: String,
    /// The loader's executable (process) [default: `loader` beside this program].
    #[arg(long, env = "LOADER_BIN")]
    pub loader_bin: Option<PathBuf>,
    /// Whether loaders share a container with the control plane (process): then their runs pause when it stops and go
    /// on when it starts again. 1 or 0.
    #[arg(long, env = "CONTAINED", default_value = "0")]
    pub contained: String,
    /// Network that loaders join (docker) [default: the engine's default network].
    #[arg(long, env = "LOADER_NETWORK")]
    pub loader_network: Option<String>,
    /// Document (TOML, or JSON by its name) with settings for every run.
    #[arg(long, env = "CONFIG_FILE")]
    pub config_file: Option<PathBuf>,
    /// Address of a practice target to offer.
    #[arg(long, env = "PRACTICE_TARGET")]
    pub practice_target: Option<String>,
    /// Address at which people reach the control plane, when it is not the one it listens on.
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Further host names that are served, separated by commas; with a port, on that one alone.
    #[arg(long, env = "ALLOWED_HOSTS")]
    pub allowed_hosts: Option<String>,
    /// Addresses or networks of reverse proxies whose X-Forwarded-For, X-Forwarded-Proto and Forwarded are believed,
    /// separated by commas.
    #[arg(long, env = "TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// Hours without use after which a session ends, 1 to 720.
    #[arg(long, env = "SESSION_IDLE_HOURS", default_value = "12")]
    pub session_idle_hours: String,
    /// Days after which a session ends in any case, 1 to 90.
    #[arg(long, env = "SESSION_DAYS", default_value = "7")]
    pub session_days: String,
    /// How talkative the control plane's own log is; the names that loaders understand.
    #[arg(long, env = "LOG_LEVEL", default_value = "info")]
    pub log_level: String,
}

/// What starts and stops loaders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrchestratorKind {
    /// Containers of the Docker engine.
    Docker,
    /// Processes on this machine.
    Process,
}

/// What the operator decided, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder for everything that is kept.
    pub data_dir: PathBuf,
    /// What starts and stops loaders.
    pub orchestrator: OrchestratorKind,
    /// Image of the loader.
    pub loader_image: String,
    /// Executable of the loader.
    pub loader_bin: PathBuf,
    /// Whether loaders end with the container that holds them and the control plane.
    pub contained: bool,
    /// Network that loaders join; `None` is the engine's default.
    pub loader_network: Option<String>,
    /// The key for programs; `None`: none is accepted.
    pub api_key: Option<Secret>,
    /// A practice target to offer.
    pub practice: Option<Practice>,
    /// Where people reach the control plane.
    pub public_url: Option<Url>,
    /// Settings for every run: the document, and variables. Read apart, since a program's whole environment is looked
    /// through.
    pub operator: Operator,
    /// Further host names that are served.
    pub allowed_hosts: Vec<AllowedHost>,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long sessions live.
    pub sessions: SessionTimes,
}

/// How long sessions live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// Without being used, in milliseconds.
    pub idle_ms: i64,
    /// At most, in milliseconds.
    pub life_ms: i64,
}

impl SessionTimes {
    /// From hours without use and days in all.
    #[must_use]
    pub fn new(idle_hours: u32, days: u32) -> Self {
        Self {
            idle_ms: i64::from(idle_hours) * HOUR_MS,
            life_ms: i64::from(days) * 24 * HOUR_MS,
        }
    }
}

/// The practice target.
#[derive(Debug, Clone)]
pub struct Practice {
    /// Its address.
    pub url: Url,
    /// Its token, when it wants one.
    pub token: Option<Secret>,
}

/// What is wrong with the operator's settings.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingsError {
    /// A value that its setting does not take.
    #[error("{name}={value:?} {rule}")]
    Value {
        /// The environment variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What is expected.
        rule: &'static str,
    },
    /// An address with a user or a password in it. Its value is not repeated.
    #[error("{name} must not hold a user or password: addresses are shown on the page")]
    Credentials {
        /// The environment variable.
        name: &'static str,
    },
    /// A key that others know or can guess. Its value is not repeated.
    #[error("{name} {rule}; make one with: openssl rand -hex 24")]
    Key {
        /// The environment variable.
        name: &'static str,
        /// What is wrong with it.
        rule: &'static str,
    },
    /// A file named by `NAME_FILE` that cannot be read.
    #[error("{name}={path:?} cannot be read: {why}")]
    File {
        /// The environment variable.
        name: String,
        /// The path it names.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// Both `NAME` and `NAME_FILE`.
    #[error("{name} and {name}_FILE are both set: keep one of them")]
    Twice {
        /// The environment variable.
        name: &'static str,
    },
}

impl Options {
    /// Checks the options and reads the secrets, which come from the environment or files alone: a command line
    /// can be seen by every user of the machine.
    ///
    /// # Errors
    /// The first setting that cannot be used, with the way out.
    pub fn settings(
        self,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, SettingsError> {
        let practice = match given(self.practice_target) {
            Some(text) => Some(Practice {
                url: network::web_address("PRACTICE_TARGET", &text)?,
                token: secrets::secret("PRACTICE_TARGET_TOKEN", variable)?,
            }),
            None => None,
        };
        let public_url = given(self.public_url)
            .map(|text| network::public_url(&text))
            .transpose()?;
        let orchestrator = orchestrator(&self.orchestrator)?;
        Ok(Settings {
            listen: listen_address(&self.listen)?,
            data_dir: self.data_dir,
            orchestrator,
            loader_image: self.loader_image,
            loader_bin: absolute(
                self.loader_bin
                    .filter(|path| !path.as_os_str().is_empty())
                    .unwrap_or_else(loader_beside_this_program),
            ),
            contained: contained(&self.contained, orchestrator)?,
            loader_network: given(self.loader_network),
            api_key: secrets::api_key(variable)?,
            practice,
            public_url,
            operator: Operator::default(),
            allowed_hosts: network::allowed_hosts(&self.allowed_hosts.unwrap_or_default())?,
            trusted_proxies: network::trusted_proxies(&self.trusted_proxies.unwrap_or_default())?,
            sessions: SessionTimes::new(
                number(
                    "SESSION_IDLE_HOURS",
                    &self.session_idle_hours,
                    12,
                    (720, "must be a whole number from 1 to 720"),
                )?,
                number(
                    "SESSION_DAYS",
                    &self.session_days,
                    7,
                    (90, "must be a whole number from 1 to 90"),
                )?,
            ),
        })
    }
}

impl Settings {
    /// Whether people come by https, so that cookies must be marked for it.
    #[must_use]
    pub fn behind_tls(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }

    /// The path below which everything is served, such as `/traffic`; empty at the root.
    #[must_use]
    pub fn base_path(&self) -> &str {
        let path = self.public_url.as_ref().map_or("", Url::path);
        path.trim_end_matches('/')
    }

    /// The practice target as the API shows it.
    #[must_use]
    pub fn practice_target_view(&self) -> Option<PracticeTarget> {
        self.practice.as_ref().map(|practice| PracticeTarget {
            url: practice.url.to_string(),
            host: host_of(&practice.url),
            site_id: 1,
            token_set: practice.token.is_some(),
        })
    }

    /// The address that people open, for a server that really listens on `port`.
    #[must_use]
    pub fn address_for_people(&self, port: u16) -> String {
        if let Some(url) = &self.public_url {
            return url.as_str().trim_end_matches('/').to_owned();
        }
        let ip = match self.listen.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, port))
    }
}

/// A host as people write it: with the port when it is not the usual one of the scheme.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// An empty variable counts as not set: compose files pass `${NAME:-}`.
fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn listen_address(text: &str) -> Result<SocketAddr, SettingsError> {
    let address = text.replace("localhost:", "127.0.0.1:");
    address.parse().map_err(|_| SettingsError::Value {
        name: "LISTEN",
        value: text.to_owned(),
        rule: "must be an IP address and a port, such as 127.0.0.1:8000",
    })
}

/// A whole number of at least 1; `default` when nothing is given.
fn number(
    name: &'static str,
    text: &str,
    default: u32,
    (max, rule): (u32, &'static str),
) -> Result<u32, SettingsError> {
    let Some(text) = given(Some(text.to_owned())) else {
        return Ok(default);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=max).contains(number));
    number.ok_or(SettingsError::Value {
        name,
        value: text,
        rule,
    })
}

fn orchestrator(text: &str) -> Result<OrchestratorKind, SettingsError> {
    match text {
        "docker" => Ok(OrchestratorKind::Docker),
        "process" => Ok(OrchestratorKind::Process),
        _ => Err(SettingsError::Value {
            name: "ORCHESTRATOR",
            value: text.to_owned(),
            rule: "must be docker or process",
        }),
    }
}

fn contained(text: &str, orchestrator: OrchestratorKind) -> Result<bool, SettingsError> {
    let refused = |rule| SettingsError::Value {
        name: "CONTAINED",
        value: text.to_owned(),
        rule,
    };
    match (text, orchestrator) {
        ("" | "0", _) => Ok(false),
        ("1", OrchestratorKind::Process) => Ok(true),
        ("1", OrchestratorKind::Docker) => Err(refused(
            "goes with ORCHESTRATOR=process only: containers outlive the control plane",
        )),
        _ => Err(refused("must be 1 or 0")),
    }
}

/// A relative path counts from where the control plane was started; a loader works in a folder of its own.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

fn loader_beside_this_program() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(|folder| folder.join("loader")))
        .unwrap_or_else(|| PathBuf::from("loader"))
}

#[cfg(test)]
#[path = "settings_tests.rs"]
pub(crate) mod tests;
