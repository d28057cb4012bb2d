//! What the loader is doing, as a state and in words for a person.
//!
//! Pure: it is told everything, and decides nothing that the run depends on.
//!
//! Invariant: times of day are those of the run's time zone, and name it.

use std::time::Duration;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use run_report::LoaderState;

use super::Stage;
use super::watch::cause_alone;
use crate::delivery::Outage;
use crate::pacer::Outlook;

/// A time of day farther away than this gets its date, in milliseconds.
const ONE_DAY_MS: i64 = 86_400_000;

/// Everything that the words are made of. Times without a zone are those of the plan's time line.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) now_ms: i64,
    /// What makes a time of the wall clock out of one of the plan.
    pub(super) wall_minus_plan_ms: i64,
    pub(super) zone: Tz,
    /// The plan's time zero.
    pub(super) origin_ms: i64,
    pub(super) outlook: Outlook,
    pub(super) stage: Stage,
    /// How long a stop may still take.
    pub(super) grace_left: Option<Duration>,
    /// Visits under way.
    pub(super) open: u64,
    /// Requests without an answer.
    pub(super) in_flight: u32,
    /// Hits in the queue.
    pub(super) waiting: usize,
    /// Set while the target is down.
    pub(super) outage: Option<Outage>,
    /// By how much hits leave late, when that is too much, in milliseconds.
    pub(super) late_ms: Option<f64>,
    /// When the quiet hours end that it is now.
    pub(super) quiet_until_ms: Option<i64>,
    /// The day of a backfill that is under way: which of how many.
    pub(super) past_day: Option<(NaiveDate, u32, u32)>,
}

/// The state in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) state: LoaderState,
    pub(super) detail: String,
    /// When the state ends by itself, on the plan's time line.
    pub(super) until_ms: Option<i64>,
}

/// Says what is going on.
pub(super) fn tell(scene: &Scene) -> Told {
    if scene.stage != Stage::Running {
        return stopping(scene);
    }
    if scene.now_ms < scene.origin_ms {
        let at = time_of_day(scene, scene.origin_ms);
        let left = span(scene.origin_ms - scene.now_ms);
        let detail = format!("starts at {at} (in {left})");
        return until(LoaderState::Waiting, detail, scene.origin_ms);
    }
    if let Some(outage) = &scene.outage {
        return target_down(scene, outage);
    }
    if let Some((day, nth, of)) = scene.past_day {
        return plain(LoaderState::Running, format!("{day}, day {nth} of {of}"));
    }
    if let Some(window_ms) = scene.outlook.after_cap_ms
        && scene.now_ms < window_ms
    {
        let detail = format!("paused at the cap until {}", time_of_day(scene, window_ms));
        return until(LoaderState::PausedAtCap, detail, window_ms);
    }
    if let Some(late_ms) = scene.late_ms {
        let detail = format!(
            "slowed by the server: hits leave {:.0} s late, {} wait",
            (late_ms / 1_000.0).max(1.0),
            scene.waiting
        );
        return plain(LoaderState::Slowed, detail);
    }
    if let Some(quiet_until_ms) = scene.quiet_until_ms
        && scene.outlook.next_visit_ms.is_some()
    {
        return quiet(scene, quiet_until_ms);
    }
    under_way(scene)
}

/// The time of day at which quiet hours end, if it is quiet and visits are still to come.
pub(super) fn quiet_until(scene: &Scene) -> Option<String> {
    let begun = scene.origin_ms <= scene.now_ms && scene.stage == Stage::Running;
    let until_ms = scene.quiet_until_ms.filter(|_| begun)?;
    scene.outlook.next_visit_ms?;
    Some(time_of_day(scene, until_ms))
}

fn quiet(scene: &Scene, until_ms: i64) -> Told {
    let rest = format!("quiet hours until {}", time_of_day(scene, until_ms));
    match scene.open {
        0 => until(LoaderState::Waiting, rest, until_ms),
        open => {
            let open = counted(open, "visit");
            until(
                LoaderState::Running,
                format!("{rest}, {open} under way"),
                until_ms,
            )
        }
    }
}

