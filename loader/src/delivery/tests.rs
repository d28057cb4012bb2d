//! Delivery against a target made of answers, on paused time.

mod replaying;

use std::collections::HashMap;
use std::sync::Mutex;

use config::{Doubt, Late, Method};
use run_report::{Account, HitOutcome};

use super::*;
use crate::ledger::Cause;
use crate::testing::{due_hits, ledger, plan};
use crate::timeline::Due;

const REFUSED: Cause = Cause::fixed("connect.refused", "nothing listens there");
const RESET: Cause = Cause::fixed("answer.broken", "reset");

/// Answers each request after a while, and watches the order.
struct Fake {
    answer: Box<dyn Fn(u32) -> Result<Reply, SendError> + Send + Sync>,
    takes: Duration,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    requests: u32,
    in_flight: HashMap<String, u32>,
    most_at_once: u32,
    overlaps: u32,
}

impl Fake {
    fn new(answer: impl Fn(u32) -> Result<Reply, SendError> + Send + Sync + 'static) -> Self {
        Self {
            answer: Box::new(answer),
            takes: Duration::from_millis(100),
            seen: Mutex::default(),
        }
    }
}

fn visitors_of(request: &tracking::Request) -> Vec<String> {
    let body = request
        .body
        .as_ref()
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let text = request.query.clone().or(body).unwrap();
    let mut ids: Vec<String> = text
        .split("cid=")
        .skip(1)
        .map(|rest| rest[..16].into())
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

impl Transport for Arc<Fake> {
    async fn send(&self, request: tracking::Request) -> Result<Reply, SendError> {
        let visitors = visitors_of(&request);
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.requests += 1;
            for visitor in &visitors {
                *seen.in_flight.entry(visitor.clone()).or_default() += 1;
            }
            seen.overlaps += u32::from(visitors.iter().any(|v| 1 < seen.in_flight[v]));
            let open = seen.in_flight.values().filter(|open| 0 < **open).count() as u32;
            seen.most_at_once = seen.most_at_once.max(open);
            seen.requests
        };
        tokio::time::sleep(self.takes).await;
        let mut seen = self.seen.lock().unwrap();
        for visitor in visitors {
            *seen.in_flight.get_mut(&visitor).unwrap() -= 1;
        }
        (self.answer)(number)
    }
}

fn status(status: u16) -> Result<Reply, SendError> {
    Ok(Reply {
        status,
        ..Reply::default()
    })
}

struct Outcome {
    account: Account,
    seen: Seen,
    reasons: Vec<run_report::Reason>,
    took: Duration,
    finished: u64,
}

async fn deliver(fake: Fake, visits: u64, adjust: impl FnOnce(&mut DeliveryPlan)) -> Outcome {
    deliver_due(fake, visits, |_| {}, adjust).await
}

async fn deliver_due(
    fake: Fake,
    visits: u64,
    change: impl FnOnce(&mut Vec<Due>),
    adjust: impl FnOnce(&mut DeliveryPlan),
) -> Outcome {
    let mut plan = plan(serde_json::json!({})).delivery;
    adjust(&mut plan);
    let ledger = ledger();
    let queue = Arc::new(queue_for(&plan));
    let fake = Arc::new(fake);
    let delivery = Arc::new(Delivery::new(
        Arc::clone(&queue),
        Arc::clone(&ledger),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        Arc::clone(&fake),
        plan,
        None,
        Budget::default(),
    ));
    let mut due = due_hits(visits, &ledger);
    change(&mut due);
    let began = tokio::time::Instant::now();
    let mut senders = delivery.start(10);
    assert!(queue.push(due).is_empty());
    queue.close();
    queue.done().await;
    while senders.join_next().await.is_some() {}
    let picture = ledger.picture(0);
    assert!(picture.account.adds_up());
    assert_eq!(picture.account.remaining, 0);
    Outcome {
        account: picture.account,
        seen: std::mem::take(&mut *fake.seen.lock().unwrap()),
        reasons: ledger.whole().2,
        took: began.elapsed(),
        finished: picture.visits.finished,
    }
}

#[tokio::test(start_paused = true)]
async fn visitors_go_side_by_side_but_never_meet_themselves() {
    let outcome = deliver(Fake::new(|_| status(204)), 30, |_| {}).await;
    assert_eq!(outcome.account.accepted, outcome.account.planned);
    assert_eq!(outcome.seen.overlaps, 0);
    assert_eq!(outcome.seen.most_at_once, 10);
    assert_eq!(outcome.finished, 30);
}

