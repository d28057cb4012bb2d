//! The life of a run: which states there are, and which may follow which.
//!
//! Invariant: this table is the only one in the program; the database holds the same as its own rule.

use crate::api::view::RunState;

impl RunState {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Starting,
        Self::Running,
        Self::Paused,
        Self::Stopping,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::Lost,
    ];

    /// The name in answers and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Lost => "lost",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether `next` may follow.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use RunState::{
            Cancelled, Failed, Lost, Paused, Queued, Running, Starting, Stopping, Succeeded,
        };
        let followers: &[Self] = match self {
            Queued => &[Starting, Paused, Cancelled, Failed],
            Starting => &[Running, Stopping, Succeeded, Failed, Lost, Paused],
            Running => &[Stopping, Succeeded, Failed, Lost, Paused],
            Stopping => &[Paused, Cancelled, Succeeded, Failed, Lost],
            Paused => &[Queued, Cancelled],
            Failed | Lost => &[Queued],
            Succeeded | Cancelled => &[],
        };
        followers.contains(&next)
    }

    /// Whether a loader is, or is about to be, at work.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Queued | Self::Starting | Self::Running | Self::Stopping
        )
    }

    /// Whether pause may be asked: a loader is at work, or not there yet.
    #[must_use]
    pub fn may_pause(self) -> bool {
        matches!(self, Self::Queued | Self::Starting | Self::Running)
    }

    /// Whether resume may follow.
    #[must_use]
    pub fn may_resume(self) -> bool {
        self.may_become(Self::Queued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for state in RunState::ALL {
            assert_eq!(RunState::parse(state.as_str()), Some(state));
            assert_eq!(
                serde_json::to_value(state).unwrap(),
                serde_json::json!(state.as_str())
            );
        }
        assert_eq!(RunState::parse("nonsense"), None);
    }

    #[test]
    fn what_ended_for_good_stays_so_and_what_may_resume_is_not_active() {
        for state in RunState::ALL {
            if matches!(state, RunState::Succeeded | RunState::Cancelled) {
                assert!(RunState::ALL.iter().all(|next| !state.may_become(*next)));
            }
            assert!(!(state.is_active() && state.may_resume()), "{state:?}");
            assert!(!state.may_become(state), "{state:?}");
        }
    }
}
