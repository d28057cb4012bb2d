//! What a plan means, in sentences for people.
//!
//! For: saying before a run what will happen. Not for: saying what is wrong. Invariant: pure, and numbers are rounded
//! as a person would say them.

use config::{Countries, Pacing, RunPlan, StopRules};

use super::figures::SECONDS_A_DAY;
use super::said;
use crate::api::validate::{Consequence, Figures};

/// Visits a second of a trial, whatever the configuration says.
const TRIAL_PER_SECOND: f64 = 5.0;

/// Runs that are longer than this, or that nothing ends, are spoken of by the year.
const LONG_RUN_S: f64 = 30.0 * SECONDS_A_DAY;

/// What a run of this plan means; a trial of so many visits, if one is asked for.
#[must_use]
pub fn consequences(plan: &RunPlan, figures: &Figures, trial: Option<u64>) -> Vec<Consequence> {
    let mut told = match trial {
        Some(visits) => vec![one_trial(plan, figures, visits)],
        None => full_run(plan, figures),
    };
    told.extend(guards(&plan.load.stop));
    told.extend(token(plan));
    told.extend(pacing(plan));
    told
}

fn says(code: &str, text: impl Into<String>) -> Consequence {
    Consequence {
        code: code.to_owned(),
        text: text.into(),
    }
}

fn one_trial(plan: &RunPlan, figures: &Figures, visits: u64) -> Consequence {
    let visits_f = as_f64(visits);
    let begin = said::time((visits_f / TRIAL_PER_SECOND).max(1.0));
    let hits = hits_per_visit(figures).map_or_else(String::new, |per_visit| {
        format!(
            " with about {} hits in all",
            said::number(per_visit * visits_f)
        )
    });
    let tail = match plan.load.pacing {
        Pacing::Live => {
            let longest = said::set_time(plan.behaviour.visit_duration_max);
            format!("; the last of them may go on for up to {longest}")
        }
        Pacing::Compressed { .. } => String::new(),
    };
    let visits = said::count(visits, "visit");
    says(
        "trial",
        format!("A trial: {visits}{hits}, begun within {begin}{tail}."),
    )
}

fn full_run(plan: &RunPlan, figures: &Figures) -> Vec<Consequence> {
    let mut told = vec![rate(figures)];
    let run = Run::of(plan, figures);
    if let Some(cap) = plan.load.stop.visits_per_window.filter(|_| run.capped) {
        let text = format!(
            "It pauses at {} in each 24 hours, counted from its start, and goes on when the next 24 hours begin.",
            said::count(cap, "visit")
        );
        told.push(says("window", text));
    }
    told.push(run.end(&plan.load.stop));
    told.extend(run.year());
    told.extend(concurrency(plan, figures));
    told
}

fn rate(figures: &Figures) -> Consequence {
    let visits = said::rate(figures.visits_per_second, "visit");
    let hits = figures
        .hits_per_second_estimate
        .zip(figures.hits_per_day_estimate);
    let hits = hits.map_or_else(String::new, |(second, day)| {
        let second = said::rate(second, "hit");
        format!(", about {second}, {} hits a day", said::number(day))
    });
    let mut text = format!("{visits}{hits}, on average over a day.");
    if text.starts_with("one ") {
        text.replace_range(0..1, "O");
    }
    says("rate", text)
}

/// How a run goes on and ends.
struct Run {
    visits_per_second: f64,
    hits_per_visit: Option<f64>,
    /// Whether the cap for each 24 hours is below the rate.
    capped: bool,
    /// How long it lasts; `None`: nothing ends it.
    lasts: Option<f64>,
}

impl Run {
    fn of(plan: &RunPlan, figures: &Figures) -> Self {
        let stop = &plan.load.stop;
        let cap = stop
            .visits_per_window
            .map(|cap| as_f64(cap) / SECONDS_A_DAY);
        let visits_per_second = figures.visits_per_second.min(cap.unwrap_or(f64::INFINITY));
        let by_visits = stop
            .after_visits
            .map(|visits| as_f64(visits) / visits_per_second);
        let by_time = stop.after.map(|after| after.as_secs_f64());
        Self {
            visits_per_second,
            hits_per_visit: hits_per_visit(figures),
            capped: cap.is_some_and(|cap| cap < figures.visits_per_second),
            lasts: by_visits.into_iter().chain(by_time).min_by(f64::total_cmp),
        }
    }

