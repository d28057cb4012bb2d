//! What happened in each of the last seconds: the rates of the heartbeat.
//!
//! It reads no clock. Invariant: a figure is divided by the seconds it covers, never by more than passed.

/// Seconds over which a rate is a mean.
const SECONDS: i64 = 10;

/// Slots: the seconds of the mean and the one that is under way.
const SLOTS: usize = SECONDS as usize + 1;

#[derive(Debug, Clone, Copy, Default)]
struct Second {
    number: i64,
    visits: u64,
    hits: u64,
    errors: u64,
}

/// Counters of the last seconds.
#[derive(Debug, Clone)]
pub struct Rates {
    seconds: [Second; SLOTS],
    began_us: i64,
}

/// Means over the last seconds, per second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Means {
    /// Visits started.
    pub visits: f64,
    /// Hits settled.
    pub hits: f64,
    /// Hits rejected, failed or unknown.
    pub errors: f64,
}

impl Rates {
    /// Counters that begin at `now_us`.
    #[must_use]
    pub fn starting_at(now_us: i64) -> Self {
        Self {
            seconds: [Second::default(); SLOTS],
            began_us: now_us,
        }
    }

    /// Counts started visits.
    pub fn visits(&mut self, now_us: i64, visits: u64) {
        self.second(now_us).visits += visits;
    }

    /// Counts settled hits.
    pub fn hits(&mut self, now_us: i64, hits: u64, errors: u64) {
        let second = self.second(now_us);
        second.hits += hits;
        second.errors += errors;
    }

    fn second(&mut self, now_us: i64) -> &mut Second {
        let number = now_us.div_euclid(1_000_000);
        let at = usize::try_from(number.rem_euclid(SLOTS as i64)).unwrap_or(0);
        let second = &mut self.seconds[at];
        if second.number != number {
            *second = Second {
                number,
                ..Second::default()
            };
        }
        second
    }

    /// The means over the last full seconds; zero in the first second.
    #[must_use]
    pub fn means(&self, now_us: i64) -> Means {
        let now = now_us.div_euclid(1_000_000);
        let covered = (now - self.began_us.div_euclid(1_000_000)).clamp(0, SECONDS);
        if covered == 0 {
            return Means::default();
        }
        let mut sum = Second::default();
        for second in &self.seconds {
            if now - covered <= second.number && second.number < now {
                sum.visits += second.visits;
                sum.hits += second.hits;
                sum.errors += second.errors;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of ten seconds")]
        let mean = |count: u64| count as f64 / covered as f64;
        Means {
            visits: mean(sum.visits),
            hits: mean(sum.hits),
            errors: mean(sum.errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_young_run_is_divided_by_its_own_age() {
        let mut rates = Rates::starting_at(100 * SECOND);
        rates.visits(100 * SECOND, 4);
        rates.hits(101 * SECOND, 10, 2);
        assert_eq!(rates.means(100 * SECOND), Means::default());
        let means = rates.means(102 * SECOND);
        assert_eq!((means.visits, means.hits, means.errors), (2.0, 5.0, 1.0));
    }

    #[test]
    fn what_is_older_than_ten_seconds_no_longer_counts() {
        let mut rates = Rates::starting_at(0);
        rates.hits(5 * SECOND, 100, 0);
        assert_eq!(rates.means(15 * SECOND).hits, 10.0);
        assert_eq!(rates.means(16 * SECOND).hits, 0.0);
    }
}
