//! Misbehaviour on request: which faults are in force, which request they hit, how often they fired.
//!
//! Decides; carrying out a decision is the business of [`crate::intake`] (answers),
//! [`crate::connection`] (cut connections) and [`crate::server`] (the closed listener).
//!
//! Invariant: bad input changes nothing. Every request is counted by every rule, and a rule's
//! `fired` grows exactly when it did something.

mod rule;

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{sync::watch, time::Instant};

use rule::{Kind, Rule};

/// The most rules at a time; more are refused.
const RULES_MAX: usize = 32;

/// What ends a request, unless it is answered as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Hang { recorded: bool },
    Reset { recorded: bool },
    HalfAnswer { recorded: bool },
    Status { code: u16, retry_after: Option<u64> },
    ErrorBefore,
    ErrorAfter,
    DatabaseDown,
    LoginPage,
}

impl Ending {
    /// Are the hits recorded before the request ends so?
    pub(crate) fn records(self) -> bool {
        match self {
            Self::Hang { recorded } | Self::Reset { recorded } | Self::HalfAnswer { recorded } => {
                recorded
            }
            Self::ErrorAfter => true,
            _ => false,
        }
    }
}

/// What is to happen to one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) ending: Option<Ending>,
    pub(crate) record_statistics_off: bool,
    pub(crate) queued_tracking: bool,
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    seen: u64,
    fired: u64,
}

impl Armed {
    /// Counts a request and says whether the rule would act on it.
    fn sees(&mut self) -> bool {
        self.seen += 1;
        self.fired < self.rule.limit() && self.rule.chooses(self.seen)
    }

    /// Counts a hit and says whether the share of hits to leave out has grown by one.
    fn leaves_out(&mut self) -> bool {
        let Some(percent) = self.rule.percent else {
            return false;
        };
        self.seen += 1;
        let due = share(self.seen, percent) > share(self.seen - 1, percent);
        self.fired += u64::from(due);
        due
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count is not negative and below it; a count stays under 2^53"
)]
fn share(count: u64, percent: f64) -> u64 {
    // The small addend keeps 100 × 29 % at 29, which floating point makes 28.999….
    (count as f64 * percent / 100.0 + 1e-9) as u64
}

/// The faults in force.
#[derive(Debug)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
    /// Spares the lock while nothing is set, which is almost always.
    any: AtomicBool,
    /// Grows when faults are set: whoever hangs goes on.
    changes: watch::Sender<u64>,
    /// Until when the listener is to be closed.
    refusing_until: watch::Sender<Option<Instant>>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self {
            armed: Mutex::new(Vec::new()),
            any: AtomicBool::new(false),
            changes: watch::Sender::new(0),
            refusing_until: watch::Sender::new(None),
        }
    }

    /// Replaces all rules, or answers everything that is wrong with the input.
    pub(crate) fn set(&self, input: &[u8]) -> Result<(), Vec<String>> {
        let rules = parse(input)?;
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        *armed = rules
            .into_iter()
            .map(|rule| Armed {
                rule,
                seen: 0,
                fired: 0,
            })
            .collect();
        let at_once = armed
            .iter_mut()
            .find(|armed| armed.rule.kind == Kind::Refuse && armed.rule.after == 0);
        let until = at_once.and_then(|armed| {
            armed.fired = 1;
            armed
                .rule
                .ms
                .map(|ms| Instant::now() + Duration::from_millis(ms))
        });
        self.any.store(!armed.is_empty(), Relaxed);
        drop(armed);
        self.refusing_until.send_replace(until);
        self.changes.send_modify(|changes| *changes += 1);
        Ok(())
    }

    /// The rules with how many requests each has seen and how often it fired.
    pub(crate) fn report(&self) -> Value {
        let armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let rules: Vec<Value> = armed
            .iter()
            .map(|armed| {
                let mut rule = json!(armed.rule);
                rule["seen"] = armed.seen.into();
                rule["fired"] = armed.fired.into();
                rule
            })
            .collect();
        json!({ "faults": rules })
    }

    /// Decides about the next request. Delays add up; of several endings the first rule's counts.
    pub(crate) fn decide(&self) -> Plan {
        let mut plan = Plan::default();
        if !self.any.load(Relaxed) {
            return plan;
        }
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        for armed in armed
            .iter_mut()
            .filter(|armed| armed.rule.kind != Kind::ExcludePercent)
        {
            if armed.sees() && self.apply(&armed.rule, &mut plan) {
                armed.fired += 1;
            }
        }
        plan
    }

    /// Adds a rule to the plan and says whether it had any effect.
    fn apply(&self, rule: &Rule, plan: &mut Plan) -> bool {
        let ms = Duration::from_millis(rule.ms.unwrap_or_default());
        match rule.kind {
            Kind::Delay => plan.delay += ms,
            Kind::RecordStatisticsOff => plan.record_statistics_off = true,
            Kind::QueuedTracking => plan.queued_tracking = true,
            Kind::Refuse => {
                self.refusing_until.send_replace(Some(Instant::now() + ms));
            }
            Kind::ExcludePercent => return false,
            kind => {
                if plan.ending.is_some() {
                    return false;
                }
                plan.ending = ending(kind, rule);
            }
        }
        true
    }

    /// Is the next hit one of those to leave out?
    pub(crate) fn leaves_out_a_hit(&self) -> bool {
        if !self.any.load(Relaxed) {
            return false;
        }
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        armed
            .iter_mut()
            .find(|armed| armed.rule.kind == Kind::ExcludePercent)
            .is_some_and(Armed::leaves_out)
    }

    /// Tells of every time faults are set.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Tells until when the listener is to be closed.
    pub(crate) fn refusing_until(&self) -> watch::Receiver<Option<Instant>> {
        self.refusing_until.subscribe()
    }
}

