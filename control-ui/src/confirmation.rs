//! What a person is asked before a target gets more than a trial: is this the one, and do you know what will happen?
//!
//! It says what would happen; it does not decide who may confirm, and keeps nothing. Invariant: until a person typed
//! its host back, a target gets trials of at most [`TRIAL_UNCONFIRMED`] visits.

use config::RunPlan;

use crate::api::confirmations::Confirmation;
use crate::api::problem::{Code, Problem};
use crate::configuration::{self, number};

/// Visits of a trial that needs no confirmation of its target.
pub const TRIAL_UNCONFIRMED: u64 = 50;

/// What a run of this plan means for its target; `None` without one. `trial` is its number of visits, `known`
/// whether a person confirmed the host before.
#[must_use]
pub fn about(plan: &RunPlan, trial: Option<u64>, known: bool) -> Option<Confirmation> {
    let target = plan.targets.first()?;
    let full = trial.is_none_or(|visits| visits > TRIAL_UNCONFIRMED);
    let billed = target.is_billed_by_hits();
    let much = amount(plan, trial);
    let mut text = format!(
        "{much} into site {} of {}. They mix with the visits of real people there, and may be impossible to remove. \
         A separate site in Matomo is safer.",
        target.site_id, target.host
    );
    if billed {
        text.push_str(" This host bills by hits: a hit budget ends the run before it costs more than you mean.");
    }
    Some(Confirmation {
        host: target.host.clone(),
        needed: full && !known,
        text,
        hit_budget_needed: full && billed && !has_budget(plan),
    })
}

/// Whether the plan ends after a number of hits.
fn has_budget(plan: &RunPlan) -> bool {
    plan.load.stop.after_hits.is_some()
}

/// "About 110,000 hits a day", or what a trial sends in all.
fn amount(plan: &RunPlan, trial: Option<u64>) -> String {
    let figures = configuration::figures(plan);
    if let (Some(backfill), None) = (&plan.backfill, trial) {
        return configuration::whole_backfill(backfill, &figures);
    }
    #[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
    match (figures.hits_per_second_estimate, trial) {
        (Some(hits), Some(visits)) => {
            let hits = hits / figures.visits_per_second * visits as f64;
            format!("About {} hits", number(hits))
        }
        (Some(hits), None) => format!("About {} hits a day", number(hits * 86_400.0)),
        (None, Some(visits)) => format!("{visits} visits of several hits each"),
        (None, None) => format!("About {:.0} visits a day", plan.load.visits_on_a_day()),
    }
}

/// Refuses a run whose target nobody confirmed. `typed` is what the request gave as the host; the answer is the
/// host, when this request confirms it.
pub(crate) fn demand(asked: &Confirmation, typed: Option<&str>) -> Result<Option<String>, Problem> {
    let typed = typed.map(str::trim).filter(|text| !text.is_empty());
    let why = match typed {
        Some(typed) if !typed.eq_ignore_ascii_case(&asked.host) => {
            format!("{typed:?} is not its host")
        }
        None if asked.needed => "nobody typed its host back yet".to_owned(),
        _ => return Ok(typed.map(|_| asked.host.clone())),
    };
    let detail = format!(
        "the target is {host}: {why}. {text} Send \"confirm_target\": \"{host}\" if you mean it, or a trial of at most \
         {TRIAL_UNCONFIRMED} visits.",
        host = asked.host,
        text = asked.text,
    );
    Err(Problem::new(Code::TargetUnconfirmed, detail).with_confirmation(asked.clone()))
}

/// Refuses a full run at a host that bills by hits without a budget.
pub(crate) fn demand_budget(asked: &Confirmation) -> Result<(), Problem> {
    if !asked.hit_budget_needed {
        return Ok(());
    }
    let detail = format!(
        "{} bills by hits, so a run there needs an end: {} Send \"hit_budget\" with the number of hits after which it \
         stops, or a trial of at most {TRIAL_UNCONFIRMED} visits.",
        asked.host, asked.text,
    );
    Err(Problem::new(Code::TargetNeedsBudget, detail).with_confirmation(asked.clone()))
}
