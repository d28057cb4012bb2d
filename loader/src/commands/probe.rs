//! `loader probe`: the connection test, printed for people or for programs.
//!
//! Invariant: with `--json` there is always one line with a report, also when the run configuration names no target
//! that could be tested.

use std::io::ErrorKind;

use config::{Checked, Countries, Layers, Problem, ProxyVariables, RunConfig, Secrets};

use super::{CommandError, DONE, FAILED, runtime, say};
use crate::cli::ProbeArgs;
use crate::input;
use crate::probe::{self, Asked, Report, Subject, Whereabouts};

pub(super) fn probe(args: &ProbeArgs) -> Result<u8, CommandError> {
    let secrets = args
        .secrets
        .as_deref()
        .map(input::take_secrets)
        .transpose()?;
    let proxies = secrets.as_ref().map(|handed| handed.proxies.clone());
    let checked = input::check(&args.common, secrets)?;
    let report = match asked(checked, proxies.unwrap_or_default(), args) {
        Ok(asked) => tested(&asked)?,
        Err(report) => *report,
    };
    let text = if args.json {
        let line = serde_json::to_string(&report).map_err(std::io::Error::from)?;
        format!("{line}\n")
    } else {
        probe::text(&report)
    };
    say(&text)?;
    Ok(if report.ok { DONE } else { FAILED })
}

/// Tests a target to the end.
pub(super) fn tested(asked: &Asked) -> Result<Report, CommandError> {
    let runtime = runtime()?;
    let report = runtime.block_on(probe::probe(asked));
    // A name server that does not answer is not waited for.
    runtime.shutdown_background();
    Ok(report)
}

/// What to test. A test needs a target and no more, so problems elsewhere in the configuration do not matter.
fn asked(
    checked: Checked,
    proxies: ProxyVariables,
    args: &ProbeArgs,
) -> Result<Asked, Box<Report>> {
    let needs_token = checked.config.audience.countries == Countries::On;
    let of_target = |problem: &Problem| problem.pointer.starts_with("/targets");
    let checked = if checked.plan.is_some() || checked.problems.iter().any(of_target) {
        checked
    } else {
        with_target_alone(checked.config, proxies)
    };
    match checked
        .plan
        .and_then(|plan| plan.targets.into_iter().next())
    {
        Some(target) => Ok(Asked {
            target,
            needs_token,
            write_hit: args.write_hit,
            whereabouts: Whereabouts::find(args.beside_control_plane),
        }),
        None => {
            let target = checked.config.targets.first();
            let subject = Subject {
                url: target.map(|target| target.url.clone()).unwrap_or_default(),
                host: String::new(),
                site_id: target.map_or(1, |target| target.site_id),
            };
            let mut problems = checked.problems.iter();
            let problem = problems.find(|problem| of_target(problem));
            Err(Box::new(probe::refused(subject, problem)))
        }
    }
}

fn with_target_alone(mut config: RunConfig, proxies: ProxyVariables) -> Checked {
    let secrets = Secrets {
        proxies,
        ..config.take_secrets()
    };
    let targets = serde_json::to_value(&config.targets).unwrap_or_default();
    Layers::new()
        .json("target", serde_json::json!({ "targets": targets }))
        .environment(input::proxy_variables(), &|_| {
            Err(ErrorKind::Unsupported.into())
        })
        .secrets(secrets)
        .check(&|_| Err(ErrorKind::Unsupported.into()))
}