fn ending(kind: Kind, rule: &Rule) -> Option<Ending> {
    let status = |code| {
        Some(Ending::Status {
            code,
            retry_after: rule.retry_after_s,
        })
    };
    let recorded = rule.recorded.unwrap_or(kind == Kind::HalfAnswer);
    match kind {
        Kind::Hang => Some(Ending::Hang { recorded }),
        Kind::Reset => Some(Ending::Reset { recorded }),
        Kind::HalfAnswer => Some(Ending::HalfAnswer { recorded }),
        Kind::TooManyRequests => status(429),
        Kind::Unavailable => status(503),
        Kind::TooLarge => status(413),
        Kind::BadGateway => status(502),
        Kind::ErrorBefore => Some(Ending::ErrorBefore),
        Kind::ErrorAfter => Some(Ending::ErrorAfter),
        Kind::DatabaseDown => Some(Ending::DatabaseDown),
        Kind::Html => Some(Ending::LoginPage),
        Kind::Delay
        | Kind::Refuse
        | Kind::RecordStatisticsOff
        | Kind::QueuedTracking
        | Kind::ExcludePercent => None,
    }
}

/// Reads `{"faults": […]}`; every problem names the rule and the field.
fn parse(input: &[u8]) -> Result<Vec<Rule>, Vec<String>> {
    let value: Value = serde_json::from_slice(input)
        .map_err(|error| vec![format!("the body is not JSON: {error}")])?;
    let Value::Object(map) = value else {
        return Err(vec![
            "the body must be an object such as {\"faults\":[]}".to_owned(),
        ]);
    };
    let mut problems: Vec<String> = map
        .keys()
        .filter(|key| *key != "faults")
        .map(|key| format!("{key}: not known; only faults is"))
        .collect();
    let mut rules = Vec::new();
    match map.get("faults") {
        None => {}
        Some(Value::Array(list)) if list.len() <= RULES_MAX => {
            for (index, entry) in list.iter().enumerate() {
                match serde_json::from_value::<Rule>(entry.clone()) {
                    Err(error) => problems.push(format!("faults[{index}]: {error}")),
                    Ok(rule) => {
                        let found = rule.problems();
                        problems.extend(found.iter().map(|text| format!("faults[{index}].{text}")));
                        rules.push(rule);
                    }
                }
            }
        }
        Some(_) => problems.push(format!("faults: must be a list of up to {RULES_MAX} rules")),
    }
    if problems.is_empty() {
        Ok(rules)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests;
