//! The ledger: nothing is lost, nothing counted twice, whatever the order.

use run_report::HitOutcome;

use super::*;
use crate::testing::{due_hits, ledger};

static REFUSED: Cause = Cause::fixed("http.400", "refused");

fn settled(outcome: HitOutcome) -> Settled<'static> {
    Settled {
        outcome,
        cause: (outcome != HitOutcome::Accepted).then_some(&REFUSED),
        unverified: false,
        latency_us: Some(1_000),
    }
}

#[test]
fn every_figure_tells_of_the_same_hits() {
    let ledger = ledger();
    let due = due_hits(20, &ledger);
    let outcomes = [
        HitOutcome::Accepted,
        HitOutcome::Rejected,
        HitOutcome::Failed,
        HitOutcome::Unknown,
        HitOutcome::Skipped,
    ];
    for (hit, outcome) in due.iter().zip(outcomes.into_iter().cycle()) {
        ledger.settle(0, [(hit, settled(outcome))]);
        assert!(ledger.picture(0).account.adds_up());
    }
    let picture = ledger.picture(0);
    assert_eq!(picture.account.remaining, 0);
    assert_eq!((picture.visits.started, picture.visits.open), (20, 0));
    assert_eq!(
        picture.by_kind.values().sum::<u64>(),
        picture.account.accepted
    );
    let reasons: u64 = ledger.whole().2.iter().map(|reason| reason.hits).sum();
    assert_eq!(reasons, picture.account.planned - picture.account.accepted);
    assert_eq!(
        picture.guard.settled,
        picture.account.planned - picture.account.skipped
    );
    assert_eq!(picture.guard.errors, picture.account.errors());
    let days = ledger.take_days(NaiveDate::MAX);
    let sum = days
        .iter()
        .fold(Account::default(), |sum, day| sum.plus(&day.account));
    assert_eq!(sum, picture.account);
    assert!(ledger.take_days(NaiveDate::MAX).is_empty());
}

#[test]
fn a_day_is_not_closed_while_a_hit_of_it_remains() {
    let ledger = ledger();
    let due = due_hits(1, &ledger);
    let (last, rest) = due.split_last().unwrap();
    ledger.settle(
        0,
        rest.iter().map(|hit| (hit, settled(HitOutcome::Accepted))),
    );
    assert!(ledger.take_days(NaiveDate::MAX).is_empty());
    ledger.settle(0, [(last, settled(HitOutcome::Accepted))]);
    assert_eq!(ledger.take_days(NaiveDate::MAX).len(), 1);
}

#[test]
fn a_saved_account_is_taken_up_whole_and_what_was_open_is_unknown() {
    let first = ledger();
    let due = due_hits(5, &first);
    first.settle(
        0,
        due[..7]
            .iter()
            .map(|hit| (hit, settled(HitOutcome::Accepted))),
    );
    let saved = first.save();
    let text = serde_json::to_string(&saved).unwrap();

    let second = ledger();
    second.restore(serde_json::from_str(&text).unwrap());
    assert_eq!(second.save(), saved);
    let open = saved.account.remaining;
    assert_eq!(second.settle_remaining_as_unknown(), open);
    let account = second.picture(0).account;
    assert_eq!(
        (account.accepted, account.unknown, account.remaining),
        (7, open, 0)
    );
    let days = second.take_days(NaiveDate::MAX);
    assert!(days.iter().all(|day| day.account.adds_up()));
    assert_eq!(
        days.iter().map(|day| day.account.unknown).sum::<u64>(),
        open
    );
}

#[test]
fn a_visit_that_a_stop_cut_off_is_not_a_finished_one() {
    let ledger = ledger();
    let due = due_hits(2, &ledger);
    let cut_off = due[0].visit.ordinal;
    for hit in &due {
        let cause = if hit.visit.ordinal == cut_off {
            &CUT
        } else {
            &REFUSED
        };
        let settled = Settled {
            cause: Some(cause),
            ..settled(HitOutcome::Skipped)
        };
        ledger.settle(0, [(hit, settled)]);
    }
    let visits = ledger.picture(0).visits;
    assert_eq!((visits.started, visits.open), (2, 0));
    assert_eq!((visits.finished, visits.cut), (1, 1));
    let reasons = ledger.picture(0).reasons;
    assert!(
        reasons.iter().all(|reason| reason.code == "http.400"),
        "{reasons:?}"
    );
    let saved = ledger.save();
    let next = crate::testing::ledger();
    next.restore(saved);
    assert_eq!(next.picture(0).visits, visits);
}
