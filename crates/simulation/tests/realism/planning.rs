//! What a plan says before anything is sent.

use std::time::{Duration, Instant};

use crate::{past, simulated};

#[test]
fn half_a_year_of_ten_thousand_a_day_is_counted_in_a_moment() {
    let plan = past(180, 10_000, &[]);
    let began = Instant::now();
    let simulation = simulated(&plan);
    let visits: Vec<u64> = simulation
        .backfill_days()
        .iter()
        .map(|day| day.visits)
        .collect();
    let took = began.elapsed();
    assert_eq!(visits.len(), 180);
    assert!(took < Duration::from_secs(1), "{took:?}");
    // Days differ; half a year of growth by a tenth a year is a fortieth below on the mean.
    assert!(visits.iter().any(|day| *day < 9_000) && visits.iter().any(|day| *day > 10_500));
    let mean = visits.iter().sum::<u64>() / 180;
    assert!((9_300..10_200).contains(&mean), "{mean}");
}