    fn end(&self, stop: &StopRules) -> Consequence {
        let Some(lasts) = self.lasts else {
            let text = match guarded(stop) {
                true => "Nothing ends it but you and its guards.",
                false => "Nothing ends it but you.",
            };
            return says("no_end", text);
        };
        let by_time = stop.after.filter(|after| after.as_secs_f64() <= lasts);
        let hits = self.hits(lasts);
        let text = match (by_time, stop.after_visits) {
            (Some(after), _) => {
                let visits = said::number(self.visits_per_second * lasts);
                let after = said::set_time(after);
                format!("It ends by itself after {after}, with about {visits} visits{hits}.")
            }
            (None, Some(visits)) => {
                let (visits, lasts) = (said::count(visits, "visit"), said::time(lasts));
                format!("It ends by itself after {visits}, in about {lasts}{hits}.")
            }
            (None, None) => return says("end", "It ends by itself."),
        };
        says("end", text)
    }

    fn hits(&self, seconds: f64) -> String {
        self.hits_per_visit.map_or_else(String::new, |hits| {
            let hits = said::number(self.visits_per_second * seconds * hits);
            format!(" and {hits} hits in all")
        })
    }

    fn year(&self) -> Option<Consequence> {
        if self.lasts.is_some_and(|lasts| lasts <= LONG_RUN_S) {
            return None;
        }
        let hits = self.hits_per_visit? * self.visits_per_second * SECONDS_A_DAY * 365.0;
        let hits = said::number(hits);
        let text = format!(
            "In a year that would be about {hits} hits, each of them a row in Matomo's database."
        );
        Some(says("year", text))
    }
}

fn concurrency(plan: &RunPlan, figures: &Figures) -> Option<Consequence> {
    let bearable = f64::from(plan.load.concurrency) / figures.hits_per_second_estimate?;
    // Nobody waits that long for an answer.
    if bearable > plan.delivery.timeout.as_secs_f64() {
        return None;
    }
    let text = format!(
        "With {} at a time it keeps its pace while an answer takes less than about {}.",
        said::count(plan.load.concurrency.into(), "request"),
        match bearable {
            seconds if seconds < 1.0 => format!("{} milliseconds", said::number(seconds * 1_000.0)),
            seconds => said::time(seconds),
        }
    );
    Some(says("concurrency", text))
}

fn guarded(stop: &StopRules) -> bool {
    stop.error_percent.is_some() || stop.p95.is_some()
}

fn guards(stop: &StopRules) -> Option<Consequence> {
    let text = match (stop.error_percent, stop.p95) {
        (Some(_), Some(_)) => return None,
        (None, None) => {
            "Its guards are off: it goes on however many hits fail and however slow Matomo gets."
        }
        (None, Some(_)) => "One guard is off: it goes on however many hits fail.",
        (Some(_), None) => "One guard is off: it goes on however slow Matomo gets.",
    };
    Some(says("guards_off", text))
}

fn token(plan: &RunPlan) -> Option<Consequence> {
    let has_token = plan.targets.iter().any(|target| target.token.is_some());
    let text = match (has_token, plan.audience.countries) {
        (false, _) => {
            "Without a token all visitors come from the loader's own address and country, and a hit that is more than \
             24 hours late is lost."
        }
        (true, Countries::Auto) => {
            "Visitors come from many countries once Matomo has accepted the token."
        }
        (true, _) => return None,
    };
    Some(says(if has_token { "token" } else { "no_token" }, text))
}

fn pacing(plan: &RunPlan) -> Option<Consequence> {
    let Pacing::Compressed {
        pause_min,
        pause_max,
    } = plan.load.pacing
    else {
        return None;
    };
    let text = format!(
        "The hits of a visit follow each other after {} to {} seconds instead of real reading times. Their own times \
         are set back, so that Matomo shows visits of ordinary length.",
        pause_min.as_secs_f64(),
        pause_max.as_secs_f64()
    );
    Some(says("compressed", text))
}

fn hits_per_visit(figures: &Figures) -> Option<f64> {
    Some(figures.hits_per_second_estimate? / figures.visits_per_second)
}

#[expect(clippy::cast_precision_loss, reason = "it is said with two digits")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
