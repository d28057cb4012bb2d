//! Backfill: which days, how many visits, how fast.

use chrono::NaiveDate;

use super::Conversion;
use crate::plan::{BackfillPlan, Window};
use crate::problem::Problem;
use crate::sections::{Backfill, Load, RunConfig};

/// Longest window, in days.
const MAX_DAYS: i64 = 180;
/// Above this many days a warning is given.
const DAYS_WARNING: i64 = 90;
/// Above this many visits on one day a warning is given.
const VISITS_WARNING: u32 = 8_000;
/// Above this many requests a second a warning is given.
const REQUESTS_WARNING: f64 = 100.0;

impl Conversion<'_> {
    /// The plan of a backfill that is switched on and has a window; it counts only when there are no problems.
    pub(super) fn backfill(&mut self, config: &RunConfig) -> Option<BackfillPlan> {
        let (given, load) = (&config.backfill, &config.load);
        // What is switched off may hold leftovers.
        if !given.enabled {
            return None;
        }
        let window = self.window(given, self.today(load));
        self.caps(given, load);
        self.rates(given);
        if let Some(window) = window {
            self.old_days(config, window);
        }
        Some(BackfillPlan {
            window: window?,
            visits_per_day: match given.max_visits_per_day {
                0 => load.visits_per_day,
                cap => load.visits_per_day.min(cap),
            },
            visits_per_day_max: Some(given.max_visits_per_day).filter(|cap| *cap > 0),
            max_visits_total: match (given.max_visits_total, load.stop_after_visits) {
                (0, 0) => None,
                (0, end) => Some(end),
                (total, 0) => Some(total.into()),
                (total, end) => Some(end.min(total.into())),
            },
            requests_per_second: given.requests_per_second,
            visits_per_second: given.visits_per_second,
            run_once: given.run_once,
        })
    }

    fn window(&mut self, given: &Backfill, today: Option<NaiveDate>) -> Option<Window> {
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
                self.incomplete("/backfill/duration_days", "a duration", "days back");
            }
            _ => {}
        }
        let has_dates = dates.0.or(dates.1).is_some();
        let has_spans = spans.0.or(spans.1).is_some();
        if has_dates && has_spans {
            self.problem(
                Problem::new(
                    "/backfill/days_back",
                    "conflict",
                    "both dates and days back are given",
                )
                .hint("keep one of the two ways"),
            );
            return None;
        }
        if !has_dates && !has_spans {
            self.problem(
                Problem::new("/backfill/start_date", "required", "no days are given")
                    .hint("give first and last day, or days back and a duration"),
            );
            return None;
        }
        if let (Some(first), Some(last)) = dates {
            self.dates(first, last, today);
            self.length("/backfill/end_date", (last - first).num_days() + 1);
            return Some(Window::Dates { first, last });
        }
        let (days_back, days) = (spans.0?, spans.1?);
        self.span(days_back, days);
        Some(Window::Back { days_back, days })
    }

    fn span(&mut self, days_back: u32, days: u32) {
        let pointer = "/backfill/duration_days";
        if days > days_back + 1 {
            let message =
                format!("{days} days that begin {days_back} days ago reach into the future");
            self.problem(
                Problem::new(pointer, "in_the_future", message)
                    .hint(format!("lower it to {} or less", days_back + 1)),
            );
        }
        self.length(pointer, days.into());
    }

    /// Matomo takes a time older than a day from those alone who bring a token.
    fn old_days(&mut self, config: &RunConfig, window: Window) {
        let past = match (window, self.today(&config.load)) {
            (Window::Back { days_back, .. }, _) => 0 < days_back,
            (Window::Dates { first, .. }, Some(today)) => first < today,
            (Window::Dates { .. }, None) => false,
        };
        let Some(at) = config
            .targets
            .iter()
            .position(|target| target.token_auth.is_none())
        else {
            return;
        };
        let pointer = format!("/targets/{at}/token_auth");
        if past && self.sound(&[&pointer]) {
            self.problem(
                Problem::new(
                    &pointer,
                    "needs_token",
                    "days before today need the target's token: Matomo refuses hits that are older than 24 hours \
                     without one",
                )
                .hint(
                    "create a token in Matomo (Administration, Personal, Security) as a user with write or admin \
                     access to the site, and set it (MATOMO_TOKEN_AUTH)",
                ),
            );
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

    fn dates(&mut self, first: NaiveDate, last: NaiveDate, today: Option<NaiveDate>) {
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
        if let Some(today) = today.filter(|today| last > *today) {
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
        if load.max_visits_per_window > 0 {
            self.warning(
                Problem::new(
                    "/load/max_visits_per_window",
                    "no_effect",
                    "a backfill does not pause at the cap of visits in 24 hours",
                )
                .hint("backfill.max_visits_per_day and backfill.max_visits_total are its caps"),
            );
        }
    }

    fn rates(&mut self, given: &Backfill) {
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
