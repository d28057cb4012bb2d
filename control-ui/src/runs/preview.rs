//! What the visits of a configuration would look like.
//!
//! Starts nothing. Invariant: everything is counted on simulated visits of this very configuration; a target that is not
//! given yet is made up, since visits do not depend on it.

use config::{Countries, OriginKind, RunPlan};
use serde_json::{Value, json};
use simulation::{Keys, PageShare, Part, Preview, SimulationError};

use super::Runs;
use crate::api::preview::{
    KindShareView, PageShareView, PartView, PreviewDay, PreviewRequest, PreviewView,
};
use crate::api::problem::{ConfigProblem, Problem};
use crate::api::runs::create::NewRun;
use crate::configuration::{self, Basis, apart};
use crate::time::Timestamp;

/// Visits that are told hit by hit.
const STORIES: usize = 6;

/// Stands for a target that nobody gave yet; nothing is ever sent there (RFC 2606).
const MADE_UP: &str = "https://matomo.invalid/matomo.php";

impl Runs {
    /// What the visits of this configuration would look like.
    ///
    /// # Errors
    /// The configuration has problems beside its target, or the store does not answer.
    pub async fn preview(&self, request: PreviewRequest) -> Result<PreviewView, Problem> {
        let new = NewRun {
            use_configuration: request.use_configuration,
            preset: request.preset,
            ..NewRun::default()
        };
        let basis = self.basis_of(&new).await?;
        let now = self.needs().clock.now();
        apart(move || look(&basis, request.config, request.seed, now)).await?
    }
}

fn look(
    basis: &Basis,
    config: Option<Value>,
    seed: Option<u64>,
    now: Timestamp,
) -> Result<PreviewView, Problem> {
    let (plan, warnings) = plan(basis, config)?;
    let keys = Keys {
        seed: seed.or(plan.audience.seed).unwrap_or_default(),
        population: plan.audience.population.clone().unwrap_or_default(),
        origin_ms: now.0,
    };
    let countries = match (plan.audience.countries, &plan.targets[0].token) {
        (Countries::Off, _) | (Countries::Auto, None) => false,
        // A token is taken for good: nobody is asked here.
        (Countries::Auto, Some(_)) | (Countries::On, _) => true,
    };
    let seen = Preview::of(&plan, keys, countries, STORIES)
        .map_err(|error: SimulationError| Problem::internal(&error))?;
    Ok(view(&plan, seen, warnings))
}

fn plan(basis: &Basis, config: Option<Value>) -> Result<(RunPlan, Vec<ConfigProblem>), Problem> {
    let mut checked = basis.check(config.clone());
    let of_target = |found: &config::Problem| found.pointer.starts_with("/targets");
    let unknown = checked
        .values()
        .iter()
        .any(|value| value.pointer == "/targets/0/url" && value.origin.kind == OriginKind::Default);
    if unknown || checked.problems.iter().any(of_target) {
        checked = basis.check(Some(with_target(config)));
    }
    match checked.plan {
        Some(plan) if checked.problems.is_empty() => {
            Ok((plan, configuration::problems(&checked.warnings)))
        }
        _ => Err(Problem::invalid(configuration::problems(&checked.problems))),
    }
}

fn with_target(config: Option<Value>) -> Value {
    let mut config = config.unwrap_or_else(|| json!({}));
    if let Some(config) = config.as_object_mut() {
        let token = "0".repeat(32);
        config.insert(
            "targets".to_owned(),
            json!([{ "url": MADE_UP, "token_auth": token }]),
        );
    }
    config
}

fn view(plan: &RunPlan, seen: Preview, warnings: Vec<ConfigProblem>) -> PreviewView {
    let zone = plan.load.time_zone;
    let day = |(day, visits)| PreviewDay { day, visits };
    PreviewView {
        first: seen.first,
        last: seen.last,
        time_zone: zone.name().to_owned(),
        days: seen.days.into_iter().map(day).collect(),
        hours: seen.hours,
        visits_simulated: seen.visits,
        hits_per_visit: mean(seen.hits, seen.visits),
        bounce_share: seen.bounce,
        page_views_per_visit: seen.page_views,
        duration_median_s: seen.duration_median_s,
        returning_share: seen.returning,
        channels: parts(seen.channels),
        countries: parts(seen.countries),
        devices: parts(seen.devices),
        browsers: parts(seen.browsers),
        systems: parts(seen.systems),
        kinds: seen
            .kinds
            .iter()
            .map(|of| KindShareView {
                kind: of.kind.as_str().to_owned(),
                per_visit: of.per_visit,
                visits_share: of.visits,
            })
            .collect(),
        pages: pages(seen.pages),
        entries: pages(seen.entries),
        addresses: seen.addresses,
        order_value: seen.order_value,
        currency: plan.commerce.currency.clone(),
        stories: seen
            .samples
            .iter()
            .map(|visit| simulation::story(visit, zone))
            .collect(),
        warnings,
    }
}

fn parts(found: Vec<Part>) -> Vec<PartView> {
    let part = |Part { name, share }| PartView { name, share };
    found.into_iter().map(part).collect()
}

fn pages(found: Vec<PageShare>) -> Vec<PageShareView> {
    let page = |PageShare { url, title, share }| PageShareView { url, title, share };
    found.into_iter().map(page).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand visits")]
fn mean(count: u64, of: u64) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}
