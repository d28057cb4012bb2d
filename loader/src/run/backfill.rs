//! What an attempt of a backfill has beside the parts of every attempt: its days, how far it is, and its journal.
//!
//! It sends nothing. Invariant: a resumed backfill has the days and the numbers of visits that it began with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate};
use run_report::{Account, DayAccount, Outcome, Severity, Shard, Window};
use simulation::{BackfillDay, Keys, Pace, Simulation};

use super::{Attempt, KeyError, RunError, Session, take_up};
use crate::feeder::Place;
use crate::journal::{self, Journal, Mark, OpenVisit};
use crate::state_dir::{Checkpoint, SavedBackfill, StateError, Terms};
use crate::timeline::{Timeline, is_mine};

/// Visits up to which those of one loader's share are counted before the start, about a second's work; beyond, their
/// numbers are not told.
const MAX_COUNTED: u64 = 10_000_000;

/// See the module's description.
#[derive(Clone)]
pub(super) struct Backfill {
    simulation: Simulation,
    terms: Terms,
    countries: bool,
    /// Whether the run ends with the last day.
    pub(super) ends: bool,
    /// The past days are done, and the run has gone on in real time.
    pub(super) over: bool,
    time_zone: String,
    /// Visits that this loader makes on each day, unless there are too many to count.
    visits: Option<Arc<BTreeMap<NaiveDate, u64>>>,
    /// How far it is.
    pub(super) place: Arc<Mutex<Place>>,
    /// Where it is written what is sent, if there is a state directory.
    pub(super) journal: Option<Arc<Journal>>,
}

impl Backfill {
    /// The backfill of an attempt; `None` for other runs, and for a trial, whose few visits are not days.
    pub(super) fn of(
        attempt: &Attempt,
        keys: &Keys,
        (simulation, countries): (&Simulation, bool),
    ) -> Option<Self> {
        let plan = &attempt.plan;
        let backfill = plan.backfill.as_ref().filter(|_| attempt.trial.is_none())?;
        let zone = plan.load.time_zone;
        let origin = DateTime::from_timestamp_millis(keys.origin_ms).unwrap_or_default();
        let (first, last) = backfill
            .window
            .dates(origin.with_timezone(&zone).date_naive());
        Some(Self {
            terms: Terms {
                first,
                last,
                visits_per_day: backfill.visits_per_day,
                visits_total: backfill.max_visits_total,
            },
            countries,
            ends: backfill.run_once,
            over: false,
            time_zone: zone.name().to_owned(),
            visits: visits_by_day(simulation, attempt.shard).map(Arc::new),
            simulation: simulation.clone(),
            place: Arc::default(),
            journal: None,
        })
    }

    /// Refuses a checkpoint of another backfill, or of another kind of run; takes over whether it is over.
    pub(super) fn fits(&mut self, earlier: &Checkpoint) -> Result<(), KeyError> {
        self.over = earlier.backfill.as_ref().is_some_and(|saved| saved.over);
        let told = |terms: Option<&Terms>| match terms {
            None => "no days".to_owned(),
            Some(terms) => {
                let all = terms.visits_total;
                format!(
                    "{} to {}, {} visits a day{}",
                    terms.first,
                    terms.last,
                    terms.visits_per_day,
                    all.map_or(String::new(), |all| format!(", {all} in all"))
                )
            }
        };
        let then = earlier.backfill.as_ref().map(|saved| &saved.terms);
        match then == Some(&self.terms) {
            true => Ok(()),
            false => Err(KeyError::Differs {
                name: "the days",
                then: told(then),
                now: told(Some(&self.terms)),
            }),
        }
    }

    /// Begins the journal of this attempt. `open` is what earlier ones left.
    pub(super) fn begin_journal(
        &mut self,
        attempt: &Attempt,
        open: BTreeMap<u64, OpenVisit>,
    ) -> Result<(), RunError> {
        let Some(state) = &attempt.state else {
            return Ok(());
        };
        let journal = Journal::begin(state.path(), open).map(Arc::new);
        let journal = journal.map_err(|source| StateError::of(state.path(), source))?;
        journal.keep_synchronised().map_err(RunError::Thread)?;
        self.journal = Some(journal);
        Ok(())
    }

    /// Notes the days before the first hit that is left as done.
    fn begin_at(&self, next_at_ms: Option<i64>) {
        let next_at_ms = next_at_ms.unwrap_or(i64::MAX);
        let done = self.days().partition_point(|day| day.end_ms <= next_at_ms);
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Place {
            day: None,
            done: u32::try_from(done).unwrap_or(u32::MAX),
        };
    }

    /// All days, ascending.
    pub(super) fn days(&self) -> &[BackfillDay] {
        self.simulation.backfill_days()
    }

    /// Visits that this loader makes in all, if they were counted.
    pub(super) fn visits_planned(&self) -> Option<u64> {
        self.visits.as_ref().map(|days| days.values().sum())
    }

    /// The first ordinal behind the past days.
    pub(super) fn end(&self) -> u64 {
        let last = self.days().last();
        last.map_or(0, |day| day.first_ordinal + day.visits)
    }

