//! Hits that leave late because the target does not keep up: from when on this counts, and what is told of it.
//!
//! Invariant: the state does not flicker; it begins above one limit and ends below a lower one.

use std::time::Duration;

use run_report::{Incident, Severity};

use super::{incident, longer};
use crate::run::words::span_of;

/// Lateness from which the target counts as too slow, in milliseconds (95th percentile of the last minute).
const BEGINS_MS: f64 = 1_000.0;

/// Lateness below which it no longer does.
const ENDS_MS: f64 = 500.0;

/// Seconds without a hit that waits after which it no longer does either.
const EMPTY_FOR: Duration = Duration::from_secs(5);

/// How long it has to last before it is told; doubled each time.
const FIRST_PATIENCE: Duration = Duration::from_secs(10);

/// How the target keeps up.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::run) struct Pressure {
    /// Lateness of the last minute, 95th percentile, in milliseconds.
    pub(in crate::run) late_ms: f64,
    /// Latency of the last minute, median, in milliseconds.
    pub(in crate::run) answer_ms: f64,
    /// Hits in the queue.
    pub(in crate::run) waiting: usize,
    /// Requests without an answer.
    pub(in crate::run) in_flight: u32,
    /// Most requests at the same time.
    pub(in crate::run) concurrency: u32,
}

#[derive(Default)]
pub(super) struct Story {
    slow: Option<Slow>,
    told_before: u32,
}

struct Slow {
    since: Duration,
    /// When a hit last waited.
    waited: Duration,
    late_ms: f64,
    told: bool,
}

impl Story {
    pub(super) fn late_ms(&self) -> Option<f64> {
        self.slow.as_ref().map(|slow| slow.late_ms)
    }

    pub(super) fn look(&mut self, now: Duration, pressure: &Pressure) -> Option<Incident> {
        let waits = 0 < pressure.waiting;
        let Some(slow) = &mut self.slow else {
            if waits && BEGINS_MS < pressure.late_ms {
                self.slow = Some(Slow {
                    since: now,
                    waited: now,
                    late_ms: pressure.late_ms,
                    told: false,
                });
            }
            return None;
        };
        slow.late_ms = pressure.late_ms;
        if waits {
            slow.waited = now;
        }
        if pressure.late_ms < ENDS_MS || slow.waited + EMPTY_FOR <= now {
            let lasted = span_of(now.saturating_sub(slow.since));
            let told = slow.told;
            self.slow = None;
            let message = format!("hits leave in time again, after {lasted}");
            return told.then(|| incident(Severity::Info, "target.keeps_up", message));
        }
        let patience = (0..self.told_before).fold(FIRST_PATIENCE, |wait, _| longer(wait));
        if slow.told || now < slow.since + patience {
            return None;
        }
        slow.told = true;
        self.told_before += 1;
        Some(incident(Severity::Warning, "target.slow", words(pressure)))
    }
}

fn words(pressure: &Pressure) -> String {
    let late = pressure.late_ms / 1_000.0;
    let answer = pressure.answer_ms / 1_000.0;
    let cause = if pressure.concurrency <= pressure.in_flight {
        format!(
            "all {} requests in flight wait for the server, which answers after {answer:.1} s; lower the visits per \
             day, raise the concurrency, or send in bulk",
            pressure.concurrency
        )
    } else {
        format!(
            "hits of a visitor wait for the answers to the earlier ones, which take {answer:.1} s; lower the visits \
             per day, or find out why the server is slow"
        )
    };
    format!(
        "the server does not keep up: hits leave {late:.1} s late (95th percentile) and {} wait: {cause}",
        pressure.waiting
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressure(late_ms: f64, waiting: usize) -> Pressure {
        Pressure {
            late_ms,
            answer_ms: 2_300.0,
            waiting,
            in_flight: 20,
            concurrency: 20,
        }
    }

    #[test]
    fn lateness_is_told_when_it_lasts_and_when_it_is_over() {
        let mut story = Story::default();
        let mut told = Vec::new();
        for second in 0..60 {
            let now = match second {
                5..30 => pressure(4_100.0, 60),
                // Between the limits, with and without hits that wait: it still lasts.
                30..33 => pressure(700.0, 0),
                33..40 => pressure(700.0, 3),
                _ => pressure(400.0, 1),
            };
            told.extend(
                story
                    .look(Duration::from_secs(second), &now)
                    .map(|i| (second, i)),
            );
            assert_eq!(
                story.late_ms().is_some(),
                (5..40).contains(&second),
                "{second}"
            );
        }
        let codes: Vec<_> = told.iter().map(|(at, i)| (*at, i.code.as_str())).collect();
        assert_eq!(codes, [(15, "target.slow"), (40, "target.keeps_up")]);
        assert!(
            told[0].1.message.contains("all 20 requests in flight"),
            "{told:?}"
        );
        assert!(told[1].1.message.contains("after 35 s"), "{told:?}");
    }

    #[test]
    fn lateness_that_does_not_last_is_not_told() {
        let mut story = Story::default();
        for second in 0..600 {
            let late = if second % 20 < 9 { 3_000.0 } else { 100.0 };
            assert_eq!(
                story.look(Duration::from_secs(second), &pressure(late, 9)),
                None
            );
        }
    }
}
