//! A target that is down: when it is told, and when again.
//!
//! Invariant: each outage that is told has its end told; outages that come thick and fast are counted, not told.

use std::time::Duration;

use run_report::{Incident, Severity};

use super::{LONGEST_INTERVAL, incident, longer};
use crate::delivery::Outage;
use crate::run::words::span_of;

/// An outage that is still there after this time is told again; doubled each time.
const FIRST_REMINDER: Duration = Duration::from_secs(60);

/// Time that has to pass between two outages that are told; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(super) struct Story {
    down: Option<Down>,
    /// When the last outage that was told began or ended, and how long the next one keeps quiet after it.
    last: Option<(Duration, Duration)>,
    /// Outages since then that were not told.
    untold: u32,
}

struct Down {
    told: bool,
    /// The age of the outage at the last look.
    age: Duration,
    /// The age at which it is told again, and how long after the telling before.
    reminder: (Duration, Duration),
}

impl Story {
    pub(super) fn look(&mut self, now: Duration, outage: Option<&Outage>) -> Option<Incident> {
        match (&mut self.down, outage) {
            (None, None) => None,
            (None, Some(outage)) => self.begins(now, outage),
            // A new outage between two looks is another one.
            (Some(down), Some(outage)) if down.age <= outage.since => {
                down.age = outage.since;
                let (at, interval) = down.reminder;
                let due = down.told && at <= outage.since;
                due.then(|| {
                    down.reminder = (outage.since + longer(interval), longer(interval));
                    let age = span_of(outage.since);
                    let message = format!("the target is still down, for {age}: {}", outage.why);
                    incident(Severity::Error, "target.down", message)
                })
            }
            (Some(_), _) => self.ends(now),
        }
    }

    fn begins(&mut self, now: Duration, outage: &Outage) -> Option<Incident> {
        let told = match self.last {
            Some((at, pause)) => at + pause <= now,
            None => true,
        };
        self.down = Some(Down {
            told,
            age: outage.since,
            reminder: (FIRST_REMINDER, FIRST_REMINDER),
        });
        if !told {
            self.untold += 1;
            return None;
        }
        let pause = match self.last {
            // Long after the last one it is a matter of its own.
            Some((at, pause)) if now < at + LONGEST_INTERVAL => longer(pause),
            _ => FIRST_PAUSE,
        };
        self.last = Some((now, pause));
        let before = match std::mem::take(&mut self.untold) {
            0 => String::new(),
            times => format!(", and was {times} times since this was told last"),
        };
        let message = format!(
            "the target fails steadily{before}: {}; it is asked now and then whether it is back",
            outage.why
        );
        Some(incident(Severity::Error, "target.down", message))
    }

    fn ends(&mut self, now: Duration) -> Option<Incident> {
        let down = self.down.take()?;
        if !down.told {
            return None;
        }
        if let Some((at, _)) = &mut self.last {
            *at = now;
        }
        let message = format!("the target answers again after {}", span_of(down.age));
        Some(incident(Severity::Info, "target.back", message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage(since: u64) -> Option<Outage> {
        Some(Outage {
            since: Duration::from_secs(since),
            next_try: None,
            why: "refused".into(),
        })
    }

    /// The incidents of a target that is down in the seconds for which `is_down` says for how long.
    fn told(seconds: u64, is_down: impl Fn(u64) -> Option<u64>) -> Vec<(u64, String, String)> {
        let mut story = Story::default();
        (0..seconds)
            .filter_map(|second| {
                let outage = is_down(second).and_then(outage);
                let told = story.look(Duration::from_secs(second), outage.as_ref())?;
                Some((second, told.code, told.message))
            })
            .collect()
    }

    #[test]
    fn an_outage_and_its_end_are_told_and_a_long_one_again_at_growing_intervals() {
        let told = told(4 * 3_600, |second| {
            (10..14_000).contains(&second).then(|| second - 10)
        });
        let at: Vec<u64> = told.iter().map(|(second, ..)| *second).collect();
        assert_eq!(
            at,
            [10, 70, 190, 430, 910, 1_870, 3_790, 7_390, 10_990, 14_000]
        );
        assert!(told[0].2.starts_with("the target fails steadily: refused;"));
        assert!(told[2].2.contains("still down, for 3 min: refused"));
        assert_eq!(told[9].2, "the target answers again after 3 h 53 min");
    }

    #[test]
    fn a_target_that_comes_and_goes_is_told_ever_more_rarely() {
        let told = told(3_600, |second| (second % 3 == 0).then_some(0));
        assert!(told.len() < 24, "{told:#?}");
        assert!(
            told[4].2.contains("times since this was told last"),
            "{told:?}"
        );
        let ends = told.iter().filter(|(_, code, _)| code == "target.back");
        assert_eq!(ends.count() * 2, told.len());
    }
}
