//! A run as the API shows it.
//!
//! Invariant: what is shown of a loader is what it said last, and only as long as it speaks.

use super::figures::ReportFigures;
use super::record::{How, Run};
use super::shard::Shard;
use crate::api::view::{
    DayProgress, LoaderView, RunAction, RunState, RunSummary, RunUsage, RunView,
};
use crate::time::Timestamp;

/// Loaders speak each second. One that is silent for longer than this, in milliseconds, is not known to do anything.
const SILENT_MS: i64 = 5_000;

impl Run {
    pub(crate) fn summary(&self) -> RunSummary {
        self.summary_with(&self.figures())
    }

    fn summary_with(&self, figures: &ReportFigures) -> RunSummary {
        RunSummary {
            id: self.id.to_string(),
            kind: self.kind,
            window: figures.window.clone().or_else(|| self.window.clone()),
            days: figures.days_planned.map(|planned| DayProgress {
                day: figures.day,
                done: figures.days_done.unwrap_or_default(),
                planned,
            }),
            name: self.name.clone(),
            state: self.state(),
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            start_at: self.start_at,
            target: self.target.clone(),
            preset: self.preset.clone(),
            trial: self.trial,
            account: figures.account,
            visits_planned: figures.visits_planned.or(self.trial),
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

    /// Since when one of its loaders is silent although it should speak.
    pub(crate) fn silent_since(&self, shard: &Shard, now: Timestamp) -> Option<Timestamp> {
        let speaks = matches!(self.state(), RunState::Running | RunState::Stopping);
        let said = &shard.figures;
        let heard = said.heard_at.filter(|_| speaks && shard.end.is_none())?;
        (now.0 - heard.0 > SILENT_MS).then_some(said.last_at.unwrap_or(heard))
    }

    /// The same of the one that has been silent for longest.
    fn stale_since(&self, now: Timestamp) -> Option<Timestamp> {
        let shards = self.shards.iter();
        shards
            .filter_map(|shard| self.silent_since(shard, now))
            .min()
    }

    /// What is said of a loader that ended while others go on: how grave that is, and in words.
    pub(crate) fn one_less(&self, shard: usize) -> (&'static str, String) {
        let end = self.shards[shard].end.as_ref();
        let done = end.is_some_and(|end| end.state == RunState::Succeeded);
        let (number, loaders) = (shard + 1, self.shards.len());
        let reason = end.map_or("", |end| end.reason.as_str());
        let left = self.at_work().len();
        let text = format!("loader {number} ended: {reason}; {left} of {loaders} loaders at work");
        (if done { "info" } else { "error" }, text)
    }

    fn loaders(&self, now: Timestamp) -> Vec<LoaderView> {
        let shards = self.shards.iter().zip(1..);
        let view = |(shard, number): (&Shard, u32)| LoaderView {
            number,
            at_work: shard.is_at_work() && self.state().is_active(),
            account: shard.figures.account,
            last_report_at: shard.figures.last_at,
            stale_since: self.silent_since(shard, now),
            outcome: shard.end.as_ref().map(|end| end.state),
            outcome_reason: shard.end.as_ref().map(|end| end.reason.clone()),
        };
        shards.map(view).collect()
    }

    /// Whether it may be resumed, and then goes on where it stopped.
    pub(crate) fn may_go_on(&self) -> bool {
        self.replaced_by.is_none()
            && self.state().may_resume()
            && !(self.checkpoint_gone && self.began())
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
        let figures = self.figures();
        let stale_since = self.stale_since(now);
        let known = self.state().is_active() && stale_since.is_none();
        RunView {
            summary: self.summary_with(&figures),
            loaders: self.loaders(now),
            next_steps: self.next_steps(),
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
