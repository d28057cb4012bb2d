//! How many requests a backfill keeps in flight, and how many hits a bulk holds: learnt from the answers.
//!
//! Pure: it reads no clock and sends nothing. The number of requests follows the answer times: those of a server that is
//! not hurried are the measure, and whatever an answer takes on top was spent in a queue, where more requests gain
//! nothing. So there are as many requests as the server works on and a few that wait, and fewer when somebody else
//! needs the server. The size of a bulk grows while answers are fast and shrinks when the server chokes on it.
//!
//! Invariants: requests stay from 1 to the bound, bulks from [`LEAST_HITS`] to [`MOST_HITS`] (or what was set, where
//! that is fixed); one storm of errors, whose requests left together, counts once.

use std::time::Duration;

/// Bounds of a bulk whose size follows the server. About 50 hits take nearly the whole gain; above 200 only the answer
/// time grows, and what a rollback costs.
const LEAST_HITS: usize = 10;
const MOST_HITS: usize = 200;

/// Requests in flight at the beginning.
const FIRST_IN_FLIGHT: u16 = 4;

/// Requests that may wait at the server, so that it never runs dry: so many, or a fifth of those in flight.
const WAITING: f64 = 2.0;

/// A bulk grows only if a server that is not hurried will answer the larger one within this time.
const FAST: Duration = Duration::from_millis(500);

/// Looks without an error before a bulk grows; doubled whenever it had to shrink, up to the longest.
const CALM_LOOKS: u32 = 2;
const MOST_CALM_LOOKS: u32 = 128;

/// Fewest answers of a look.
const ANSWERS_OF_A_LOOK: u32 = 8;

/// How often the measure is taken anew, with half of the requests, since a server changes.
const MEASURE_EVERY: Duration = Duration::from_secs(60);

/// What an answer says of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It did its work.
    Fine,
    /// The request was too long for it.
    TooLarge,
    /// It has no room at the moment: 429, 502, 503, no connection.
    Busy,
    /// It failed over the request: 500, 504, no answer.
    Failed,
}

/// One request and its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    /// When it left, since the beginning.
    pub(super) sent: Duration,
    /// How long the answer took.
    pub(super) took: Duration,
    /// Hits in it.
    pub(super) hits: usize,
    /// Requests in flight when it left, this one included.
    pub(super) in_flight: u32,
    /// What the answer says.
    pub(super) sign: Sign,
}

/// What is fixed and what is not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Most requests in flight.
    pub(super) in_flight: u16,
    /// Whether their number follows the server.
    pub(super) adapts_in_flight: bool,
    /// Hits of a bulk at the beginning.
    pub(super) bulk_size: usize,
    /// Whether their number follows the server.
    pub(super) adapts_bulk_size: bool,
}

/// Answers to requests that left since the last change.
#[derive(Debug, Default)]
struct Look {
    answers: u32,
    took: Duration,
    /// Most requests in flight that were seen.
    in_flight: u32,
}

/// See the module's description.
#[derive(Debug)]
pub(super) struct Controller {
    bounds: Bounds,
    in_flight: u16,
    bulk_size: usize,
    /// Largest bulk that the server did not find too long.
    most_hits: usize,
    look: Look,
    /// Requests that left earlier tell of what was before.
    changed: Duration,
    /// What an answer takes when the server is not hurried, for a bulk of the present size.
    unhurried: Option<Duration>,
    measured: Duration,
    /// The number of requests to go back to, while the measure is taken with half of them.
    measuring: Option<u16>,
    calm_looks: u32,
    calm_needed: u32,
}

impl Controller {
    pub(super) fn new(bounds: Bounds) -> Self {
        let fixed = !bounds.adapts_in_flight;
        let in_flight = if fixed {
            bounds.in_flight
        } else {
            bounds.in_flight.min(FIRST_IN_FLIGHT)
        };
        let bulk_size = if bounds.adapts_bulk_size {
            bounds.bulk_size.clamp(LEAST_HITS, MOST_HITS)
        } else {
            bounds.bulk_size
        };
        Self {
            in_flight: in_flight.max(1),
            bulk_size: bulk_size.max(1),
            bounds,
            most_hits: MOST_HITS,
            look: Look::default(),
            changed: Duration::ZERO,
            unhurried: None,
            measured: Duration::ZERO,
            measuring: None,
            calm_looks: 0,
            calm_needed: CALM_LOOKS,
        }
    }

    /// Requests that may be in flight.
    pub(super) fn in_flight(&self) -> u16 {
        self.in_flight
    }

