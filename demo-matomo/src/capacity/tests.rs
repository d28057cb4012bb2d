use std::sync::Arc;

use tokio::time::Instant;

use super::*;

fn limits(workers: usize, request_ms: f64, hit_ms: f64) -> Arc<Capacity> {
    Arc::new(Capacity::new(Limits {
        workers,
        request_ms,
        hit_ms,
    }))
}

#[test]
fn without_limits_everything_passes_at_once() {
    assert!(limits(0, 0.0, 0.0).is_unlimited());
    assert!(!limits(1, 0.0, 0.0).is_unlimited());
    assert!(!limits(0, 0.0, 1.0).is_unlimited());
}

#[tokio::test(start_paused = true)]
async fn two_workers_take_turns_with_ten_requests() {
    let capacity = limits(2, 10.0, 2.0);
    let begun = Instant::now();
    let requests: Vec<_> = (0..10)
        .map(|_| {
            let capacity = Arc::clone(&capacity);
            tokio::spawn(async move { capacity.spend(5, || ()).await })
        })
        .collect();
    for request in requests {
        request.await.unwrap().unwrap();
    }
    // Five turns of 10 ms and 5 hits of 2 ms.
    assert_eq!(begun.elapsed().as_millis(), 100);
    let report = capacity.report();
    assert_eq!(
        (&report["waiting"], &report["waited_most"]),
        (&0.into(), &8.into())
    );
}

#[tokio::test(start_paused = true)]
async fn who_finds_the_queue_full_is_turned_away_and_the_others_are_served() {
    let capacity = limits(1, 1.0, 0.0);
    let requests: Vec<_> = (0..QUEUE_BOUND + 3)
        .map(|_| {
            let capacity = Arc::clone(&capacity);
            tokio::spawn(async move { capacity.spend(1, || ()).await })
        })
        .collect();
    let mut turned_away = 0;
    for request in requests {
        turned_away += u64::from(request.await.unwrap().is_err());
    }
    assert_eq!(turned_away, 2, "one works, the bound waits");
    assert_eq!(capacity.report()["turned_away"], 2);
}