#[tokio::test(start_paused = true)]
async fn bulks_are_full_and_share_no_visitor() {
    let whole = |_| {
        Ok(Reply {
            status: 204,
            ..Reply::default()
        })
    };
    let outcome = deliver(Fake::new(whole), 100, |plan| {
        plan.method = Method::Bulk;
        plan.bulk_size = 50;
    })
    .await;
    assert_eq!(outcome.account.accepted, outcome.account.planned);
    assert_eq!(outcome.seen.overlaps, 0);
    let least = outcome.account.planned.div_ceil(50);
    assert!(
        u64::from(outcome.seen.requests) <= least + 3,
        "{}",
        outcome.seen.requests
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_tried_again_as_often_as_the_plan_says() {
    let refused = || Err(SendError::NotSent(REFUSED));
    let brought_home = deliver(
        Fake::new(move |number| if number == 1 { refused() } else { status(204) }),
        1,
        |plan| plan.retries = 1,
    )
    .await;
    assert_eq!(brought_home.account.accepted, brought_home.account.planned);

    let given_up = deliver(Fake::new(|_| status(429)), 1, |plan| plan.retries = 2).await;
    assert_eq!(given_up.account.failed, given_up.account.planned);
    assert_eq!(
        u64::from(given_up.seen.requests),
        3 * given_up.account.planned
    );
    assert_eq!(given_up.reasons[0].code, "http.429");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_gets_it() {
    let answer = |number| {
        if number == 1 {
            Ok(Reply {
                status: 429,
                retry_after: Some("20".into()),
                ..Reply::default()
            })
        } else {
            status(204)
        }
    };
    let outcome = deliver(Fake::new(answer), 1, |_| {}).await;
    assert!(
        Duration::from_secs(20) <= outcome.took,
        "{:?}",
        outcome.took
    );
}

#[tokio::test(start_paused = true)]
async fn doubt_is_settled_as_unknown_or_resent_as_the_plan_says() {
    let reset = || Err(SendError::Doubt(RESET));
    let skipped = deliver(Fake::new(move |_| reset()), 3, |_| {}).await;
    assert_eq!(skipped.account.unknown, skipped.account.planned);
    assert_eq!(u64::from(skipped.seen.requests), skipped.account.planned);

    let resend = |plan: &mut DeliveryPlan| plan.doubt = Doubt::Resend;
    let again = move |number| if number == 1 { reset() } else { status(204) };
    let resent = deliver(Fake::new(again), 1, resend).await;
    assert_eq!(resent.account.accepted, resent.account.planned);
    let double = &resent.reasons[0];
    assert_eq!((double.code.as_str(), double.hits), ("double.possible", 1));

    let never = deliver(Fake::new(move |_| reset()), 1, resend).await;
    assert_eq!(never.account.unknown, never.account.planned);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_comes_back_gets_every_hit() {
    let began = tokio::time::Instant::now();
    let answer = move |_| {
        if began.elapsed() < Duration::from_secs(100) {
            Err(SendError::NotSent(REFUSED))
        } else {
            status(204)
        }
    };
    let outcome = deliver(Fake::new(answer), 20, |plan| plan.retries = 4).await;
    assert_eq!(outcome.account.accepted, outcome.account.planned);
    assert!(
        outcome.seen.requests < 60 + outcome.account.planned as u32,
        "probed too often"
    );
}

#[tokio::test(start_paused = true)]
async fn late_hits_are_skipped_only_if_the_plan_says_so() {
    let late = |due: &mut Vec<Due>| due.iter_mut().for_each(|hit| hit.send_at_ms -= 61_000);
    let fake = || Fake::new(|_| status(204));
    let caught_up = deliver_due(fake(), 3, late, |_| {}).await;
    assert_eq!(caught_up.account.accepted, caught_up.account.planned);

    let after = Duration::from_secs(60);
    let skipped = deliver_due(fake(), 3, late, |plan| plan.late = Late::Skip { after }).await;
    assert_eq!(skipped.account.skipped, skipped.account.planned);
    assert_eq!(skipped.reasons[0].code, "late.skipped");
    assert_eq!(skipped.seen.requests, 0);
}

#[tokio::test(start_paused = true)]
async fn a_day_late_without_a_token_is_not_sent_to_be_refused() {
    let late = |due: &mut Vec<Due>| due.iter_mut().for_each(|hit| hit.send_at_ms -= 90_000_000);
    let outcome = deliver_due(Fake::new(|_| status(204)), 1, late, |_| {}).await;
    assert_eq!(outcome.account.skipped, outcome.account.planned);
    assert_eq!(outcome.reasons[0].code, "late.needs_token");
}

#[tokio::test(start_paused = true)]
async fn a_bulk_too_large_is_halved_until_it_fits() {
    struct Narrow;
    impl Transport for Narrow {
        async fn send(&self, request: tracking::Request) -> Result<Reply, SendError> {
            let body = String::from_utf8(request.body.unwrap().1).unwrap();
            status(if 3 < body.matches("cid=").count() {
                413
            } else {
                204
            })
        }
    }
    let mut plan = plan(serde_json::json!({})).delivery;
    plan.method = Method::Bulk;
    let ledger = ledger();
    let delivery = Delivery::new(
        Arc::new(queue_for(&plan)),
        Arc::clone(&ledger),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        Narrow,
        plan,
        None,
        Budget::default(),
    );
    let due = due_hits(4, &ledger);
    delivery.deliver(&due).await;
    let account = ledger.picture(0).account;
    assert_eq!((account.accepted, account.remaining), (due.len() as u64, 0));
}

#[tokio::test(start_paused = true)]
async fn matomos_indices_say_which_hits_of_a_bulk_were_rejected() {
    struct Picky;
    impl Transport for Picky {
        async fn send(&self, request: tracking::Request) -> Result<Reply, SendError> {
            let body = String::from_utf8(request.body.unwrap().1).unwrap();
            let tracked = body.matches("cid=").count() - 1;
            let body = format!(
                "{{\"status\":\"success\",\"tracked\":{tracked},\"invalid\":1,\"invalid_indices\":[0]}}"
            );
            Ok(Reply {
                status: 200,
                content_type: Some("application/json".into()),
                body: body.into_bytes(),
                ..Reply::default()
            })
        }
    }
    let mut plan = plan(serde_json::json!({})).delivery;
    plan.method = Method::Bulk;
    let ledger = ledger();
    let delivery = Delivery::new(
        Arc::new(queue_for(&plan)),
        Arc::clone(&ledger),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        Picky,
        plan,
        None,
        Budget::default(),
    );
    let due = due_hits(3, &ledger);
    delivery.deliver(&due).await;
    let (_, _, reasons) = ledger.whole();
    let first = due[0].hit.page().url.to_string();
    assert_eq!(reasons.len(), 1);
    assert_eq!(
        (reasons[0].outcome, reasons[0].hits),
        (HitOutcome::Rejected, 1)
    );
    assert_eq!(reasons[0].example, Some(first));
}

/// Hits that fail for want of a connection, and after a second the word that no more are to come.
async fn given_up(visits: u64) -> (Account, bool, Duration) {
    let ledger = ledger();
    let mut plan = plan(serde_json::json!({})).delivery;
    plan.retries = 100;
    let delivery = Arc::new(Delivery::new(
        Arc::new(queue_for(&plan)),
        Arc::clone(&ledger),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        Arc::new(Fake::new(|_| Err(SendError::NotSent(REFUSED)))),
        plan,
        None,
        Budget::default(),
    ));
    let mut senders = delivery.start(10);
    assert!(delivery.queue.push(due_hits(visits, &ledger)).is_empty());
    delivery.queue.close();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let down = delivery.down_for().is_some();
    let began = tokio::time::Instant::now();
    delivery.give_up.cancel();
    while senders.join_next().await.is_some() {}
    (ledger.picture(0).account, down, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waits_neither_for_another_attempt_nor_for_a_target_that_is_down() {
    let attempt = Duration::from_millis(100);
    for (visits, is_down) in [(1, false), (30, true)] {
        let (account, down, took) = given_up(visits).await;
        assert_eq!((down, account.remaining), (is_down, 0), "{account:?}");
        assert_eq!(account.failed + account.skipped, account.planned);
        // Each hit that is still to be sent has one attempt; what is in flight is waited for.
        let most = attempt * u32::try_from(account.planned).unwrap();
        assert!(took <= if is_down { attempt } else { most }, "{took:?}");
    }
}