    /// Hits that a bulk holds.
    pub(super) fn bulk_size(&self) -> usize {
        self.bulk_size
    }

    /// Learns from an answer that came just now.
    pub(super) fn answered(&mut self, answer: Answered) {
        if answer.sent < self.changed {
            return;
        }
        let now = answer.sent + answer.took;
        match answer.sign {
            Sign::Fine => self.look_at(answer, now),
            Sign::TooLarge => {
                self.most_hits = (answer.hits / 2).clamp(LEAST_HITS, MOST_HITS);
                self.shrink_to(self.most_hits);
                self.change(now);
            }
            Sign::Busy => {
                self.send_fewer();
                self.change(now);
            }
            Sign::Failed => {
                self.send_fewer();
                self.shrink_to(self.bulk_size / 2);
                self.change(now);
            }
        }
    }

    fn look_at(&mut self, answer: Answered, now: Duration) {
        // What is less than nearly full says little of how long a full one takes.
        if answer.hits * 4 < self.bulk_size * 3 {
            return;
        }
        self.look.answers += 1;
        self.look.took += answer.took;
        self.look.in_flight = self.look.in_flight.max(answer.in_flight);
        if self.look.answers < ANSWERS_OF_A_LOOK.max(2 * u32::from(self.in_flight)) {
            return;
        }
        let mean = self.look.took / self.look.answers;
        if let Some(back) = self.measuring.take() {
            self.unhurried = Some(mean);
            self.measured = now;
            self.in_flight = back;
            self.change(now);
            return;
        }
        let unhurried = match self.unhurried {
            Some(known) if 1 < self.in_flight => known.min(mean),
            _ => mean,
        };
        self.unhurried = Some(unhurried);
        self.calm_looks += 1;
        let before = self.in_flight;
        self.follow(unhurried, mean);
        let settled = self.in_flight.abs_diff(before) <= 1;
        if settled && !self.grow(unhurried) && self.measured + MEASURE_EVERY <= now {
            self.measure();
        }
        self.change(now);
    }

    /// As many requests as the server worked on, and a few that wait there.
    fn follow(&mut self, unhurried: Duration, mean: Duration) {
        if !self.bounds.adapts_in_flight || mean.is_zero() {
            return;
        }
        let now = f64::from(self.in_flight);
        let worked_on = now * unhurried.as_secs_f64() / mean.as_secs_f64();
        let wanted = (worked_on + WAITING.max(now / 5.0)).round();
        let unused = self.look.in_flight < u32::from(self.in_flight);
        if wanted <= now || !unused {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most 1.2 times a number of 16 bits and 2, and bounded below"
            )]
            let wanted = wanted as u32;
            let most = u32::from(self.bounds.in_flight.max(1));
            self.in_flight = u16::try_from(wanted.clamp(1, most)).unwrap_or(self.in_flight);
        }
    }

    fn grow(&mut self, unhurried: Duration) -> bool {
        let larger = (self.bulk_size * 2).min(self.most_hits);
        let ratio = larger as f64 / self.bulk_size as f64;
        let grows = self.bounds.adapts_bulk_size
            && self.bulk_size < larger
            && self.calm_needed <= self.calm_looks
            && unhurried.mul_f64(ratio) <= FAST;
        if grows {
            self.bulk_size = larger;
            // A bulk twice as large takes at most twice as long.
            self.unhurried = self.unhurried.map(|unhurried| unhurried.mul_f64(ratio));
            self.calm_looks = 0;
        }
        grows
    }

    fn measure(&mut self) {
        if self.bounds.adapts_in_flight && 1 < self.in_flight {
            self.measuring = Some(self.in_flight);
            self.in_flight /= 2;
        }
    }

    fn send_fewer(&mut self) {
        self.calm_looks = 0;
        self.measuring = None;
        if self.bounds.adapts_in_flight {
            self.in_flight = (self.in_flight / 2).max(1);
        }
    }

    fn shrink_to(&mut self, hits: usize) {
        self.calm_looks = 0;
        if self.bounds.adapts_bulk_size && hits < self.bulk_size {
            self.bulk_size = hits.max(LEAST_HITS).min(self.bulk_size);
            self.calm_needed = (self.calm_needed * 2).min(MOST_CALM_LOOKS);
        }
    }

    fn change(&mut self, now: Duration) {
        self.look = Look::default();
        self.changed = now;
    }
}

#[cfg(test)]
mod tests;
