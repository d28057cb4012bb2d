//! What starts and stops loaders: one trait, and what it promises.
//!
//! An orchestrator knows loaders by run and attempt; it knows nothing of states of runs, of the store or of HTTP.
//! Invariants that every implementation keeps (and one contract test suite checks): it touches nothing that this
//! control plane did not start; starting the same attempt twice starts one loader; a loader outlives the control
//! plane; its secrets are nowhere but in the file that it deletes.

pub mod docker;
pub mod fake;
pub mod process;

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use config::Secret;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use crate::runs::RunId;

/// Name of a loader, as its orchestrator knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct LoaderId(pub String);

impl std::fmt::Display for LoaderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a new loader needs.
#[derive(Debug, Clone)]
pub struct StartRequest {
    /// The run.
    pub run: RunId,
    /// Which start of a loader this is, from 1.
    pub attempt: u32,
    /// Which of the loaders that share the run, from 1; each has a state of its own.
    pub shard: u32,
    /// The run configuration, without secrets.
    pub config: String,
    /// The hand-over file with the secrets, when there are any.
    pub secrets: Option<Secret>,
    /// Options of `loader run` beyond those that say where files are.
    pub args: Vec<String>,
    /// The loader's `LOG_LEVEL`.
    pub log_level: String,
}

/// A command of the loader that ends by itself, such as `probe`.
#[derive(Debug, Clone)]
pub struct OnceRequest {
    /// The run configuration, without secrets.
    pub config: String,
    /// The hand-over file with the secrets, when there are any.
    pub secrets: Option<Secret>,
    /// The command and its options beyond those that say where files are.
    pub args: Vec<String>,
    /// How long it may take; it is killed then, and the request fails.
    pub time_limit: Duration,
}

/// What a command came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnceOutput {
    /// What it wrote to standard output, cut to [`ONCE_BYTES_MAX`].
    pub stdout: String,
    /// What it wrote to standard error, cut alike: mostly why it did not do what it should.
    pub stderr: String,
    /// Its exit code; `None` when it is not known.
    pub exit_code: Option<i64>,
}

/// Most bytes of each output of a command that are kept; the rest is dropped.
pub const ONCE_BYTES_MAX: usize = 64 * 1024;

/// A loader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loader {
    /// Its name.
    pub id: LoaderId,
    /// Its run.
    pub run: RunId,
    /// Its attempt.
    pub attempt: u32,
    /// Which of the run's loaders, from 1.
    pub shard: u32,
    /// What it does.
    pub status: LoaderStatus,
}

/// What tells the names of a run's loaders apart. The first one's are those of a run with one loader, so that what an
/// earlier version left is found again.
fn suffix(shard: u32) -> String {
    match shard {
        1 => String::new(),
        shard => format!("-{shard}"),
    }
}

/// What a loader does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoaderStatus {
    /// Prepared, not started; somebody died in between.
    Created,
    /// At work.
    Running,
    /// Not any more.
    Ended(Ending),
}

/// How a loader ended, as far as its orchestrator knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// Its exit code; 128 and the signal's number when a signal ended it; `None` when nobody saw it end.
    pub exit_code: Option<i64>,
    /// The memory limit ended it.
    pub out_of_memory: bool,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.exit_code {
            _ if self.out_of_memory => {
                f.write_str("the loader used more memory than its limit and was killed")
            }
            Some(137) => f.write_str("the loader was killed (SIGKILL, exit code 137)"),
            Some(code) if code > 128 => {
                let signal = code - 128;
                write!(f, "signal {signal} ended the loader (exit code {code})")
            }
            Some(code) => write!(f, "the loader ended with exit code {code}"),
            None => f.write_str("the loader is gone and nobody saw how it ended"),
        }
    }
}

/// Which of its two outputs a loader wrote to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The run report.
    Standard,
    /// The log.
    Error,
}

/// One line that a loader wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When; never decreases for one output of one loader.
    pub at: DateTime<Utc>,
    /// To which output.
    pub output: Output,
    /// The line, without its line feed.
    pub text: String,
}

/// Lines, oldest first for each output. Ends when the loader ended (or at once, when not following), but may also end early
/// or fall silent: whoever follows asks again.
pub type LogStream = BoxStream<'static, Result<LogEntry, OrchestratorError>>;

