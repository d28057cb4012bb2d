//! What a backfill alone asks of delivery.

use super::*;

#[tokio::test(start_paused = true)]
async fn requests_a_second_count_what_is_sent_again_and_are_shared_by_the_loaders() {
    let mut plan = plan(serde_json::json!({}));
    plan.delivery.retries = 20;
    let backfill = BackfillPlan {
        window: config::Window::Back {
            days_back: 1,
            days: 1,
        },
        visits_per_day: 1,
        max_visits_total: None,
        requests_per_second: Some(20.0),
        visits_per_second: None,
        run_once: true,
    };
    let ledger = ledger();
    let fake = Arc::new(Fake::new(|number| {
        status(if number % 2 == 1 { 429 } else { 204 })
    }));
    let delivery = Delivery::new(
        Arc::new(queue_for(&plan.delivery)),
        Arc::clone(&ledger),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        Arc::clone(&fake),
        plan.delivery,
        None,
        Budget::default(),
    );
    let delivery = Arc::new(delivery.replaying(Some(&backfill), Shard { index: 1, of: 2 }));
    let mut senders = delivery.start(10);
    let began = tokio::time::Instant::now();
    assert!(delivery.queue.push(due_hits(10, &ledger)).is_empty());
    delivery.queue.close();
    while senders.join_next().await.is_some() {}
    let account = ledger.picture(0).account;
    assert_eq!(account.accepted, account.planned);
    let requests = fake.seen.lock().unwrap().requests;
    assert!(account.planned < requests.into(), "nothing was sent again");
    assert!(f64::from(requests - 1) / 10.0 <= began.elapsed().as_secs_f64() + 0.1);
}
