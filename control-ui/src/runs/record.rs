//! One run as the control plane remembers it, without secrets.
//!
//! Invariant: the state changes through [`Run::move_to`] alone, which refuses illegal moves.

use serde::{Deserialize, Serialize};

use super::figures::ReportFigures;
use super::id::RunId;
use super::merge::merged;
use super::shard::{Shard, ShardEnd, conclusion};
use crate::api::view::{Doubt, RunKind, RunState, RunWindow, TargetView};
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

/// That a run takes another one's place, and how far that is. Written down with the new run, so that whoever comes
/// after a death brings it to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replacement {
    /// The run whose place is taken.
    pub(crate) run: RunId,
    pub(crate) how: How,
    /// Whether the other run was meant to run when this one was asked for, so that it goes on if this one cannot.
    pub(crate) was_running: bool,
    /// Nothing is left to do about the other run.
    pub(crate) settled: bool,
}

/// How a run takes another one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    /// The other one ends for good, then this one starts.
    Restart,
    /// This one is checked, the other one pauses, this one starts; if it cannot, the other one goes on.
    Apply,
}

/// A run. What later versions added has a default, so that older records are read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    #[serde(default)]
    pub(crate) kind: RunKind,
    /// The days of a backfill, as they were planned.
    #[serde(default)]
    pub(crate) window: Option<RunWindow>,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) notes: String,
    /// Changes of name and notes so far.
    #[serde(default)]
    pub(crate) revision: u64,
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
    /// The moment that a person wants it to begin at.
    #[serde(default)]
    pub(crate) start_at: Option<Timestamp>,
    #[serde(default)]
    pub(crate) replaces: Option<Replacement>,
    #[serde(default)]
    pub(crate) replaced_by: Option<RunId>,
    /// What ends or pauses it by itself, in sentences.
    #[serde(default)]
    pub(crate) guards: Vec<String>,
    pub(crate) orchestrator: String,
    /// Which start of its loaders this is, from 1.
    pub(crate) attempt: u32,
    /// What each of its loaders does and said; never empty.
    pub(crate) shards: Vec<Shard>,
    /// Whether the checkpoint was removed, because nobody resumed the run for long.
    #[serde(default)]
    pub(crate) checkpoint_gone: bool,
    /// The machine's boot in which the attempt was started.
    pub(crate) boot: String,
    pub(crate) has_secrets: bool,
    /// Seconds that a loader gets to finish when it is stopped.
    pub(crate) grace_s: u64,
    pub(crate) log_level: String,
    pub(crate) outcome_reason: Option<String>,
    pub(crate) doubt: Option<Doubt>,
    /// When a person deleted it; stored beside the rest, because lists look for it.
    #[serde(skip)]
    pub(crate) deleted: Option<Timestamp>,
    /// Stored beside the rest, because it may be long and never changes.
    #[serde(skip)]
    pub(crate) config: serde_json::Value,
}

/// What a new run is made from.
pub(crate) struct Beginning {
    pub(crate) id: RunId,
    pub(crate) kind: RunKind,
    pub(crate) window: Option<RunWindow>,
    pub(crate) name: String,
    pub(crate) notes: String,
    pub(crate) created_at: Timestamp,
    pub(crate) target: TargetView,
    pub(crate) preset: Option<String>,
    pub(crate) trial: Option<u64>,
    pub(crate) confirmed_host: Option<String>,
    pub(crate) seed: u64,
    pub(crate) population: String,
    pub(crate) origin: Timestamp,
    pub(crate) start_at: Option<Timestamp>,
    pub(crate) replaces: Option<Replacement>,
    pub(crate) guards: Vec<String>,
    pub(crate) orchestrator: String,
    pub(crate) boot: String,
    pub(crate) has_secrets: bool,
    pub(crate) grace_s: u64,
    pub(crate) log_level: String,
    /// How many loaders share it, 1 at least.
    pub(crate) loaders: u16,
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
            kind: from.kind,
            window: from.window,
            name: from.name,
            notes: from.notes,
            revision: 0,
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
            start_at: from.start_at,
            replaces: from.replaces,
            replaced_by: None,
            guards: from.guards,
            orchestrator: from.orchestrator,
            attempt: 1,
            shards: vec![Shard::default(); usize::from(from.loaders.max(1))],
            checkpoint_gone: false,
            boot: from.boot,
            has_secrets: from.has_secrets,
            grace_s: from.grace_s,
            log_level: from.log_level,
            outcome_reason: None,
            doubt: None,
            deleted: None,
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