/// Something that happened to a loader of this control plane: a reason to look at it, not the truth about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The loader.
    pub loader: LoaderId,
    /// What happened.
    pub what: Happened,
    /// When, by the orchestrator's clock.
    pub at: DateTime<Utc>,
}

/// What happens to loaders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It began, perhaps once more, and by whosever hand.
    Started,
    /// It needed more memory than it may have. Its end follows.
    OutOfMemory,
    /// It ended.
    Ended,
}

/// What happens to loaders, in order. Ends with the connection, may repeat itself, and may miss something: whoever
/// listens compares, too.
pub type Changes = BoxStream<'static, Result<Change, OrchestratorError>>;

/// What a loader uses of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Processor time so far, milliseconds.
    pub cpu_ms: u64,
    /// Memory now, bytes.
    pub memory_bytes: u64,
}

/// Why an orchestrator did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OrchestratorError {
    /// It cannot be used at the moment: what was tried, the cause, the cure.
    #[error("{0}")]
    Unavailable(String),
    /// No loader of this control plane has this name.
    #[error("no loader {0} of this control plane")]
    NotFound(LoaderId),
    /// It refused what was asked: what was tried, the cause, the cure.
    #[error("{0}")]
    Refused(String),
}

/// The text of what a command wrote, cut to its bound.
pub(crate) fn bounded_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(ONCE_BYTES_MAX)]).into_owned()
}

/// A command that was not done in its time.
pub(crate) fn took_too_long(limit: Duration) -> OrchestratorError {
    OrchestratorError::Unavailable(format!(
        "the loader was not done within {} s and was ended; the machine may be busy: try again",
        limit.as_secs()
    ))
}

/// Starts and stops loaders.
#[async_trait]
pub trait Orchestrator: Send + Sync {
    /// `docker` or `process`.
    fn kind(&self) -> &'static str;

    /// Whether a loader could be started now; the error says why not, and the cure.
    async fn check(&self) -> Result<(), OrchestratorError>;

    /// Starts a loader. When this attempt of this run and shard has one already, that one is the answer.
    async fn start(&self, request: StartRequest) -> Result<LoaderId, OrchestratorError>;

    /// Asks a loader to stop, and kills it when it has not ended after `grace`. Returns when it has ended. One that was
    /// asked before is asked again, which does no harm.
    async fn stop(&self, id: &LoaderId, grace: Duration) -> Result<(), OrchestratorError>;

    /// Ends a loader at once.
    async fn kill(&self, id: &LoaderId) -> Result<(), OrchestratorError>;

    /// All loaders that this control plane started and did not remove.
    async fn list(&self) -> Result<Vec<Loader>, OrchestratorError>;

    /// One loader; `None` when it is gone.
    async fn inspect(&self, id: &LoaderId) -> Result<Option<Loader>, OrchestratorError>;

    /// What a loader wrote, from `since` on (perhaps a little earlier), and with `follow` what it will write.
    async fn logs(
        &self,
        id: &LoaderId,
        since: Option<DateTime<Utc>>,
        follow: bool,
    ) -> Result<LogStream, OrchestratorError>;

    /// What happens to loaders from `since` on. An orchestrator that is not told stays silent.
    async fn changes(&self, _since: DateTime<Utc>) -> Result<Changes, OrchestratorError> {
        Ok(stream::pending().boxed())
    }

    /// What a loader uses; `None` when it does not run.
    async fn usage(&self, id: &LoaderId) -> Result<Option<Usage>, OrchestratorError>;

    /// Removes an ended loader and what it wrote, but keeps the run's state (its checkpoint).
    async fn remove(&self, id: &LoaderId) -> Result<(), OrchestratorError>;

    /// Removes a run's state, that of all its loaders. They must be removed before.
    async fn forget(&self, run: &RunId) -> Result<(), OrchestratorError>;

    /// Where its loaders run, in words that follow "from": "a loader in the network web".
    fn whereabouts(&self) -> String;

    /// Runs a command of the loader to its end, as a loader is run, and leaves nothing behind. It is in no list.
    async fn once(&self, request: OnceRequest) -> Result<OnceOutput, OrchestratorError>;

    /// Ends and removes what commands left whose control plane died meanwhile. Asked for when none is under way.
    async fn sweep(&self) -> Result<(), OrchestratorError>;
}
