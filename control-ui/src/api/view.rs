//! What the API shows of runs. Shapes only; they are filled from the records in `runs`.
//!
//! Invariant: nothing here can hold a secret, and a field that may be unknown is `null`, never left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Timestamp;

/// Where a run is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Accepted and written down; nothing was started yet.
    Queued,
    /// Its loader is being started.
    Starting,
    /// Its loader is at work.
    Running,
    /// Stopped with a checkpoint; resume goes on from there.
    Paused,
    /// Its loader was told to stop and is finishing.
    Stopping,
    /// Everything planned was done.
    Succeeded,
    /// It could not go on, or stopped itself at a guard; may be resumed.
    Failed,
    /// A person stopped it for good.
    Cancelled,
    /// Its loader is gone and nobody knows how it ended; may be resumed.
    Lost,
}

/// What a loader is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoaderStateName {
    /// Reading, checking, probing the target.
    Starting,
    /// Hits are being sent as planned.
    Running,
    /// Nothing is due at the moment.
    Waiting,
    /// The cap of the 24-hour window is reached.
    PausedAtCap,
    /// The target does not keep up; hits leave later than planned.
    Slowed,
    /// The target fails steadily; nothing is sent until it answers again.
    TargetDown,
    /// No new visits; open ones are being finished.
    Stopping,
}

/// What the loader is doing, with words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoaderState {
    /// The state.
    pub state: LoaderStateName,
    /// The same in words, such as "next visit in 52 s".
    pub detail: String,
}

/// How many hits are in which state; `planned` is the sum of all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// Hits of all visits made so far.
    pub planned: u64,
    /// Matomo answered that it took the hit.
    pub accepted: u64,
    /// Matomo, or something in front of it, said no.
    pub rejected: u64,
    /// Given up after it surely was not recorded.
    pub failed: u64,
    /// Sent, but no answer proves whether it was recorded.
    pub unknown: u64,
    /// Never sent: too late, or cut off by a stop.
    pub skipped: u64,
    /// Planned and not settled yet.
    pub remaining: u64,
}

/// Numbers of visits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Visits {
    /// Visits that the run will make in all; `null` when it is open-ended.
    #[schema(required)]
    pub planned: Option<u64>,
    /// Visits whose first hit was due.
    pub started: u64,
    /// Visits with no hit left to settle.
    pub finished: u64,
    /// Visits under way.
    pub open: u64,
}

/// Rates per second, means of the last 10 s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rate {
    /// Visits a second that the plan asks for now.
    pub visits_per_s_planned: f64,
    /// Visits started.
    pub visits_per_s: f64,
    /// Hits settled.
    pub hits_per_s: f64,
}

/// A distribution of times, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Latency {
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Largest value.
    pub max: f64,
    /// Number of values.
    pub count: u64,
}

/// How bad an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Traffic is not quite as planned.
    Warning,
    /// Hits are being lost.
    Error,
}

/// Something that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Incident {
    /// When it was said.
    pub at: Timestamp,
    /// How bad it is.
    pub severity: Severity,
    /// Stable name.
    #[schema(example = "target.refused")]
    pub code: String,
    /// What happened, why, what to do.
    pub message: String,
}

/// The state in which hits ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitOutcome {
    /// Matomo took them.
    Accepted,
    /// Matomo said no.
    Rejected,
    /// Given up; surely not recorded.
    Failed,
    /// May or may not be recorded.
    Unknown,
    /// Never sent.
    Skipped,
}

/// Hits that ended in the same state for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// The state they ended in.
    pub outcome: HitOutcome,
    /// Stable name, such as `http.400`.
    pub code: String,
    /// What it means.
    pub message: String,
    /// Number of hits.
    pub hits: u64,
    /// One example: the page or the answer.
    #[schema(required)]
    pub example: Option<String>,
}

/// Hits of which nobody knows whether Matomo recorded them, because the loader ended without a last word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Doubt {
    /// Hits that were in flight or open in the last report.
    pub hits: u64,
    /// When that report was written; whatever was sent later is in doubt too.
    #[schema(required)]
    pub since: Option<Timestamp>,
    /// The same in words.
    pub message: String,
}