    /// The run whose place this one is taking, until that is settled.
    pub(crate) fn taking_over(&self) -> Option<&Replacement> {
        self.replaces.as_ref().filter(|taken| !taken.settled)
    }

    /// Whether it ended, for good or so that it may resume.
    pub(crate) fn has_ended(&self) -> bool {
        !self.state.is_active() && self.state != RunState::Paused
    }

    /// Whether a loader ever began.
    pub(crate) fn began(&self) -> bool {
        self.shards.iter().any(|shard| shard.began)
    }

    /// What its loaders said, put together.
    pub(crate) fn figures(&self) -> ReportFigures {
        merged(&self.shards)
    }

    /// Parts of which nobody knows an end in this attempt, and which are not done.
    pub(crate) fn open_shards(&self) -> Vec<usize> {
        let open = |(_, shard): &(usize, &Shard)| shard.end.is_none();
        let shards = self.shards.iter().enumerate();
        shards.filter(open).map(|(index, _)| index).collect()
    }

    /// Whether none of its loaders was started in this attempt.
    pub(crate) fn has_no_loader(&self) -> bool {
        self.shards.iter().all(|shard| shard.loader.is_none())
    }

    /// Parts whose loaders are at work.
    pub(crate) fn at_work(&self) -> Vec<usize> {
        let working = |(_, shard): &(usize, &Shard)| shard.is_at_work();
        let shards = self.shards.iter().enumerate();
        shards.filter(working).map(|(index, _)| index).collect()
    }

    /// Takes in how one of its loaders ended. The last one decides what becomes of the run.
    pub(crate) fn shard_ended(
        &mut self,
        shard: usize,
        end: ShardEnd,
        now: Timestamp,
    ) -> Result<(), IllegalMove> {
        self.shards[shard].ended(end, now);
        let Some(end) = conclusion(&self.shards) else {
            return Ok(());
        };
        self.move_to(end.state)?;
        self.ended_at = (end.state != RunState::Paused).then_some(now);
        self.outcome_reason = Some(end.reason);
        self.doubt = end.doubt;
        Ok(())
    }

    /// Options of `loader run` for one of its loaders, the same for each attempt but for `--resume`.
    pub(crate) fn args(&self, shard: usize) -> Vec<String> {
        let mut args = vec![
            "--seed".to_owned(),
            self.seed.to_string(),
            "--population".to_owned(),
            self.population.clone(),
            "--origin".to_owned(),
            self.origin.to_string(),
            "--shard".to_owned(),
            format!("{}/{}", shard + 1, self.shards.len()),
        ];
        if let Some(visits) = self.trial {
            args.extend(["--trial".to_owned(), visits.to_string()]);
        }
        if let Some(host) = &self.confirmed_host {
            args.extend(["--confirm-target".to_owned(), host.clone()]);
        }
        if self.attempt > 1 && self.shards[shard].began {
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
            replaces: self.taking_over().map(|taken| taken.run.to_string()),
            deleted: self.deleted.map(|at| at.0),
        })
    }

    pub(crate) fn from_row(row: RunRow) -> Result<Self, serde_json::Error> {
        let run: Self = serde_json::from_value(row.document)?;
        Ok(Self {
            config: row.config,
            deleted: row.deleted.map(Timestamp),
            ..run
        })
    }
}
