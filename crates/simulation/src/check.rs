//! The part of a run configuration's check that only the simulation can do: is there anybody to simulate?
//!
//! `config` knows what a setting may be; which countries have visitors stands in the tables here. Invariant: a plan
//! that passes both can be simulated.

use config::{Checked, Problem, Realism};

use crate::{flat, places};

/// Where the countries stand in a document.
const POINTER: &str = "/audience/weights";

/// Adds a problem for each country that there are no visitors for. A configuration with a problem has no plan.
#[must_use]
pub fn check(mut checked: Checked) -> Checked {
    let Some(plan) = &checked.plan else {
        return checked;
    };
    let known: Vec<&'static str> = match plan.behaviour.realism {
        Realism::Realistic => places::known().collect(),
        Realism::Original => flat::places::known(),
    };
    let named = plan.audience.weights.iter().map(|(country, _)| country);
    let unknown: Vec<Problem> = named
        .filter(|country| !known.contains(&country.as_str()))
        .map(|country| Problem {
            pointer: POINTER.to_owned(),
            code: "unknown_country".to_owned(),
            message: format!("no visitors are known for the country {country:?}"),
            hint: Some(match plan.behaviour.realism {
                Realism::Realistic => {
                    let near = places::nearest(country, known.iter().copied()).join(", ");
                    format!("take the two letters of ISO 3166-1, such as {near}")
                }
                Realism::Original => format!(
                    "take some of {}, or set behaviour.realism to realistic for any country",
                    known.join(", ")
                ),
            }),
            origin: checked.origins.get(POINTER).map(ToString::to_string),
        })
        .collect();
    if !unknown.is_empty() {
        checked.plan = None;
        checked.problems.extend(unknown);
    }
    checked
}
