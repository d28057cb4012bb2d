//! Layers: defaults < preset < document < environment < command line, and the check of them all.
//!
//! For: putting the values of all sources together, each with its origin, and finding every problem
//! in one go. Not for: I/O; texts, variables, a way to read files and the day come from the program.
//! Invariant: a later layer wins whatever the order of the calls, and a step that finds problems does
//! not keep the later steps from reporting theirs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::convert::{Conversion, Facts};
use crate::document::{self, Format};
use crate::environment::{self, Environment};
use crate::plan::RunPlan;
use crate::presets;
use crate::problem::Problem;
use crate::secret::Secrets;
use crate::sections::RunConfig;
use crate::shape::{self, Given, Leaves};
use crate::{Read, limits, problem};

/// The origin of built-in values.
pub(crate) const DEFAULT: &str = "default";

/// What wins over what.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Default,
    Preset,
    Document,
    Environment,
    CommandLine,
}

/// The sources of a run configuration, to be checked together.
///
/// Has no `Debug`: it holds tokens.
pub struct Layers {
    layers: Vec<(Rank, Leaves)>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    today: Option<NaiveDate>,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The configuration as far as it is sound: a value with a problem is replaced by its default.
    /// `pacing = auto` is settled, so that the stored document means the same everywhere.
    pub config: RunConfig,
    /// The plan, when there is no problem.
    pub plan: Option<RunPlan>,
    /// Everything that keeps the configuration from being run.
    pub problems: Vec<Problem>,
    /// What a person should know all the same.
    pub warnings: Vec<Problem>,
    /// Pointer of each value and where it came from: `default`, `preset light`,
    /// `environment variable CONCURRENCY`, the name of a document.
    pub origins: BTreeMap<String, String>,
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
            today: None,
        };
        // A configuration always serialises; without its defaults serde would fill them in anyway.
        let defaults = serde_json::to_value(RunConfig::default()).unwrap_or_default();
        layers.tree(Rank::Default, DEFAULT, defaults)
    }

    /// Adds a built-in preset. An unknown name is a problem.
    pub fn preset(mut self, name: &str) -> Self {
        match presets::find(name) {
            Ok(preset) => self.text(
                Rank::Preset,
                &format!("preset {name}"),
                Format::Toml,
                preset.toml,
            ),
            Err(problem) => {
                self.problems.push(problem);
                self
            }
        }
    }

    /// Adds a document. `origin` names it in messages: a path, or `standard input`.
    pub fn document(self, origin: &str, format: Format, text: &str) -> Self {
        self.text(Rank::Document, origin, format, text)
    }

    /// Adds a document that was parsed already, such as a request body's `config`.
    pub fn json(self, origin: &str, value: Value) -> Self {
        self.tree(Rank::Document, origin, value)
    }

    /// Adds environment variables. An empty value is not set; `NAME_FILE` reads a secret through
    /// `read`; names that are no settings are ignored, near misses of one are warned of.
    pub fn environment(
        mut self,
        vars: impl IntoIterator<Item = (String, String)>,
        read: Read<'_>,
    ) -> Self {
        let environment = Environment::read(vars, read);
        self.layers.push((Rank::Environment, environment.leaves));
        self.problems.extend(environment.problems);
        self.warnings.extend(environment.warnings);
        self
    }

    /// Adds handed-over tokens, in the order of the targets.
    pub fn secrets(mut self, secrets: Secrets) -> Self {
        let mut leaves = Leaves::default();
        for (at, target) in secrets.targets.into_iter().enumerate() {
            if let Some(value) = target.token_auth {
                let origin = "handed-over secrets".to_owned();
                leaves
                    .secrets
                    .insert(format!("/targets/{at}/token_auth"), Given { value, origin });
            }
        }
        self.layers.push((Rank::CommandLine, leaves));
        self
    }

    /// Adds one value of the command line. `origin` names the option, `pointer` the setting, such as
    /// `/load/concurrency`.
    pub fn set(self, origin: &str, pointer: &str, value: Value) -> Self {
        self.tree(Rank::CommandLine, origin, environment::at(pointer, value))
    }

    /// Tells which day it is in the run's time zone. Rules about days past and to come need it and
    /// are left out without it.
    pub fn today(mut self, today: NaiveDate) -> Self {
        self.today = Some(today);
        self
    }

    fn text(mut self, rank: Rank, origin: &str, format: Format, text: &str) -> Self {
        match document::parse(format, text) {
            Ok(tree) => self.tree(rank, origin, tree),
            Err(problem) => {
                self.problems.push(problem.origin(origin));
                self
            }
        }
    }

    fn tree(mut self, rank: Rank, origin: &str, tree: Value) -> Self {
        match document::known_version(tree) {
            Ok(tree) => {
                let leaves = Leaves::read(tree, origin, &mut self.problems);
                self.layers.push((rank, leaves));
            }
            Err(problem) => self.problems.push(problem.origin(origin)),
        }
        self
    }

    /// Puts the layers together and checks the whole. Reads the URL list through `read`.
    pub fn check(mut self, read: Read<'_>) -> Checked {
        let pauses_given = self.given(&["/load/pause_min", "/load/pause_max"]);
        let pacing_given = self.given(&["/load/pacing"]);
        self.layers.sort_by_key(|(rank, _)| *rank);
        let mut merged = Leaves::default();
        for (_, leaves) in self.layers {
            merged.extend(leaves);
        }
        let mut problems = self.problems;
        let mut config = settled(&mut merged, &mut problems);
        let origins = origins(&merged);
        for (at, target) in config.targets.iter_mut().enumerate() {
            let token = merged.secrets.remove(&format!("/targets/{at}/token_auth"));
            target.token_auth = token.map(|given| given.value);
        }

        let mut conversion = Conversion::new(Facts {
            read,
            today: self.today,
            pauses_given,
            pacing_given,
            flawed: problems
                .iter()
                .map(|problem| problem.pointer.clone())
                .collect(),
            origins: &origins,
        });
        let plan = conversion.plan(&mut config);
        let mut warnings = self.warnings;
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
            .filter(|(rank, _)| *rank >= Rank::Document)
            .any(|(_, leaves)| pointers.iter().any(|at| leaves.values.contains_key(*at)))
    }
}

fn origins(merged: &Leaves) -> BTreeMap<String, String> {
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
fn origin_of(origins: &BTreeMap<String, String>, pointer: &str) -> Option<String> {
    let mut pointer = pointer;
    loop {
        if let Some(origin) = origins.get(pointer) {
            return Some(origin.clone()).filter(|origin| origin != DEFAULT);
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
        problems.push(Problem::new("", "invalid", message));
        RunConfig::default()
    })
}

/// Takes values with a fault out, and makes problems of them.
fn taken_out(merged: &mut Leaves, faults: limits::Faults) -> BTreeMap<String, Problem> {
    let problem = |(pointer, fault): (String, _)| {
        let mut problem = Problem::from_fault(&pointer, fault);
        problem.origin = merged.values.remove(&pointer).map(|given| given.origin);
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
