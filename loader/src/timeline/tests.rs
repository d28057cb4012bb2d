use std::collections::HashSet;

use super::*;
use crate::testing::{PlannedIn, WHOLE, ledger, plan, simulation, trial};

const ORIGIN_MS: i64 = 1_790_000_000_000;

fn timeline(visits: u64, shard: Shard) -> Timeline {
    let plan = plan(serde_json::json!({}));
    let days = Days::new(plan.load.time_zone, 0);
    Timeline::new(&simulation(&plan, ORIGIN_MS), trial(visits), shard, days)
}

/// All hits, taken step by step as they become due.
fn all(mut timeline: Timeline) -> Vec<Due> {
    let ledger = ledger();
    let mut hits = Vec::new();
    while let Some(at_ms) = timeline.next_at_ms() {
        let before = hits.len();
        timeline.take_due(at_ms - 1, usize::MAX, &mut hits, &mut PlannedIn(&ledger));
        assert_eq!(hits.len(), before, "handed out before its moment");
        timeline.take_due(at_ms, usize::MAX, &mut hits, &mut PlannedIn(&ledger));
        assert!(before < hits.len() || timeline.next_at_ms() != Some(at_ms));
    }
    assert_eq!(ledger.picture(0).account.planned, hits.len() as u64);
    hits
}

#[test]
fn hits_come_in_the_order_of_their_moments_and_never_early() {
    let hits = all(timeline(50, WHOLE));
    assert!(
        hits.windows(2)
            .all(|pair| pair[0].send_at_ms <= pair[1].send_at_ms)
    );
    let visits: HashSet<u64> = hits.iter().map(|due| due.visit.ordinal).collect();
    assert_eq!(visits.len(), 50);
    assert!(hits.len() > 100);
}

#[test]
fn shards_make_each_visit_once() {
    let ordinals = |index| -> HashSet<u64> {
        let hits = all(timeline(60, Shard { index, of: 3 }));
        hits.iter().map(|due| due.visit.ordinal).collect()
    };
    let (one, two, three) = (ordinals(1), ordinals(2), ordinals(3));
    assert!(!one.is_empty() && !two.is_empty() && !three.is_empty());
    assert_eq!(one.len() + two.len() + three.len(), 60);
    assert!(one.is_disjoint(&two) && one.is_disjoint(&three) && two.is_disjoint(&three));
}

#[test]
fn an_end_keeps_only_visits_that_can_still_be_finished() {
    let mut timeline = timeline(200, WHOLE);
    let ledger = ledger();
    let mut hits = Vec::new();
    let now_ms = ORIGIN_MS + 20_000;
    timeline.take_due(now_ms, usize::MAX, &mut hits, &mut PlannedIn(&ledger));
    let until_ms = now_ms + 60_000;
    let cut = timeline.end(until_ms);
    let cut_visits: HashSet<u64> = cut.iter().map(|due| due.visit.ordinal).collect();
    let mut rest = Vec::new();
    timeline.take_due(until_ms, usize::MAX, &mut rest, &mut PlannedIn(&ledger));
    assert_eq!(timeline.next_at_ms(), None);
    assert!(!cut.is_empty() && !rest.is_empty());
    assert!(
        rest.iter()
            .all(|due| !cut_visits.contains(&due.visit.ordinal))
    );
    let planned = ledger.picture(0).account.planned;
    assert_eq!((hits.len() + cut.len() + rest.len()) as u64, planned);
}

#[test]
fn a_resumed_timeline_makes_no_visit_again() {
    let mut resumed = timeline(50, WHOLE);
    resumed.resume(trial(50), ORIGIN_MS + 3_000, 20);
    let visits: HashSet<u64> = all(resumed).iter().map(|due| due.visit.ordinal).collect();
    assert!(visits.iter().all(|ordinal| 20 <= *ordinal));
    assert!(visits.contains(&49));
}
