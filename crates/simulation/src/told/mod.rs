//! What is set up for the site in Matomo: goals and custom dimensions, put onto the finished steps of a visit.
//!
//! For: goals that visits reach and dimensions that their hits tell. Not for: what a visit does. Invariants: a goal
//! follows what it was reached by, a second later and on the same page, once in a visit; times stay ascending by a
//! second or more; a person's values of a visit's dimension and a page's of an action's never change.

mod dimensions;
mod goals;
#[cfg(test)]
mod tests;

use config::SitePlan;

use crate::Keys;
use crate::journeys::Step;
use crate::people::Visiting;
use crate::streams::Streams;
use dimensions::Dimensions;
use goals::Goals;

/// Goals and dimensions of a plan.
#[derive(Debug)]
pub(crate) struct Told {
    goals: Goals,
    dimensions: Dimensions,
}

impl Told {
    pub(crate) fn new(plan: &SitePlan, keys: &Keys) -> Self {
        let seed = keys.seed.to_le_bytes();
        Self {
            goals: Goals::new(&plan.goals, Streams::new("goals", &[&seed])),
            dimensions: Dimensions::new(&plan.dimensions, &keys.population),
        }
    }

    /// The steps with all that the site is to be told about them.
    pub(crate) fn tell(&self, visiting: &Visiting<'_>, mut steps: Vec<Step>) -> Vec<Step> {
        self.dimensions.tell(visiting, &mut steps);
        self.goals.reach(visiting.ordinal, &mut steps);
        steps
    }
}
