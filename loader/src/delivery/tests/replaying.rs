//! What a backfill alone asks of delivery.

use config::{BackfillPlan, RunPlan, Window};
use tokio::sync::Semaphore;

use super::*;

/// A backfill in bulk, at most so many requests a second.
fn backfill(requests_per_second: Option<f64>) -> RunPlan {
    let mut plan = plan(serde_json::json!({}));
    plan.backfill = Some(BackfillPlan {
        window: Window::Back {
            days_back: 1,
            days: 1,
        },
        visits_per_day: 1,
        visits_per_day_max: None,
        max_visits_total: None,
        requests_per_second,
        visits_per_second: None,
        run_once: true,
    });
    plan.delivery.method = Method::Bulk;
    plan
}

fn delivery<T: Transport>(plan: &RunPlan, transport: T, shard: Shard) -> Arc<Delivery<T>> {
    let delivery = Delivery::new(
        Arc::new(queue_for(&plan.delivery)),
        ledger(),
        Arc::new(Clock::starting_at(crate::clock::wall_ms())),
        transport,
        plan.delivery.clone(),
        None,
        Budget::default(),
    );
    Arc::new(delivery.replaying(plan, shard))
}

#[tokio::test(start_paused = true)]
async fn requests_a_second_count_what_is_sent_again_and_are_shared_by_the_loaders() {
    let mut plan = backfill(Some(20.0));
    plan.delivery.method = Method::Beacon;
    plan.delivery.retries = 20;
    let fake = Arc::new(Fake::new(|number| {
        status(if number % 2 == 1 { 429 } else { 204 })
    }));
    let delivery = delivery(&plan, Arc::clone(&fake), Shard { index: 1, of: 2 });
    let mut senders = delivery.start(10);
    let began = tokio::time::Instant::now();
    assert!(
        delivery
            .queue
            .push(due_hits(10, &delivery.ledger))
            .is_empty()
    );
    delivery.queue.close();
    while senders.join_next().await.is_some() {}
    let account = delivery.ledger.picture(0).account;
    assert_eq!(account.accepted, account.planned);
    let requests = fake.seen.lock().unwrap().requests;
    assert!(account.planned < requests.into(), "nothing was sent again");
    assert!(f64::from(requests - 1) / 10.0 <= began.elapsed().as_secs_f64() + 0.1);
}

/// Four workers that take 10 ms for a request and 2 ms for a hit; says how many hits each bulk held, and how many
/// bulks waited at most.
struct Workers {
    free: Semaphore,
    hits: Mutex<Vec<usize>>,
}

impl Transport for Arc<Workers> {
    async fn send(&self, request: tracking::Request) -> Result<Reply, SendError> {
        let body = String::from_utf8(request.body.unwrap().1).unwrap();
        let hits = body.matches("cid=").count();
        let _worker = self.free.acquire().await.unwrap();
        tokio::time::sleep(Duration::from_millis(10 + 2 * hits as u64)).await;
        self.hits.lock().unwrap().push(hits);
        status(204)
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_of_four_workers_gets_what_it_can_take_and_hardly_more() {
    let mut plan = backfill(None);
    (
        plan.delivery.adapts_in_flight,
        plan.delivery.adapts_bulk_size,
    ) = (true, true);
    let workers = Arc::new(Workers {
        free: Semaphore::new(4),
        hits: Mutex::default(),
    });
    let delivery = delivery(&plan, Arc::clone(&workers), Shard { index: 1, of: 1 });
    let mut due = due_hits(6_000, &delivery.ledger);
    let mut senders = delivery.start(plan.load.concurrency);
    let mut most_in_flight = 0;
    let half = due.len() / 2;
    let mut half_time = None;
    while !due.is_empty() {
        let more = due.drain(..due.len().min(1_000));
        assert!(delivery.queue.push(more).is_empty());
        while 8_000 < delivery.queue.waiting() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            most_in_flight = most_in_flight.max(delivery.in_flight());
        }
        if half_time.is_none() && due.len() < half {
            let sent: usize = workers.hits.lock().unwrap().iter().sum();
            half_time = Some((tokio::time::Instant::now(), sent));
        }
    }
    let (since, before) = half_time.unwrap();
    let sent: usize = workers.hits.lock().unwrap().iter().sum();
    let rate = (sent - before) as f64 / since.elapsed().as_secs_f64();
    delivery.queue.close();
    while senders.join_next().await.is_some() {}
    let account = delivery.ledger.picture(0).account;
    assert_eq!(account.accepted, account.planned);
    let allowed = 4.0 * 200.0 / 0.410;
    assert!(
        0.95 * allowed <= rate,
        "{rate:.0} of {allowed:.0} hits a second"
    );
    assert!(most_in_flight <= 8, "{most_in_flight} in flight");
    assert_eq!(workers.hits.lock().unwrap().iter().max(), Some(&200));
}

#[tokio::test(start_paused = true)]
async fn hits_that_are_tried_again_find_a_place_while_all_others_wait_for_the_next_day() {
    let mut plan = backfill(None);
    (
        plan.delivery.adapts_in_flight,
        plan.delivery.adapts_bulk_size,
    ) = (true, true);
    let fake = Arc::new(Fake::new(|number| {
        status(if number == 1 { 429 } else { 204 })
    }));
    let delivery = delivery(&plan, Arc::clone(&fake), Shard { index: 1, of: 1 });
    let mut senders = delivery.start(plan.load.concurrency);
    let due = due_hits(3, &delivery.ledger);
    assert!(delivery.queue.push(due).is_empty());
    // The feeder brings the next day once these are settled; until then the queue stays open.
    let settled = async {
        while delivery.ledger.picture(0).account.remaining != 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), settled).await;
    assert!(waited.is_ok(), "{:?}", delivery.ledger.picture(0).account);
    delivery.queue.close();
    while senders.join_next().await.is_some() {}
}
