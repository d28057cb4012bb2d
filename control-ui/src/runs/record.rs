//! One run as the control plane remembers it, without secrets.
//!
//! Invariant: the state changes through [`Run::move_to`] alone, which refuses illegal moves.

use serde::{Deserialize, Serialize};

use super::figures::ReportFigures;
use super::id::RunId;
use crate::api::view::{Doubt, RunState, RunSummary, RunView, TargetView};
use crate::orchestrator::LoaderId;
use crate::store::RunRow;
use crate::time::Timestamp;

/// What a person wants of a run. Written down before anything is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// It should run.
    Run,
    /// It should stop with a checkpoint.
    Pause,
    /// It should end for good.
    Cancel,
}

/// A run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) name: String,
    state: RunState,
    pub(crate) wanted: Wanted,
    pub(crate) created_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) target: TargetView,
    pub(crate) preset: Option<String>,
    pub(crate) trial: Option<u64>,
    /// The host to name in `--confirm-target`, for runs that need it.
    pub(crate) confirmed_host: Option<String>,
    pub(crate) seed: u64,
    pub(crate) population: String,
    pub(crate) origin: Timestamp,
    pub(crate) orchestrator: String,
    pub(crate) attempt: u32,
    pub(crate) loader: Option<LoaderId>,
    /// Whether a loader ever began, so that there is a checkpoint to resume from.
    pub(crate) began: bool,
    /// The machine's boot in which the attempt was started.
    pub(crate) boot: String,
    pub(crate) has_secrets: bool,
    /// Seconds that a loader gets to finish when it is stopped.
    pub(crate) grace_s: u64,
    pub(crate) log_level: String,
    pub(crate) figures: ReportFigures,
    pub(crate) outcome_reason: Option<String>,
    pub(crate) doubt: Option<Doubt>,
    /// Stored beside the rest, because it may be long and never changes.
    #[serde(skip)]
    pub(crate) config: serde_json::Value,
}

/// What a new run is made from.
pub(crate) struct Beginning {
    pub(crate) id: RunId,
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) target: TargetView,
    pub(crate) preset: Option<String>,
    pub(crate) trial: Option<u64>,
    pub(crate) confirmed_host: Option<String>,
    pub(crate) seed: u64,
    pub(crate) population: String,
    pub(crate) origin: Timestamp,
    pub(crate) orchestrator: String,
    pub(crate) boot: String,
    pub(crate) has_secrets: bool,
    pub(crate) grace_s: u64,
    pub(crate) log_level: String,
    pub(crate) config: serde_json::Value,
}

/// A move that a run's life does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a run that is {} cannot become {}", from.as_str(), to.as_str())]
pub(crate) struct IllegalMove {
    pub(crate) from: RunState,
    pub(crate) to: RunState,
}

impl Run {
    pub(crate) fn begin(from: Beginning) -> Self {
        Self {
            id: from.id,
            name: from.name,
            state: RunState::Queued,
            wanted: Wanted::Run,
            created_at: from.created_at,
            started_at: None,
            ended_at: None,
            target: from.target,
            preset: from.preset,
            trial: from.trial,
            confirmed_host: from.confirmed_host,
            seed: from.seed,
            population: from.population,
            origin: from.origin,
            orchestrator: from.orchestrator,
            attempt: 1,
            loader: None,
            began: false,
            boot: from.boot,
            has_secrets: from.has_secrets,
            grace_s: from.grace_s,
            log_level: from.log_level,
            figures: ReportFigures::default(),
            outcome_reason: None,
            doubt: None,
            config: from.config,
        }
    }

    pub(crate) fn state(&self) -> RunState {
        self.state
    }

    /// The only way to another state.
    pub(crate) fn move_to(&mut self, next: RunState) -> Result<(), IllegalMove> {
        if !self.state.may_become(next) {
            return Err(IllegalMove {
                from: self.state,
                to: next,
            });
        }
        self.state = next;
        Ok(())
    }

    /// Options of `loader run`, the same for each attempt but for `--resume`.
    pub(crate) fn args(&self) -> Vec<String> {
        let mut args = vec![
            "--seed".to_owned(),
            self.seed.to_string(),
            "--population".to_owned(),
            self.population.clone(),
            "--origin".to_owned(),
            self.origin.to_string(),
        ];
        if let Some(visits) = self.trial {
            args.extend(["--trial".to_owned(), visits.to_string()]);
        }
        if let Some(host) = &self.confirmed_host {
            args.extend(["--confirm-target".to_owned(), host.clone()]);
        }
        if self.attempt > 1 && self.began {
            args.push("--resume".to_owned());
        }
        args
    }

    pub(crate) fn row(&self) -> Result<RunRow, serde_json::Error> {
        Ok(RunRow {
            id: self.id.to_string(),
            state: self.state,
            created_at: self.created_at.0,
            document: serde_json::to_value(self)?,
            config: self.config.clone(),
        })
    }

    pub(crate) fn from_row(row: RunRow) -> Result<Self, serde_json::Error> {
        let run: Self = serde_json::from_value(row.document)?;
        Ok(Self {
            config: row.config,
            ..run
        })
    }

    pub(crate) fn summary(&self) -> RunSummary {
        RunSummary {
            id: self.id.to_string(),
            name: self.name.clone(),
            state: self.state,
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            target: self.target.clone(),
            preset: self.preset.clone(),
            trial: self.trial,
            account: self.figures.account,
            visits_planned: self.figures.visits_planned.or(self.trial),
            outcome_reason: self.outcome_reason.clone(),
        }
    }

    /// The view for live events, which come each second: without the configuration, which never changes.
    pub(crate) fn live_view(&self) -> RunView {
        self.view_with(serde_json::json!({}))
    }

    pub(crate) fn view(&self) -> RunView {
        self.view_with(self.config.clone())
    }

    fn view_with(&self, config: serde_json::Value) -> RunView {
        let figures = self.figures.clone();
        RunView {
            summary: self.summary(),
            attempt: self.attempt,
            seed: self.seed,
            population: self.population.clone(),
            origin: self.origin,
            orchestrator: self.orchestrator.clone(),
            loader_state: figures.loader_state.filter(|_| self.state.is_active()),
            visits: figures.visits,
            rate: figures.rate,
            latency_ms: figures.latency_ms,
            lateness_ms: figures.lateness_ms,
            by_kind: figures.by_kind,
            reasons: figures.reasons,
            incidents: figures.incidents.into(),
            doubt: self.doubt.clone(),
            last_report_at: figures.last_at,
            report_seq: figures.seq,
            config,
        }
    }
}
