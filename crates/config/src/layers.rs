//! Layers: defaults < preset < document < environment < a person < command line, and the check of them all.
//!
//! For: putting the values of all sources together, each with its origin, and finding every problem
//! in one go. Not for: I/O; texts, variables, a way to read files and the day come from the program.
//! Invariant: a later layer wins whatever the order of the calls, and a step that finds problems does
//! not keep the later steps from reporting theirs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::convert::{Conversion, Facts};
use crate::document::{self, Format};
use crate::environment::{self, Environment};
use crate::origin::{Origin, OriginKind};
use crate::plan::RunPlan;
use crate::presets;
use crate::problem::Problem;
use crate::secret::{ProxyVariables, Secret, Secrets};
use crate::sections::RunConfig;
use crate::shape::{self, Given, Leaves};
use crate::{Read, limits, problem};

/// The sources of a run configuration, to be checked together.
///
/// Has no `Debug`: it holds tokens.
pub struct Layers {
    layers: Vec<(OriginKind, Leaves)>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    now: Option<DateTime<Utc>>,
    /// Secrets, by their pointers, and the addresses that they were given for.
    bound: Vec<(String, String)>,
    proxies: ProxyVariables,
    handed_over_proxies: Option<ProxyVariables>,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The configuration as far as it is sound: a value with a problem is replaced by its default.
    /// Every `auto` is settled, so that the stored document means the same everywhere.
    pub config: RunConfig,
    /// The plan, when there is no problem.
    pub plan: Option<RunPlan>,
    /// Everything that keeps the configuration from being run.
    pub problems: Vec<Problem>,
    /// What a person should know all the same.
    pub warnings: Vec<Problem>,
    /// Pointer of each value and where it came from.
    pub origins: BTreeMap<String, Origin>,
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl Layers {
    /// The built-in defaults.
    pub fn new() -> Self {
        let layers = Self {
            layers: Vec::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            now: None,
            proxies: ProxyVariables::default(),
            handed_over_proxies: None,
            bound: Vec::new(),
        };
        // A configuration always serialises; without its defaults serde would fill them in anyway.
        let defaults = serde_json::to_value(RunConfig::default()).unwrap_or_default();
        layers.tree(Origin::new(OriginKind::Default, ""), defaults)
    }

    /// Adds a built-in preset. An unknown name is a problem.
    pub fn preset(mut self, name: &str) -> Self {
        match presets::find(name) {
            Ok(preset) => {
                let origin = Origin::new(OriginKind::Preset, name);
                self.text(origin, Format::Toml, preset.toml)
            }
            Err(problem) => {
                self.problems.push(problem);
                self
            }
        }
    }

    /// Adds a preset that is not built in. `name` names it in messages.
    pub fn own_preset(self, name: &str, config: Value) -> Self {
        self.tree(Origin::new(OriginKind::Preset, name), config)
    }

    /// Adds what a person sets on a page or in a request: it wins over documents and environment.
    pub fn person(self, config: Value) -> Self {
        self.tree(Origin::new(OriginKind::You, ""), config)
    }

    /// Adds a secret that a person set and that was kept apart from their document. With `given_for`, an
    /// address, it is used only while that server is the target.
    pub fn person_secret(mut self, pointer: &str, value: Secret, given_for: Option<&str>) -> Self {
        let origin = Origin::new(OriginKind::You, "");
        let mut leaves = Leaves::default();
        leaves
            .secrets
            .insert(pointer.to_owned(), Given { value, origin });
        self.layers.push((OriginKind::You, leaves));
        if let Some(address) = given_for {
            self.bound.push((pointer.to_owned(), address.to_owned()));
        }
        self
    }

    /// Adds a document. `origin` names it in messages: a path, or `standard input`.
    pub fn document(self, origin: &str, format: Format, text: &str) -> Self {
        self.text(Origin::new(OriginKind::File, origin), format, text)
    }

    /// Tells of a document that could not be read. `setting` is what names it, `path` where it should be.
    pub fn unreadable(mut self, setting: &str, path: &str, why: &str) -> Self {
        let message = format!(
            "the document {} could not be read: {why}",
            problem::quoted(path)
        );
        let hint = format!("check the path in {setting}, and that the program may read it");
        self.problems.push(
            Problem::new("", "unreadable", message)
                .hint(hint)
                .origin(path),
        );
        self
    }

    /// Adds a document that was parsed already, such as a request body's `config`.
    pub fn json(self, origin: &str, value: Value) -> Self {
        self.tree(Origin::new(OriginKind::File, origin), value)
    }

    /// Adds environment variables. An empty value is not set; `NAME_FILE` reads a secret through
    /// `read`; names that are no settings are ignored, near misses of one are warned of.
    pub fn environment(
        mut self,
        vars: impl IntoIterator<Item = (String, String)>,
        read: Read<'_>,
    ) -> Self {
        let vars: Vec<(String, String)> = vars.into_iter().collect();
        self.proxies = ProxyVariables::from_vars(vars.iter().cloned());
        let environment = Environment::read(vars, read);
        self.layers
            .push((OriginKind::Environment, environment.leaves));
        self.problems.extend(environment.problems);
        self.warnings.extend(environment.warnings);
        self
    }

    /// Adds handed-over tokens, in the order of the targets.
    pub fn secrets(mut self, secrets: Secrets) -> Self {
        let mut leaves = Leaves::default();
        for (at, target) in secrets.targets.iter().enumerate() {
            for (name, secret) in target.named() {
                if let Some(value) = secret.clone() {
                    let origin = Origin::new(OriginKind::CommandLine, "handed-over secrets");
                    leaves
                        .secrets
                        .insert(format!("/targets/{at}/{name}"), Given { value, origin });
                }
            }
        }
        if !secrets.proxies.is_empty() {
            self.handed_over_proxies = Some(secrets.proxies);
        }
        self.layers.push((OriginKind::CommandLine, leaves));
        self
    }

    /// Adds one value of the command line. `origin` names the option, `pointer` the setting, such as
    /// `/load/concurrency`.
    pub fn set(self, origin: &str, pointer: &str, value: Value) -> Self {
        let origin = Origin::new(OriginKind::CommandLine, origin);
        self.tree(origin, environment::at(pointer, value))
    }

    /// Tells what time it is. Rules about days past and to come need it and are left out without it.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    fn text(mut self, origin: Origin, format: Format, text: &str) -> Self {
        match document::parse(format, text) {
            Ok(tree) => self.tree(origin, tree),
            Err(problem) => {
                self.problems.push(problem.origin(origin));
                self
            }
        }
    }

