//! What can be read from visits, whoever asks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use config::RunPlan;
use simulation::{TimedHit, Visit};
use tracking::{Action, Kind};

use crate::{simulate, visits};

/// So many visits that a share of a half is met within 0.022 in all but one case of ten thousand (4 sigma).
pub(crate) const VISITS: usize = 8_000;

pub(crate) fn page_views(visit: &Visit) -> Vec<&TimedHit> {
    let opened = |hit: &&TimedHit| matches!(hit.hit.action(), Action::PageView);
    visit.hits.iter().filter(opened).collect()
}

/// Whether Matomo counts the visit as a bounce: one action at most.
pub(crate) fn bounces(visit: &Visit) -> bool {
    let counts = |hit: &&TimedHit| {
        !matches!(
            hit.hit.kind(),
            Kind::Ping | Kind::Impression | Kind::Interaction
        )
    };
    visit.hits.iter().filter(counts).count() <= 1
}

/// The page's address without campaign and fragment.
pub(crate) fn page(hit: &TimedHit) -> &str {
    let url = hit.hit.page().url.as_str();
    url.split(['?', '#']).next().unwrap_or(url)
}

pub(crate) fn share(visits: &[Visit], fits: impl Fn(&Visit) -> bool) -> f64 {
    visits.iter().filter(|visit| fits(visit)).count() as f64 / visits.len() as f64
}

pub(crate) fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| {
        (sum + number, count + 1.0)
    });
    sum / count
}

pub(crate) fn counts<T: Ord>(things: impl Iterator<Item = T>) -> BTreeMap<T, u32> {
    let mut counts = BTreeMap::new();
    things.for_each(|thing| *counts.entry(thing).or_default() += 1);
    counts
}

/// What the most frequent tenth of all things makes of all.
pub(crate) fn top_tenth<T>(counts: &BTreeMap<T, u32>) -> f64 {
    let mut counts: Vec<u32> = counts.values().copied().collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let top: u32 = counts[..counts.len().div_ceil(10)].iter().sum();
    f64::from(top) / f64::from(counts.iter().sum::<u32>())
}

#[track_caller]
pub(crate) fn near(what: &str, seen: f64, wanted: f64, within: f64) {
    assert!(
        (seen - wanted).abs() <= within,
        "{what}: {seen} instead of {wanted} within {within}"
    );
}

/// The first visits of a plan whose people have come for half a year, so that as many return as ever will.
pub(crate) fn visits_of(plan: &RunPlan, count: usize) -> Vec<Visit> {
    let mut plan = plan.clone();
    plan.audience.people_since = NaiveDate::from_ymd_opt(2025, 12, 1);
    visits(&simulate(&plan, true), count).collect()
}
