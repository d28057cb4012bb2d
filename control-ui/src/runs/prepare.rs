//! From a request to a run: checks everything that can be checked before anything is started.

use config::{Checked, RunPlan, Secret};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::id::RunId;
use super::record::{Beginning, Run};
use crate::api::problem::{Code, ConfigProblem, Problem};
use crate::api::runs::create::NewRun;
use crate::api::view::TargetView;
use crate::configuration::{self, Basis};
use crate::random;
use crate::settings::{Practice, Settings, host_of};
use crate::time::Timestamp;

/// Visits of a trial that needs no confirmation of its target.
pub(crate) const TRIAL_UNCONFIRMED: u64 = 50;

/// The largest whole number that every JSON reader keeps.
const SEED_MAX: u64 = (1 << 53) - 1;

/// Longest name and population, in characters.
const NAME_MAX: usize = 100;

/// A run that may be written down, and what is kept apart from it.
pub(crate) struct Prepared {
    pub(crate) run: Run,
    pub(crate) secrets: Option<Secret>,
    /// The host that this request confirms.
    pub(crate) confirms: Option<String>,
}

/// What a preparation looks at besides the request.
pub(crate) struct Surroundings<'a> {
    /// What the request's configuration is laid upon.
    pub(crate) basis: &'a Basis,
    pub(crate) settings: &'a Settings,
    pub(crate) confirmed_hosts: &'a [String],
    pub(crate) orchestrator: &'a str,
    pub(crate) boot: &'a str,
    pub(crate) now: Timestamp,
}

/// Distinguishes requests that are named by one idempotency key.
pub(crate) fn request_hash(new: &NewRun) -> Result<String, Problem> {
    let text = serde_json::to_vec(new).map_err(|error| Problem::internal(&error))?;
    Ok(hex::encode(Sha256::digest(text)))
}

/// Checks a request.
pub(crate) fn prepare(new: NewRun, around: &Surroundings<'_>) -> Result<Prepared, Problem> {
    let mut problems = own_fields(&new);
    let config = match (new.use_practice_target, &around.settings.practice) {
        (false, _) => new.config,
        (true, Some(practice)) => Some(aimed_at(practice, new.config)),
        (true, None) => {
            problems.push(problem(
                "/use_practice_target",
                "practice_target.none",
                "no practice target is set up here",
                "name a target, or set PRACTICE_TARGET",
            ));
            new.config
        }
    };
    let Checked {
        mut config,
        plan,
        problems: found,
        ..
    } = around.basis.check(config);
    problems.extend(configuration::problems(&found));
    let plan = match plan {
        Some(plan) if problems.is_empty() => plan,
        _ => return Err(Problem::invalid(problems)),
    };
    let target = target(&plan)?;
    let confirmed = confirmation(
        new.trial,
        new.confirm_target.as_deref(),
        &target.host,
        around,
    )?;
    let secrets = config.take_secrets();
    let secrets =
        (!secrets.is_empty()).then(|| Secret::from(secrets.to_json_exposed().as_str().to_owned()));
    let id = RunId::fresh();
    let run = Run::begin(Beginning {
        name: new
            .name
            .unwrap_or_else(|| format!("{} {}", target.host, around.now)),
        created_at: around.now,
        preset: new.preset,
        trial: new.trial,
        confirmed_host: confirmed.needed.then(|| target.host.clone()),
        seed: new
            .seed
            .or(plan.audience.seed)
            .unwrap_or_else(|| u64::from_le_bytes(random::bytes()) & SEED_MAX),
        population: new
            .population
            .or_else(|| plan.audience.population.clone())
            .unwrap_or_else(|| id.to_string()),
        origin: new.origin.unwrap_or(around.now),
        orchestrator: around.orchestrator.to_owned(),
        boot: around.boot.to_owned(),
        has_secrets: secrets.is_some(),
        grace_s: plan.delivery.grace.as_secs(),
        log_level: log_level(&config),
        config: serde_json::to_value(&config).map_err(|error| Problem::internal(&error))?,
        target,
        id,
    });
    Ok(Prepared {
        run,
        secrets,
        confirms: confirmed.given,
    })
}

