//! The events of a run and the figures they carry.
//!
//! Additions are new optional fields; a field never changes its meaning within one version. Readers ignore fields
//! they do not know.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Account, HitOutcome};

/// One thing that a loader says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first line: what is about to happen, with all keys that are needed to repeat it.
    Started(Box<Started>),
    /// The heartbeat, once a second, with running totals.
    Progress(Box<Progress>),
    /// Something that a person should know.
    Incident(Incident),
    /// The account of one day and one target.
    Account(Box<DayAccount>),
    /// The last line.
    Finished(Box<Finished>),
}

/// What is about to happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The run's id, when the control plane gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Whether hits are sent in real time or past days are replayed.
    #[serde(default)]
    pub kind: RunKind,
    /// The days of a backfill; `None` for a live run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The loader's version.
    pub loader_version: String,
    /// Which part of the run this loader does.
    pub shard: Shard,
    /// How hits are paced: `live`, `compressed` or `backfill`.
    pub pacing: String,
    /// How hits are sent: `beacon`, `get`, `form` or `bulk`.
    pub method: String,
    /// The seed of all random draws.
    pub seed: u64,
    /// The key that decides who the visitors are.
    pub population: String,
    /// The plan's time zero.
    pub origin: DateTime<Utc>,
    /// The planned rate, visits a day; for a trial the rate that the trial runs at.
    pub visits_per_day: f64,
    /// Visits that this loader will make in all; `None` when the run is open-ended.
    pub visits_planned: Option<u64>,
    /// Number of visits of a trial; `None` for a full run.
    pub trial: Option<u64>,
    /// Whether visitors get addresses of their own (`cip`), which needs a token.
    pub countries: bool,
    /// Where the hits go.
    pub targets: Vec<TargetName>,
    /// Whether this continues an earlier attempt of the same run.
    #[serde(default)]
    pub resumed: bool,
    /// When the first visit may begin, if that lies ahead: the loader waits until then.
    #[serde(default)]
    pub start_at: Option<DateTime<Utc>>,
    /// Most hits that this loader sends in this attempt; `None` when there is no budget.
    #[serde(default)]
    pub hit_budget: Option<u64>,
}

/// Whether a run is live or replays past days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Hits are sent in real time.
    #[default]
    Live,
    /// Past days are replayed, as fast as allowed.
    Backfill,
}

/// The days of a backfill, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Number of days, at least 1.
    pub days: u32,
    /// IANA name of the zone in which the days are cut.
    pub time_zone: String,
}

/// Which part of a run a loader does; `1 of 1` is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 1 to `of`.
    pub index: u32,
    /// Number of loaders that share the run.
    pub of: u32,
}

/// A target, named without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetName {
    /// Host, with the port when it is not the usual one.
    pub host: String,
    /// Matomo's site id.
    pub site_id: u32,
}

/// What the loader is doing at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoaderState {
    /// Getting ready: reading, checking, probing the target.
    Starting,
    /// Hits are being sent as planned.
    Running,
    /// Nothing is due at the moment.
    Waiting,
    /// The cap of the 24-hour window is reached.
    PausedAtCap,
    /// The target does not keep up: hits leave later than planned.
    Slowed,
    /// The target fails steadily; nothing is sent until it answers again.
    TargetDown,
    /// No new visits; open ones are being finished.
    Stopping,
}

/// Most reasons of a heartbeat; the last line of a report holds them all.
pub const MAX_PROGRESS_REASONS: usize = 5;

/// The heartbeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What the loader is doing.
    pub state: LoaderState,
    /// The same in words, for a person ("next visit in 52 s").
    pub detail: String,
    /// When the next visit begins, if one is known to.
    #[serde(default)]
    pub next_visit_at: Option<DateTime<Utc>>,
    /// When the present state ends by itself: the start that is waited for, the next window after a cap, the end of
    /// quiet hours; for a stop, when it ends at the latest. `None` for all else.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    /// The day of a backfill that is under way; `None` in a live run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// Days of a backfill of which every hit is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_done: Option<u32>,
    /// Days of a backfill in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_planned: Option<u32>,
    /// All hits so far.
    pub account: Account,
    /// All visits so far.
    pub visits: Visits,
    /// Rates over the last second or seconds.
    pub rate: Rate,
    /// From the intended moment to the answer, over the last minute; `None` before the first answer.
    pub latency_ms: Option<Latency>,
    /// From the intended moment to the moment of sending, over the last minute; `None` before the first hit.
    pub lateness_ms: Option<Latency>,
    /// Requests without an answer yet.
    pub in_flight: u32,
    /// HTTP requests sent so far, retries included.
    pub requests: u64,
    /// Accepted hits whose recording Matomo only queued (a part of `account.accepted`).
    #[serde(default)]
    pub unverified: u64,
    /// Accepted hits by kind (`pageview`, `event`, …).
    pub by_kind: BTreeMap<String, u64>,
    /// Why hits were not accepted so far, the most frequent first; a few, see [`MAX_PROGRESS_REASONS`].
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Lines of the report that were dropped because nobody read them.
    #[serde(default)]
    pub lines_dropped: u64,
}

