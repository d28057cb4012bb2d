//! Goals and custom dimensions: numbers that occur once, and parts that fit together.

use std::collections::BTreeSet;

use super::Conversion;
use crate::plan::{DimensionPlan, DimensionValues, GoalPlan, SitePlan};
use crate::problem::{Problem, quoted};
use crate::sections::{Dimension, DimensionScope, DimensionSource, Goal, GoalWhen, Site};

/// Sums of weights stay far from overflow.
const WEIGHT_MAX: f64 = 1_000_000.0;

impl Conversion<'_> {
    pub(super) fn site(&mut self, given: &Site) -> SitePlan {
        self.numbers_once("goals", given.goals.iter().map(|goal| goal.id));
        let ids = given.dimensions.iter().map(|one| u32::from(one.id));
        self.numbers_once("dimensions", ids);
        let goals = given.goals.iter().enumerate();
        let dimensions = given.dimensions.iter().enumerate();
        SitePlan {
            goals: goals.map(|(at, goal)| self.goal(at, goal)).collect(),
            dimensions: dimensions
                .map(|(at, dimension)| self.dimension(at, dimension))
                .collect(),
        }
    }

    fn numbers_once(&mut self, list: &str, ids: impl Iterator<Item = u32>) {
        let mut seen = BTreeSet::new();
        for (at, id) in ids.enumerate() {
            if !seen.insert(id) {
                let pointer = format!("/site/{list}/{at}/id");
                let message = format!("the number {id} stands in this list before");
                self.problem(
                    Problem::new(&pointer, "given_twice", message)
                        .hint("take the number that Matomo shows for it, or remove one of the two"),
                );
            }
        }
    }

    fn goal(&mut self, at: usize, given: &Goal) -> GoalPlan {
        let pointer = format!("/site/goals/{at}/matching");
        let matches = matches!(given.when, GoalWhen::Page | GoalWhen::Event);
        let matching = given.matching.as_deref().map(str::trim).unwrap_or_default();
        if matches && matching.is_empty() {
            let message = "with `page` and `event` it must be said which ones reach the goal";
            let hint = "write a part of the address, or of the event's category or action";
            self.problem(Problem::new(&pointer, "missing", message).hint(hint));
        }
        if !matches && !matching.is_empty() {
            let message = "only `page` and `event` look at it";
            let hint = "remove it, or set `when` to page or event";
            self.problem(Problem::new(&pointer, "does_not_fit", message).hint(hint));
        }
        GoalPlan {
            id: given.id,
            name: given.name.clone(),
            when: given.when,
            matching: matching.to_owned(),
            share: given.share.unwrap_or(1.0),
            revenue: given.revenue,
        }
    }

    fn dimension(&mut self, at: usize, given: &Dimension) -> DimensionPlan {
        let text = given.values.as_deref().unwrap_or_default();
        let (values, bad) = weighted(text);
        let mut problem = |part: &str, code: &str, message: &str, hint: &str| {
            let pointer = format!("/site/dimensions/{at}/{part}");
            self.problem(Problem::new(&pointer, code, message).hint(hint));
        };
        if let Some(bad) = bad {
            let message = format!("{} has no weight above 0", quoted(&bad));
            let hint = "write value:weight, such as gold:1, silver:3";
            problem("values", "invalid_weight", &message, hint);
        }
        let draws = given.from == DimensionSource::Values;
        if draws && text.trim().is_empty() {
            let hint = "write values and their weights, such as gold:1, silver:3";
            problem("values", "missing", "there is none to draw from", hint);
        }
        if !draws && !text.trim().is_empty() {
            let hint = "remove them, or set `from` to values";
            problem(
                "values",
                "does_not_fit",
                "only `values` draws from them",
                hint,
            );
        }
        if given.from == DimensionSource::Section && given.scope == DimensionScope::Visit {
            let message = "a visit sees pages of several sections";
            let hint = "set it to action, as the dimension must be in Matomo";
            problem("scope", "does_not_fit", message, hint);
        }
        DimensionPlan {
            id: given.id,
            scope: given.scope,
            from: match given.from {
                DimensionSource::Values => DimensionValues::Drawn(values),
                DimensionSource::Loyalty => DimensionValues::Loyalty,
                DimensionSource::SignedIn => DimensionValues::SignedIn,
                DimensionSource::Section => DimensionValues::Section,
            },
        }
    }
}

/// Reads `gold:1, silver:3`, and the first entry whose weight is no number above 0.
fn weighted(text: &str) -> (Vec<(String, f64)>, Option<String>) {
    let mut values = Vec::new();
    let mut bad = None;
    for entry in text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let (value, weight) = match entry.rsplit_once(':') {
            Some((value, weight)) => (value.trim(), weight.trim().parse().unwrap_or(0.0)),
            None => (entry, 1.0),
        };
        if value.is_empty() || !(weight > 0.0 && weight <= WEIGHT_MAX) {
            bad.get_or_insert_with(|| entry.to_owned());
        } else {
            values.push((value.to_owned(), weight));
        }
    }
    (values, bad)
}
