//! What ends or pauses a run by itself, in sentences for people.

use std::time::Duration;

use config::RunPlan;

/// One sentence for each rule that is switched on; a run without any goes on until somebody stops it.
pub(super) fn in_words(plan: &RunPlan) -> Vec<String> {
    let stop = &plan.load.stop;
    let window = time(stop.guard_window);
    let mut guards = Vec::new();
    if let Some(after) = stop.after {
        guards.push(format!("Ends after {}.", time(after)));
    }
    if let Some(visits) = stop.after_visits {
        guards.push(format!("Ends after {visits} visits."));
    }
    if let Some(hits) = stop.after_hits {
        guards.push(format!("Ends after {hits} hits."));
    }
    if let Some(visits) = stop.visits_per_window {
        guards.push(format!(
            "Pauses at {visits} visits in 24 hours, and goes on with the next 24."
        ));
    }
    if let Some(percent) = stop.error_percent {
        guards.push(format!(
            "Stops itself when more than {percent} % of the hits fail for {window}."
        ));
    }
    if let Some(p95) = stop.p95 {
        guards.push(format!(
            "Stops itself when the slowest 5 % of the answers take longer than {} for {window}.",
            time(p95)
        ));
    }
    guards
}

/// A time in the largest unit that it has a whole number of: "90 s", "2 min", "1 h".
fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    for (unit, length) in [("h", 3_600.0), ("min", 60.0)] {
        let number = seconds / length;
        if number >= 1.0 && (number - number.round()).abs() < 1e-9 {
            return format!("{number:.0} {unit}");
        }
    }
    format!("{seconds} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_the_largest_whole_unit() {
        let said = [3_600, 5_400, 60, 90, 5].map(|s| time(Duration::from_secs(s)));
        assert_eq!(said, ["1 h", "90 min", "1 min", "90 s", "5 s"]);
        assert_eq!(time(Duration::from_millis(500)), "0.5 s");
    }

    #[test]
    fn a_run_of_the_defaults_says_what_ends_it() {
        let config = serde_json::json!({ "targets": [{ "url": "https://matomo.example/" }] });
        let plan = crate::configuration::Basis::default()
            .check(Some(config))
            .plan
            .unwrap();
        assert_eq!(
            in_words(&plan),
            [
                "Ends after 1 h.",
                "Stops itself when more than 5 % of the hits fail for 1 min.",
                "Stops itself when the slowest 5 % of the answers take longer than 5 s for 1 min.",
            ]
        );
    }
}