/// A target, without its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TargetView {
    /// Matomo's address.
    #[schema(example = "https://matomo.example/")]
    pub url: String,
    /// The host that a person types back, with the port when it is not the usual one.
    #[schema(example = "matomo.example")]
    pub host: String,
    /// Matomo's site id.
    pub site_id: u32,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunSummary {
    /// The run's id: 32 hexadecimal digits.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// Where it is in its life.
    pub state: RunState,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its first loader was started.
    #[schema(required)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// Where its hits go.
    pub target: TargetView,
    /// The preset that it began from.
    #[schema(required)]
    pub preset: Option<String>,
    /// Number of visits of a trial; `null` for a full run.
    #[schema(required)]
    pub trial: Option<u64>,
    /// Its hits; `null` before the first report.
    #[schema(required)]
    pub account: Option<Account>,
    /// Visits that it will make in all; `null` when open-ended or not known yet.
    #[schema(required)]
    pub visits_planned: Option<u64>,
    /// Why it ended, in a sentence.
    #[schema(required)]
    pub outcome_reason: Option<String>,
}

/// A run in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunView {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: RunSummary,
    /// Which start of a loader this is; the first is 1, each resume adds one.
    pub attempt: u32,
    /// The seed of all random draws, at most 2^53 - 1.
    pub seed: u64,
    /// The key that decides who the visitors are.
    pub population: String,
    /// The plan's time zero.
    pub origin: Timestamp,
    /// What starts its loaders: `docker` or `process`.
    pub orchestrator: String,
    /// What the loader is doing; `null` while none runs.
    #[schema(required)]
    pub loader_state: Option<LoaderState>,
    /// Its visits; `null` before the first report.
    #[schema(required)]
    pub visits: Option<Visits>,
    /// Its rates; `null` before the first report.
    #[schema(required)]
    pub rate: Option<Rate>,
    /// From the intended moment to the answer; `null` before the first answer.
    #[schema(required)]
    pub latency_ms: Option<Latency>,
    /// From the intended moment to the moment of sending; `null` before the first hit.
    #[schema(required)]
    pub lateness_ms: Option<Latency>,
    /// Accepted hits by kind (`pageview`, `event`, …).
    pub by_kind: BTreeMap<String, u64>,
    /// Why hits were not accepted, the most frequent first; known once the run ended.
    pub reasons: Vec<Reason>,
    /// The last incidents, oldest first.
    pub incidents: Vec<Incident>,
    /// What nobody knows because the loader ended without a last word.
    #[schema(required)]
    pub doubt: Option<Doubt>,
    /// When the loader last said something.
    #[schema(required)]
    pub last_report_at: Option<Timestamp>,
    /// Number of the last line of the run report in this attempt; 0 before the first.
    pub report_seq: u64,
    /// The run configuration, without secrets.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
}

/// What a run did in one second, or in one minute once that is more than an hour ago.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sample {
    /// When the report was written.
    pub at: Timestamp,
    /// Visits started a second.
    pub visits_per_s: f64,
    /// Visits a second that the plan asked for.
    pub visits_per_s_planned: f64,
    /// Hits settled a second.
    pub hits_per_s: f64,
    /// Hits rejected, failed or unknown a second.
    pub errors_per_s: f64,
    /// Median of the latency, milliseconds.
    #[schema(required)]
    pub latency_p50_ms: Option<f64>,
    /// 95th percentile of the latency, milliseconds.
    #[schema(required)]
    pub latency_p95_ms: Option<f64>,
    /// 95th percentile of the lateness, milliseconds.
    #[schema(required)]
    pub lateness_p95_ms: Option<f64>,
    /// Requests without an answer.
    pub in_flight: u32,
    /// All hits so far.
    pub account: Account,
}

/// Where a line of a run's log comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogSource {
    /// The run report, put in words.
    Report,
    /// The loader's log.
    Log,
    /// The control plane.
    Control,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// Where it comes from.
    pub stream: LogSource,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    #[schema(example = "info")]
    pub level: String,
    /// The text, cut to 2,000 characters.
    pub text: String,
}
