//! The secrets that another attempt of a run, or another run of its configuration, gets: those that are kept, and what
//! a person gives anew.
//!
//! Invariant: what is given takes the place of its like and of nothing else; a loader is not started without a secret
//! that its configuration names.

use std::collections::BTreeMap;

use config::{Secret, Secrets, TargetSecret};
use serde_json::Value;

use super::Runs;
use super::prepare::problem;
use super::record::Run;
use crate::api::problem::{Code, Problem};

/// Where the token of the first target is.
const TOKEN: &str = "/targets/0/token_auth";

/// Settings that need a secret beside them.
const NEED: [(&str, &str); 2] = [
    ("basic_auth_user", "basic_auth_password"),
    ("extra_header_name", "extra_header_value"),
];

/// Secrets by their JSON pointers.
pub(crate) type Given = BTreeMap<String, Secret>;

/// What a request gives: `token` is short for the first target's.
pub(crate) fn given(token: Option<&str>, secrets: &BTreeMap<String, String>) -> Given {
    let token = token.map(|token| (TOKEN, token));
    let secrets = secrets
        .iter()
        .map(|(at, secret)| (at.as_str(), secret.as_str()));
    let owned = |(at, secret): (&str, &str)| (at.to_owned(), Secret::from(secret.to_owned()));
    secrets.chain(token).map(owned).collect()
}

impl Runs {
    /// The hand-over file for another run, or another attempt, of this configuration.
    pub(super) fn secrets_for(&self, run: &Run, given: Given) -> Result<Option<Secret>, Problem> {
        if !run.has_secrets && given.is_empty() {
            return Ok(None);
        }
        let kept = run.has_secrets.then(|| self.kept_secrets(run)).flatten();
        let is_kept = kept.is_some();
        let mut secrets = kept.unwrap_or_default();
        let targets = run.config["targets"].as_array().map_or(0, Vec::len);
        secrets.targets.resize(targets, TargetSecret::default());
        for (pointer, secret) in given {
            if !secrets.put(&pointer, secret) {
                return Err(Problem::invalid(vec![problem(
                    &format!("/secrets/{}", pointer.replace('~', "~0").replace('/', "~1")),
                    "secret.unknown",
                    "no setting of the run holds a secret there",
                    "name it by its JSON pointer, such as /targets/0/basic_auth_password",
                )]));
            }
        }
        let missing = if is_kept {
            Vec::new()
        } else {
            missing(run, &secrets)
        };
        if !missing.is_empty() {
            return Err(needed(run, &missing));
        }
        Ok(Some(Secret::from(secrets.to_json_exposed())))
    }

    /// What is kept of a run's secrets; the practice target's token is always.
    fn kept_secrets(&self, run: &Run) -> Option<Secrets> {
        if let Ok(kept) = self.needs().secrets.read(&run.id) {
            return Secrets::from_json(kept.expose()).ok();
        }
        let practice = self.needs().settings.practice.as_ref()?;
        let token = practice.token.as_ref()?;
        (practice.url.as_str() == run.target.url).then(|| Secrets {
            targets: vec![TargetSecret {
                token_auth: Some(token.clone()),
                ..TargetSecret::default()
            }],
            ..Secrets::default()
        })
    }
}

/// Pointers of the secrets that a run was made with, as far as its configuration shows, and that are not there.
fn missing(run: &Run, secrets: &Secrets) -> Vec<String> {
    let targets = run.config["targets"].as_array();
    let mut named = false;
    let mut missing = Vec::new();
    for (at, (target, secret)) in targets
        .into_iter()
        .flatten()
        .zip(&secrets.targets)
        .enumerate()
    {
        for (setting, name) in NEED {
            let is_set = target[setting]
                .as_str()
                .is_some_and(|text| !text.is_empty());
            let given = match name {
                "basic_auth_password" => &secret.basic_auth_password,
                _ => &secret.extra_header_value,
            };
            named |= is_set;
            if is_set && given.is_none() {
                missing.push(format!("/targets/{at}/{name}"));
            }
        }
    }
    // A run whose configuration names no other secret was made with a token.
    let has_token = secrets
        .targets
        .iter()
        .any(|secret| secret.token_auth.is_some());
    if run.has_secrets && !named && !has_token {
        missing.push(TOKEN.to_owned());
    }
    missing
}

fn needed(run: &Run, missing: &[String]) -> Problem {
    let body = if missing == [TOKEN] {
        r#"{"token": "…"}"#.to_owned()
    } else {
        let secrets: serde_json::Map<String, Value> = missing
            .iter()
            .map(|pointer| (pointer.clone(), Value::from("…")))
            .collect();
        format!(
            "{}, and the token, if it had one",
            serde_json::json!({ "secrets": secrets })
        )
    };
    Problem::new(
        Code::TokenNeeded,
        format!(
            "run {} was made with a token or another secret, which is deleted once nobody needs it; send it again: {body}",
            run.name
        ),
    )
}
