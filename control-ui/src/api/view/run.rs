//! A run: in a list, and in full.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, Incident, Latency, LoaderState, NextStep, Rate, Reason, Visits};
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

/// What kind of run it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// It sends in real time.
    #[default]
    Realtime,
    /// It replays past days.
    Backfill,
}

impl RunKind {
    /// The name in answers and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::Backfill => "backfill",
        }
    }
}

/// The days of a backfill, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunWindow {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Number of days.
    pub days: u32,
    /// IANA name of the zone in which the days are cut.
    #[schema(example = "Europe/Stockholm")]
    pub time_zone: String,
}

/// How far a backfill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayProgress {
    /// The day under way; of several loaders that of the last one; `null` when none is.
    #[schema(required)]
    pub day: Option<NaiveDate>,
    /// Days of which every hit is settled.
    pub done: u32,
    /// Days in all.
    pub planned: u32,
}

/// What may be asked of a run in its present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunAction {
    /// `POST …/pause`
    Pause,
    /// `POST …/resume`
    Resume,
    /// `POST …/stop`
    Stop,
    /// `POST …/restart`
    Restart,
    /// `POST …/apply`
    Apply,
    /// `POST …/again`
    Again,
    /// `DELETE …`
    Delete,
}

/// What a run's loader uses of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RunUsage {
    /// Share of one processor since the last look, in percent; `null` before the second look.
    #[schema(required)]
    pub cpu_percent: Option<f64>,
    /// Memory now, in bytes.
    pub memory_bytes: u64,
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

/// One of the loaders that share a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoaderView {
    /// Which one, from 1.
    pub number: u32,
    /// Whether it is at work.
    pub at_work: bool,
    /// Its hits, a part of the run's; `null` before its first report.
    #[schema(required)]
    pub account: Option<Account>,
    /// When it last said something.
    #[schema(required)]
    pub last_report_at: Option<Timestamp>,
    /// Since when it says nothing although it should.
    #[schema(required)]
    pub stale_since: Option<Timestamp>,
    /// How it ended: `succeeded`, `paused`, `cancelled`, `failed` or `lost`; `null` while it works, and before.
    #[schema(required)]
    pub outcome: Option<RunState>,
    /// Why, in a sentence.
    #[schema(required)]
    pub outcome_reason: Option<String>,
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
    /// What kind of run it is.
    #[serde(default)]
    pub kind: RunKind,
    /// The days of a backfill; `null` for other runs, and before its loader told.
    #[serde(default)]
    #[schema(required)]
    pub window: Option<RunWindow>,
    /// How far a backfill is; `null` for other runs, and before its loader told.
    #[serde(default)]
    #[schema(required)]
    pub days: Option<DayProgress>,
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
    /// The moment it was told to begin at; `null`: at once.
    #[schema(required)]
    pub start_at: Option<Timestamp>,
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
    /// What people wrote about it; may be empty.
    pub notes: String,
    /// Counts the changes of name and notes; the ETag of `GET /api/runs/{id}`.
    pub revision: u64,
    /// What may be asked of it in this state.
    pub actions: Vec<RunAction>,
    /// The run whose place it takes or took.
    #[schema(required)]
    pub replaces: Option<String>,
    /// The run that takes or took its place.
    #[schema(required)]
    pub replaced_by: Option<String>,
    /// Whether a token came with it.
    pub token_set: bool,
    /// What ends or pauses it by itself, in sentences.
    pub guards: Vec<String>,
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
    /// What a person may want to do next: after a backfill, how Matomo shows its days.
    pub next_steps: Vec<NextStep>,
    /// The loaders that share the run, mostly one.
    pub loaders: Vec<LoaderView>,
    /// What the loader is doing; of several, how many are at work and what should be looked at first; `null` while none runs, and while nobody knows.
    #[schema(required)]
    pub loader_state: Option<LoaderState>,
    /// Its visits; `null` before the first report.
    #[schema(required)]
    pub visits: Option<Visits>,
    /// Its rates; `null` before the first report.
    #[schema(required)]
    pub rate: Option<Rate>,
    /// From the intended moment to the answer; of several loaders the worst until each has ended, then all together; `null` before the first answer.
    #[schema(required)]
    pub latency_ms: Option<Latency>,
    /// From the intended moment to the moment of sending; `null` before the first hit.
    #[schema(required)]
    pub lateness_ms: Option<Latency>,
    /// Accepted hits by kind (`pageview`, `event`, …).
    pub by_kind: BTreeMap<String, u64>,
    /// Why hits were not accepted, the most frequent first; while it runs the first few.
    pub reasons: Vec<Reason>,
    /// The last incidents, oldest first.
    pub incidents: Vec<Incident>,
    /// What nobody knows because the loader ended without a last word.
    #[schema(required)]
    pub doubt: Option<Doubt>,
    /// When the loader last said something.
    #[schema(required)]
    pub last_report_at: Option<Timestamp>,
    /// Since when the loader says nothing although it should, each second; `null` while it speaks, or need not. All
    /// figures are then those of this moment.
    #[schema(required)]
    pub stale_since: Option<Timestamp>,
    /// What the loader uses; `null` when not known.
    #[schema(required)]
    pub usage: Option<RunUsage>,
    /// Number of the last line of the run report in this attempt; 0 before the first.
    pub report_seq: u64,
    /// The run configuration, without secrets.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
}
