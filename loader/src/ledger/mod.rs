//! The account of a run: what became of each hit.
//!
//! One lock owns every figure, so a report is one consistent picture. It sends nothing and decides nothing.
//!
//! Invariant: each hit of a visit made is planned once and settled at most once;
//! planned = accepted + rejected + failed + unknown + skipped + remaining, in the whole, for each day and each kind.

mod days;
mod noted;
mod rates;
mod reasons;
mod saved;
mod times;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::NaiveDate;
use run_report::{Account, HitOutcome, Latency, Reason, TargetName, Visits};
use simulation::{TimedHit, Visit};
use tracking::Kind;

pub use rates::{Means, Rates};
pub use reasons::{CUT, Cause, DOUBLE, IN_FLIGHT, MAX_REASONS, Reasons};
pub use saved::{LOST, Saved};
pub use times::{Rolling, Slice, Times};

use crate::journal::Journal;
use crate::timeline::{Due, VisitEnd};

/// Window of the heartbeat's distributions, in microseconds.
const MINUTE_US: i64 = 60_000_000;

/// The account of one day.
#[derive(Debug, Clone, Default)]
struct Day {
    visits_started: u64,
    visits_finished: u64,
    unverified: u64,
    account: Account,
    kinds: [Account; Kind::ALL.len()],
}

/// How one hit ended.
#[derive(Debug, Clone)]
pub struct Settled<'a> {
    /// In which state.
    pub outcome: HitOutcome,
    /// Why; `None` for plain acceptance.
    pub cause: Option<&'a Cause>,
    /// Accepted, but Matomo only queued it.
    pub unverified: bool,
    /// From the intended moment to the answer, if the hit was sent, in microseconds.
    pub latency_us: Option<i64>,
}

struct Figures {
    account: Account,
    /// All visits below this ordinal were made, or belong to another loader.
    cursor: u64,
    days: BTreeMap<NaiveDate, Day>,
    accepted: [u64; Kind::ALL.len()],
    unverified: u64,
    reasons: Reasons,
    visits_started: u64,
    visits_finished: u64,
    visits_cut: u64,
    requests: u64,
    rates: Rates,
    latency: Times,
    latency_minute: Rolling<Times>,
    lateness: Times,
    lateness_minute: Rolling<Times>,
    guard: Rolling<Guarded>,
}

/// What the guards look at.
#[derive(Clone, Default)]
struct Guarded {
    latency: Times,
    settled: u64,
    errors: u64,
}

impl Slice for Guarded {
    fn reset(&mut self) {
        self.latency.reset();
        (self.settled, self.errors) = (0, 0);
    }

    fn add(&mut self, other: &Self) {
        self.latency.add(&other.latency);
        self.settled += other.settled;
        self.errors += other.errors;
    }
}

/// The last guard window.
#[derive(Debug, Clone, Copy)]
pub struct GuardView {
    /// Hits settled with an answer, or given up.
    pub settled: u64,
    /// Those of them that were not accepted.
    pub errors: u64,
    /// 95th percentile of the latency, in milliseconds, if there is any.
    pub p95_ms: Option<f64>,
}

/// One consistent picture of the figures.
#[derive(Debug, Clone)]
pub struct Picture {
    /// All hits.
    pub account: Account,
    /// Started, finished and open visits; what is planned is not known here.
    pub visits: Visits,
    /// Rates of the last seconds.
    pub means: Means,
    /// Accepted hits by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Accepted hits that were only queued.
    pub unverified: u64,
    /// HTTP requests sent.
    pub requests: u64,
    /// Of the last minute.
    pub latency_minute: Option<Latency>,
    /// Of the last minute.
    pub lateness_minute: Option<Latency>,
    /// Of the last guard window.
    pub guard: GuardView,
    /// Why hits were not accepted, or are worth a word: the most frequent first, those of a stop and rare ones left
    /// out.
    pub reasons: Vec<Reason>,
}

/// See the module's description.
pub struct Ledger {
    figures: Mutex<Figures>,
    target: TargetName,
    /// Told of everything while the figures are locked, so that a checkpoint can be one cut through both.
    journal: OnceLock<Arc<Journal>>,
}

impl Ledger {
    /// An empty account that begins at `now_us`, with guards over `guard_window_us`.
    #[must_use]
    pub fn new(target: TargetName, now_us: i64, guard_window_us: i64) -> Self {
        Self {
            figures: Mutex::new(Figures {
                account: Account::default(),
                cursor: 0,
                days: BTreeMap::new(),
                accepted: [0; Kind::ALL.len()],
                unverified: 0,
                reasons: Reasons::default(),
                visits_started: 0,
                visits_finished: 0,
                visits_cut: 0,
                requests: 0,
                rates: Rates::starting_at(now_us),
                latency: Times::default(),
                latency_minute: Rolling::over(MINUTE_US),
                lateness: Times::default(),
                lateness_minute: Rolling::over(MINUTE_US),
                guard: Rolling::over(guard_window_us),
            }),
            target,
            journal: OnceLock::new(),
        }
    }

    /// From now on the journal is told of visits made and hits settled. Only the first one counts.
    pub fn note_in(&self, journal: Arc<Journal>) {
        let _ = self.journal.set(journal);
    }

