//! The pull of a backfill: hands hits over as fast as there is room for them, day after day.
//!
//! It takes the pacer's place. It sends nothing and settles nothing: what it did not hand over when the run is stopped
//! stays planned for another attempt.
//!
//! Invariant: a day begins when nothing of the day before waits or is under way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use simulation::BackfillDay;

use crate::clock::Clock;
use crate::delivery::Queue;
use crate::run::{Control, Stage};
use crate::timeline::{Due, Made, Timeline};

/// Hits handed over at once.
const MAX_HANDED_OVER: usize = 512;

/// Longest wait before the stage of the run is looked at again.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// How far a backfill has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The day under way; `None` before the first one and after the last.
    pub day: Option<NaiveDate>,
    /// Days of which every hit is settled.
    pub done: u32,
}

/// See the module's description.
pub struct Feeder<M> {
    /// What happens when.
    pub timeline: Timeline,
    /// The days, ascending.
    pub days: Vec<BackfillDay>,
    /// Where hits go.
    pub queue: Arc<Queue>,
    /// Whether the run is to end.
    pub control: Arc<Control>,
    /// Who is told of each visit made.
    pub made: M,
    /// What time it is.
    pub clock: Arc<Clock>,
    /// When it may begin, in milliseconds since the Unix epoch: the plan's time zero.
    pub begins_at_ms: i64,
    /// Most visits a second of this loader.
    pub visits_per_second: Option<f64>,
    /// What the heartbeat tells of the feeder.
    pub place: Arc<Mutex<Place>>,
}

impl<M: Made> Feeder<M> {
    /// Runs until the last day is settled or the run is stopped, then closes the queue.
    pub fn run(mut self) {
        let mut tempo = Tempo::new(self.visits_per_second);
        let days = if self.wait_for_start() {
            self.days.len()
        } else {
            0
        };
        for nth in 0..days {
            let day = self.days[nth];
            // Over before this attempt: nothing of it is left.
            if self
                .timeline
                .next_at_ms()
                .is_none_or(|at_ms| day.end_ms <= at_ms)
            {
                self.tell(nth + 1, None);
                continue;
            }
            self.tell(nth, Some(day.day));
            if !self.feed(day.end_ms, &mut tempo) || !self.wait_for_idle() {
                break;
            }
            self.tell(nth + 1, None);
        }
        self.queue.close();
    }

    fn wait_for_start(&self) -> bool {
        loop {
            let wait = self.clock.until(self.begins_at_ms);
            match self.control.stage() {
                Stage::Running if wait.is_zero() => return true,
                Stage::Running => std::thread::park_timeout(wait.min(LONGEST_WAIT)),
                Stage::Finishing | Stage::Cutting | Stage::Halting => return false,
            }
        }
    }

    /// Hands over all hits before `end_ms`; says whether it came that far.
    fn feed(&mut self, end_ms: i64, tempo: &mut Tempo) -> bool {
        let mut due: Vec<Due> = Vec::with_capacity(MAX_HANDED_OVER);
        loop {
            if self.control.stage() != Stage::Running {
                return false;
            }
            let room = self.queue.wait_for_room(LONGEST_WAIT).min(MAX_HANDED_OVER);
            let mut wait = Duration::ZERO;
            let mut ended = false;
            while due.len() < room && wait.is_zero() && !ended {
                match self.timeline.next_at_ms() {
                    Some(at_ms) if at_ms < end_ms => {
                        wait = self.take(at_ms, room, tempo, &mut due);
                    }
                    _ => ended = true,
                }
            }
            // A closed queue takes nothing any more; what comes back stays planned.
            let _ = self.queue.push(due.drain(..));
            if ended {
                return true;
            }
            std::thread::park_timeout(wait.min(LONGEST_WAIT));
        }
    }

    /// Takes what happens at `at_ms`, unless a visit begins that has to wait; returns for how long.
    fn take(&mut self, at_ms: i64, room: usize, tempo: &mut Tempo, due: &mut Vec<Due>) -> Duration {
        let begins = self.timeline.next_arrival().map(|next| next.at_ms) == Some(at_ms);
        let wait = match begins {
            true => tempo.next_visit(Instant::now()),
            false => Duration::ZERO,
        };
        if wait.is_zero() {
            self.timeline.take_due(at_ms, room, due, &mut self.made);
        }
        wait
    }

    fn wait_for_idle(&self) -> bool {
        self.queue.drain();
        while !self.queue.wait_for_idle(LONGEST_WAIT) {
            if self.control.stage() != Stage::Running {
                return false;
            }
        }
        self.control.stage() == Stage::Running
    }

    fn tell(&self, done: usize, day: Option<NaiveDate>) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Place {
            day,
            done: u32::try_from(done).unwrap_or(u32::MAX),
        };
    }
}

/// Spaces the beginnings of visits; a pause is not made up for.
struct Tempo {
    gap: Duration,
    next: Option<Instant>,
}

