//! Journeys: what a visit does, from the page it enters on to its last hit.
//!
//! For: which hits a visit has, in order, and when. Not for: who visits ([`crate::people`]) or how a hit is spoken.
//! Invariants: a visit begins with a page view; whatever happens, happens on a page view and never instead of it;
//! times ascend.

use std::sync::Arc;

use config::RunPlan;
use tracking::{Action, PageView};

use crate::people::Visiting;
use crate::streams::Streams;
use crate::{Keys, flat};

/// A hit without visitor: its page view, what happens, and when, in milliseconds from the visit's start.
pub(crate) struct Step {
    pub(crate) page: Arc<PageView>,
    pub(crate) action: Action,
    pub(crate) at_ms: i64,
}

/// What a visit does.
pub(crate) struct Course {
    /// Where it comes from; see [`crate::Visit::channel`].
    pub(crate) channel: &'static str,
    /// What kind of visit it is; see [`crate::Visit::persona`].
    pub(crate) persona: &'static str,
    /// Its hits, ascending; at least one.
    pub(crate) steps: Vec<Step>,
}

/// All that decides what visitors do.
#[derive(Debug)]
pub(crate) struct Journeys {
    pub(crate) streams: Streams,
    flat: flat::Journeys,
}

impl Journeys {
    pub(crate) fn new(plan: &RunPlan, keys: &Keys) -> Self {
        let flat = flat::Journeys::of(plan, keys);
        Self {
            streams: flat.streams.clone(),
            flat,
        }
    }

    /// What this visit does.
    pub(crate) fn course(&self, visiting: &Visiting<'_>) -> Course {
        self.flat.course(visiting.ordinal)
    }
}
