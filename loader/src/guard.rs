//! The guards: when a run stops itself.
//!
//! They look at the last guard window only, and decide; stopping is done elsewhere.
//!
//! Invariant: a window with fewer hits than [`MIN_HITS`] never stops a run.

use std::time::Duration;

use config::StopRules;

use crate::ledger::GuardView;

/// Hits in the window below which a share or a percentile says too little.
const MIN_HITS: u64 = 50;

/// A share of errors, in percent, that stops a run before its first window is full: a start that goes wrong as a whole
/// (no token, wrong site) need not go on for a minute.
const HOPELESS_PERCENT: f64 = 50.0;

/// Why the run is to stop, in a sentence; `None` while all is well.
///
/// `running_for` is the age of the attempt, `down_for` how long the target has been down.
#[must_use]
pub fn verdict(
    rules: &StopRules,
    running_for: Duration,
    down_for: Option<Duration>,
    view: &GuardView,
) -> Option<String> {
    let window_s = rules.guard_window.as_secs_f64();
    let full_window = rules.guard_window <= running_for;
    if let Some(limit) = rules.error_percent {
        if down_for.is_some_and(|down| rules.guard_window <= down) {
            return Some(format!(
                "the target has been down for {window_s:.0} s; make it reachable, or switch the limit for errors off"
            ));
        }
        #[expect(clippy::cast_precision_loss, reason = "hits of one window")]
        let percent = view.errors as f64 * 100.0 / view.settled.max(1) as f64;
        let over = limit < percent && (full_window || HOPELESS_PERCENT < percent);
        if over && MIN_HITS <= view.settled {
            return Some(format!(
                "{percent:.1} % of {} hits in the last {window_s:.0} s were not accepted, the limit is {limit} %; \
                 see the reasons",
                view.settled
            ));
        }
    }
    if let (Some(limit), Some(p95_ms)) = (rules.p95, view.p95_ms) {
        let limit_ms = limit.as_secs_f64() * 1_000.0;
        if full_window && limit_ms < p95_ms && MIN_HITS <= view.settled {
            return Some(format!(
                "95 % of the answers of the last {window_s:.0} s took up to {:.1} s, the limit is {:.1} s; \
                 the target does not keep up",
                p95_ms / 1_000.0,
                limit.as_secs_f64()
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn rules() -> StopRules {
        StopRules {
            after: None,
            after_visits: None,
            visits_per_window: None,
            error_percent: Some(5.0),
            p95: Some(Duration::from_secs(5)),
            guard_window: MINUTE,
        }
    }

    fn view(settled: u64, errors: u64, p95_ms: f64) -> GuardView {
        GuardView {
            settled,
            errors,
            p95_ms: Some(p95_ms),
        }
    }

    #[test]
    fn each_limit_stops_a_run_whose_window_is_full() {
        let stops = |view| verdict(&rules(), MINUTE, None, &view).is_some();
        assert!(!stops(view(1_000, 50, 4_999.0)));
        assert!(stops(view(1_000, 51, 10.0)));
        assert!(stops(view(1_000, 0, 5_001.0)));
        assert!(!stops(view(MIN_HITS - 1, MIN_HITS - 1, 9_000.0)));
    }

    #[test]
    fn before_the_window_is_full_only_a_hopeless_start_stops() {
        let young = Duration::from_secs(5);
        let stops = |view| verdict(&rules(), young, None, &view).is_some();
        assert!(!stops(view(100, 50, 9_000.0)));
        assert!(stops(view(100, 51, 10.0)));
    }

    #[test]
    fn a_target_that_stays_down_stops_a_run() {
        let down = |seconds| {
            verdict(
                &rules(),
                MINUTE,
                Some(Duration::from_secs(seconds)),
                &view(0, 0, 0.0),
            )
        };
        assert_eq!(down(59), None);
        assert!(down(60).is_some_and(|why| why.contains("down for 60 s")));
    }

    #[test]
    fn limits_that_are_off_never_stop_a_run() {
        let off = StopRules {
            error_percent: None,
            p95: None,
            ..rules()
        };
        let worst = view(1_000, 1_000, 60_000.0);
        assert_eq!(verdict(&off, MINUTE, Some(2 * MINUTE), &worst), None);
    }
}
