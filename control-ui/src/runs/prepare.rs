//! From a request to a run: checks everything that can be checked before anything is started.

use config::{Checked, RunPlan, Secret};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::guards;
use super::id::RunId;
use super::record::{Beginning, Replacement, Run};
use super::window::PlannedDays;
use crate::api::problem::{ConfigProblem, Problem};
use crate::api::runs::create::NewRun;
use crate::api::view::{RunKind, TargetView};
use crate::configuration::{self, Basis};
use crate::confirmation::{self, TRIAL_UNCONFIRMED};
use crate::random;
use crate::settings::{Practice, Settings, host_of};
use crate::time::Timestamp;

/// The largest whole number that every JSON reader keeps.
const SEED_MAX: u64 = (1 << 53) - 1;

/// Longest name and population, in characters.
pub(super) const NAME_MAX: usize = 100;

/// Longest notes, in characters.
pub(super) const NOTES_MAX: usize = 10_000;

/// How far ahead a run may begin, in milliseconds: 30 days. Its loader waits all the time.
const AHEAD_MAX_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// A run that may be written down, and what is kept apart from it.
pub(crate) struct Prepared {
    pub(crate) run: Run,
    pub(crate) secrets: Option<Secret>,
    /// The host that this request confirms, and who does.
    pub(crate) confirms: Option<(String, String)>,
    /// The days of a backfill.
    pub(crate) planned: Option<PlannedDays>,
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
pub(crate) fn request_hash(request: &impl serde::Serialize) -> Result<String, Problem> {
    let text = serde_json::to_vec(request).map_err(|error| Problem::internal(&error))?;
    Ok(hex::encode(Sha256::digest(text)))
}

/// What is asked for, by whomever.
pub struct Order {
    pub(crate) new: NewRun,
    /// Who asks.
    pub(crate) who: String,
    /// The preset that the configuration came from, when it is whole already.
    pub(crate) begun_from: Option<String>,
    /// Whether its configuration is whole: nothing of the operator's or of a preset comes to it.
    pub(crate) whole: bool,
    /// Secrets that are kept already, and go with the configuration.
    pub(crate) secrets: Option<Secret>,
    /// The run whose place it takes.
    pub(crate) replaces: Option<Replacement>,
}

impl Order {
    /// A run of its own.
    #[must_use]
    pub fn of(new: NewRun, who: String) -> Self {
        Self {
            new,
            who,
            begun_from: None,
            whole: false,
            secrets: None,
            replaces: None,
        }
    }
}

/// Checks a request.
pub(crate) fn prepare(mut order: Order, around: &Surroundings<'_>) -> Result<Prepared, Problem> {
    let mut problems = own_fields(&order.new, around.now);
    let config = layered(&mut order, around, &mut problems);
    let origin = order
        .new
        .start_at
        .or(order.new.origin)
        .unwrap_or(around.now);
    let new = order.new;
    let Checked {
        mut config,
        plan,
        problems: found,
        ..
    } = around.basis.clone().at(origin).check(config);
    problems.extend(configuration::problems(&found));
    let plan = match plan {
        Some(plan) if problems.is_empty() => plan,
        _ => return Err(Problem::invalid(problems)),
    };
    let target = target(&plan)?;
    let confirms = confirmed(&new, &plan, around)?;
    let secrets = config.take_secrets();
    let secrets =
        (!secrets.is_empty()).then(|| Secret::from(secrets.to_json_exposed().as_str().to_owned()));
    let id = RunId::fresh();
    let full = new.trial.is_none_or(|visits| visits > TRIAL_UNCONFIRMED);
    let seed = new
        .seed
        .or(plan.audience.seed)
        .unwrap_or_else(|| u64::from_le_bytes(random::bytes()) & SEED_MAX);
    // The few visits of a trial are not days of a backfill.
    let planned = match new.trial {
        Some(_) => None,
        None => PlannedDays::of(&plan, seed, origin),
    };
    let run = Run::begin(Beginning {
        window: planned.as_ref().map(|planned| planned.window.clone()),
        kind: kind(&plan),
        name: new
            .name
            .unwrap_or_else(|| name(&target, planned.as_ref(), around.now)),
        notes: new.notes.unwrap_or_default(),
        created_at: around.now,
        preset: new.preset.or(order.begun_from),
        trial: new.trial,
        confirmed_host: full.then(|| target.host.clone()),
        seed,
        population: new
            .population
            .or_else(|| plan.audience.population.clone())
            .unwrap_or_else(|| id.to_string()),
        origin,
        start_at: new.start_at,
        replaces: order.replaces,
        guards: guards::in_words(&plan),
        orchestrator: around.orchestrator.to_owned(),
        boot: around.boot.to_owned(),
        has_secrets: secrets.is_some(),
        grace_s: plan.delivery.grace.as_secs(),
        log_level: log_level(&config),
        loaders: plan.load.loaders,
        config: serde_json::to_value(&config).map_err(|error| Problem::internal(&error))?,
        target,
        id,
    });
    Ok(Prepared {
        planned,
        run,
        secrets,
        confirms: confirms.map(|host| (host, order.who)),
    })
}

/// The name of a run that nobody named: a backfill goes by its days, any other by its moment.
fn name(target: &TargetView, planned: Option<&PlannedDays>, now: Timestamp) -> String {
    match planned.map(|planned| &planned.window) {
        Some(window) => format!("{} {} to {}", target.host, window.first, window.last),
        None => format!("{} {now}", target.host),
    }
}

fn kind(plan: &RunPlan) -> RunKind {
    match plan.backfill {
        Some(_) => RunKind::Backfill,
        None => RunKind::Realtime,
    }
}

/// The configuration of an order with what else the order says of it.
fn layered(
    order: &mut Order,
    around: &Surroundings<'_>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Value> {
    let mut config = order.new.config.take();
    if order.new.use_practice_target {
        match &around.settings.practice {
            Some(practice) => config = Some(aimed_at(practice, config)),
            None => problems.push(problem(
                "/use_practice_target",
                "practice_target.none",
                "no practice target is set up here",
                "name a target, or set PRACTICE_TARGET",
            )),
        }
    }
    if let Some(secrets) = &order.secrets {
        config = Some(with_secrets(config, secrets));
    }
    if let Some(hits) = order.new.hit_budget {
        config = Some(with_budget(config, hits));
    }
    config
}

/// A target is confirmed by a person: until its host was typed back it gets trials and no more. The answer is the
/// host, when this request confirms it.
fn confirmed(
    new: &NewRun,
    plan: &RunPlan,
    around: &Surroundings<'_>,
) -> Result<Option<String>, Problem> {
    let host = plan.targets.first().map(|target| target.host.as_str());
    let practice = around.settings.practice.as_ref();
    let known = host.is_some_and(|host| {
        practice.is_some_and(|practice| host_of(&practice.url) == host)
            || around.confirmed_hosts.iter().any(|known| known == host)
    });
    let Some(asked) = confirmation::about(plan, new.trial, known) else {
        return Ok(None);
    };
    let confirms = confirmation::demand(&asked, new.confirm_target.as_deref())?;
    confirmation::demand_budget(&asked)?;
    Ok(confirms)
}

fn own_fields(new: &NewRun, now: Timestamp) -> Vec<ConfigProblem> {
    let mut problems = text_fields(new);
    problems.extend(start_at(new, now));
    if new.use_configuration && new.preset.is_some() {
        problems.push(problem(
            "/use_configuration",
            "configuration.twice",
            "the saved configuration is asked for, and a preset beside it",
            "leave out preset or use_configuration",
        ));
    }
    if new.hit_budget == Some(0) {
        problems.push(problem(
            "/hit_budget",
            "hit_budget.zero",
            "a run of 0 hits does nothing",
            "leave it out for a run without a budget, or give 1 or more",
        ));
    }
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
    problems
}

fn text_fields(new: &NewRun) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    for (pointer, text) in [("/name", &new.name), ("/population", &new.population)] {
        if text.as_ref().is_some_and(|text| !is_name(text)) {
            problems.push(problem(
                pointer,
                "text.length",
                "must have 1 to 100 characters, without control characters",
                "shorten it, or leave it out",
            ));
        }
    }
    if new.notes.as_ref().is_some_and(|notes| !are_notes(notes)) {
        problems.push(notes_too_long());
    }
    problems
}

pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

pub(super) fn are_notes(text: &str) -> bool {
    text.chars().count() <= NOTES_MAX
}

pub(super) fn notes_too_long() -> ConfigProblem {
    problem(
        "/notes",
        "text.length",
        "must have at most 10,000 characters",
        "shorten them",
    )
}

/// What is wrong with the moment to begin at.
fn start_at(new: &NewRun, now: Timestamp) -> Option<ConfigProblem> {
    let at = new.start_at?;
    if new.origin.is_some() {
        return Some(problem(
            "/start_at",
            "start_at.origin",
            "the moment to begin at is the plan's time zero, and another one is given beside it",
            "leave out origin or start_at",
        ));
    }
    if at < now {
        return Some(problem(
            "/start_at",
            "start_at.past",
            &format!("the moment to begin at, {at}, is past: it is {now}"),
            "give a later one, or leave it out to begin at once",
        ));
    }
    (at.0 - now.0 > AHEAD_MAX_MS).then(|| {
        problem(
            "/start_at",
            "start_at.too_far",
            &format!("the moment to begin at, {at}, is more than 30 days ahead"),
            "give an earlier one",
        )
    })
}

pub(super) fn problem(pointer: &str, code: &str, message: &str, hint: &str) -> ConfigProblem {
    ConfigProblem {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
        origin: Some("you".to_owned()),
    }
}

/// The same configuration, sent to the practice target. A configuration of another shape is left for the check.
pub(crate) fn aimed_at(practice: &Practice, config: Option<Value>) -> Value {
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

/// The same configuration with the secrets of a hand-over file, target by target.
pub(super) fn with_secrets(config: Option<Value>, secrets: &Secret) -> Value {
    let mut config = config.unwrap_or_else(|| json!({}));
    let handed: Value = serde_json::from_str(secrets.expose()).unwrap_or_default();
    let handed = handed["targets"].as_array().cloned().unwrap_or_default();
    if let Some(targets) = config.get_mut("targets").and_then(Value::as_array_mut) {
        for (target, secrets) in targets.iter_mut().zip(handed) {
            if let (Some(target), Value::Object(secrets)) = (target.as_object_mut(), secrets) {
                target.extend(secrets);
            }
        }
    }
    config
}

/// The same configuration that ends after a number of hits.
fn with_budget(config: Option<Value>, hits: u64) -> Value {
    let mut config = config.unwrap_or_else(|| json!({}));
    if let Some(sections) = config.as_object_mut() {
        let load = sections.entry("load").or_insert_with(|| json!({}));
        if let Some(load) = load.as_object_mut() {
            load.insert("stop_after_hits".to_owned(), json!(hits));
        }
    }
    config
}

pub(super) fn target(plan: &RunPlan) -> Result<TargetView, Problem> {
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

fn log_level(config: &config::RunConfig) -> String {
    serde_json::to_value(&config.logging)
        .ok()
        .and_then(|logging| Some(logging.get("level")?.as_str()?.to_owned()))
        .unwrap_or_else(|| "info".to_owned())
}
