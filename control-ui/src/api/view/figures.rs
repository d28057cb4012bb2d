//! The figures of a run: what a loader says of itself, in the API's shapes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Timestamp;

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
    /// Visits that a stop or a crash cut off before their last hit.
    #[serde(default)]
    #[schema(required)]
    pub cut: u64,
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
    /// When the next visit begins; `null` when not known.
    #[serde(default)]
    #[schema(required)]
    pub next_visit_at: Option<Timestamp>,
    /// When this state ends by itself: the start that is waited for, the next window after a cap, the end of quiet
    /// hours, the latest end of a stop; `null` for all else.
    #[serde(default)]
    #[schema(required)]
    pub until: Option<Timestamp>,
}
