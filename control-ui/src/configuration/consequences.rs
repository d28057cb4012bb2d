//! What a plan means, in sentences for people.
//!
//! For: saying before a run what will happen. Not for: saying what is wrong. Invariant: pure, and numbers are rounded
//! as a person would say them.

use std::time::Duration;

use config::{BackfillPlan, Countries, Pacing, RunPlan, StopRules, Window};

use super::figures::SECONDS_A_DAY;
use super::said;
use crate::api::validate::{Consequence, Figures};

/// Visits a second of a trial, whatever the configuration says.
const TRIAL_PER_SECOND: f64 = 5.0;

/// Minutes of a day.
const MINUTES_A_DAY: u32 = 1_440;

/// Runs that are longer than this, or that nothing ends, are spoken of by the year.
const LONG_RUN_S: f64 = 30.0 * SECONDS_A_DAY;

/// What a run of this plan means; a trial of so many visits, if one is asked for.
#[must_use]
pub fn consequences(plan: &RunPlan, figures: &Figures, trial: Option<u64>) -> Vec<Consequence> {
    let mut told = match (trial, &plan.backfill) {
        (Some(visits), _) => vec![one_trial(plan, figures, visits)],
        (None, Some(backfill)) => {
            let much = whole_backfill(backfill, figures);
            if backfill.run_once {
                vec![says("backfill", format!("{much}, then it ends."))]
            } else {
                let onward = format!("{much}, then it goes on in real time.");
                let mut told = vec![says("backfill", onward)];
                told.extend(full_run(plan, figures));
                told
            }
        }
        (None, None) => full_run(plan, figures),
    };
    told.extend(guards(&plan.load.stop));
    told.extend(token(plan));
    if plan.backfill.is_none() {
        told.extend(pacing(plan));
    }
    told
}

/// "About 350,000 hits, 60,000 visits on 30 past days": a whole backfill, whose days are all taken as whole ones.
#[must_use]
pub fn whole_backfill(backfill: &BackfillPlan, figures: &Figures) -> String {
    let days = match backfill.window {
        Window::Dates { first, last } => (last - first).num_days().unsigned_abs() + 1,
        Window::Back { days, .. } => u64::from(days),
    };
    let visits = u64::from(backfill.visits_per_day).saturating_mul(days);
    let visits = visits.min(backfill.max_visits_total.unwrap_or(u64::MAX));
    let hits = hits_per_visit(figures).map_or_else(String::new, |each| {
        format!("{} hits, ", said::number(each * as_f64(visits)))
    });
    let visits = said::number(as_f64(visits));
    format!(
        "About {hits}{visits} visits on {}",
        said::count(days, "past day")
    )
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
    told.extend(quiet_hours(plan));
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
    /// Mean number of visits of a day, quiet hours and cap taken off.
    visits_per_day: f64,
    hits_per_visit: Option<f64>,
    /// Whether the cap for each 24 hours is below the rate.
    capped: bool,
    /// How long it lasts, in seconds, and what ends it; `None`: nothing does.
    end: Option<(f64, End)>,
}

/// What ends a run.
#[derive(Clone, Copy)]
enum End {
    Time(Duration),
    Visits(u64),
    Hits(u64),
}

impl Run {
    fn of(plan: &RunPlan, figures: &Figures) -> Self {
        let stop = &plan.load.stop;
        let wanted = plan.load.visits_on_a_day();
        let cap = stop.visits_per_window.map(as_f64);
        let visits_per_day = wanted.min(cap.unwrap_or(f64::INFINITY));
        let hits_per_visit = hits_per_visit(figures);
        let visits_last = |visits: f64| visits / visits_per_day * SECONDS_A_DAY;
        let ends = [
            stop.after
                .map(|after| (after.as_secs_f64(), End::Time(after))),
            stop.after_visits
                .map(|visits| (visits_last(as_f64(visits)), End::Visits(visits))),
            stop.after_hits
                .zip(hits_per_visit)
                .map(|(hits, each)| (visits_last(as_f64(hits) / each), End::Hits(hits))),
        ];
        Self {
            visits_per_day,
            hits_per_visit,
            capped: cap.is_some_and(|cap| cap < wanted),
            end: ends
                .into_iter()
                .flatten()
                .min_by(|a, b| a.0.total_cmp(&b.0)),
        }
    }

    fn end(&self, stop: &StopRules) -> Consequence {
        let Some((lasts, end)) = self.end else {
            let text = match stop.error_percent.is_some() || stop.p95.is_some() {
                true => "Nothing ends it but you and its guards.",
                false => "Nothing ends it but you.",
            };
            return says("no_end", text);
        };
        let visits = self.visits_per_day * lasts / SECONDS_A_DAY;
        let hits = self.hits_per_visit.map(|each| said::number(each * visits));
        let visits = said::number(visits);
        let text = match (end, hits) {
            (End::Time(after), Some(hits)) => {
                format!(
                    "{}, with about {visits} visits and {hits} hits in all",
                    said::set_time(after)
                )
            }
            (End::Time(after), None) => {
                format!("{}, with about {visits} visits", said::set_time(after))
            }
            (End::Visits(limit), Some(hits)) => format!(
                "{}, in about {} and with about {hits} hits in all",
                said::count(limit, "visit"),
                said::time(lasts)
            ),
            (End::Visits(limit), None) => {
                format!(
                    "{}, in about {}",
                    said::count(limit, "visit"),
                    said::time(lasts)
                )
            }
            (End::Hits(limit), _) => format!(
                "{}, its budget, in about {} and with about {visits} visits",
                said::count(limit, "hit"),
                said::time(lasts)
            ),
        };
        says("end", format!("It ends by itself after {text}."))
    }

    fn year(&self) -> Option<Consequence> {
        if self.end.is_some_and(|(lasts, _)| lasts <= LONG_RUN_S) {
            return None;
        }
        let hits = said::number(self.hits_per_visit? * self.visits_per_day * 365.0);
        let text = format!(
            "In a year that would be about {hits} hits, each of them a row in Matomo's database."
        );
        Some(says("year", text))
    }
}

fn quiet_hours(plan: &RunPlan) -> Option<Consequence> {
    let quiet = &plan.load.quiet_hours;
    let minutes = MINUTES_A_DAY - u32::from(quiet.minutes_left());
    let length = said::set_time(Duration::from_secs(u64::from(minutes) * 60));
    let text = format!("No visit starts in the quiet hours, {length} of each day.");
    (!quiet.is_empty()).then(|| says("quiet_hours", text))
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

#[cfg(test)]
#[path = "consequences_tests.rs"]
mod tests;
