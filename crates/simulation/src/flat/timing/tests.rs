use proptest::prelude::*;

use super::*;
use crate::streams::{Purpose, Streams};

fn moments(min_ms: u64, max_ms: u64, happenings: &[u8], draw: u64) -> Vec<i64> {
    let mut stream = Streams::new("test", &[]).stream(draw, Purpose::Timing);
    let mut moments = Vec::new();
    Durations { min_ms, max_ms }.moments(happenings, &mut stream, &mut moments);
    moments
}

proptest! {
    #[test]
    fn every_hit_has_a_moment_and_gaps_are_within_bounds(
        min in 0..8_000_000u64,
        more in 0..8_000_000u64,
        happenings in prop::collection::vec(0..=6u8, 1..101),
        draw in any::<u32>(),
    ) {
        let moments = moments(min, min + more, &happenings, u64::from(draw));
        let hits = happenings.iter().map(|&count| usize::from(count) + 1).sum::<usize>() + 1;
        prop_assert_eq!(moments.len(), hits);
        prop_assert_eq!(moments[0], 0);
        for pair in moments.windows(2) {
            let gap = pair[1] - pair[0];
            prop_assert!((1000..1_800_000).contains(&gap), "{gap}");
        }
    }

    #[test]
    fn the_visit_takes_exactly_the_time_drawn_when_it_can(
        duration in 700_000..1_750_000u64,
        happenings in prop::collection::vec(0..=6u8, 1..101),
        draw in any::<u32>(),
    ) {
        let moments = moments(duration, duration, &happenings, u64::from(draw));
        prop_assert_eq!(moments.last(), Some(&(duration as i64)));
    }
}

#[test]
fn a_long_visit_of_few_pages_stays_one_visit() {
    // Two hours on four pages: no page may get half an hour of it to itself.
    for draw in 0..200 {
        let moments = moments(7_000_000, 7_000_000, &[0, 0, 0, 0], draw);
        assert_eq!(moments.last(), Some(&7_000_000));
        assert!(moments.windows(2).all(|pair| pair[1] - pair[0] < 1_800_000));
    }
    let single = moments(7_000_000, 7_000_000, &[0], 0);
    assert_eq!(
        single,
        [0, 1000 + SHARE_MAX_MS],
        "a single page gets what is allowed"
    );
}

#[test]
fn a_visit_that_is_too_short_for_its_hits_takes_a_second_for_each() {
    assert_eq!(
        moments(0, 0, &[1, 0, 2], 0),
        [0, 1000, 2000, 3000, 4000, 5000, 6000]
    );
}
