//! Requests a second: each one gets a turn, no sooner than the rate allows.
//!
//! It sends nothing and does not know what a request carries; one that is sent again takes a turn of its own.
//!
//! Invariant: in any span of time there are no more turns than the rate times the span and [`CATCH_UP`], and one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns that nobody took are made up for within this time; older ones are lost. Without it a timer that fires a
/// millisecond late would lower each high rate.
const CATCH_UP: Duration = Duration::from_millis(100);

/// Turns at equal distances.
#[derive(Debug)]
struct Turns {
    distance: Duration,
    next: Instant,
}

impl Turns {
    /// Takes the next turn; it may lie in the past, which means now.
    fn take(&mut self, now: Instant) -> Instant {
        let earliest = now.checked_sub(CATCH_UP).unwrap_or(now);
        let turn = self.next.max(earliest);
        self.next = turn + self.distance;
        turn
    }
}

/// See the module's description.
#[derive(Debug)]
pub(super) struct Rate(Mutex<Turns>);

impl Rate {
    /// So many requests a second, more than 0; the first at once.
    pub(super) fn per_second(requests: f64) -> Self {
        // A rate so low that a turn would lie beyond time itself gets one a day.
        let distance = Duration::try_from_secs_f64(1.0 / requests).unwrap_or(Duration::MAX);
        Self(Mutex::new(Turns {
            distance: distance.min(Duration::from_secs(86_400)),
            next: Instant::now(),
        }))
    }

    /// Waits for a turn. Who leaves before it came has taken it all the same.
    pub(super) async fn turn(&self) {
        let now = Instant::now();
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.take(now)
        };
        if now < turn {
            sleep_until(turn).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_span_of_time_holds_more_turns_than_the_rate_allows(
            rate in 0.5f64..2_000.0,
            pauses_us in prop::collection::vec(0u64..300_000, 2..200),
        ) {
            let mut now = Instant::now();
            let distance = Duration::from_secs_f64(1.0 / rate);
            let mut turns = Turns { distance, next: now };
            let mut taken = Vec::new();
            for pause in pauses_us {
                now += Duration::from_micros(pause);
                taken.push(turns.take(now).max(now));
            }
            for (first, from) in taken.iter().enumerate() {
                for (last, to) in taken.iter().enumerate().skip(first) {
                    let span = (*to - *from + CATCH_UP).as_secs_f64();
                    let most = (span * rate + 1.001).floor();
                    prop_assert!((last - first + 1) as f64 <= most.max(1.0), "{first} to {last}, {span} s");
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_is_kept_and_reached_however_many_ask() {
        let began = Instant::now();
        let rate = Rate::per_second(50.0);
        let asks = (0..500).map(|_| rate.turn());
        for ask in asks {
            ask.await;
        }
        let took = began.elapsed().as_secs_f64();
        assert!((9.9..=10.0).contains(&took), "{took}");
    }
}
