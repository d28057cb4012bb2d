//! Run configurations as the control plane meets them: presets, and what a request brings.
//!
//! All rules are those of the `config` crate; the same list of problems comes out here and on the loader's command
//! line. Invariant: no file of this machine is read on a request's behalf, and the control plane's own environment is
//! not a layer of a run.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::LazyLock;

use config::{Checked, Layers, RunPlan};
use simulation::{Keys, Pace, Simulation};

use crate::api::presets::PresetView;
use crate::api::problem::ConfigProblem;
use crate::api::validate::Figures;

const SECONDS_A_DAY: f64 = 86_400.0;

/// Visits simulated for an estimate: enough for two digits, and a matter of milliseconds.
const VISITS_SIMULATED: u32 = 300;

/// Checks a run configuration that begins from `preset`.
#[must_use]
pub fn check(preset: Option<&str>, config: Option<serde_json::Value>) -> Checked {
    let mut layers = Layers::new();
    if let Some(name) = preset {
        layers = layers.preset(name);
    }
    if let Some(value) = config {
        layers = layers.json("request", value);
    }
    simulation::check(layers.check(&no_files))
}

/// A path in a request would be a path of the control plane, which holds secrets; and a loader elsewhere could not
/// read it.
fn no_files(_: &Path) -> std::io::Result<String> {
    Err(Error::new(
        ErrorKind::PermissionDenied,
        "the control plane reads no files for a run; give the list itself",
    ))
}

/// Reads a `LOG_LEVEL` as a loader does, so that one `.env` file serves both; empty means not set.
///
/// # Errors
/// It is none of the levels; the message names them.
pub fn log_level(text: &str) -> Result<config::LogLevel, String> {
    let variable = ("LOG_LEVEL".to_owned(), text.to_owned());
    let checked = Layers::new()
        .environment([variable], &no_files)
        .check(&no_files);
    let problem = checked
        .problems
        .iter()
        .find(|problem| problem.pointer == "/logging/level");
    match problem {
        Some(problem) => Err(problem.to_string()),
        None => Ok(checked.config.logging.level),
    }
}

/// The built-in presets.
#[must_use]
pub fn presets() -> Vec<PresetView> {
    static PRESETS: LazyLock<Vec<PresetView>> =
        LazyLock::new(|| config::presets().iter().map(preset_view).collect());
    PRESETS.clone()
}

fn preset_view(preset: &config::Preset) -> PresetView {
    let checked = Layers::new().preset(preset.name).check(&no_files);
    PresetView {
        name: preset.name.to_owned(),
        title: preset.title.to_owned(),
        description: preset.description.to_owned(),
        visits_per_day: checked.config.load.visits_per_day,
        config: toml::from_str(preset.toml).unwrap_or_default(),
    }
}

/// What a plan means in numbers. The rate of hits comes from a few simulated visits, always the same ones.
#[must_use]
pub fn figures(plan: &RunPlan) -> Figures {
    let visits_per_second = f64::from(plan.load.visits_per_day) / SECONDS_A_DAY;
    let hits_per_second = hits_per_visit(plan).map(|hits| hits * visits_per_second);
    Figures {
        visits_per_second,
        hits_per_second_estimate: hits_per_second,
        hits_per_day_estimate: hits_per_second.map(|rate| rate * SECONDS_A_DAY),
    }
}

fn hits_per_visit(plan: &RunPlan) -> Option<f64> {
    let keys = Keys {
        seed: 0,
        population: "estimate".to_owned(),
        origin_ms: 0,
    };
    let simulation = Simulation::new(plan, keys, false).ok()?;
    let pace = Pace::Trial {
        visits: u64::from(VISITS_SIMULATED),
        per_second: 1.0,
    };
    let hits: usize = simulation
        .arrivals(pace)
        .map(|arrival| simulation.visit(&arrival).hits.len())
        .sum();
    Some(f64::from(u32::try_from(hits).ok()?) / f64::from(VISITS_SIMULATED))
}

/// Problems as the API shows them.
#[must_use]
pub fn problems(found: &[config::Problem]) -> Vec<ConfigProblem> {
    found
        .iter()
        .map(|problem| ConfigProblem {
            pointer: problem.pointer.clone(),
            code: problem.code.clone(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            origin: problem.origin.clone(),
        })
        .collect()
}
