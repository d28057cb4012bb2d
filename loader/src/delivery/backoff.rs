//! How long to wait before a hit that was surely not recorded is tried again.
//!
//! Pure apart from the jitter handed in. Invariant: never shorter than what the server asked for, except that a bound
//! cuts both.

use std::time::Duration;

/// Wait after the first failure; doubled for each further one.
const FIRST: Duration = Duration::from_millis(500);

/// Longest wait of our own.
const LONGEST: Duration = Duration::from_secs(30);

/// Longest wait that a server may ask for; a longer one counts as this.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// The wait after `failures` failures (from 1). `jitter` is drawn evenly from 0 to 1 and spreads the waits over the
/// upper half, so that hits that failed together do not come back together.
pub(super) fn wait(failures: u32, asked: Option<Duration>, jitter: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1).min(16)));
    let own = doubled.min(LONGEST).mul_f64(0.5 + jitter / 2.0);
    match asked {
        Some(asked) => asked.min(LONGEST_ASKED).max(own),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_are_spread_and_bounded() {
        assert_eq!(wait(1, None, 1.0), Duration::from_millis(500));
        assert_eq!(wait(1, None, 0.0), Duration::from_millis(250));
        assert_eq!(wait(3, None, 1.0), Duration::from_secs(2));
        assert_eq!(wait(40, None, 1.0), LONGEST);
    }

    #[test]
    fn the_server_may_ask_for_more_but_not_for_ever() {
        let asked = Duration::from_secs(7);
        assert_eq!(wait(1, Some(asked), 0.3), asked);
        assert_eq!(wait(9, Some(asked), 1.0), LONGEST);
        assert_eq!(
            wait(1, Some(Duration::from_secs(86_400)), 0.3),
            LONGEST_ASKED
        );
    }
}
