//! The connection test against every kind of server that people get wrong, each a real listener on the loopback.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod connections;
mod findings;
mod servers;
mod settings;
mod tls;
mod wrong_matomos;
mod wrong_servers;

use config::{Layers, RunPlan};
use loader::probe::{Asked, Finding, Report, Step, Whereabouts, probe};
use serde_json::{Value, json};

use servers::TOKEN;

/// The plan of a run against this target.
pub(crate) fn plan(target: &Value) -> RunPlan {
    plan_with(target, &[])
}

/// The same with an environment.
pub(crate) fn plan_with(target: &Value, environment: &[(&str, &str)]) -> RunPlan {
    let none = |_: &std::path::Path| Err(std::io::ErrorKind::Unsupported.into());
    let variables = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let checked = Layers::new()
        .json("test", json!({ "targets": [target] }))
        .environment(variables, &none)
        .check(&none);
    checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems))
}

/// Site 3 with a token.
pub(crate) fn target(url: &str) -> Value {
    json!({ "url": url, "site_id": 3, "token_auth": TOKEN })
}

pub(crate) fn asked(plan: RunPlan) -> Asked {
    Asked {
        target: plan.targets.into_iter().next().unwrap(),
        needs_token: false,
        write_hit: false,
        whereabouts: Whereabouts::Machine,
    }
}

pub(crate) async fn test(target: &Value) -> Report {
    probe(&asked(plan(target))).await
}

pub(crate) fn found(report: &Report, step: Step) -> &Finding {
    report
        .steps
        .iter()
        .find(|finding| finding.step == step)
        .unwrap()
}
