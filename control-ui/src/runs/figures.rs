//! What a run's report said so far, in the API's words, and how one more line changes it.
//!
//! Invariant: a line counts once; the running totals of the report are taken as they are, never added up.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use run_report::{Event, Line, Progress};
use serde::{Deserialize, Serialize};

use crate::api::view::{
    Account, HitOutcome, Incident, Latency, LoaderState, LoaderStateName, Rate, Reason, RunWindow,
    Sample, Severity, Visits,
};
use crate::time::Timestamp;

/// Incidents kept for each run. When full, the oldest is dropped; the log still had it.
pub(super) const INCIDENTS: usize = 100;

/// The last word of a report on each figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportFigures {
    /// Number of the last line in this attempt.
    pub(crate) seq: u64,
    pub(crate) last_at: Option<Timestamp>,
    /// When the last line was heard, by the clock of the control plane.
    #[serde(default)]
    pub(crate) heard_at: Option<Timestamp>,
    pub(crate) loader_state: Option<LoaderState>,
    pub(crate) account: Option<Account>,
    pub(crate) visits: Option<Visits>,
    pub(crate) visits_planned: Option<u64>,
    pub(crate) rate: Option<Rate>,
    pub(crate) latency_ms: Option<Latency>,
    /// All latencies of an attempt that has ended, as its report writes them.
    #[serde(default)]
    pub(crate) latency_histogram: Option<String>,
    pub(crate) lateness_ms: Option<Latency>,
    pub(crate) by_kind: BTreeMap<String, u64>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) incidents: VecDeque<Incident>,
    /// Requests without an answer in the last heartbeat.
    pub(crate) in_flight: u32,
    /// HTTP requests, retries included, as the last attempt counts them.
    #[serde(default)]
    pub(crate) requests: Option<u64>,
    #[serde(default)]
    pub(crate) unverified: u64,
    /// The days of a backfill: all, the one under way, those that are done.
    #[serde(default)]
    pub(crate) window: Option<RunWindow>,
    #[serde(default)]
    pub(crate) day: Option<NaiveDate>,
    #[serde(default)]
    pub(crate) days_done: Option<u32>,
    #[serde(default)]
    pub(crate) days_planned: Option<u32>,
    /// Hits rejected, failed or unknown a second in the last heartbeat.
    #[serde(default)]
    pub(crate) errors_per_s: f64,
}

impl ReportFigures {
    /// Forgets what only the last attempt said; totals stay, because the next one continues them.
    pub(crate) fn next_attempt(&mut self) {
        self.seq = 0;
        self.heard_at = None;
        self.loader_state = None;
        self.latency_histogram = None;
        self.rate = None;
        self.in_flight = 0;
        self.errors_per_s = 0.0;
    }

    /// Takes a line in, heard at `now`.
    pub(crate) fn hear(&mut self, line: &Line, now: Timestamp) {
        self.heard_at = Some(now);
        let at = Timestamp::from(line.at);
        self.seq = line.seq;
        self.last_at = Some(at);
        match &line.event {
            Event::Started(started) => {
                self.visits_planned = started.visits_planned;
                self.window = started.window.as_ref().map(RunWindow::from);
            }
            Event::Progress(progress) => self.progress(progress),
            Event::Incident(incident) => {
                if self.incidents.len() == INCIDENTS {
                    self.incidents.pop_front();
                }
                self.incidents.push_back(Incident {
                    at,
                    severity: severity(incident.severity),
                    code: incident.code.clone(),
                    message: incident.message.clone(),
                });
            }
            Event::Account(_) => {}
            Event::Finished(finished) => {
                self.account = Some(finished.account.into());
                self.visits = Some(finished.visits.into());
                self.visits_planned = finished.visits_planned;
                self.by_kind.clone_from(&finished.by_kind);
                self.latency_ms = finished.latency_ms.map(Latency::from);
                self.latency_histogram
                    .clone_from(&finished.latency_histogram);
                self.lateness_ms = finished.lateness_ms.map(Latency::from);
                self.reasons = finished.reasons.iter().map(Reason::from).collect();
                self.requests = Some(finished.requests);
                self.unverified = finished.unverified;
                if finished.outcome == run_report::Outcome::Done {
                    self.days_done = self.days_planned;
                    self.day = None;
                }
                self.rate = None;
                self.in_flight = 0;
                self.errors_per_s = 0.0;
            }
        }
    }

