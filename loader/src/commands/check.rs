//! `loader check [--probe]`: every problem of a run configuration at once, and what the target says.
//!
//! A probe records no hit. Invariant: the exit code is 0 only if a run could begin with this configuration, as far as
//! was asked.

use std::time::{Duration, Instant};

use config::{Problem, RunPlan};
use serde::Serialize;
use tracking::Request;
use tracking::probe::{self, TokenAnswer};

use super::{BAD_INPUT, CommandError, DONE, FAILED, complain, runtime, say};
use crate::cli::{CheckArgs, Format};
use crate::delivery::{Http, Reply, SendError, Transport};
use crate::input;
use crate::run::RunError;

/// What was found out, in the shape of `--format json`.
#[derive(Debug, Serialize)]
struct Findings {
    ok: bool,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<Probe>,
}

/// What the target says.
#[derive(Debug, Serialize)]
struct Probe {
    host: String,
    site_id: u32,
    /// `connect.dns`, `connect.refused`, `connect.tls`, `answer.timeout` …; absent when it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// In words.
    message: String,
    reachable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    looks_like_matomo: bool,
    /// The fastest of the answers, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<f64>,
    /// `none`, `accepted`, `refused` or `unclear`.
    token: &'static str,
    /// The token in words.
    token_message: String,
}

/// Questions asked for the latency.
const QUESTIONS: u32 = 3;

pub(super) fn check(args: &CheckArgs) -> Result<u8, CommandError> {
    let secrets = args.secrets.as_deref().map(input::take_secrets);
    let checked = input::check(&args.common, secrets.transpose()?)?;
    let probe = match &checked.plan {
        Some(plan) if args.probe && checked.problems.is_empty() => {
            Some(runtime()?.block_on(ask(plan))?)
        }
        _ => None,
    };
    let target_ok = probe.as_ref().is_none_or(Probe::is_fine);
    let code = match (checked.problems.is_empty(), target_ok) {
        (false, _) => BAD_INPUT,
        (true, false) => FAILED,
        (true, true) => DONE,
    };
    let findings = Findings {
        ok: code == DONE,
        problems: checked.problems,
        warnings: checked.warnings,
        probe,
    };
    match args.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&findings).map_err(std::io::Error::from)?;
            say(&format!("{text}\n"))?;
        }
        Format::Text => tell(&findings)?,
    }
    Ok(code)
}

impl Probe {
    fn is_fine(&self) -> bool {
        self.looks_like_matomo && self.token != "refused"
    }
}

async fn ask(plan: &RunPlan) -> Result<Probe, CommandError> {
    let target = &plan.targets[0];
    let http = Http::new(target, &plan.delivery, 1).map_err(RunError::Http)?;
    let mut fastest: Option<Duration> = None;
    let mut answer = Err(None);
    for _ in 0..QUESTIONS {
        let began = Instant::now();
        match http.send(probe::hello()).await {
            Ok(reply) => {
                let took = began.elapsed();
                fastest = Some(fastest.map_or(took, |fastest| fastest.min(took)));
                answer = Ok(reply);
            }
            Err(error) => {
                answer = Err(Some(error));
                break;
            }
        }
    }
    let (token, token_message) = match (&answer, &target.token) {
        (Ok(_), Some(token)) => {
            let request = probe::token(target.site_id, token.expose());
            judge_token(target.site_id, &http, request).await
        }
        (_, None) => (
            "none",
            "no token: visitors get no addresses of their own".to_owned(),
        ),
        (Err(_), Some(_)) => (
            "unclear",
            "not asked, the target does not answer".to_owned(),
        ),
    };
    let (failure, message, status, looks_like_matomo) = judge_hello(&answer);
    Ok(Probe {
        host: target.host.clone(),
        site_id: target.site_id,
        reachable: status.is_some(),
        failure,
        message,
        status,
        looks_like_matomo,
        latency_ms: fastest.map(|time| (time.as_secs_f64() * 100_000.0).round() / 100.0),
        token,
        token_message,
    })
}

fn judge_hello(
    answer: &Result<Reply, Option<SendError>>,
) -> (Option<String>, String, Option<u16>, bool) {
    match answer {
        Ok(reply) if probe::looks_like_matomo(reply.status, &reply.body) => (
            None,
            "a Matomo tracker answers".to_owned(),
            Some(reply.status),
            true,
        ),
        Ok(reply) => (
            None,
            format!(
                "something answers with status {}, but not as Matomo's tracker does; the URL must lead to matomo.php",
                reply.status
            ),
            Some(reply.status),
            false,
        ),
        Err(Some(SendError::NotSent(cause) | SendError::Doubt(cause))) => (
            Some(cause.code.to_string()),
            cause.message.to_string(),
            None,
            false,
        ),
        Err(None) => (None, "the target was not asked".to_owned(), None, false),
    }
}

async fn judge_token(site_id: u32, http: &Http, request: Request) -> (&'static str, String) {
    match http.send(request).await {
        Ok(reply) => {
            let content_type = reply.content_type.as_deref();
            match probe::classify_token(reply.status, content_type, &reply.body) {
                TokenAnswer::Accepted => ("accepted", "the token is accepted".to_owned()),
                TokenAnswer::Refused => (
                    "refused",
                    format!(
                        "the token is refused for site {site_id}: it needs write or admin access there (and the site must exist)"
                    ),
                ),
                TokenAnswer::Unclear(reason) => ("unclear", reason.message.into_owned()),
            }
        }
        Err(error) => ("unclear", error.to_string()),
    }
}

fn tell(findings: &Findings) -> Result<(), CommandError> {
    for problem in &findings.problems {
        complain(&format!("problem: {problem}"));
    }
    for warning in &findings.warnings {
        complain(&format!("warning: {warning}"));
    }
    let mut text = String::new();
    if findings.problems.is_empty() {
        text.push_str("the run configuration is in order\n");
    }
    if let Some(probe) = &findings.probe {
        let code = probe
            .failure
            .as_deref()
            .map_or(String::new(), |code| format!(" [{code}]"));
        text.push_str(&format!("{}: {}{code}\n", probe.host, probe.message));
        if let Some(latency_ms) = probe.latency_ms {
            text.push_str(&format!("answer after {latency_ms:.1} ms\n"));
        }
        text.push_str(&format!(
            "site {}: {}\n",
            probe.site_id, probe.token_message
        ));
    }
    say(&text)?;
    Ok(())
}
