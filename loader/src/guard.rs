//! The guards: when a run stops itself.
//!
//! They look at the last guard window only, and decide; stopping is done elsewhere.
//!
//! Invariant: a window with fewer hits than [`MIN_HITS`] never stops a run.

use std::time::Duration;

use config::StopRules;
use run_report::{HitOutcome, Reason};

use crate::delivery::Outage;
use crate::ledger::GuardView;

/// Hits in the window below which a share or a percentile says too little.
const MIN_HITS: u64 = 50;

/// A share of errors, in percent, that stops a run before its first window is full: a start that goes wrong as a whole
/// (no token, wrong site) need not go on for a minute.
const HOPELESS_PERCENT: f64 = 50.0;

/// Why the run is to stop, in a sentence; `None` while all is well.
///
/// `running_for` is the age of the attempt, its wait for a start left out.
#[must_use]
pub fn verdict(
    rules: &StopRules,
    running_for: Duration,
    outage: Option<&Outage>,
    view: &GuardView,
    reasons: &[Reason],
) -> Option<String> {
    let window_s = rules.guard_window.as_secs_f64();
    let full_window = rules.guard_window <= running_for;
    if let Some(limit) = rules.error_percent {
        if let Some(outage) = outage.filter(|outage| rules.guard_window <= outage.since) {
            return Some(format!(
                "the target has been down for {window_s:.0} s: {}; make it reachable, or switch this guard off \
                 (load.stop_at_error_percent = 0)",
                outage.why
            ));
        }
        #[expect(clippy::cast_precision_loss, reason = "hits of one window")]
        let percent = view.errors as f64 * 100.0 / view.settled.max(1) as f64;
        let over = limit < percent && (full_window || HOPELESS_PERCENT < percent);
        if over && MIN_HITS <= view.settled {
            return Some(format!(
                "{percent:.1} % of {} hits in the last {window_s:.0} s were not accepted, the limit is {limit} %{}; \
                 or raise load.stop_at_error_percent (0 switches this guard off)",
                view.settled,
                most_of(reasons)
            ));
        }
    }
    if let (Some(limit), Some(p95_ms)) = (rules.p95, view.p95_ms) {
        let limit_ms = limit.as_secs_f64() * 1_000.0;
        if full_window && limit_ms < p95_ms && MIN_HITS <= view.settled {
            return Some(format!(
                "95 % of the answers of the last {window_s:.0} s took up to {:.1} s, the limit is {:.1} s; \
                 the target does not keep up: lower the visits per day, or raise load.stop_at_p95_seconds \
                 (0 switches this guard off)",
                p95_ms / 1_000.0,
                limit.as_secs_f64()
            ));
        }
    }
    None
}

/// The reason that most hits were not accepted for, with what to do about it.
fn most_of(reasons: &[Reason]) -> String {
    let error =
        |reason: &&Reason| !matches!(reason.outcome, HitOutcome::Accepted | HitOutcome::Skipped);
    let Some(top) = reasons.iter().find(error) else {
        return String::new();
    };
    let example = top
        .example
        .as_deref()
        .map_or_else(String::new, |example| format!(", for example {example}"));
    format!(
        ". Most of them ({}{example}): {} [{}]",
        top.hits, top.message, top.code
    )
}

/// What is said at the start of a run about guards that are off: a code and a sentence for each.
#[must_use]
pub fn switched_off(rules: &StopRules) -> Vec<(&'static str, &'static str)> {
    let mut off = Vec::new();
    if rules.error_percent.is_none() {
        off.push((
            "guard.errors_off",
            "the guard against errors is off: the run goes on however many hits are not accepted, and while the \
             target is down (load.stop_at_error_percent = 0)",
        ));
    }
    if rules.p95.is_none() {
        off.push((
            "guard.latency_off",
            "the guard against slow answers is off: the run goes on however slowly the target answers \
             (load.stop_at_p95_seconds = 0)",
        ));
    }
    off
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn rules() -> StopRules {
        StopRules {
            after: None,
            after_visits: None,
            after_hits: None,
            visits_per_window: None,
            error_percent: Some(5.0),
            p95: Some(Duration::from_secs(5)),
            guard_window: MINUTE,
        }
    }

    fn down(seconds: u64) -> Outage {
        Outage {
            since: Duration::from_secs(seconds),
            next_try: None,
            why: "refused".into(),
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
        let stops = |view| verdict(&rules(), MINUTE, None, &view, &[]).is_some();
        assert!(!stops(view(1_000, 50, 4_999.0)));
        assert!(stops(view(1_000, 51, 10.0)));
        assert!(stops(view(1_000, 0, 5_001.0)));
        assert!(!stops(view(MIN_HITS - 1, MIN_HITS - 1, 9_000.0)));
    }

    #[test]
    fn before_the_window_is_full_only_a_hopeless_start_stops() {
        let young = Duration::from_secs(5);
        let stops = |view| verdict(&rules(), young, None, &view, &[]).is_some();
        assert!(!stops(view(100, 50, 9_000.0)));
        assert!(stops(view(100, 51, 10.0)));
    }

    #[test]
    fn a_target_that_stays_down_stops_a_run() {
        let told = |seconds| {
            verdict(
                &rules(),
                MINUTE,
                Some(&down(seconds)),
                &view(0, 0, 0.0),
                &[],
            )
        };
        assert_eq!(told(59), None);
        assert!(told(60).is_some_and(|why| why.contains("down for 60 s: refused;")));
    }

    #[test]
    fn limits_that_are_off_never_stop_a_run() {
        let off = StopRules {
            error_percent: None,
            p95: None,
            ..rules()
        };
        let worst = view(1_000, 1_000, 60_000.0);
        assert_eq!(verdict(&off, MINUTE, Some(&down(120)), &worst, &[]), None);
        let codes: Vec<_> = switched_off(&off).into_iter().map(|off| off.0).collect();
        assert_eq!(codes, ["guard.errors_off", "guard.latency_off"]);
        assert!(switched_off(&rules()).is_empty());
    }

    #[test]
    fn the_guard_against_errors_names_the_most_frequent_reason_with_an_example() {
        let reason = |outcome, code: &str, hits| Reason {
            outcome,
            code: code.into(),
            message: "Matomo refused the hit; check the token".into(),
            hits,
            example: Some("https://shop.example/".into()),
        };
        let reasons = [
            reason(HitOutcome::Skipped, "late.skipped", 900),
            reason(HitOutcome::Rejected, "http.400", 80),
            reason(HitOutcome::Unknown, "http.500", 20),
        ];
        let why = verdict(&rules(), MINUTE, None, &view(200, 100, 1.0), &reasons).unwrap();
        assert!(
            why.contains("Most of them (80, for example https://shop.example/)"),
            "{why}"
        );
        assert!(why.contains("check the token [http.400]"), "{why}");
    }
}
