//! Goals: which steps reach them.

use config::{GoalPlan, GoalWhen};
use tracking::{Action, Cents, Goal, Shown};

use crate::journeys::Step;
use crate::streams::{Purpose, Streams};

/// Time from what reaches a goal to the goal, and between two hits at least: Matomo books whole seconds.
const STEP_MS: i64 = 1000;

/// The goals of a plan.
#[derive(Debug)]
pub(super) struct Goals {
    all: Vec<GoalPlan>,
    visits: Streams,
}

impl Goals {
    pub(super) fn new(plan: &[GoalPlan], visits: Streams) -> Self {
        Self {
            all: plan.to_vec(),
            visits,
        }
    }

    /// Adds the goals that the visit reaches.
    pub(super) fn reach(&self, ordinal: u64, steps: &mut Vec<Step>) {
        if self.all.is_empty() {
            return;
        }
        let mut chances = self.visits.stream(ordinal, Purpose::Goals);
        let mut reached = Vec::new();
        for goal in &self.all {
            // One draw for each goal, whether it can be reached or not.
            let chance = chances.chance(goal.share);
            reached.extend(place(goal, steps).filter(|_| chance).map(|at| (at, goal)));
        }
        if reached.is_empty() {
            return;
        }
        // Stable: goals of one step follow in the order of the plan.
        reached.sort_by_key(|&(at, _)| at);
        let mut told: Vec<Step> = Vec::with_capacity(steps.len() + reached.len());
        let mut reached = reached.into_iter().peekable();
        for (at, step) in std::mem::take(steps).into_iter().enumerate() {
            push(&mut told, step);
            while let Some((_, goal)) = reached.next_if(|(by, _)| *by == at) {
                let goal = hit(goal, &told[told.len() - 1]);
                push(&mut told, goal);
            }
        }
        *steps = told;
    }
}

/// Later where the step before leaves no room.
fn push(steps: &mut Vec<Step>, mut step: Step) {
    if let Some(before) = steps.last() {
        step.at_ms = step.at_ms.max(before.at_ms + STEP_MS);
    }
    steps.push(step);
}

fn hit(goal: &GoalPlan, by: &Step) -> Step {
    let own = goal
        .revenue
        .map(|revenue| Cents((revenue * 100.0).round() as i64));
    let revenue = own.or(match &by.action {
        Action::Order(order) => Some(order.revenue),
        _ => None,
    });
    Step {
        page: by.page.clone(),
        action: Action::Goal(Goal {
            id: goal.id,
            revenue,
        }),
        at_ms: by.at_ms + STEP_MS,
    }
}

/// The first step that the goal is reached by.
fn place(goal: &GoalPlan, steps: &[Step]) -> Option<usize> {
    let first = |reaches: &dyn Fn(&Step) -> bool| steps.iter().position(reaches);
    let opens = |step: &Step| matches!(step.action, Action::PageView);
    match goal.when {
        GoalWhen::Engaged => {
            let opened = steps.iter().enumerate().filter(|(_, step)| opens(step));
            opened.skip(1).last().map(|(at, _)| at)
        }
        GoalWhen::Page => first(&|step| opens(step) && step.page.url.contains(&goal.matching)),
        GoalWhen::Product => {
            first(&|step| opens(step) && matches!(step.page.shows, Some(Shown::Product(_))))
        }
        GoalWhen::Event => first(&|step| match &step.action {
            Action::Event(event) => [&event.category, &event.action]
                .iter()
                .any(|text| text.contains(&goal.matching)),
            _ => false,
        }),
        GoalWhen::Search => first(&|step| matches!(step.action, Action::Search(_))),
        GoalWhen::Download => first(&|step| matches!(step.action, Action::Download(_))),
        GoalWhen::Outlink => first(&|step| matches!(step.action, Action::Outlink(_))),
        GoalWhen::Cart => first(&|step| matches!(step.action, Action::Cart(_))),
        GoalWhen::Order => first(&|step| matches!(step.action, Action::Order(_))),
    }
}
