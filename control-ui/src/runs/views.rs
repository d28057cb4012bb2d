//! A run as the API shows it.
//!
//! Invariant: what is shown of a loader is what it said last, and only as long as it speaks.

use super::record::{How, Run};
use crate::api::view::{RunAction, RunState, RunSummary, RunUsage, RunView};
use crate::time::Timestamp;

/// Loaders speak each second. One that is silent for longer than this, in milliseconds, is not known to do anything.
const SILENT_MS: i64 = 5_000;

impl Run {
    pub(crate) fn summary(&self) -> RunSummary {
        RunSummary {
            id: self.id.to_string(),
            name: self.name.clone(),
            state: self.state(),
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            start_at: self.start_at,
            target: self.target.clone(),
            preset: self.preset.clone(),
            trial: self.trial,
            account: self.figures.account,
            visits_planned: self.figures.visits_planned.or(self.trial),
            outcome_reason: self.outcome_reason.clone(),
        }
    }

    /// The view for live events, which come each second: without the configuration, which never changes.
    pub(crate) fn live_view(&self, now: Timestamp, usage: Option<RunUsage>) -> RunView {
        self.view_with(serde_json::json!({}), now, usage)
    }

    pub(crate) fn view(&self, now: Timestamp, usage: Option<RunUsage>) -> RunView {
        self.view_with(self.config.clone(), now, usage)
    }

    /// Since when the loader is silent although it should speak.
    pub(crate) fn stale_since(&self, now: Timestamp) -> Option<Timestamp> {
        let speaks = matches!(self.state(), RunState::Running | RunState::Stopping);
        let heard = self.figures.heard_at.filter(|_| speaks)?;
        (now.0 - heard.0 > SILENT_MS).then_some(self.figures.last_at.unwrap_or(heard))
    }

    /// What may be asked of it.
    pub(crate) fn actions(&self) -> Vec<RunAction> {
        let taken = self.replaced_by.is_some();
        let taking = self.taking_over().is_some();
        let ended = self.has_ended();
        [
            (
                RunAction::Pause,
                !taking && !taken && self.state().may_pause(),
            ),
            (RunAction::Resume, !taken && self.state().may_resume()),
            (
                RunAction::Stop,
                !ended && self.state() != RunState::Stopping,
            ),
            (RunAction::Restart, !taking && !taken && !ended),
            (RunAction::Apply, !taking && !taken && !ended),
            (RunAction::Again, true),
            (RunAction::Delete, ended && !taking),
        ]
        .into_iter()
        .filter_map(|(action, may)| may.then_some(action))
        .collect()
    }

    fn view_with(
        &self,
        config: serde_json::Value,
        now: Timestamp,
        usage: Option<RunUsage>,
    ) -> RunView {
        let figures = self.figures.clone();
        let stale_since = self.stale_since(now);
        let known = self.state().is_active() && stale_since.is_none();
        RunView {
            summary: self.summary(),
            notes: self.notes.clone(),
            revision: self.revision,
            actions: self.actions(),
            replaces: self.replaces.as_ref().map(|taken| taken.run.to_string()),
            replaced_by: self.replaced_by.as_ref().map(ToString::to_string),
            token_set: self.has_secrets,
            guards: self.guards.clone(),
            attempt: self.attempt,
            seed: self.seed,
            population: self.population.clone(),
            origin: self.origin,
            orchestrator: self.orchestrator.clone(),
            loader_state: figures.loader_state.filter(|_| known),
            visits: figures.visits,
            rate: figures.rate,
            latency_ms: figures.latency_ms,
            lateness_ms: figures.lateness_ms,
            by_kind: figures.by_kind,
            reasons: figures.reasons,
            incidents: figures.incidents.into(),
            doubt: self.doubt.clone(),
            last_report_at: figures.last_at,
            stale_since,
            usage: usage.filter(|_| self.state().is_active()),
            report_seq: figures.seq,
            config,
        }
    }
}

impl How {
    /// What happens to the other run, as a person says it.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Restart => "restarted",
            Self::Apply => "replaced",
        }
    }
}
