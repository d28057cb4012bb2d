use std::collections::HashSet;

use config::{BackfillPlan, RunPlan, Window};
use run_report::Account;

use super::*;
use crate::journal::{Journal, replay};
use crate::ledger::IN_FLIGHT;
use crate::testing::{WHOLE, ledger, plan, simulation};

/// 2026-06-01 12:00 UTC.
const ORIGIN_MS: i64 = 1_780_315_200_000;

fn two_days() -> RunPlan {
    let mut plan = plan(serde_json::json!({}));
    plan.backfill = Some(BackfillPlan {
        window: Window::Back {
            days_back: 3,
            days: 2,
        },
        visits_per_day: 20,
        visits_per_day_max: None,
        max_visits_total: None,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    plan
}

/// One attempt after the other in one state directory.
struct Attempts {
    directory: tempfile::TempDir,
    simulation: Simulation,
    days: Days,
    saved: Saved,
    mark: Mark,
}

/// An attempt under way.
struct Attempt {
    ledger: Arc<Ledger>,
    journal: Arc<Journal>,
    timeline: Timeline,
    doubt: u64,
}

struct Planned<'a>(&'a Ledger);

impl crate::timeline::Made for Planned<'_> {
    fn made(&mut self, visit: &Visit, day_of: &dyn Fn(&TimedHit) -> chrono::NaiveDate) {
        self.0.plan(0, visit, day_of);
    }
}

impl Attempts {
    fn new() -> Self {
        let plan = two_days();
        Self {
            directory: tempfile::tempdir().unwrap(),
            simulation: simulation(&plan, ORIGIN_MS),
            days: Days::new(plan.load.time_zone, 0),
            saved: Saved::default(),
            mark: Mark::default(),
        }
    }

    /// Begins, or goes on behind the last checkpoint and the journal since.
    fn begin(&self, doubt: Doubt) -> Attempt {
        let source = Source {
            simulation: &self.simulation,
            shard: WHOLE,
            days: &self.days,
        };
        let mut timeline =
            Timeline::new(&self.simulation, Pace::Backfill, WHOLE, self.days.clone());
        let ledger = ledger();
        let records = replay(self.directory.path(), &self.mark).unwrap();
        let earlier = (self.saved.clone(), self.mark.clone());
        let taken = take_up(&source, &ledger, earlier, &records, doubt);
        let in_doubt = taken.doubt;
        let open = taken.go_on(&mut timeline);
        let journal = Arc::new(Journal::begin(self.directory.path(), open).unwrap());
        ledger.note_in(Arc::clone(&journal));
        Attempt {
            ledger,
            journal,
            timeline,
            doubt: in_doubt,
        }
    }

    fn checkpoint(&mut self, attempt: &Attempt) {
        let (saved, mark) = attempt.ledger.save_with_mark();
        self.saved = saved;
        self.mark = mark.unwrap();
        attempt.journal.forget(&self.mark);
    }
}

impl Attempt {
    fn take(&mut self, hits: usize) -> Vec<Due> {
        let mut due = Vec::new();
        let made = &mut Planned(&self.ledger);
        self.timeline.take_due(i64::MAX - 1, hits, &mut due, made);
        due
    }

    fn intend(&self, hits: &[Due]) {
        let hits: Vec<&Due> = hits.iter().collect();
        self.journal.intend(&hits).unwrap();
    }

    fn settle(&self, hits: &[Due], outcome: HitOutcome, cause: Option<&Cause>) {
        let settled = |due| {
            let settled = Settled {
                outcome,
                cause,
                unverified: false,
                latency_us: None,
            };
            (due, settled)
        };
        self.ledger.settle(0, hits.iter().map(settled));
    }

    fn account(&self) -> Account {
        self.ledger.picture(0).account
    }
}

fn names(hits: &[Due]) -> HashSet<(u64, u16)> {
    hits.iter()
        .map(|due| (due.visit.ordinal, due.nth))
        .collect()
}

#[test]
fn what_is_settled_stays_so_and_what_is_left_is_sent_once() {
    let mut attempts = Attempts::new();
    let mut first = attempts.begin(Doubt::Skip);
    let hits = first.take(60);
    first.intend(&hits[..20]);
    first.settle(&hits[..20], HitOutcome::Accepted, None);
    attempts.checkpoint(&first);
    // After the checkpoint: settled, withdrawn, in doubt; the rest was made and not sent.
    first.intend(&hits[20..50]);
    first.settle(&hits[20..28], HitOutcome::Accepted, None);
    first.settle(&hits[28..30], HitOutcome::Unknown, Some(&IN_FLIGHT));
    let withdrawn: Vec<&Due> = hits[30..35].iter().collect();
    first.journal.withdraw(&withdrawn).unwrap();
    drop(first);

    let mut second = attempts.begin(Doubt::Skip);
    assert_eq!(second.doubt, 15);
    let account = second.account();
    assert_eq!((account.accepted, account.unknown), (28, 2 + 15));
    let rest = second.take(usize::MAX);
    let sent_before: Vec<Due> = [&hits[..30], &hits[35..50]].concat();
    assert!(names(&rest).is_disjoint(&names(&sent_before)));
    second.intend(&rest);
    second.settle(&rest, HitOutcome::Accepted, None);
    let account = second.account();
    assert_eq!((account.remaining, account.unknown), (0, 17));
    let all = names(&rest).len() + names(&sent_before).len();
    assert_eq!(account.planned, all as u64);
    assert_eq!(second.ledger.picture(0).visits.finished, 40);
    attempts.checkpoint(&second);
    assert!(attempts.mark.open.is_empty());
}

#[test]
fn a_checkpoint_that_was_never_followed_by_another_is_taken_up_twice_alike() {
    let mut attempts = Attempts::new();
    let mut first = attempts.begin(Doubt::Skip);
    attempts.checkpoint(&first);
    let hits = first.take(40);
    first.intend(&hits);
    first.settle(&hits[..25], HitOutcome::Accepted, None);
    drop(first);
    // It dies before its first checkpoint.
    let second = attempts.begin(Doubt::Skip).account();
    assert_eq!(attempts.begin(Doubt::Skip).account(), second);
    assert_eq!((second.accepted, second.unknown), (25, 15));
}

#[test]
fn hits_in_doubt_are_sent_again_when_asked_and_told_as_such() {
    let mut attempts = Attempts::new();
    let mut first = attempts.begin(Doubt::Resend);
    attempts.checkpoint(&first);
    let hits = first.take(10);
    first.intend(&hits);
    drop(first);

    let mut second = attempts.begin(Doubt::Resend);
    assert_eq!((second.doubt, second.account().unknown), (10, 0));
    // As every attempt does before it sends.
    attempts.checkpoint(&second);
    let again = second.take(10);
    assert_eq!(names(&again), names(&hits));
    second.intend(&again);
    second.settle(&again[..4], HitOutcome::Accepted, None);
    // Given up: that the first sending was not recorded is not known.
    second.settle(&again[4..6], HitOutcome::Failed, None);
    drop(second);

    let third = attempts.begin(Doubt::Resend);
    let account = third.account();
    assert_eq!(
        (account.accepted, account.unknown, account.failed),
        (4, 2, 0)
    );
    assert_eq!(third.doubt, 4);
    let doubles = third.ledger.whole().2.into_iter();
    let doubles: u64 = doubles
        .filter(|row| row.code == DOUBLE.code)
        .map(|row| row.hits)
        .sum();
    assert_eq!(doubles, 4);
}