    fn tree(mut self, origin: Origin, tree: Value) -> Self {
        match document::known_version(tree) {
            Ok(tree) => {
                let leaves = Leaves::read(tree, &origin, &mut self.problems);
                self.layers.push((origin.kind, leaves));
            }
            Err(problem) => self.problems.push(problem.origin(origin)),
        }
        self
    }

    /// Puts the layers together and checks the whole. Reads the URL list through `read`.
    pub fn check(mut self, read: Read<'_>) -> Checked {
        let pauses_given = self.given(&["/load/pause_min", "/load/pause_max"]);
        let pacing_given = self.given(&["/load/pacing"]);
        let end_given = self.given(&["/load/stop_after_hours"]);
        let in_flight_given = self.given(&["/load/concurrency"]);
        let bulk_size_given = self.given(&["/delivery/bulk_size"]);
        self.layers.sort_by_key(|(kind, _)| *kind);
        let mut merged = Leaves::default();
        let mut warnings = self.warnings;
        for (_, leaves) in self.layers {
            warnings.extend(merged.extend(leaves));
        }
        warnings.extend(merged.release(&self.bound));
        warnings.retain(|warning| {
            warning.code != "withheld" || !merged.secrets.contains_key(&warning.pointer)
        });
        let mut problems = self.problems;
        let mut config = settled(&mut merged, &mut problems);
        let origins = origins(&merged);
        for (at, target) in config.targets.iter_mut().enumerate() {
            for (name, secret) in target.secrets_mut() {
                let given = merged.secrets.remove(&format!("/targets/{at}/{name}"));
                *secret = given.map(|given| given.value);
            }
        }

        let mut conversion = Conversion::new(Facts {
            read,
            now: self.now,
            pauses_given,
            pacing_given,
            end_given,
            in_flight_given,
            bulk_size_given,
            flawed: problems
                .iter()
                .map(|problem| problem.pointer.clone())
                .collect(),
            origins: &origins,
            // A loader goes where its control plane would go.
            proxies: self.handed_over_proxies.unwrap_or(self.proxies),
        });
        let plan = conversion.plan(&mut config);
        problems.extend(conversion.problems);
        warnings.extend(conversion.warnings);
        for problem in problems.iter_mut().chain(&mut warnings) {
            if problem.origin.is_none() {
                problem.origin = origin_of(&origins, &problem.pointer);
            }
        }
        let plan = plan.filter(|_| problems.is_empty());
        Checked {
            config,
            plan,
            problems,
            warnings,
            origins,
        }
    }

