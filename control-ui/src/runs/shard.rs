//! One loader's part of a run: the loader of the present attempt, what its report said, how it ended.
//!
//! A run has as many parts as loaders share it, one at least; there is no other way for a run with one. Invariants: a
//! part counts hits that no other part has; an attempt of the run is one of each part that is not done.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::figures::ReportFigures;
use crate::api::view::{Doubt, RunState};
use crate::orchestrator::LoaderId;
use crate::time::Timestamp;

/// Attempts remembered of each part. When full, the oldest is forgotten, and the first one kept says so by its number.
const ATTEMPTS: usize = 100;

/// A part.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Shard {
    pub(crate) loader: Option<LoaderId>,
    /// Whether a loader ever began, so that there is a checkpoint to resume from.
    pub(crate) began: bool,
    pub(crate) figures: ReportFigures,
    /// How the loader of this attempt ended; `None` while it works, and before it does.
    pub(crate) end: Option<ShardEnd>,
    #[serde(default)]
    pub(crate) attempts: VecDeque<AttemptRecord>,
}

/// How a loader ended, and what that means for the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardEnd {
    /// The state that a run of this loader alone is in then.
    pub(crate) state: RunState,
    pub(crate) reason: String,
    pub(crate) doubt: Option<Doubt>,
    /// It said itself that it cannot go on, or that its guard had enough.
    pub(crate) gave_up: bool,
}

/// From the start of a loader to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttemptRecord {
    /// From 1, the same for all parts that begin together.
    pub(crate) number: u32,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) reason: Option<String>,
    /// Hits that were settled when it began: what a later look at its speed takes off.
    pub(crate) settled_before: u64,
    /// Hits that were settled when it ended.
    pub(crate) settled: u64,
}

impl AttemptRecord {
    /// Hits that were settled in it.
    pub(crate) fn hits(&self) -> u64 {
        self.settled.saturating_sub(self.settled_before)
    }
}

impl Shard {
    /// Whether all of it was done, so that a further attempt does not need it.
    pub(crate) fn is_done(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|end| end.state == RunState::Succeeded)
    }

    /// Whether its loader is at work, as far as is known.
    pub(crate) fn is_at_work(&self) -> bool {
        self.end.is_none() && self.loader.is_some()
    }

    /// Makes it ready for the run's next attempt, unless it is done.
    pub(crate) fn next_attempt(&mut self) {
        if self.is_done() {
            return;
        }
        self.loader = None;
        self.end = None;
        self.figures.next_attempt();
    }

    /// Its loader was started.
    pub(crate) fn started(&mut self, loader: LoaderId, number: u32, now: Timestamp) {
        self.loader = Some(loader);
        if self
            .attempts
            .back()
            .is_some_and(|last| last.number == number)
        {
            return;
        }
        if self.attempts.len() == ATTEMPTS {
            self.attempts.pop_front();
        }
        let settled = self.settled();
        self.attempts.push_back(AttemptRecord {
            number,
            started_at: now,
            ended_at: None,
            reason: None,
            settled_before: settled,
            settled,
        });
    }

    /// Its loader is no more.
    pub(crate) fn ended(&mut self, end: ShardEnd, now: Timestamp) {
        self.figures.loader_state = None;
        self.figures.rate = None;
        self.figures.in_flight = 0;
        self.figures.errors_per_s = 0.0;
        let settled = self.settled();
        if let Some(last) = self.attempts.back_mut()
            && last.ended_at.is_none()
        {
            last.ended_at = Some(now);
            last.reason = Some(end.reason.clone());
            last.settled = settled;
        }
        self.end = Some(end);
    }

    fn settled(&self) -> u64 {
        let account = self.figures.account;
        account.map_or(0, |account| account.planned - account.remaining)
    }
}

/// What the ends of all parts mean for the run: its state, the reason, what is in doubt. `None` while one of them goes
/// on.
///
/// The worst end decides, since it is what a person must look at; only a run that was stopped for good stays so.
pub(crate) fn conclusion(shards: &[Shard]) -> Option<ShardEnd> {
    let ends: Vec<&ShardEnd> = shards
        .iter()
        .map(|shard| shard.end.as_ref())
        .collect::<Option<_>>()?;
    let weight = |state: RunState| match state {
        RunState::Cancelled => 4,
        RunState::Failed => 3,
        RunState::Lost => 2,
        RunState::Paused => 1,
        _ => 0,
    };
    let worst = ends.iter().rev().max_by_key(|end| weight(end.state))?;
    let alike = ends.iter().filter(|end| end.state == worst.state).count();
    let reason = match (shards.len(), alike) {
        (1, _) => worst.reason.clone(),
        (all, alike) if all == alike => worst.reason.clone(),
        (all, alike) => format!("{alike} of {all} loaders: {}", worst.reason),
    };
    Some(ShardEnd {
        state: worst.state,
        reason,
        doubt: doubts(&ends),
        gave_up: ends.iter().any(|end| end.gave_up),
    })
}

/// What is in doubt of all parts together.
fn doubts(ends: &[&ShardEnd]) -> Option<Doubt> {
    let doubts: Vec<&Doubt> = ends.iter().filter_map(|end| end.doubt.as_ref()).collect();
    let first = doubts.first()?;
    let messages: Vec<&str> = doubts.iter().map(|doubt| doubt.message.as_str()).collect();
    Some(Doubt {
        hits: doubts.iter().map(|doubt| doubt.hits).sum(),
        since: doubts
            .iter()
            .map(|doubt| doubt.since)
            .min()
            .unwrap_or(first.since),
        message: messages.join("; "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(state: RunState) -> Shard {
        Shard {
            end: Some(ShardEnd {
                state,
                reason: state.as_str().to_owned(),
                doubt: None,
                gave_up: false,
            }),
            ..Shard::default()
        }
    }

    #[test]
    fn the_worst_end_decides_and_says_how_many_ended_so() {
        use RunState::{Cancelled, Failed, Lost, Paused, Succeeded};
        let cases: [(&[RunState], RunState, &str); 6] = [
            (&[Succeeded], Succeeded, "succeeded"),
            (&[Failed], Failed, "failed"),
            (&[Succeeded, Succeeded], Succeeded, "succeeded"),
            (&[Succeeded, Lost, Failed], Failed, "1 of 3 loaders: failed"),
            (
                &[Paused, Succeeded, Paused],
                Paused,
                "2 of 3 loaders: paused",
            ),
            (&[Failed, Cancelled], Cancelled, "1 of 2 loaders: cancelled"),
        ];
        for (ends, state, reason) in cases {
            let shards: Vec<Shard> = ends.iter().map(|end| ended(*end)).collect();
            let told = conclusion(&shards).unwrap();
            assert_eq!((told.state, told.reason.as_str()), (state, reason));
        }
    }

    #[test]
    fn nothing_is_concluded_while_one_goes_on() {
        let shards = [ended(RunState::Failed), Shard::default()];
        assert_eq!(conclusion(&shards), None);
    }

    #[test]
    fn what_is_done_needs_no_further_attempt() {
        let mut done = ended(RunState::Succeeded);
        let mut dead = ended(RunState::Failed);
        for shard in [&mut done, &mut dead] {
            shard.next_attempt();
        }
        assert!(done.is_done());
        assert_eq!(dead.end, None);
    }
}
