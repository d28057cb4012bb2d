//! The misbehaviours, and what becomes of the hits that meet them.

use run_report::HitOutcome;
use serde_json::{Value, json};

use super::Load;

/// One misbehaviour, or several at once.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) faults: Value,
    /// How long an answer may take.
    pub(super) timeout_s: f64,
    /// The guard is on, and ends the run.
    pub(super) guarded: bool,
    /// The misbehaviour ends after it met so many requests; otherwise it ends by itself, if at all.
    pub(super) lifted_after: Option<u64>,
    live: End,
    backfill: End,
}

/// What becomes of the hits that meet it; all others are accepted.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) words: &'static str,
    /// States other than accepted that may come up.
    pub(super) may: &'static [HitOutcome],
    /// The one that must.
    pub(super) must: Option<HitOutcome>,
    /// Whether the ledger holds what is unknown, where that is certain.
    pub(super) recorded: Option<bool>,
}

const AGAIN: End = End {
    words: "sent again, accepted",
    may: &[],
    must: None,
    recorded: Some(true),
};

const UNKNOWN_RECORDED: End = End {
    words: "unknown (and recorded)",
    may: &[HitOutcome::Unknown],
    must: Some(HitOutcome::Unknown),
    recorded: Some(true),
};

const UNKNOWN_LOST: End = End {
    words: "unknown (and not recorded)",
    recorded: Some(false),
    ..UNKNOWN_RECORDED
};

const REJECTED: End = End {
    words: "rejected, with what answered",
    may: &[HitOutcome::Rejected],
    must: Some(HitOutcome::Rejected),
    recorded: Some(false),
};

const FAILED: End = End {
    words: "failed: in neither of Matomo's counts",
    may: &[HitOutcome::Failed],
    must: Some(HitOutcome::Failed),
    recorded: Some(false),
};

/// Whether it was the database that refused is asked after the refusal, and it may be back by then.
const DATABASE: End = End {
    words: "sent again, accepted; rejected, if the database was back before it was asked for",
    may: &[HitOutcome::Rejected],
    must: None,
    recorded: Some(true),
};

const REFUSAL: End = End {
    words: "sent again, accepted; those in flight at its beginning unknown",
    may: &[HitOutcome::Unknown],
    must: None,
    recorded: None,
};

const DYING: End = End {
    words: "unknown, until the guard ends the run",
    may: &[HitOutcome::Unknown, HitOutcome::Skipped, HitOutcome::Failed],
    must: Some(HitOutcome::Unknown),
    recorded: None,
};

const MIXED: End = End {
    words: "each as above",
    may: &[HitOutcome::Unknown, HitOutcome::Rejected],
    must: None,
    recorded: None,
};

impl Case {
    pub(super) fn end(&self, load: Load) -> End {
        match load {
            Load::Live => self.live,
            Load::Backfill => self.backfill,
        }
    }
}

fn case(name: &'static str, faults: Value, live: End, backfill: End) -> Case {
    Case {
        name,
        faults,
        timeout_s: 10.0,
        guarded: false,
        lifted_after: None,
        live,
        backfill,
    }
}

fn one(name: &'static str, fault: Value, live: End, backfill: End) -> Case {
    case(name, json!([fault]), live, backfill)
}

/// All of them. Where a fault says how often, a backfill of some forty bulks must meet it as well.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = answers();
    cases.extend(connections());
    cases.push(Case {
        timeout_s: 1.5,
        guarded: true,
        ..case(
            "slower and slower, until no answer comes",
            json!([
                { "kind": "delay", "ms": 50, "after": 3 },
                { "kind": "delay", "ms": 300, "after": 6 },
                { "kind": "delay", "ms": 900, "after": 9 },
                { "kind": "hang", "after": 12 },
            ]),
            DYING,
            DYING,
        )
    });
    let chance = |kind: &str, seed: u64| json!({ "kind": kind, "probability": 0.08, "seed": seed });
    cases.push(case(
        "several at once",
        json!([
            { "kind": "delay", "ms": 30, "every": 3 },
            chance("429", 1),
            chance("500_before", 2),
            chance("500_after", 3),
            chance("half_answer", 4),
            chance("reset", 5),
            { "kind": "refuse", "ms": 1_500, "after": 12 },
        ]),
        MIXED,
        MIXED,
    ));
    cases
}

/// A fault of every fourth request.
fn often(kind: &str) -> Value {
    json!({ "kind": kind, "every": 4, "after": 2 })
}

fn answers() -> Vec<Case> {
    let too_long = json!({ "kind": "413", "after": 2, "times": 2 });
    let off = json!({ "kind": "record_statistics_off", "after": 2, "times": 3 });
    let rejected = often("html");
    vec![
        one("429, too many requests", often("429"), AGAIN, AGAIN),
        one(
            "503, overloaded or switched off",
            often("503"),
            AGAIN,
            AGAIN,
        ),
        one("413, request too long", too_long, REJECTED, AGAIN),
        one(
            "500 before anything is recorded",
            often("500_before"),
            UNKNOWN_LOST,
            AGAIN,
        ),
        one(
            "500 after recording",
            often("500_after"),
            UNKNOWN_RECORDED,
            UNKNOWN_RECORDED,
        ),
        one(
            "502 from the web server",
            often("502"),
            UNKNOWN_LOST,
            UNKNOWN_LOST,
        ),
        one("a login page with 200", rejected, REJECTED, REJECTED),
        one("tracking switched off", off, AGAIN, FAILED),
        Case {
            lifted_after: Some(12),
            ..one(
                "the database away for a while",
                json!({ "kind": "database_down", "after": 5 }),
                DATABASE,
                AGAIN,
            )
        },
    ]
}

fn connections() -> Vec<Case> {
    let late_reset = json!({ "kind": "reset", "every": 4, "after": 2, "recorded": true });
    let refuse = json!({ "kind": "refuse", "ms": 4_000, "after": 5 });
    let hang = json!({ "kind": "hang", "after": 3, "times": 3 });
    let half = often("half_answer");
    vec![
        one(
            "connection reset, nothing recorded",
            often("reset"),
            UNKNOWN_LOST,
            UNKNOWN_LOST,
        ),
        one(
            "connection reset after recording",
            late_reset,
            UNKNOWN_RECORDED,
            UNKNOWN_RECORDED,
        ),
        one("half an answer", half, UNKNOWN_RECORDED, UNKNOWN_RECORDED),
        one("the listener closed for a while", refuse, REFUSAL, REFUSAL),
        Case {
            timeout_s: 1.5,
            ..one("no answer", hang, UNKNOWN_LOST, UNKNOWN_LOST)
        },
    ]
}
