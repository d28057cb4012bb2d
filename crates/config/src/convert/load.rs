//! How much, how fast, and when to stop.

use std::time::Duration;

use super::{Conversion, above_zero, seconds, time_zone};
use crate::plan::{LoadPlan, Pacing, QuietHours, StopRules};
use crate::problem::{Problem, quoted};
use crate::sections::{Load, PacingMode, RunConfig};

/// Above this concurrency a warning is given: few Matomo servers answer so many requests at once.
const CONCURRENCY_WARNING: u16 = 200;
/// Above this many visits a day a warning is given.
const VISITS_WARNING: u32 = 500_000;

impl Conversion<'_> {
    pub(super) fn load(&mut self, config: &RunConfig) -> Option<LoadPlan> {
        let load = &config.load;
        self.ordered(
            ("/load/pause_min", load.pause_min),
            ("/load/pause_max", load.pause_max),
        );
        self.load_warnings(load);
        if !config.backfill.enabled || !config.backfill.run_once {
            self.end_warning(load);
        }
        let time_zone = time_zone(&load.time_zone);
        if time_zone.is_none() && self.sound(&["/load/time_zone"]) {
            let zone = &load.time_zone;
            let near =
                crate::nearest::nearest(zone, chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()));
            let way_out = match near {
                Some(near) => format!("did you mean {near}?"),
                None => "write a name such as Europe/Stockholm or UTC".to_owned(),
            };
            self.problem(
                Problem::new(
                    "/load/time_zone",
                    "unknown_time_zone",
                    format!("{} is not the IANA name of a time zone", quoted(zone)),
                )
                .hint(way_out),
            );
        }
        let rhythm = self.rhythm(load);
        let quiet_hours = self.quiet_hours(load);
        Some(LoadPlan {
            visits_per_day: load.visits_per_day,
            time_zone: time_zone?,
            rhythm: rhythm?,
            quiet_hours: quiet_hours?,
            pacing: match load.pacing {
                PacingMode::Compressed => Pacing::Compressed {
                    pause_min: seconds(load.pause_min),
                    pause_max: seconds(load.pause_max),
                },
                PacingMode::Auto | PacingMode::Live => Pacing::Live,
            },
            concurrency: load.concurrency,
            loaders: load.loaders,
            stop: StopRules {
                after: above_zero(load.stop_after_hours).map(|hours| seconds(hours * 3600.0)),
                after_visits: Some(load.stop_after_visits).filter(|visits| *visits > 0),
                after_hits: Some(load.stop_after_hits).filter(|hits| *hits > 0),
                visits_per_window: Some(load.max_visits_per_window).filter(|visits| *visits > 0),
                error_percent: above_zero(load.stop_at_error_percent),
                p95: above_zero(load.stop_at_p95_seconds).map(seconds),
                guard_window: Duration::from_secs(load.guard_window_seconds.into()),
            },
        })
    }

    fn quiet_hours(&mut self, load: &Load) -> Option<QuietHours> {
        const POINTER: &str = "/load/quiet_hours";
        let quiet = match QuietHours::read(&load.quiet_hours) {
            Ok(quiet) => quiet,
            Err(problem) => {
                self.problem(problem.at(POINTER));
                return None;
            }
        };
        if !quiet.is_empty() {
            let left = quiet.minutes_left();
            let visits = u64::from(load.visits_per_day) * u64::from(left) / 1_440;
            let message = format!(
                "visits start in {:.1} of the 24 hours of a day: about {visits} instead of {}",
                f64::from(left) / 60.0,
                load.visits_per_day
            );
            self.warning(
                Problem::new(POINTER, "fewer_visits", message)
                    .hint("raise load.visits_per_day if a day is to have as many as before"),
            );
        }
        Some(quiet)
    }

    fn load_warnings(&mut self, load: &Load) {
        if load.concurrency > CONCURRENCY_WARNING && self.sound(&["/load/concurrency"]) {
            let message = format!(
                "{} requests at once is more than most Matomo servers answer well",
                load.concurrency
            );
            self.warning(
                Problem::new("/load/concurrency", "high_concurrency", message)
                    .hint(format!("{CONCURRENCY_WARNING} or less is gentler")),
            );
        }
        if load.visits_per_day > VISITS_WARNING && self.sound(&["/load/visits_per_day"]) {
            let message = format!(
                "{} visits a day is a heavy load ({:.1} visits a second)",
                load.visits_per_day,
                f64::from(load.visits_per_day) / 86_400.0
            );
            self.warning(
                Problem::new("/load/visits_per_day", "high_load", message)
                    .hint("make sure that the server is meant to bear it"),
            );
        }
    }

    fn end_warning(&mut self, load: &Load) {
        let limits = [load.stop_after_visits, load.stop_after_hits];
        if load.stop_after_hours == 0.0 && limits == [0, 0] {
            self.warning(
                Problem::new(
                    "/load/stop_after_hours",
                    "no_stop_rule",
                    "nothing ends the run but you and its guards",
                )
                .hint("set load.stop_after_hours or load.stop_after_visits to end it by itself"),
            );
        }
    }
}