fn under_way(scene: &Scene) -> Told {
    let open = counted(scene.open, "visit");
    match scene.outlook.next_visit_ms {
        Some(next_ms) if scene.open == 0 => {
            let left = span(next_ms - scene.now_ms);
            plain(LoaderState::Waiting, format!("next visit in {left}"))
        }
        Some(next_ms) if scene.now_ms + 1_000 <= next_ms => {
            let left = span(next_ms - scene.now_ms);
            let detail = format!("{open} under way, next visit in {left}");
            plain(LoaderState::Running, detail)
        }
        Some(_) => plain(LoaderState::Running, format!("{open} under way")),
        None if scene.open == 0 => plain(LoaderState::Running, String::new()),
        None => plain(LoaderState::Running, format!("the last {open} under way")),
    }
}

fn stopping(scene: &Scene) -> Told {
    let what = match (scene.stage, scene.in_flight) {
        (Stage::Running | Stage::Finishing, _) if scene.outlook.next_hit_ms.is_some() => {
            format!("{} still open", counted(scene.open, "visit"))
        }
        (Stage::Halting, _) | (_, 0) => {
            return plain(LoaderState::Stopping, "stopping".to_owned());
        }
        (_, requests) => format!("{} without an answer", counted(requests.into(), "request")),
    };
    let Some(left) = scene.grace_left else {
        return plain(LoaderState::Stopping, format!("stopping: {what}"));
    };
    let left_ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
    let detail = format!("stopping: {what}, at most {}", span(left_ms));
    until(
        LoaderState::Stopping,
        detail,
        scene.now_ms.saturating_add(left_ms),
    )
}

fn target_down(scene: &Scene, outage: &Outage) -> Told {
    let since_ms = i64::try_from(outage.since.as_millis()).unwrap_or(i64::MAX);
    let since = time_of_day(scene, scene.now_ms.saturating_sub(since_ms));
    let why = cause_alone(&outage.why);
    let next = match outage.next_try {
        Some(wait) => format!("next try in {}", span_of(wait)),
        None => "trying now".to_owned(),
    };
    plain(
        LoaderState::TargetDown,
        format!("the target is down since {since}: {why}; {next}"),
    )
}

fn plain(state: LoaderState, detail: String) -> Told {
    Told {
        state,
        detail,
        until_ms: None,
    }
}

fn until(state: LoaderState, detail: String, until_ms: i64) -> Told {
    Told {
        state,
        detail,
        until_ms: Some(until_ms),
    }
}

/// A moment of the plan as people in the run's time zone read it off their clocks.
fn time_of_day(scene: &Scene, plan_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(plan_ms.saturating_add(scene.wall_minus_plan_ms))
        .unwrap_or_default()
        .with_timezone(&scene.zone);
    let shape = match (plan_ms - scene.now_ms).abs() < ONE_DAY_MS {
        true => "%H:%M %Z",
        false => "%Y-%m-%d %H:%M %Z",
    };
    at.format(shape).to_string()
}

