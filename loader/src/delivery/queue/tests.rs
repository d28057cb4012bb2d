use std::sync::Arc;

use super::*;
use crate::testing::{due_hits, ledger};

const WAIT: Duration = Duration::from_millis(500);

#[tokio::test(start_paused = true)]
async fn a_visitor_whose_hit_is_out_is_passed_by() {
    let queue = Queue::new(1, Duration::ZERO);
    let due = due_hits(2, &ledger());
    let (hits, slow) = (due.len(), due[0].visit.visitor);
    assert!(queue.push(due).is_empty());
    let out = queue.take().await.unwrap();
    assert_eq!(out.hits[0].visit.visitor, slow);
    let others = hits - queue.lock().visitors[&slow].hits.len() - 1;
    for _ in 0..others {
        let batch = queue.take().await.unwrap();
        assert_ne!(batch.hits[0].visit.visitor, slow);
        queue.give_back(batch);
    }
    let blocked = tokio::time::timeout(Duration::from_secs(60), queue.take()).await;
    assert!(
        blocked.is_err(),
        "the visitor's next hit left before the answer"
    );
    queue.give_back(out);
    assert_eq!(queue.take().await.unwrap().hits[0].visit.visitor, slow);
}

#[tokio::test(start_paused = true)]
async fn a_batch_leaves_when_it_is_full_or_has_waited() {
    let queue = Queue::new(5, WAIT);
    let due = due_hits(3, &ledger());
    let mut visitors: Vec<Due> = Vec::new();
    for hit in due {
        if visitors
            .iter()
            .all(|seen| seen.visit.visitor != hit.visit.visitor)
        {
            visitors.push(hit);
        }
    }
    let began = Instant::now();
    assert!(queue.push(visitors.drain(..)).is_empty());
    let batch = queue.take().await.unwrap();
    assert_eq!((batch.hits.len(), began.elapsed()), (3, WAIT));
    queue.give_back(batch);

    let began = Instant::now();
    assert!(queue.push(due_hits(5, &ledger())).is_empty());
    let batch = queue.take().await.unwrap();
    assert_eq!((batch.hits.len(), began.elapsed()), (5, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_full_batch_leaves_when_the_queue_is_closed() {
    let queue = Queue::new(500, WAIT);
    let began = Instant::now();
    assert!(queue.push(due_hits(1, &ledger())).is_empty());
    queue.close();
    assert!(queue.take().await.is_some());
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_waits_leaves_at_once_when_nothing_comes_for_a_while() {
    let queue = Queue::new(500, WAIT);
    let began = Instant::now();
    assert!(queue.push(due_hits(1, &ledger())).is_empty());
    queue.drain();
    let batch = queue.take().await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    queue.give_back(batch);
    // What is pushed afterwards waits for company again.
    assert!(queue.push(due_hits(1, &ledger())).is_empty());
    assert!(queue.take().await.is_some());
    assert_eq!(began.elapsed(), WAIT);
}

#[tokio::test(start_paused = true)]
async fn a_batch_holds_one_day() {
    let queue = Queue::new(100, Duration::ZERO);
    let mut due = due_hits(1, &ledger());
    let first_day = due.len() / 2;
    for hit in &mut due[first_day..] {
        hit.day = hit.day.succ_opt().unwrap();
    }
    let all = due.len();
    assert!(queue.push(due).is_empty());
    let batch = queue.take().await.unwrap();
    assert_eq!(batch.hits.len(), first_day);
    queue.give_back(batch);
    assert_eq!(queue.take().await.unwrap().hits.len(), all - first_day);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_gives_back_what_it_cannot_take() {
    let queue = Queue::new(1, Duration::ZERO);
    let one = due_hits(1, &ledger()).remove(0);
    let many = std::iter::repeat_n(one, MAX_WAITING + 7);
    assert_eq!(queue.push(many).len(), 7);
    assert_eq!(queue.waiting(), MAX_WAITING);
    let batch = queue.take().await.unwrap();
    assert_eq!(queue.close_and_empty().len(), MAX_WAITING - 1);
    queue.give_back(batch);
    queue.done().await;
    assert!(queue.take().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn everybody_who_waits_learns_of_the_end() {
    let queue = Arc::new(Queue::new(1, Duration::ZERO));
    let takers: Vec<_> = (0..10)
        .map(|_| {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { queue.take().await.is_none() })
        })
        .collect();
    tokio::task::yield_now().await;
    queue.close();
    for taker in takers {
        assert!(taker.await.unwrap());
    }
}