    pub(super) fn window(&self) -> Window {
        let days = (self.terms.last - self.terms.first).num_days() + 1;
        Window {
            first: self.terms.first,
            last: self.terms.last,
            days: u32::try_from(days).unwrap_or(u32::MAX),
            time_zone: self.time_zone.clone(),
        }
    }

    pub(super) fn place(&self) -> Place {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Days of which every hit is settled.
    pub(super) fn days_done(&self) -> u32 {
        match self.over {
            true => self.window().days,
            false => self.place().done,
        }
    }

    /// The first day of which something may be left.
    pub(super) fn first_open_day(&self) -> NaiveDate {
        let done = usize::try_from(self.place().done).unwrap_or(usize::MAX);
        self.days().get(done).map_or(NaiveDate::MAX, |day| day.day)
    }

    /// Completes what the ledger knows of a day.
    pub(super) fn completed(&self, day: DayAccount, first_open: NaiveDate) -> DayAccount {
        let visits = self.visits.as_ref().and_then(|days| days.get(&day.day));
        DayAccount {
            closed: day.day < first_open,
            visits_planned: visits.copied(),
            ..day
        }
    }

    /// What a checkpoint keeps. After an end at a limit of its own nothing is left to send.
    pub(super) fn saved(&self, mark: Option<Mark>, done: bool) -> SavedBackfill {
        let mut mark = mark.unwrap_or_default();
        if done {
            mark.open.clear();
        }
        SavedBackfill {
            terms: self.terms.clone(),
            countries: self.countries,
            over: self.over,
            mark,
        }
    }

    /// What a person may want to do after this end.
    pub(super) fn next(&self, outcome: Outcome, account: &Account, site_id: u32) -> Option<String> {
        if !self.over && outcome != Outcome::Done && self.place().done < self.window().days {
            return Some(
                "resume the run: it sends exactly what is left (loader run --resume with the same --state)"
                    .to_owned(),
            );
        }
        (account.accepted != 0).then(|| {
            format!(
                "Matomo has not archived these days yet; run: ./console core:archive --force-idsites={site_id} \
                 --force-date-range={},{}",
                self.terms.first, self.terms.last
            )
        })
    }
}

impl Session {
    /// Takes up the attempts before this one, and begins the journal.
    pub(super) fn take_up_past(
        &mut self,
        attempt: &Attempt,
        earlier: Option<Checkpoint>,
        timeline: &mut Timeline,
    ) -> Result<(), RunError> {
        let Some(backfill) = &mut self.backfill else {
            return Ok(());
        };
        let mut open = BTreeMap::new();
        if let (Some(checkpoint), Some(state)) = (earlier, &attempt.state) {
            let mark = checkpoint.backfill.map(|saved| saved.mark);
            let mark = mark.unwrap_or_default();
            let records = journal::replay(state.path(), &mark)
                .map_err(|source| StateError::of(state.path(), source))?;
            let doubt = attempt.plan.delivery.doubt;
            let source = take_up::Source {
                simulation: &self.simulation,
                shard: attempt.shard,
                days: &self.days,
            };
            let earlier = (checkpoint.saved, mark);
            let taken = take_up::take_up(&source, &self.ledger, earlier, &records, doubt);
            self.hits_sent = checkpoint.hits_sent + taken.hits_sent;
            if let Some(lost) = taken.told(doubt) {
                let reporter = &attempt.reporter;
                reporter.incident(Severity::Warning, "run.interrupted", lost);
            }
            open = taken.go_on(timeline);
        }
        backfill.begin_at(timeline.next_at_ms());
        let resumed = attempt.resume.then(|| backfill.first_open_day());
        if let Some(day) = resumed.filter(|day| *day != NaiveDate::MAX) {
            let message = format!("the backfill goes on with {day}, where it stopped");
            let reporter = &attempt.reporter;
            reporter.incident(Severity::Info, "run.resumed", message);
        }
        backfill.begin_journal(attempt, open)?;
        if let Some(journal) = &backfill.journal {
            self.ledger.note_in(Arc::clone(journal));
        }
        Ok(())
    }
}

/// Visits of one loader's share on each day.
fn visits_by_day(simulation: &Simulation, shard: Shard) -> Option<BTreeMap<NaiveDate, u64>> {
    let days = simulation.backfill_days();
    if shard.of == 1 {
        return Some(days.iter().map(|day| (day.day, day.visits)).collect());
    }
    let all: u64 = days.iter().map(|day| day.visits).sum();
    if MAX_COUNTED < all {
        return None;
    }
    let mut counts: BTreeMap<NaiveDate, u64> = days.iter().map(|day| (day.day, 0)).collect();
    let mut mine = simulation
        .arrivals(Pace::Backfill)
        .filter(|arrival| is_mine(simulation, shard, arrival))
        .peekable();
    for day in days {
        let end = day.first_ordinal + day.visits;
        while mine.next_if(|arrival| arrival.ordinal < end).is_some() {
            *counts.entry(day.day).or_default() += 1;
        }
    }
    Some(counts)
}