impl Tempo {
    fn new(per_second: Option<f64>) -> Self {
        let gap = per_second.and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok());
        Self {
            gap: gap.unwrap_or_default(),
            next: None,
        }
    }

    /// How long the next visit has to wait; when it need not, it counts as begun.
    fn next_visit(&mut self, now: Instant) -> Duration {
        let next = self.next.unwrap_or(now);
        if now < next {
            return next - now;
        }
        // The thread wakes late by a bit: that is made up for, more is not.
        let late = (now - next).min(LONGEST_WAIT);
        self.next = Some(now - late + self.gap);
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use config::{BackfillPlan, Window};
    use simulation::Pace;

    use super::*;
    use crate::clock::Clock;
    use crate::days::Days;
    use crate::delivery::Queue;
    use crate::run::Ending;
    use crate::testing::{PlannedIn, WHOLE, ledger, plan, simulation};

    /// 2026-06-01 12:00 UTC.
    const ORIGIN_MS: i64 = 1_780_315_200_000;

    /// How long a taker waits before it gives back what it has.
    const PATIENCE: Duration = Duration::from_millis(5);

    struct Fed {
        queue: Arc<Queue>,
        control: Arc<Control>,
        place: Arc<Mutex<Place>>,
        feeder: thread::JoinHandle<()>,
    }

    fn fed(visits_per_day: u32, visits_per_second: Option<f64>) -> Fed {
        let mut plan = plan(serde_json::json!({}));
        plan.backfill = Some(BackfillPlan {
            window: Window::Back {
                days_back: 3,
                days: 3,
            },
            visits_per_day,
            visits_per_day_max: None,
            max_visits_total: None,
            requests_per_second: None,
            visits_per_second,
            run_once: true,
        });
        let simulation = simulation(&plan, ORIGIN_MS);
        let days = Days::new(plan.load.time_zone, 0);
        let queue = Arc::new(Queue::new(50, Duration::ZERO));
        let control = Arc::new(Control::default());
        let place = Arc::new(Mutex::new(Place::default()));
        let ledger = Box::leak(Box::new(ledger()));
        let feeder = Feeder {
            timeline: Timeline::new(&simulation, Pace::Backfill, WHOLE, days),
            days: simulation.backfill_days().to_vec(),
            queue: Arc::clone(&queue),
            control: Arc::clone(&control),
            made: PlannedIn(ledger),
            clock: Arc::new(Clock::starting_at(ORIGIN_MS)),
            begins_at_ms: ORIGIN_MS,
            visits_per_second,
            place: Arc::clone(&place),
        };
        let feeder = thread::spawn(move || feeder.run());
        Fed {
            queue,
            control,
            place,
            feeder,
        }
    }

    #[tokio::test]
    async fn days_ascend_and_none_begins_before_the_one_before_is_settled() {
        let fed = fed(100, None);
        let mut out: Vec<crate::delivery::Batch> = Vec::new();
        let (mut days, mut visits, mut day) = (Vec::new(), HashSet::new(), None);
        loop {
            // Nobody else gives batches back, so a queue that hands out no more waits for these.
            let Ok(taken) = tokio::time::timeout(PATIENCE, fed.queue.take()).await else {
                out.drain(..).for_each(|batch| fed.queue.give_back(batch));
                continue;
            };
            let Some(batch) = taken else { break };
            let of = batch.hits[0].day;
            assert!(batch.hits.iter().all(|due| due.day == of));
            if day != Some(of) {
                assert!(out.is_empty(), "{of} began with requests out");
                days.push(of);
                day = Some(of);
            }
            visits.extend(batch.hits.iter().map(|due| due.visit.ordinal));
            out.push(batch);
        }
        fed.feeder.join().unwrap();
        assert_eq!(visits.len(), 300);
        assert!(days.is_sorted() && days.len() == 3, "{days:?}");
        let place = *fed.place.lock().unwrap();
        assert_eq!((place.done, place.day), (3, None));
    }

    #[test]
    fn it_waits_for_room_and_ends_when_the_run_is_stopped() {
        let fed = fed(10_000, None);
        while fed.queue.waiting() == 0 {
            thread::yield_now();
        }
        let ending = Ending {
            outcome: run_report::Outcome::Stopped,
            reason: "asked to".into(),
        };
        fed.control.advance(Stage::Cutting, Some(ending));
        fed.feeder.join().unwrap();
        assert!(fed.queue.waiting() <= crate::delivery::MAX_WAITING);
        assert_eq!(fed.place.lock().unwrap().done, 0);
    }

    #[test]
    fn visits_begin_no_faster_than_asked() {
        let mut tempo = Tempo::new(Some(10.0));
        let begin = Instant::now();
        let after = |ms| begin + Duration::from_millis(ms);
        assert_eq!(tempo.next_visit(after(0)), Duration::ZERO);
        assert_eq!(tempo.next_visit(after(40)), Duration::from_millis(60));
        assert_eq!(tempo.next_visit(after(110)), Duration::ZERO);
        // Late by 10 ms, which is made up for.
        assert_eq!(tempo.next_visit(after(190)), Duration::from_millis(10));
        // A long pause is not.
        assert_eq!(tempo.next_visit(after(9_000)), Duration::ZERO);
        assert_eq!(tempo.next_visit(after(9_000)), Duration::ZERO);
        assert_ne!(tempo.next_visit(after(9_000)), Duration::ZERO);
        assert_eq!(Tempo::new(None).next_visit(begin), Duration::ZERO);
    }
}
