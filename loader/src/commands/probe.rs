//! `loader probe`: the connection test, printed for people or for programs.
//!
//! Invariant: with `--json` there is always one line with a report, also when the run configuration names no target
//! that could be tested.

use config::{Checked, Countries, Layers, Problem};

use super::{CommandError, DONE, FAILED, runtime, say};
use crate::cli::ProbeArgs;
use crate::input;
use crate::probe::{self, Asked, Report, Subject};

pub(super) fn probe(args: &ProbeArgs) -> Result<u8, CommandError> {
    let secrets = args
        .secrets
        .as_deref()
        .map(input::take_secrets)
        .transpose()?;
    let checked = input::check(&args.common, secrets)?;
    let report = match asked(checked, args.write_hit) {
        Ok(asked) => {
            let runtime = runtime()?;
            let report = runtime.block_on(probe::probe(&asked));
            // A name server that does not answer is not waited for.
            runtime.shutdown_background();
            report
        }
        Err(report) => *report,
    };
    let text = if args.json {
        let line = serde_json::to_string(&report).map_err(std::io::Error::from)?;
        format!("{line}\n")
    } else {
        report.text()
    };
    say(&text)?;
    Ok(if report.ok { DONE } else { FAILED })
}

/// What to test. A test needs a target and no more, so problems elsewhere in the configuration do not matter.
fn asked(checked: Checked, write_hit: bool) -> Result<Asked, Box<Report>> {
    let Checked {
        mut config,
        plan,
        problems,
        ..
    } = checked;
    let of_target = |problem: &&Problem| problem.pointer.starts_with("/targets");
    if let Some(problem) = problems.iter().find(of_target) {
        let target = config.targets.first();
        let subject = Subject {
            url: target.map(|target| target.url.clone()).unwrap_or_default(),
            host: String::new(),
            site_id: target.map_or(1, |target| target.site_id),
        };
        let (message, hint) = (problem.message.clone(), problem.hint.clone());
        return Err(Box::new(probe::refused(subject, message, hint)));
    }
    let needs_token = config.audience.countries == Countries::On;
    let plan = plan.or_else(|| {
        let secrets = config.take_secrets();
        let targets = serde_json::to_value(&config.targets).ok()?;
        Layers::new()
            .json("target", serde_json::json!({ "targets": targets }))
            .secrets(secrets)
            .check(&|_| Err(std::io::ErrorKind::Unsupported.into()))
            .plan
    });
    match plan.and_then(|plan| plan.targets.into_iter().next()) {
        Some(target) => Ok(Asked {
            target,
            needs_token,
            write_hit,
            in_container: probe::in_container(),
        }),
        None => Err(Box::new(probe::refused(
            Subject {
                url: String::new(),
                host: String::new(),
                site_id: 1,
            },
            "there is no target to test".to_owned(),
            Some("name Matomo's address".to_owned()),
        ))),
    }
}
