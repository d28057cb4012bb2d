//! Backfill: which days, how many visits. The rules are those of a backfill that runs, so that a
//! person sees all that is wrong at once, although running one is not available yet.

use super::Conversion;
use crate::problem::Problem;
use crate::sections::{Backfill, Load};

/// Longest window, in days.
const MAX_DAYS: i64 = 180;
/// Above this many days a warning is given.
const DAYS_WARNING: i64 = 90;
/// Above this many visits on one day a warning is given.
const VISITS_WARNING: u32 = 8_000;
/// Above this many requests a second a warning is given.
const REQUESTS_WARNING: f64 = 100.0;

impl Conversion<'_> {
    pub(super) fn backfill(&mut self, given: &Backfill, load: &Load) {
        // What is switched off may hold leftovers.
        if !given.enabled {
            return;
        }
        self.problem(
            Problem::new(
                "/backfill/enabled",
                "not_available",
                "a backfill is not available yet",
            )
            .hint("set it to false (BACKFILL_ENABLED) for now"),
        );
        self.window(given);
        self.caps(given, load);
    }

    fn window(&mut self, given: &Backfill) {
        let dates = (given.start_date, given.end_date);
        let spans = (given.days_back, given.duration_days);
        match dates {
            (Some(_), None) => self.incomplete("/backfill/start_date", "a first day", "a last day"),
            (None, Some(_)) => self.incomplete("/backfill/end_date", "a last day", "a first day"),
            _ => {}
        }
        match spans {
            (Some(_), None) => self.incomplete("/backfill/days_back", "days back", "a duration"),
            (None, Some(_)) => {
                self.incomplete("/backfill/duration_days", "a duration", "days back")
            }
            _ => {}
        }
        let has_dates = dates.0.or(dates.1).is_some();
        let has_spans = spans.0.or(spans.1).is_some();
        let pointer = if has_dates {
            "/backfill/end_date"
        } else {
            "/backfill/duration_days"
        };
        if has_dates && has_spans {
            self.problem(
                Problem::new(
                    "/backfill/days_back",
                    "conflict",
                    "both dates and days back are given",
                )
                .hint("keep one of the two ways"),
            );
        } else if !has_dates && !has_spans {
            self.problem(
                Problem::new("/backfill/start_date", "required", "no days are given")
                    .hint("give first and last day, or days back and a duration"),
            );
        } else if let (Some(first), Some(last)) = dates {
            self.dates(first, last);
            self.length(pointer, (last - first).num_days() + 1);
        } else if let (Some(back), Some(duration)) = spans {
            if duration > back + 1 {
                let message =
                    format!("{duration} days that begin {back} days ago reach into the future");
                self.problem(
                    Problem::new(pointer, "in_the_future", message)
                        .hint(format!("lower it to {} or less", back + 1)),
                );
            }
            self.length(pointer, duration.into());
        }
    }

    fn incomplete(&mut self, pointer: &str, given: &str, missing: &str) {
        // The missing one may be there and have a problem of its own.
        let partners = ["start_date", "end_date", "days_back", "duration_days"]
            .map(|name| format!("/backfill/{name}"));
        if self.sound(&partners.each_ref().map(String::as_str)) {
            self.problem(
                Problem::new(
                    pointer,
                    "incomplete",
                    format!("{given} is given without {missing}"),
                )
                .hint("give both or neither"),
            );
        }
    }

    fn dates(&mut self, first: chrono::NaiveDate, last: chrono::NaiveDate) {
        if first > last {
            self.problem(
                Problem::new(
                    "/backfill/start_date",
                    "min_above_max",
                    format!("{first} is after the last day, {last}"),
                )
                .hint("swap the two"),
            );
        }
        if let Some(today) = self.facts.today.filter(|today| last > *today) {
            self.problem(
                Problem::new(
                    "/backfill/end_date",
                    "in_the_future",
                    format!("{last} is after today, {today}"),
                )
                .hint("a backfill ends today at the latest"),
            );
        }
    }

    fn length(&mut self, pointer: &str, days: i64) {
        if days > MAX_DAYS {
            self.problem(
                Problem::new(
                    pointer,
                    "above_limit",
                    format!("{days} days are above the limit of {MAX_DAYS}"),
                )
                .hint("split them into several backfills"),
            );
        } else if days > DAYS_WARNING {
            self.warning(
                Problem::new(
                    pointer,
                    "long_window",
                    format!("{days} days are a long backfill"),
                )
                .hint(format!(
                    "{DAYS_WARNING} days or less are easier on Matomo's archiving"
                )),
            );
        }
    }

    fn caps(&mut self, given: &Backfill, load: &Load) {
        let per_day = match given.max_visits_per_day {
            0 => load.visits_per_day,
            cap => cap,
        };
        let pointers = ["/backfill/max_visits_per_day", "/backfill/max_visits_total"];
        if given.max_visits_total > 0 && given.max_visits_total < per_day && self.sound(&pointers) {
            let message = format!(
                "{} visits in all are below the {per_day} of a single day",
                given.max_visits_total
            );
            self.problem(
                Problem::new(pointers[1], "min_above_max", message).hint(format!(
                    "raise it to {per_day} or more, or set it to 0 for no cap"
                )),
            );
        }
        if per_day > VISITS_WARNING {
            let message = format!("{per_day} visits for each past day are many");
            self.warning(
                Problem::new(pointers[0], "high_load", message)
                    .hint(format!("{VISITS_WARNING} or less is gentler")),
            );
        }
        if let Some(rate) = given
            .requests_per_second
            .filter(|rate| *rate > REQUESTS_WARNING)
        {
            let message = format!("{rate} requests a second are a heavy load");
            self.warning(
                Problem::new("/backfill/requests_per_second", "high_load", message)
                    .hint(format!("{REQUESTS_WARNING} or less is gentler")),
            );
        }
    }
}
