//! What a plan's visits look like as a whole.

use config::{BackfillPlan, RunPlan, Window};
use simulation::{Part, Preview, story};
use tracking::Kind;

use crate::{keys, plan};

fn look(plan: &RunPlan) -> Preview {
    Preview::of(plan, keys(), true, 4).unwrap()
}

fn sum(parts: &[Part]) -> f64 {
    parts.iter().map(|part| part.share).sum()
}

#[test]
fn four_weeks_of_a_live_plan_are_looked_at_and_hold_its_visits() {
    let mut plan = plan();
    plan.load.visits_per_day = 1_000;
    let seen = look(&plan);
    assert_eq!(seen.days.len(), 28);
    assert_eq!(seen.hours.len(), 168);
    let visits: f64 = seen.days.iter().map(|(_, visits)| visits).sum();
    // 28,000 by chance: three standard deviations are 2 %.
    assert!((visits / 28_000.0 - 1.0).abs() < 0.05, "{visits}");
    let week: f64 = seen.hours.iter().flatten().sum();
    assert!((week * 4.0 / visits - 1.0).abs() < 0.01, "{week}");
    assert!((4_000..7_000).contains(&seen.visits), "{}", seen.visits);
}

#[test]
fn a_huge_plan_is_looked_at_with_few_visits_and_scaled_back() {
    let mut plan = plan();
    plan.load.visits_per_day = 50_000_000;
    let seen = look(&plan);
    let visits: f64 = seen.days.iter().map(|(_, visits)| visits).sum();
    assert!((visits / 1.4e9 - 1.0).abs() < 0.05, "{visits}");
    assert!(seen.visits < 7_000, "{}", seen.visits);
}

#[test]
fn every_visit_is_counted_once_in_each_list() {
    let seen = look(&plan());
    for (list, parts) in [
        ("channels", &seen.channels),
        ("countries", &seen.countries),
        ("devices", &seen.devices),
        ("browsers", &seen.browsers),
        ("systems", &seen.systems),
    ] {
        assert!((sum(parts) - 1.0).abs() < 1e-9, "{list}: {parts:?}");
        let named: Vec<f64> = parts
            .iter()
            .filter(|part| part.name.is_some())
            .map(|part| part.share)
            .collect();
        assert!(named.is_sorted_by(|a, b| a >= b), "{list}: {parts:?}");
    }
    assert!((seen.share_with(Kind::PageView) - 1.0).abs() < 1e-9);
    let hits: f64 = seen.kinds.iter().map(|of| of.per_visit).sum();
    assert!((hits - seen.hits as f64 / seen.visits as f64).abs() < 1e-9);
    assert!(seen.visitors <= seen.visits);
}

#[test]
fn without_addresses_of_their_own_visitors_have_no_country() {
    let seen = Preview::of(&plan(), keys(), false, 0).unwrap();
    assert_eq!(seen.countries, []);
    assert_eq!(seen.samples, []);
}

#[test]
fn a_backfill_is_looked_at_day_by_day() {
    let mut plan = plan();
    plan.load.time_zone = chrono_tz::UTC;
    plan.backfill = Some(BackfillPlan {
        visits_per_day_max: None,
        window: Window::Back {
            days_back: 10,
            days: 5,
        },
        visits_per_day: 120,
        max_visits_total: None,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    let seen = look(&plan);
    assert_eq!(
        (seen.first.to_string(), seen.last.to_string()),
        ("2026-05-22".into(), "2026-05-26".into())
    );
    let visits: Vec<f64> = seen.days.iter().map(|(_, visits)| *visits).collect();
    assert_eq!(visits, [120.0; 5]);
    // 22 May 2026 is a Friday: Wednesday and Thursday never come.
    let known: Vec<bool> = seen.hours.chunks(24).map(|day| day[12].is_some()).collect();
    assert_eq!(known, [true, true, false, false, true, true, true]);
}

#[test]
fn samples_are_told_as_stories_a_line_for_each_hit() {
    let seen = look(&plan());
    assert_eq!(seen.samples.len(), 4);
    for visit in &seen.samples {
        let lines = story(visit, chrono_tz::UTC);
        assert_eq!(lines.len(), visit.hits.len());
        assert!(
            lines[0].contains("visitor") && lines[0].contains("arrives at"),
            "{}",
            lines[0]
        );
    }
}

#[test]
fn equal_plans_and_keys_are_seen_alike() {
    assert_eq!(look(&plan()), look(&plan()));
}