    /// Counts a visit that was made, and plans its hits.
    pub fn plan(&self, now_us: i64, visit: &Visit, day_of: &dyn Fn(&TimedHit) -> NaiveDate) {
        let mut figures = self.lock();
        figures.visits_started += 1;
        figures.cursor = visit.ordinal + 1;
        figures.rates.visits(now_us, 1);
        figures.account.plan(visit.hits.len() as u64);
        let mut days: Option<(NaiveDate, &mut Day)> = None;
        let Figures { days: all, .. } = &mut *figures;
        for timed in &visit.hits {
            let date = day_of(timed);
            let first = days.is_none();
            let day = match days.take() {
                Some((known, day)) if known == date => day,
                _ => all.entry(date).or_default(),
            };
            day.visits_started += u64::from(first);
            day.account.plan(1);
            day.kinds[timed.hit.kind() as usize].plan(1);
            days = Some((date, day));
        }
        if visit.hits.is_empty() {
            figures.visits_finished += 1;
        }
        if let Some(journal) = self.journal.get() {
            journal.made(
                visit.ordinal,
                u16::try_from(visit.hits.len()).unwrap_or(u16::MAX),
            );
        }
    }

    /// Counts one HTTP request, and how late those hits are that leave with it for the first time.
    pub fn request(&self, now_us: i64, lateness_us: impl IntoIterator<Item = i64>) {
        let mut figures = self.lock();
        figures.requests += 1;
        for lateness_us in lateness_us {
            figures.lateness.record(lateness_us);
            figures.lateness_minute.record(now_us, lateness_us);
        }
    }

    /// Settles hits, all at the same moment.
    pub fn settle<'a>(&self, now_us: i64, hits: impl IntoIterator<Item = (&'a Due, Settled<'a>)>) {
        let mut figures = self.lock();
        match self.journal.get() {
            Some(journal) => figures.settle_noted(now_us, journal, hits),
            None => {
                for (due, settled) in hits {
                    figures.settle_one(now_us, due, &settled);
                }
            }
        }
        debug_assert!(figures.account.adds_up(), "{:?}", figures.account);
    }

    /// The site that the hits are for.
    #[must_use]
    pub fn site_id(&self) -> u32 {
        self.target.site_id
    }

    /// One consistent picture of everything the heartbeat needs.
    #[must_use]
    pub fn picture(&self, now_us: i64) -> Picture {
        let mut figures = self.lock();
        let figures = &mut *figures;
        debug_assert!(figures.account.adds_up(), "{:?}", figures.account);
        let guard = figures.guard.total(now_us);
        Picture {
            account: figures.account,
            visits: Visits {
                planned: None,
                started: figures.visits_started,
                finished: figures.visits_finished,
                open: figures.visits_started - figures.visits_finished - figures.visits_cut,
                cut: figures.visits_cut,
            },
            means: figures.rates.means(now_us),
            by_kind: by_kind(&figures.accepted),
            unverified: figures.unverified,
            requests: figures.requests,
            latency_minute: figures.latency_minute.total(now_us).summary(),
            lateness_minute: figures.lateness_minute.total(now_us).summary(),
            guard: GuardView {
                settled: guard.settled,
                errors: guard.errors,
                p95_ms: guard.latency.summary().map(|times| times.p95),
            },
            reasons: figures.reasons.notable(),
        }
    }

    /// Latency and lateness of the whole attempt, and the reasons.
    #[must_use]
    pub fn whole(&self) -> (Option<Latency>, Option<Latency>, Vec<Reason>) {
        let figures = self.lock();
        (
            figures.latency.summary(),
            figures.lateness.summary(),
            figures.reasons.rows(),
        )
    }

    /// The latencies of the whole attempt as text.
    #[must_use]
    pub fn latency_histogram(&self) -> Option<String> {
        self.lock().latency.packed()
    }

    fn lock(&self) -> MutexGuard<'_, Figures> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Figures {
    fn settle_one(&mut self, now_us: i64, due: &Due, settled: &Settled<'_>) {
        let counts = settled.outcome != HitOutcome::Skipped;
        let error = counts && settled.outcome != HitOutcome::Accepted;
        self.rates.hits(now_us, 1, u64::from(error));
        let guard = self.guard.slice(now_us);
        guard.settled += u64::from(counts);
        guard.errors += u64::from(error);
        if let Some(latency_us) = settled.latency_us {
            guard.latency.record(latency_us);
            self.latency.record(latency_us);
            self.latency_minute.record(now_us, latency_us);
        }
        self.book(due, settled);
    }

    /// The account's side of a settlement.
    fn book(&mut self, due: &Due, settled: &Settled<'_>) {
        let kind = due.hit.kind() as usize;
        let outcome = settled.outcome;
        self.account.settle(outcome, 1);
        let day = self.days.entry(due.day).or_default();
        day.account.settle(outcome, 1);
        day.kinds[kind].settle(outcome, 1);
        if outcome == HitOutcome::Accepted {
            day.unverified += u64::from(settled.unverified);
            self.accepted[kind] += 1;
            self.unverified += u64::from(settled.unverified);
        }
        if let Some(cause) = settled.cause {
            self.reasons
                .add(outcome, cause, 1, || Some(due.hit.page().url.to_string()));
        }
        // What was sent was tried.
        let unsent = outcome == HitOutcome::Skipped;
        let cut = unsent && settled.cause.is_some_and(Cause::is_of_a_stop);
        match due.visit.settle_one(cut) {
            Some(VisitEnd::Finished) => {
                self.visits_finished += 1;
                // A live run may have taken out the day of a visit that went over midnight.
                if let Some(day) = self.days.get_mut(&due.visit.day) {
                    day.visits_finished += 1;
                }
            }
            Some(VisitEnd::Cut) => self.visits_cut += 1,
            None => {}
        }
    }
}

fn by_kind(accepted: &[u64; Kind::ALL.len()]) -> BTreeMap<String, u64> {
    Kind::ALL
        .iter()
        .filter(|kind| accepted[**kind as usize] != 0)
        .map(|kind| (kind.as_str().to_owned(), accepted[*kind as usize]))
        .collect()
}

#[cfg(test)]
mod tests;