/// A length of time as people say it, in milliseconds; never negative.
pub(super) fn span(ms: i64) -> String {
    let seconds = ms.max(0).saturating_add(500) / 1_000;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// See [`span`].
pub(super) fn span_of(time: Duration) -> String {
    span(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

fn counted(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use LoaderState::{PausedAtCap, Running, Slowed, Stopping, TargetDown, Waiting};

    use super::*;

    /// 2026-09-21 14:00:00 UTC, in Stockholm 16:00.
    const NOW_MS: i64 = 1_789_999_200_000;

    fn scene() -> Scene {
        Scene {
            now_ms: NOW_MS,
            wall_minus_plan_ms: 0,
            zone: chrono_tz::Europe::Stockholm,
            origin_ms: NOW_MS - 60_000,
            outlook: Outlook {
                next_visit_ms: Some(NOW_MS + 52_000),
                next_hit_ms: Some(NOW_MS + 3_000),
                after_cap_ms: None,
                refused: 0,
            },
            stage: Stage::Running,
            grace_left: None,
            open: 0,
            in_flight: 0,
            waiting: 0,
            outage: None,
            late_ms: None,
            quiet_until_ms: None,
            past_day: None,
        }
    }

    fn said(change: impl FnOnce(&mut Scene)) -> (LoaderState, String, Option<i64>) {
        let mut scene = scene();
        change(&mut scene);
        let told = tell(&scene);
        (told.state, told.detail, told.until_ms.map(|at| at - NOW_MS))
    }

    #[test]
    fn waiting_and_running_name_the_next_visit() {
        let told = said(|_| {});
        assert_eq!(told, (Waiting, "next visit in 52 s".into(), None));
        let told = said(|scene| scene.open = 3);
        let words = "3 visits under way, next visit in 52 s";
        assert_eq!(told, (Running, words.into(), None));
        let told = said(|scene| {
            scene.open = 1;
            scene.outlook.next_visit_ms = None;
        });
        assert_eq!(told, (Running, "the last 1 visit under way".into(), None));
    }

    #[test]
    fn a_rest_names_its_end_in_the_runs_time_zone() {
        let told = said(|scene| scene.outlook.after_cap_ms = Some(NOW_MS + 300_000));
        let words = "paused at the cap until 16:05 CEST";
        assert_eq!(told, (PausedAtCap, words.into(), Some(300_000)));
        let told = said(|scene| scene.quiet_until_ms = Some(NOW_MS + 50_400_000));
        let words = "quiet hours until 06:00 CEST";
        assert_eq!(told, (Waiting, words.into(), Some(50_400_000)));
        let told = said(|scene| {
            scene.quiet_until_ms = Some(NOW_MS + 50_400_000);
            scene.open = 2;
        });
        let words = "quiet hours until 06:00 CEST, 2 visits under way";
        assert_eq!(told, (Running, words.into(), Some(50_400_000)));
        let told = said(|scene| scene.origin_ms = NOW_MS + 12_000_000);
        let words = "starts at 19:20 CEST (in 3 h 20 min)";
        assert_eq!(told, (Waiting, words.into(), Some(12_000_000)));
    }

    #[test]
    fn trouble_with_the_server_is_named() {
        let told = said(|scene| {
            scene.late_ms = Some(4_100.0);
            scene.waiting = 60;
        });
        let words = "slowed by the server: hits leave 4 s late, 60 wait";
        assert_eq!(told, (Slowed, words.into(), None));
        let told = said(|scene| {
            scene.outage = Some(Outage {
                since: Duration::from_secs(120),
                next_try: Some(Duration::from_secs(8)),
                why: "connection refused; check the port".into(),
            });
        });
        let words = "the target is down since 15:58 CEST: connection refused; next try in 8 s";
        assert_eq!(told, (TargetDown, words.into(), None));
    }

    #[test]
    fn a_stop_says_what_it_waits_for() {
        let told = said(|scene| {
            scene.stage = Stage::Finishing;
            scene.open = 12;
            scene.grace_left = Some(Duration::from_secs(18));
        });
        let words = "stopping: 12 visits still open, at most 18 s";
        assert_eq!(told, (Stopping, words.into(), Some(18_000)));
        let told = said(|scene| {
            scene.stage = Stage::Cutting;
            scene.in_flight = 1;
        });
        let words = "stopping: 1 request without an answer";
        assert_eq!(told, (Stopping, words.into(), None));
    }

    #[test]
    fn a_time_that_is_days_away_names_its_date() {
        let (_, detail, _) = said(|scene| scene.origin_ms = NOW_MS + 3 * ONE_DAY_MS);
        assert_eq!(detail, "starts at 2026-09-24 16:00 CEST (in 3 d 0 h)");
    }

    #[test]
    fn a_plan_that_is_replayed_tells_the_time_of_the_wall() {
        let (_, detail, _) = said(|scene| {
            scene.wall_minus_plan_ms = 3_600_000;
            scene.outlook.after_cap_ms = Some(NOW_MS + 60_000);
        });
        assert_eq!(detail, "paused at the cap until 17:01 CEST");
    }

    #[test]
    fn a_length_of_time_is_told_in_units_that_fit() {
        for (seconds, told) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (3_599, "59 min"),
            (3_600, "1 h 0 min"),
            (90_000, "25 h 0 min"),
            (180_000, "2 d 2 h"),
        ] {
            assert_eq!(span(seconds * 1_000), told);
        }
        assert_eq!(span(-5), "0 s");
    }
}
