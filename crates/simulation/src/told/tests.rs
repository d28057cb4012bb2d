use std::sync::Arc;

use config::{GoalPlan, GoalWhen};
use tracking::{Action, Event, PageView, PageViewId};

use super::goals::Goals;
use super::*;

fn page(url: &str) -> Arc<PageView> {
    let id = PageViewId::from_bits(1);
    Arc::new(PageView::plain(url.into(), "A page".into(), None, id))
}

fn step(page: &Arc<PageView>, action: Action, at_ms: i64) -> Step {
    Step {
        page: page.clone(),
        action,
        at_ms,
    }
}

fn event() -> Action {
    Action::Event(Arc::new(Event {
        category: "Form".into(),
        action: "signup".into(),
        name: None,
        value: None,
    }))
}

/// Home, a page with an event a second later, and a ping a second after that.
fn visit() -> Vec<Step> {
    let (home, contact) = (
        page("https://a.example/"),
        page("https://a.example/contact"),
    );
    vec![
        step(&home, Action::PageView, 0),
        step(&contact, Action::PageView, 9_000),
        step(&contact, event(), 10_000),
        step(&contact, Action::Ping, 11_000),
    ]
}

fn goal(id: u32, when: GoalWhen, matching: &str, share: f64) -> GoalPlan {
    GoalPlan {
        id,
        name: String::new(),
        when,
        matching: matching.to_owned(),
        share,
        revenue: None,
    }
}

fn reached(goals: &[GoalPlan], ordinal: u64) -> Vec<(i64, String)> {
    let mut steps = visit();
    Goals::new(goals, Streams::new("test", &[])).reach(ordinal, &mut steps);
    let told = steps.iter().map(|step| {
        let what = match &step.action {
            Action::Goal(goal) => format!("goal {}", goal.id),
            Action::Ping => "ping".to_owned(),
            Action::Event(_) => "event".to_owned(),
            _ => "page".to_owned(),
        };
        (step.at_ms, what)
    });
    told.collect()
}

#[test]
fn a_goal_follows_what_reaches_it_and_what_comes_later_makes_room() {
    let goals = [
        goal(3, GoalWhen::Event, "signup", 1.0),
        goal(1, GoalWhen::Page, "/contact", 1.0),
        goal(2, GoalWhen::Engaged, "", 1.0),
        goal(4, GoalWhen::Download, "", 1.0),
        goal(5, GoalWhen::Page, "/elsewhere", 1.0),
    ];
    let expected = [
        (0, "page"),
        (9_000, "page"),
        (10_000, "goal 1"),
        (11_000, "goal 2"),
        (12_000, "event"),
        (13_000, "goal 3"),
        (14_000, "ping"),
    ];
    let expected = expected.map(|(at, what)| (at, what.to_owned()));
    assert_eq!(reached(&goals, 0), expected);
}

#[test]
fn a_share_of_the_visits_reaches_a_goal() {
    let goals = [goal(1, GoalWhen::Page, "/contact", 0.25)];
    let count = (0..4_000)
        .filter(|visit| reached(&goals, *visit).len() == 5)
        .count();
    // Binomial: 1,000 ± 27; four deviations.
    assert!((890..1_110).contains(&count), "{count}");
}

#[test]
fn without_goals_nothing_is_touched() {
    let steps = visit();
    let mut same = visit();
    Goals::new(&[], Streams::new("test", &[])).reach(0, &mut same);
    assert_eq!(steps.len(), same.len());
}
