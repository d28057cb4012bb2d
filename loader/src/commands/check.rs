//! `loader check [--probe]`: every problem of a run configuration at once, and what the target says.
//!
//! The target is asked as `loader probe` asks it, and no hit is recorded. Invariant: the exit code is 0 only if a run could begin with this configuration, as far as
//! was asked.

use config::{Countries, Problem};
use serde::Serialize;

use super::probe::tested;
use super::{BAD_INPUT, CommandError, DONE, FAILED, complain, say};
use crate::cli::{CheckArgs, Format};
use crate::input;
use crate::probe::{self, Asked, Report, Whereabouts};

/// What was found out, in the shape of `--format json`.
#[derive(Debug, Serialize)]
struct Findings {
    ok: bool,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<Report>,
}

pub(super) fn check(args: &CheckArgs) -> Result<u8, CommandError> {
    let secrets = args.secrets.as_deref().map(input::take_secrets);
    let checked = input::check(&args.common, secrets.transpose()?)?;
    let needs_token = checked.config.audience.countries == Countries::On;
    let target = checked
        .plan
        .and_then(|plan| plan.targets.into_iter().next());
    let probe = match target {
        Some(target) if args.probe && checked.problems.is_empty() => Some(tested(&Asked {
            target,
            needs_token,
            write_hit: false,
            whereabouts: Whereabouts::find(false),
        })?),
        _ => None,
    };
    let target_ok = probe.as_ref().is_none_or(|report| report.ok);
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
    if let Some(report) = &findings.probe {
        text.push_str(&probe::text(report));
    }
    say(&text)?;
    Ok(())
}