fn own_fields(new: &NewRun) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    if new.trial == Some(0) {
        problems.push(problem(
            "/trial",
            "trial.zero",
            "a trial of 0 visits does nothing",
            "leave it out for a full run, or give 1 to 50",
        ));
    }
    if new.seed.is_some_and(|seed| seed > SEED_MAX) {
        problems.push(problem(
            "/seed",
            "seed.too_large",
            "the seed is larger than 2^53 - 1, which not every reader keeps exactly",
            "take a smaller one",
        ));
    }
    for (pointer, text) in [("/name", &new.name), ("/population", &new.population)] {
        let fits = |text: &String| {
            (1..=NAME_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        if text.as_ref().is_some_and(|text| !fits(text)) {
            problems.push(problem(
                pointer,
                "text.length",
                "must have 1 to 100 characters, without control characters",
                "shorten it, or leave it out",
            ));
        }
    }
    problems
}

fn problem(pointer: &str, code: &str, message: &str, hint: &str) -> ConfigProblem {
    ConfigProblem {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
        origin: Some("you".to_owned()),
    }
}

/// The same configuration, sent to the practice target. A configuration of another shape is left for the check.
fn aimed_at(practice: &Practice, config: Option<Value>) -> Value {
    let mut config = config.unwrap_or_else(|| json!({}));
    let mut target = json!({ "url": practice.url.as_str(), "site_id": 1 });
    if let Some(token) = &practice.token {
        target["token_auth"] = json!(token.expose());
    }
    if let Some(sections) = config.as_object_mut() {
        sections.insert("targets".to_owned(), json!([target]));
    }
    config
}

fn target(plan: &RunPlan) -> Result<TargetView, Problem> {
    let target = plan.targets.first().ok_or_else(|| {
        Problem::invalid(vec![problem(
            "/targets",
            "targets.none",
            "there is no target",
            "name Matomo's address",
        )])
    })?;
    Ok(TargetView {
        url: target.url.to_string(),
        host: target.host.clone(),
        site_id: target.site_id,
    })
}

struct Confirmation {
    /// Whether the loader must be told.
    needed: bool,
    /// The host, when this request confirms it.
    given: Option<String>,
}

/// A target is confirmed by a person: until its host was typed back it gets trials and no more.
fn confirmation(
    trial: Option<u64>,
    typed: Option<&str>,
    host: &str,
    around: &Surroundings<'_>,
) -> Result<Confirmation, Problem> {
    let typed = typed.map(str::trim).filter(|text| !text.is_empty());
    if let Some(typed) = typed
        && !typed.eq_ignore_ascii_case(host)
    {
        return Err(unconfirmed(host, &format!("{typed:?} is not its host")));
    }
    let needed = trial.is_none_or(|visits| visits > TRIAL_UNCONFIRMED);
    let practice = around.settings.practice.as_ref();
    let known = practice.is_some_and(|practice| host_of(&practice.url) == host)
        || around.confirmed_hosts.iter().any(|known| known == host);
    if needed && typed.is_none() && !known {
        return Err(unconfirmed(host, "a full run needs it typed back once"));
    }
    Ok(Confirmation {
        needed,
        given: typed.map(|_| host.to_owned()),
    })
}

fn unconfirmed(host: &str, why: &str) -> Problem {
    Problem::new(
        Code::TargetUnconfirmed,
        format!(
            "the target is {host}: {why}; send \"confirm_target\": \"{host}\" if you mean it, or a trial of at \
             most {TRIAL_UNCONFIRMED} visits"
        ),
    )
}

fn log_level(config: &config::RunConfig) -> String {
    serde_json::to_value(&config.logging)
        .ok()
        .and_then(|logging| Some(logging.get("level")?.as_str()?.to_owned()))
        .unwrap_or_else(|| "info".to_owned())
}