/// Numbers of visits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// Visits that this loader will make in all; `None` when open-ended.
    pub planned: Option<u64>,
    /// Visits whose first hit was due.
    pub started: u64,
    /// Visits of which every hit was tried and is settled.
    pub finished: u64,
    /// Visits under way.
    pub open: u64,
    /// Visits that a stop or a crash cut off before their last hit.
    #[serde(default)]
    pub cut: u64,
}

/// Rates, per second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Mean rate of visits that the plan asks for at this moment.
    pub visits_per_s_planned: f64,
    /// Visits started, mean of the last 10 s.
    pub visits_per_s: f64,
    /// Hits settled, mean of the last 10 s.
    pub hits_per_s: f64,
    /// Hits rejected, failed or unknown, mean of the last 10 s.
    pub errors_per_s: f64,
}

/// A distribution of times, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, such as `target.refused`.
    pub code: String,
    /// What happened, why, what to do.
    pub message: String,
}

/// Hits that ended in the same state for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The state they ended in.
    pub outcome: HitOutcome,
    /// Stable code, such as `http.400` or `connect.refused`.
    pub code: String,
    /// What it means.
    pub message: String,
    /// Number of hits.
    pub hits: u64,
    /// One example, without secrets: the page or the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// The account of one day (in the run's time zone) and one target: running totals, so that a later one of the same day
/// and target replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayAccount {
    /// The day, in the run's time zone.
    pub day: NaiveDate,
    /// The target.
    pub target: TargetName,
    /// Whether this is the last word on the day: it is over, and nothing of it remains. Releases before backfills
    /// wrote closed days only.
    #[serde(default = "yes")]
    pub closed: bool,
    /// Visits of the day that this loader makes in all; `None` when not known, as in a live run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits_planned: Option<u64>,
    /// Visits that began on the day.
    #[serde(default)]
    pub visits_started: u64,
    /// Those of them of which every hit was tried and is settled.
    #[serde(default)]
    pub visits_finished: u64,
    /// Accepted hits whose recording Matomo only queued (a part of `account.accepted`).
    #[serde(default)]
    pub unverified: u64,
    /// Its hits.
    pub account: Account,
    /// The same by kind of hit.
    pub by_kind: BTreeMap<String, Account>,
}

fn yes() -> bool {
    true
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything planned was done (exit code 0).
    Done,
    /// It could not go on (exit code 1).
    Failed,
    /// Somebody stopped it (exit code 0).
    Stopped,
    /// It stopped itself at one of its guards (exit code 3).
    Guard,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// How the run ended.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub reason: String,
    /// What a person may want to do next, in a sentence; `None` when nothing is left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The exit code that follows.
    pub exit_code: u8,
    /// All hits.
    pub account: Account,
    /// Visits that this loader was to make in all; `None` when open-ended.
    pub visits_planned: Option<u64>,
    /// All visits.
    pub visits: Visits,
    /// Accepted hits by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Accepted hits whose recording Matomo only queued.
    #[serde(default)]
    pub unverified: u64,
    /// Why hits were not accepted, the most frequent first; bounded, see the loader.
    pub reasons: Vec<Reason>,
    /// From the intended moment to the answer, over the whole attempt; in a backfill from the sending.
    pub latency_ms: Option<Latency>,
    /// The same as an HdrHistogram of hundredths of a millisecond (V2, deflated, base64), so that the reports of
    /// several loaders can be added up; see [`crate::histogram`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_histogram: Option<String>,
    /// From the intended moment to the moment of sending, over the whole run.
    pub lateness_ms: Option<Latency>,
    /// HTTP requests sent, retries included.
    pub requests: u64,
    /// How long this attempt took, in seconds.
    pub duration_s: f64,
}