    fn progress(&mut self, progress: &Progress) {
        self.loader_state = Some(LoaderState {
            state: progress.state.into(),
            detail: progress.detail.clone(),
            next_visit_at: progress.next_visit_at.map(Timestamp::from),
            until: progress.until.map(Timestamp::from),
        });
        self.account = Some(progress.account.into());
        self.visits = Some(progress.visits.into());
        self.visits_planned = progress.visits.planned.or(self.visits_planned);
        self.rate = Some(progress.rate.into());
        self.latency_ms = progress.latency_ms.map(Latency::from);
        self.lateness_ms = progress.lateness_ms.map(Latency::from);
        self.by_kind.clone_from(&progress.by_kind);
        self.reasons = progress.reasons.iter().map(Reason::from).collect();
        self.requests = Some(progress.requests);
        self.unverified = progress.unverified;
        self.day = progress.day;
        self.days_done = progress.days_done;
        self.days_planned = progress.days_planned;
        self.in_flight = progress.in_flight;
        self.errors_per_s = progress.rate.errors_per_s;
    }
}

/// The point of a chart that what all loaders of a run said last stands for.
pub(crate) fn sample(at: Timestamp, said: &ReportFigures) -> Sample {
    let rate = said.rate.unwrap_or_default();
    Sample {
        at,
        visits_per_s: rate.visits_per_s,
        visits_per_s_planned: rate.visits_per_s_planned,
        hits_per_s: rate.hits_per_s,
        errors_per_s: said.errors_per_s,
        latency_p50_ms: said.latency_ms.map(|latency| latency.p50),
        latency_p95_ms: said.latency_ms.map(|latency| latency.p95),
        lateness_p95_ms: said.lateness_ms.map(|lateness| lateness.p95),
        in_flight: said.in_flight,
        account: said.account.unwrap_or_default(),
    }
}

fn severity(severity: run_report::Severity) -> Severity {
    match severity {
        run_report::Severity::Info => Severity::Info,
        run_report::Severity::Warning => Severity::Warning,
        run_report::Severity::Error => Severity::Error,
    }
}

impl From<&run_report::Window> for RunWindow {
    fn from(window: &run_report::Window) -> Self {
        Self {
            first: window.first,
            last: window.last,
            days: window.days,
            time_zone: window.time_zone.clone(),
        }
    }
}

impl From<run_report::Account> for Account {
    fn from(account: run_report::Account) -> Self {
        Self {
            planned: account.planned,
            accepted: account.accepted,
            rejected: account.rejected,
            failed: account.failed,
            unknown: account.unknown,
            skipped: account.skipped,
            remaining: account.remaining,
        }
    }
}

impl From<run_report::Visits> for Visits {
    fn from(visits: run_report::Visits) -> Self {
        Self {
            planned: visits.planned,
            started: visits.started,
            finished: visits.finished,
            open: visits.open,
            cut: visits.cut,
        }
    }
}

impl From<run_report::Rate> for Rate {
    fn from(rate: run_report::Rate) -> Self {
        Self {
            visits_per_s_planned: rate.visits_per_s_planned,
            visits_per_s: rate.visits_per_s,
            hits_per_s: rate.hits_per_s,
        }
    }
}

impl From<run_report::Latency> for Latency {
    fn from(latency: run_report::Latency) -> Self {
        Self {
            p50: latency.p50,
            p95: latency.p95,
            p99: latency.p99,
            max: latency.max,
            count: latency.count,
        }
    }
}

impl From<run_report::LoaderState> for LoaderStateName {
    fn from(state: run_report::LoaderState) -> Self {
        match state {
            run_report::LoaderState::Starting => Self::Starting,
            run_report::LoaderState::Running => Self::Running,
            run_report::LoaderState::Waiting => Self::Waiting,
            run_report::LoaderState::PausedAtCap => Self::PausedAtCap,
            run_report::LoaderState::Slowed => Self::Slowed,
            run_report::LoaderState::TargetDown => Self::TargetDown,
            run_report::LoaderState::Stopping => Self::Stopping,
        }
    }
}

impl From<&run_report::Reason> for Reason {
    fn from(reason: &run_report::Reason) -> Self {
        Self {
            outcome: match reason.outcome {
                run_report::HitOutcome::Accepted => HitOutcome::Accepted,
                run_report::HitOutcome::Rejected => HitOutcome::Rejected,
                run_report::HitOutcome::Failed => HitOutcome::Failed,
                run_report::HitOutcome::Unknown => HitOutcome::Unknown,
                run_report::HitOutcome::Skipped => HitOutcome::Skipped,
            },
            code: reason.code.clone(),
            message: reason.message.clone(),
            hits: reason.hits,
            example: reason.example.clone(),
        }
    }
}
