//! How often somebody may ask for what costs much: starts, connection tests, imports.
//!
//! Not against attackers, who have no key, but against a script in a loop. Invariants: a retry of a start that was
//! let through is let through again, so that a lost answer can always be asked for; what is not listed here, such as
//! the event stream and the health checks, is never refused; the memory is bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use actix_web::http::Method;

use super::principal::Principal;
use crate::api::problem::{Code, Problem};
use crate::time::Timestamp;

/// A minute, in milliseconds: as long as it takes until all that was asked for is forgiven.
const MINUTE_MS: i64 = 60_000;

/// Retries remembered for each caller and kind. When full, the oldest counts as a new request again.
const RETRIES: usize = 200;

/// Longest `Idempotency-Key` that is remembered, in bytes; longer ones are refused by the handler.
const RETRY_BYTES_MAX: usize = 200;

/// Callers and kinds remembered. When full, the one that is silent the longest is forgotten.
const CALLERS: usize = 512;

/// What costs much, with the number a minute that is let through.
const KINDS: &[Kind] = &[
    Kind {
        name: "starts",
        per_minute: 60,
        paths: &[
            "/api/runs",
            "/api/runs/*/resume",
            "/api/runs/*/again",
            "/api/runs/*/restart",
            "/api/runs/*/apply",
        ],
    },
    Kind {
        name: "connection tests",
        per_minute: 20,
        paths: &["/api/test-connection"],
    },
    Kind {
        name: "previews",
        per_minute: 60,
        paths: &["/api/preview"],
    },
    Kind {
        name: "imports",
        per_minute: 60,
        paths: &["/api/presets/import", "/api/convert"],
    },
    Kind {
        name: "keys and links",
        per_minute: 30,
        paths: &["/api/keys", "/api/sign-in-link"],
    },
];

struct Kind {
    name: &'static str,
    per_minute: u32,
    /// Paths that are posted to; `*` stands for one part.
    paths: &'static [&'static str],
}

/// What callers took of what costs much.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<(String, &'static str), Taken>>);

/// What a caller took of one kind.
#[derive(Default)]
struct Taken {
    /// How many requests weigh on the caller; a full limit of them is forgiven each minute.
    weight: f64,
    at: i64,
    retries: VecDeque<String>,
}

impl Limits {
    /// Lets a request through, or says when to come again. `retry` is its `Idempotency-Key`.
    ///
    /// # Errors
    /// Too many within a minute.
    pub(super) fn admit(
        &self,
        who: &Principal,
        (method, path): (&Method, &str),
        retry: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let Some(kind) = kind_of(method, path) else {
            return Ok(());
        };
        let wait = self.take(who.identity(), kind, path, retry, now.0);
        wait.map_err(|seconds| {
            let detail = format!(
                "{} {} a minute are enough; try again in {seconds} s",
                kind.per_minute, kind.name
            );
            Problem::new(Code::RateLimited, detail).retry_after(seconds)
        })
    }

    fn take(
        &self,
        caller: String,
        kind: &'static Kind,
        path: &str,
        retry: Option<&str>,
        now: i64,
    ) -> Result<(), u64> {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (caller, kind.name);
        if !callers.contains_key(&place) {
            make_room(&mut callers);
        }
        let taken = callers.entry(place).or_default();
        let retry = retry
            .filter(|retry| retry.len() <= RETRY_BYTES_MAX)
            .map(|retry| format!("{path} {retry}"));
        if retry
            .as_ref()
            .is_some_and(|retry| taken.retries.contains(retry))
        {
            return Ok(());
        }
        let limit = f64::from(kind.per_minute);
        let each_ms = MINUTE_MS as f64 / limit;
        // A clock that was set back forgives nothing and costs nothing.
        let forgiven = (now - taken.at).max(0) as f64 / each_ms;
        taken.weight = (taken.weight - forgiven).max(0.0);
        taken.at = now;
        if taken.weight + 1.0 > limit {
            let wait_ms = (taken.weight + 1.0 - limit) * each_ms;
            return Err((wait_ms / 1_000.0).ceil() as u64);
        }
        taken.weight += 1.0;
        if let Some(retry) = retry {
            taken.retries.push_back(retry);
            if taken.retries.len() > RETRIES {
                taken.retries.pop_front();
            }
        }
        Ok(())
    }
}

fn kind_of(method: &Method, path: &str) -> Option<&'static Kind> {
    if method != Method::POST {
        return None;
    }
    KINDS
        .iter()
        .find(|kind| kind.paths.iter().any(|pattern| fits(pattern, path)))
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut parts, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(part), Some(given)) if part == given => {}
            _ => return false,
        }
    }
}

fn make_room(callers: &mut HashMap<(String, &'static str), Taken>) {
    while callers.len() >= CALLERS {
        let oldest = callers.iter().min_by_key(|(_, taken)| taken.at);
        let Some(place) = oldest.map(|(place, _)| place.clone()) else {
            return;
        };
        callers.remove(&place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts() -> &'static Kind {
        kind_of(&Method::POST, "/api/runs/abc/resume").unwrap()
    }

    #[test]
    fn only_what_costs_much_is_counted() {
        assert_eq!(starts().name, "starts");
        for (method, path) in [
            (Method::GET, "/api/runs"),
            (Method::GET, "/api/events"),
            (Method::POST, "/api/runs/abc/stop"),
            (Method::POST, "/api/runs/abc"),
            (Method::POST, "/api/runs/a/b/resume"),
            (Method::POST, "/api/validate"),
        ] {
            assert!(kind_of(&method, path).is_none(), "{method} {path}");
        }
    }

    #[test]
    fn a_caller_waits_after_a_burst_and_others_do_not() {
        let limits = Limits::default();
        let ask = |who: &str, now| limits.take(who.into(), starts(), "/api/runs", None, now);
        for n in 0..60 {
            assert_eq!(ask("a", 0), Ok(()), "{n}");
        }
        assert_eq!(ask("a", 0), Err(1));
        assert_eq!(ask("b", 0), Ok(()));
        assert_eq!(ask("a", 999), Err(1));
        assert_eq!(ask("a", 1_000), Ok(()));
        assert_eq!(ask("a", 1_000), Err(1));
        assert_eq!(ask("a", 500), Err(1), "a clock that was set back");
    }

    #[test]
    fn a_retry_is_never_refused() {
        let limits = Limits::default();
        let ask = |retry: &str| limits.take("a".into(), starts(), "/api/runs", Some(retry), 0);
        for n in 0..60 {
            assert_eq!(ask(&format!("key-{n}")), Ok(()));
        }
        assert_eq!(ask("another"), Err(1));
        for n in 0..60 {
            assert_eq!(ask(&format!("key-{n}")), Ok(()), "{n}");
        }
        let elsewhere = limits.take("a".into(), starts(), "/api/runs/x/again", Some("key-1"), 0);
        assert_eq!(elsewhere, Err(1), "a key belongs to its path");
    }

    #[test]
    fn the_memory_is_bounded() {
        let limits = Limits::default();
        for n in 0..2_000 {
            let _ = limits.take(n.to_string(), starts(), "/api/runs", None, n);
        }
        assert!(limits.0.lock().unwrap().len() <= CALLERS);
    }
}
