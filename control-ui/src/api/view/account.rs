//! A run's account: its days, and everything that a person needs to believe, repeat or question it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, Latency, Reason, RunKind, RunState, TargetView};
use crate::time::Timestamp;

/// One day of a run at one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayView {
    /// The day, in the run's time zone.
    pub day: NaiveDate,
    /// Host of the target, with the port when it is not the usual one.
    #[schema(example = "matomo.example")]
    pub host: String,
    /// Matomo's site id.
    pub site_id: u32,
    /// Visits that the day is to have; `null` when not known, as in a live run.
    #[schema(required)]
    pub visits_planned: Option<u64>,
    /// Visits that began on the day.
    pub visits_started: u64,
    /// Those of them of which every hit was tried and is settled.
    pub visits_finished: u64,
    /// Its hits.
    #[serde(flatten)]
    pub account: Account,
    /// Accepted hits of which Matomo only said that it queued them; a part of `accepted`.
    pub unverified: u64,
    /// Whether this is the last word on the day: it is over, and nothing of it remains.
    pub closed: bool,
    /// The same hits by kind.
    pub by_kind: BTreeMap<String, Account>,
}

/// Something that a person may want to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextStep {
    /// What, and why, in a sentence.
    pub text: String,
    /// The command that does it; `null` when no command does.
    #[schema(
        required,
        example = "./console core:archive --force-idsites=3 --force-date-range=2026-09-01,2026-09-30"
    )]
    pub command: Option<String>,
}

/// From the start of a loader to its end.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AttemptView {
    /// Which start of the run's loaders, from 1.
    pub number: u32,
    /// Which of the loaders that share the run, from 1.
    pub loader: u32,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended; `null` while it works.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// Seconds in which this loader did not work since its attempt before; `null` for the first one that is known.
    #[schema(required)]
    pub gap_s: Option<f64>,
    /// Hits that were settled in it; `null` while it works.
    #[schema(required)]
    pub hits: Option<u64>,
    /// Why it ended, in a sentence.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A sum that must come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SumCheck {
    /// What is added up, in words.
    pub sum: String,
    /// What the parts come to.
    pub parts: u64,
    /// What it must be.
    pub whole: u64,
    /// Whether the two are equal.
    pub adds_up: bool,
}

/// What repeats the run: with the same keys and configuration it plans the same hits.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RunKeys {
    /// The seed of all random draws.
    pub seed: u64,
    /// The key that decides who the visitors are.
    pub population: String,
    /// The plan's time zero.
    pub origin: Timestamp,
    /// Number of visits of a trial; `null` for a full run.
    #[schema(required)]
    pub trial: Option<u64>,
    /// The run configuration, without secrets.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
}

/// How fast it was, over the time in which its loaders worked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Throughput {
    /// Seconds from the first start of a loader to its end, without the gaps between attempts.
    pub active_s: f64,
    /// Hits settled a second, on average; `null` before there is a second to speak of.
    #[schema(required)]
    pub hits_per_s: Option<f64>,
    /// HTTP requests of the last attempts, retries included; `null` when no loader told.
    #[schema(required)]
    pub requests: Option<u64>,
}

/// A run's account.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RunAccount {
    /// The run's id.
    pub run: String,
    /// Its name.
    pub name: String,
    /// What kind of run it is.
    pub kind: RunKind,
    /// Where it is in its life.
    pub state: RunState,
    /// Why it ended, in a sentence.
    #[schema(required)]
    pub outcome_reason: Option<String>,
    /// Where its hits went.
    pub target: TargetView,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its first loader was started.
    #[schema(required)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// When this account was drawn up.
    pub drawn_up_at: Timestamp,
    /// What repeats it.
    pub keys: RunKeys,
    /// All its hits; `null` before the first report.
    #[schema(required)]
    pub account: Option<Account>,
    /// The same by kind, as far as the days tell.
    pub by_kind: BTreeMap<String, Account>,
    /// The same by day and target; days ascend.
    pub days: Vec<DayView>,
    /// Why hits were not simply accepted, the most frequent first, each with an example.
    pub reasons: Vec<Reason>,
    /// Accepted hits that Matomo may hold twice, since they were sent again after no answer came.
    pub possible_doubles: u64,
    /// Accepted hits of which Matomo only said that it queued them.
    pub unverified: u64,
    /// How fast it was.
    pub throughput: Throughput,
    /// From the intended moment (in a backfill from the sending) to the answer, in the last attempt of each loader; of
    /// several the worst until each has ended, then all together.
    #[schema(required)]
    pub latency_ms: Option<Latency>,
    /// The same in full, in hundredths of a millisecond, as an HdrHistogram (V2, deflated, base64); `null` until each
    /// loader has ended.
    #[schema(required)]
    pub latency_histogram: Option<String>,
    /// From the intended moment to the sending.
    #[schema(required)]
    pub lateness_ms: Option<Latency>,
    /// Starts and ends of its loaders.
    pub attempts: Vec<AttemptView>,
    /// Sums that must come out, each with both sides.
    pub checks: Vec<SumCheck>,
    /// What nobody knows, in sentences; empty when everything is known.
    pub not_known: Vec<String>,
    /// What to do next.
    pub next_steps: Vec<NextStep>,
}