    /// Whether a person gave one of the settings; what a preset says does not count.
    fn given(&self, pointers: &[&str]) -> bool {
        self.layers
            .iter()
            .filter(|(kind, _)| *kind >= OriginKind::File)
            .any(|(_, leaves)| pointers.iter().any(|at| leaves.values.contains_key(*at)))
    }
}

fn origins(merged: &Leaves) -> BTreeMap<String, Origin> {
    let values = merged
        .values
        .iter()
        .map(|(pointer, given)| (pointer, &given.origin));
    let secrets = merged
        .secrets
        .iter()
        .map(|(pointer, given)| (pointer, &given.origin));
    values
        .chain(secrets)
        .map(|(pointer, origin)| (pointer.clone(), origin.clone()))
        .collect()
}

/// Where the value at a pointer came from, or the list that holds it; nothing for a default.
fn origin_of(origins: &BTreeMap<String, Origin>, pointer: &str) -> Option<String> {
    let mut pointer = pointer;
    loop {
        if let Some(origin) = origins.get(pointer) {
            let told = origin.kind != OriginKind::Default;
            return told.then(|| origin.to_string());
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
}

/// The configuration from the values that won; limits count for them alone. One beyond a limit
/// becomes a problem, and its default takes its place.
fn settled(merged: &mut Leaves, problems: &mut Vec<Problem>) -> RunConfig {
    let unfit = limits::unfit(&merged.values);
    let mut flawed = taken_out(merged, unfit);
    let mut config = deserialised(merged);
    if let Ok(read) = &config {
        let exceeded = limits::exceeded(read, &merged.values);
        if !exceeded.is_empty() {
            flawed.extend(taken_out(merged, exceeded));
            config = deserialised(merged);
        }
    }
    problems.extend(flawed.into_values());
    config.unwrap_or_else(|error| {
        let message = format!(
            "the settings do not fit together: {}",
            problem::quoted(&error.to_string())
        );
        let hint = "please report this with your configuration, without its token";
        problems.push(Problem::new("", "invalid", message).hint(hint));
        RunConfig::default()
    })
}

/// Takes values with a fault out, and makes problems of them.
fn taken_out(merged: &mut Leaves, faults: limits::Faults) -> BTreeMap<String, Problem> {
    let problem = |(pointer, fault): (String, _)| {
        let mut problem = Problem::from_fault(&pointer, fault);
        problem.origin = merged
            .values
            .remove(&pointer)
            .map(|given| given.origin.to_string());
        (pointer, problem)
    };
    faults.into_iter().map(problem).collect()
}

fn deserialised(merged: &Leaves) -> serde_json::Result<RunConfig> {
    let values = merged.values.iter();
    serde_json::from_value(shape::tree(
        values.map(|(pointer, given)| (pointer.as_str(), &given.value)),
    ))
}
