//! One rule of misbehaviour: what it does, and to which requests.
//!
//! Invariant: a rule that passed [`Rule::problems`] means something for each of its fields; a field
//! that its kind does not use is a problem, never ignored.

use serde::{Deserialize, Serialize};

/// The longest delay and the longest refusal, in milliseconds.
const MS_MAX: u64 = 600_000;
/// The longest time a `Retry-After` may name, in seconds.
const RETRY_AFTER_MAX_S: u64 = 86_400;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The answer comes `ms` later.
    Delay,
    /// No answer until the faults are set anew or the client goes.
    Hang,
    /// The connection is reset without an answer.
    Reset,
    /// The listener is closed for `ms`.
    Refuse,
    /// 429, nothing recorded.
    #[serde(rename = "429")]
    TooManyRequests,
    /// 503, nothing recorded.
    #[serde(rename = "503")]
    Unavailable,
    /// 500, nothing recorded; a bulk is rolled back and says so in JSON.
    #[serde(rename = "500_before")]
    ErrorBefore,
    /// Recorded, and 500 nevertheless.
    #[serde(rename = "500_after")]
    ErrorAfter,
    /// Recorded, then the headers and half of the body.
    HalfAnswer,
    /// 413, nothing recorded.
    #[serde(rename = "413")]
    TooLarge,
    /// 502, nothing recorded.
    #[serde(rename = "502")]
    BadGateway,
    /// Tracking is switched off: 503 for a single hit, an empty success for a bulk.
    RecordStatisticsOff,
    /// Hits go to a queue: a picture whatever was sent, also for a bulk.
    QueuedTracking,
    /// The database is down: 400 for a single hit, 500 with JSON for a bulk.
    DatabaseDown,
    /// A proxy's login page with status 200, nothing recorded.
    Html,
    /// This share of the hits is left out without a word.
    ExcludePercent,
}

/// A rule as set through `/control`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) kind: Kind,
    /// Milliseconds, 1 to 600,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ms: Option<u64>,
    /// Percent of the hits, above 0 and up to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) percent: Option<f64>,
    /// Seconds for a `Retry-After` header, up to 86,400.
    #[serde(
        default,
        alias = "retry_after",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) retry_after_s: Option<u64>,
    /// Is the request recorded before it goes wrong?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recorded: Option<bool>,
    /// Every n-th request.
    #[serde(default = "one")]
    pub(crate) every: u64,
    /// Only after this many requests.
    #[serde(default)]
    pub(crate) after: u64,
    /// At most this often; no limit when absent (`refuse`: once).
    #[serde(default)]
    pub(crate) times: Option<u64>,
    /// Of the requests chosen so far only this share, drawn from `seed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    /// Seed of that draw: equal seeds choose the same requests.
    #[serde(default)]
    pub(crate) seed: u64,
}

fn one() -> u64 {
    1
}

impl Rule {
    /// Everything that is wrong with the rule; none is a good one.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut check = |fine: bool, problem: &str| {
            if !fine {
                problems.push(problem.to_owned());
            }
        };
        match (self.kind, self.ms) {
            (Kind::Delay | Kind::Refuse, ms) => {
                check(
                    ms.is_some_and(|ms| (1..=MS_MAX).contains(&ms)),
                    "ms: required for this kind, from 1 to 600000",
                );
            }
            (_, ms) => check(ms.is_none(), "ms: only for delay and refuse"),
        }
        if self.kind == Kind::ExcludePercent {
            let in_range = self
                .percent
                .is_some_and(|percent| percent > 0.0 && percent <= 100.0);
            check(
                in_range,
                "percent: required for this kind, above 0 and up to 100",
            );
            let plain = self.every == 1 && self.after == 0 && self.times.is_none();
            check(
                plain && self.probability.is_none(),
                "exclude_percent counts hits, not requests: it takes percent alone",
            );
        } else {
            check(self.percent.is_none(), "percent: only for exclude_percent");
        }
        let may_retry = matches!(self.kind, Kind::TooManyRequests | Kind::Unavailable);
        check(
            may_retry || self.retry_after_s.is_none(),
            "retry_after_s: only for 429 and 503",
        );
        check(
            self.retry_after_s.is_none_or(|s| s <= RETRY_AFTER_MAX_S),
            "retry_after_s: up to 86400",
        );
        let may_record = matches!(self.kind, Kind::Hang | Kind::Reset | Kind::HalfAnswer);
        check(
            may_record || self.recorded.is_none(),
            "recorded: only for hang, reset and half_answer",
        );
        check(self.every >= 1, "every: 1 or more");
        check(
            self.probability.is_none_or(|p| p > 0.0 && p <= 1.0),
            "probability: above 0 and up to 1",
        );
        problems
    }

    /// Does the rule choose the `seen`-th request (from 1)?
    pub(crate) fn chooses(&self, seen: u64) -> bool {
        let Some(n) = seen.checked_sub(self.after).filter(|n| *n > 0) else {
            return false;
        };
        n % self.every == 0 && self.probability.is_none_or(|p| draw(self.seed, n) < p)
    }

    /// At most so often.
    pub(crate) fn limit(&self) -> u64 {
        self.times.unwrap_or(if self.kind == Kind::Refuse {
            1
        } else {
            u64::MAX
        })
    }
}

/// A number from 0 to below 1 that depends on the seed and the request alone (SplitMix64).
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn draw(seed: u64, n: u64) -> f64 {
    let mut x = seed.wrapping_add(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
