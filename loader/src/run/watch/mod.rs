//! What is told of a run's troubles, once each: a target that is down, hits that leave late, hits that are refused.
//!
//! It looks once a second at what others have found, and says what a person should know. It decides nothing that the
//! run depends on.
//!
//! Invariant: trouble that comes and goes, or stays, is told at growing intervals, so a report has few incidents
//! however long it lasts.

mod outage;
mod refusals;
mod slowness;

use std::time::Duration;

use run_report::{Incident, Reason, Severity};

use crate::delivery::Outage;
pub(super) use slowness::Pressure;

/// Longest interval at which trouble that does not end is told again.
const LONGEST_INTERVAL: Duration = Duration::from_secs(3_600);

/// What there is to see, at one moment.
pub(super) struct Sight<'a> {
    /// Age of the attempt.
    pub(super) now: Duration,
    /// Set while the target is down.
    pub(super) outage: Option<Outage>,
    /// How the target keeps up.
    pub(super) pressure: Pressure,
    /// Why hits were not accepted, or are worth a word, so far.
    pub(super) reasons: &'a [Reason],
}

/// See the module's description.
#[derive(Default)]
pub(super) struct Watch {
    outage: outage::Story,
    slowness: slowness::Story,
    refusals: refusals::Story,
}

impl Watch {
    /// A look at the run that goes on from `reasons` of an earlier attempt; what they say was told there.
    pub(super) fn going_on_from(reasons: &[Reason]) -> Self {
        Self {
            refusals: refusals::Story::going_on_from(reasons),
            ..Self::default()
        }
    }

    /// What is to be told now.
    pub(super) fn look(&mut self, sight: &Sight<'_>) -> Vec<Incident> {
        let mut incidents: Vec<Incident> = Vec::new();
        incidents.extend(self.outage.look(sight.now, sight.outage.as_ref()));
        incidents.extend(self.slowness.look(sight.now, &sight.pressure));
        self.refusals.look(sight.now, sight.reasons, &mut incidents);
        incidents
    }

    /// By how much hits leave late, in milliseconds, while the target does not keep up.
    pub(super) fn late_ms(&self) -> Option<f64> {
        self.slowness.late_ms()
    }
}

/// The interval after this one.
fn longer(interval: Duration) -> Duration {
    (interval * 2).min(LONGEST_INTERVAL)
}

fn incident(severity: Severity, code: &str, message: String) -> Incident {
    Incident {
        severity,
        code: code.to_owned(),
        message,
    }
}

/// What went wrong, without the way out that follows a semicolon.
pub(super) fn cause_alone(message: &str) -> &str {
    message.split(';').next().unwrap_or(message)
}
