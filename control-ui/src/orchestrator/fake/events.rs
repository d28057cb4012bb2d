//! What loaders say, made up: one event of each kind, consistent in itself.

use std::collections::BTreeMap;

use chrono::DateTime;
use run_report::{
    Account, DayAccount, Event, Finished, Incident, Latency, LoaderState, Outcome, Progress, Rate,
    RunKind, Severity, Shard, Started, TargetName, Visits,
};

/// The first line of a report.
#[must_use]
pub fn started() -> Event {
    Event::Started(Box::new(Started {
        run: None,
        kind: RunKind::Live,
        window: None,
        loader_version: "0.0.0".into(),
        shard: Shard { index: 1, of: 1 },
        pacing: "live".into(),
        method: "beacon".into(),
        seed: 1,
        population: "people".into(),
        origin: DateTime::UNIX_EPOCH,
        visits_per_day: 1_000.0,
        visits_planned: None,
        trial: None,
        countries: false,
        targets: vec![TargetName {
            host: "matomo.example".into(),
            site_id: 1,
        }],
        resumed: false,
        start_at: None,
        hit_budget: None,
    }))
}

/// A heartbeat after `accepted` hits, with `remaining` under way.
#[must_use]
pub fn progress(accepted: u64, remaining: u64) -> Event {
    Event::Progress(Box::new(Progress {
        state: LoaderState::Running,
        detail: "sending".into(),
        next_visit_at: None,
        until: None,
        day: None,
        days_done: None,
        days_planned: None,
        account: account(accepted, remaining),
        visits: visits(),
        rate: Rate {
            visits_per_s_planned: 2.0,
            visits_per_s: 1.5,
            hits_per_s: 4.0,
            errors_per_s: 0.0,
        },
        latency_ms: Some(latency()),
        lateness_ms: Some(latency()),
        in_flight: 1,
        requests: accepted,
        unverified: 0,
        by_kind: BTreeMap::from([("pageview".to_owned(), accepted)]),
        reasons: Vec::new(),
        lines_dropped: 0,
    }))
}

/// What is said of a day: `accepted` hits of it, with `remaining` under way.
#[must_use]
pub fn day(day: chrono::NaiveDate, accepted: u64, remaining: u64) -> Event {
    let account = account(accepted, remaining);
    Event::Account(Box::new(DayAccount {
        day,
        target: TargetName {
            host: "matomo.example".into(),
            site_id: 1,
        },
        closed: remaining == 0,
        visits_planned: Some(2),
        visits_started: 2,
        visits_finished: 1,
        unverified: 0,
        account,
        by_kind: BTreeMap::from([("pageview".to_owned(), account)]),
    }))
}

/// An incident.
#[must_use]
pub fn incident(code: &str) -> Event {
    Event::Incident(Incident {
        severity: Severity::Warning,
        code: code.to_owned(),
        message: "answers take 6 s".into(),
    })
}

/// The last line of a report, after `accepted` hits.
#[must_use]
pub fn finished(outcome: Outcome, accepted: u64) -> Event {
    let (exit_code, reason) = match outcome {
        Outcome::Done => (0, "everything planned was done"),
        Outcome::Failed => (1, "the target does not exist"),
        Outcome::Stopped => (0, "somebody stopped it"),
        Outcome::Guard => (3, "more than 5 % errors for 60 s"),
    };
    Event::Finished(Box::new(Finished {
        outcome,
        reason: reason.into(),
        next: None,
        exit_code,
        account: account(accepted, 0),
        visits_planned: None,
        visits: visits(),
        by_kind: BTreeMap::from([("pageview".to_owned(), accepted)]),
        unverified: 0,
        reasons: Vec::new(),
        latency_ms: Some(latency()),
        latency_histogram: None,
        lateness_ms: Some(latency()),
        requests: accepted,
        duration_s: 1.0,
    }))
}

fn account(accepted: u64, remaining: u64) -> Account {
    Account {
        planned: accepted + remaining,
        accepted,
        remaining,
        ..Account::default()
    }
}

fn visits() -> Visits {
    Visits {
        planned: None,
        started: 2,
        finished: 1,
        open: 1,
        cut: 0,
    }
}

fn latency() -> Latency {
    Latency {
        p50: 10.0,
        p95: 20.0,
        p99: 30.0,
        max: 40.0,
        count: 5,
    }
}
