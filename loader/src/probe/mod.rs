//! The connection test: from the address to the token, step by step, each with its message.
//!
//! It takes the way that a run's hits take. It records no hit unless it is asked to. Invariants: it ends within
//! [`TOTAL`]; a token goes to the target's own address alone, after a Matomo was recognised there, and redirects are
//! never followed.

mod address;
mod answers;
mod hit;
mod network;
mod report;
mod rights;
mod whereabouts;

use std::time::Duration;

use chrono::Utc;
use config::{Problem, TargetPlan};
use tokio::time::{Instant, timeout};
use tracking::probe as questions;

pub use report::{Finding, Report, Rights, State, Step, Subject, text};
pub use whereabouts::Whereabouts;

use crate::delivery::{Http, Reply};
use crate::outbound::{Fault, Limits};
use network::Network;
use run_report::connection::Refusal;

/// Longest time of the whole test. When it is over, what was not found out by then stays unknown.
pub const TOTAL: Duration = Duration::from_secs(20);

/// Longest time of one question.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);

/// Longest time until a connection is there; shorter than [`ANSWER`], so that the two can be told apart.
pub(crate) const CONNECT: Duration = Duration::from_secs(4);

/// Answers that are timed, after the first one, which pays for the connection.
const TIMED: usize = 5;

/// Time after which no further answer is timed.
const TIMING: Duration = Duration::from_secs(3);

/// Answers that take longer than this, in milliseconds, are worth a warning: a browser's visitor would notice.
const SLOW_MS: f64 = 1_000.0;

/// Difference of the clocks that is worth a warning, in seconds. The header that tells Matomo's clock has whole
/// seconds.
const CLOCK_S: i64 = 5;

/// What is tested, and how.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The target.
    pub target: TargetPlan,
    /// Whether the run that it is for cannot do without a token.
    pub needs_token: bool,
    /// Whether one hit shall be recorded.
    pub write_hit: bool,
    /// Where this program runs, which decides what `localhost` is.
    pub whereabouts: Whereabouts,
}

/// Tests a target.
pub async fn probe(asked: &Asked) -> Report {
    let target = &asked.target;
    let mut report = Report::new(Subject {
        url: target.url.to_string(),
        host: target.host.clone(),
        site_id: target.site_id,
    });
    let over = timeout(TOTAL, walk(asked, &mut report)).await.is_err();
    report.finish(over)
}

/// The report on an address that the run configuration's check refused already.
#[must_use]
pub fn refused(target: Subject, problem: Option<&Problem>) -> Report {
    let refusal = problem.map_or(NO_TARGET, |problem| Refusal {
        pointer: &problem.pointer,
        code: &problem.code,
        message: &problem.message,
        hint: problem.hint.as_deref(),
    });
    Report::refused(target, refusal)
}

/// There is nothing to test.
const NO_TARGET: Refusal<'_> = Refusal {
    pointer: "/targets/0/url",
    code: "required",
    message: "there is no target to test",
    hint: Some("name Matomo's tracking address (MATOMO_URL)"),
};

/// Takes the steps; ends at the first that does not work.
async fn walk(asked: &Asked, report: &mut Report) {
    if !report.note(address::check(asked)) {
        return;
    }
    let http = match Http::within(&asked.target, LIMITS) {
        Ok(http) => http,
        Err(error) => {
            let finding = Finding::failed(Step::Http, "http.client", error.to_string());
            report.note(finding);
            return;
        }
    };
    let network = Network::new(asked);
    if !network.reach(report).await {
        return;
    }
    let Some(reply) = hello(asked, &http, &network, report).await else {
        return;
    };
    let slow = time(&http, report).await;
    let web = answers::web_server(&asked.target.url, &reply);
    let web = match slow {
        Some(slow) if web.state == State::Ok => slow,
        _ => web,
    };
    if !report.note(web) {
        return;
    }
    let matomo = answers::matomo(&http, &asked.target.url, &reply).await;
    clock(&reply, report);
    if !report.note(matomo) {
        return;
    }
    address::forgive_loopback(report);
    rights::site_and_token(asked, &http, report).await;
    report.note(hit::hit(asked, &http).await);
}

const LIMITS: Limits = Limits {
    connect: CONNECT,
    answer: ANSWER,
    connections: 4,
};

/// The first answer, with what the connection for it says of encryption.
async fn hello(
    asked: &Asked,
    http: &Http,
    network: &Network<'_>,
    report: &mut Report,
) -> Option<Reply> {
    match http.ask(questions::hello()).await {
        Ok(reply) => {
            report.note(network.secure());
            Some(reply)
        }
        Err(fault) => {
            network.blame(fault, report);
            if matches!(fault, Fault::Refused) {
                address::explain_loopback(asked, report);
            }
            None
        }
    }
}

/// Times a few answers; says so when they are slow.
async fn time(http: &Http, report: &mut Report) -> Option<Finding> {
    let until = Instant::now() + TIMING;
    let mut times = Vec::with_capacity(TIMED);
    while times.len() < TIMED && Instant::now() < until {
        let began = Instant::now();
        if http.ask(questions::hello()).await.is_err() {
            break;
        }
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2)?;
    let median_ms = (median.as_secs_f64() * 10_000.0).round() / 10.0;
    report.matomo.latency_ms = Some(median_ms);
    (SLOW_MS < median_ms).then(|| {
        Finding::new(
            Step::Http,
            State::Warning,
            "http.slow",
            format!("the server answers, but takes {:.1} s for an answer that costs it nothing", median.as_secs_f64()),
        )
        .hint("see whether the server is busy or far away; a run counts such times as the server's latency")
    })
}

/// Compares the clocks by the answer's `Date`.
fn clock(reply: &Reply, report: &mut Report) {
    let theirs = reply
        .date
        .as_deref()
        .and_then(|text| chrono::DateTime::parse_from_rfc2822(text).ok());
    let Some(theirs) = theirs else {
        report.note(Finding::new(
            Step::Clock,
            State::Unknown,
            "clock.unknown",
            "the server does not say what time it is",
        ));
        return;
    };
    let difference_s = theirs.timestamp() - Utc::now().timestamp();
    report.matomo.clock_difference_s = Some(difference_s);
    report.note(if difference_s.abs() <= CLOCK_S {
        Finding::ok(
            Step::Clock,
            "clock.ok",
            "the server's clock and the loader's agree, as far as whole seconds can tell",
        )
    } else {
        let (amount, way) = (
            address::duration(difference_s.unsigned_abs()),
            if difference_s < 0 { "behind" } else { "ahead of" },
        );
        Finding::new(
            Step::Clock,
            State::Warning,
            "clock.off",
            format!("the server's clock is {amount} {way} the loader's (known to about a second)"),
        )
        .hint("set both by NTP: Matomo books hits that seem to come from the future at the moment of their arrival")
    });
}
