use std::collections::HashMap;

use config::{BackfillPlan, Layers, Window};

use super::*;
use crate::streams::Streams;
use crate::time::Rates;

const ORIGIN_MS: i64 = 1_780_315_200_000;

/// Crowds of a population that began 120 days before the origin.
fn crowds(visits_per_day: u32) -> Crowds {
    let checked = Layers::new()
        .set("a test", "/targets/0/url", "http://127.0.0.1/".into())
        .check(&|_| Err(std::io::ErrorKind::NotFound.into()));
    let mut plan = checked.plan.unwrap();
    plan.load.visits_per_day = visits_per_day;
    plan.backfill = Some(BackfillPlan {
        window: Window::Back {
            days_back: 120,
            days: 120,
        },
        visits_per_day,
        visits_per_day_max: None,
        max_visits_total: None,
        requests_per_second: None,
        visits_per_second: None,
        run_once: true,
    });
    let streams = Streams::new("test", &[]);
    let places = vec![(1.0, chrono_tz::UTC)];
    let rates = Rates::new(&plan.load, places, ORIGIN_MS, streams.clone());
    Crowds::new(
        Arc::new(Days::new(&plan, rates, ORIGIN_MS, streams)),
        0.3,
        None,
    )
}

fn all(crowds: &Crowds) -> impl Iterator<Item = (Slot, Who)> {
    (0..120).flat_map(move |nth| {
        let day = crowds.days.first() + nth;
        let cells = crowds.days.day(day).cells;
        (0..WINDOWS).flat_map(move |window| {
            (0..cells[window].visits).map(move |index| {
                let slot = Slot { day, window, index };
                (slot, crowds.who(slot))
            })
        })
    })
}

#[test]
fn days_since_the_visit_before_are_counted_from_it() {
    let crowds = crowds(400);
    let mut last: HashMap<PersonKey, DayNumber> = HashMap::new();
    let mut again = 0;
    for (slot, who) in all(&crowds) {
        let before = last.insert(who.key, slot.day);
        again += usize::from(before.is_some());
        let days = before.map(|before| u16::try_from(slot.day - before).unwrap());
        assert_eq!(who.days_since_last, days);
    }
    assert!(again > 8_000, "{again}");
}

#[test]
fn nearly_all_returning_visits_find_somebody() {
    for visits_per_day in [60, 500, 3_000] {
        let crowds = crowds(visits_per_day);
        let (mut found, mut visits) = (0.0, 0.0);
        for (slot, who) in all(&crowds) {
            if slot.day >= crowds.days.first() + 60 {
                visits += 1.0;
                found += f64::from(u8::from(who.days_since_last.is_some()));
            }
        }
        let share = found / visits;
        assert!((0.27..0.31).contains(&share), "{visits_per_day}: {share}");
    }
}

#[test]
fn tiers_make_the_shares_of_visits_that_signing_in_reckons_with() {
    let crowds = crowds(1_000);
    let mut counts = [0.0; 3];
    for (slot, who) in all(&crowds) {
        if slot.day >= crowds.days.first() + 60 {
            counts[match who.tier {
                Tier::Core => 0,
                Tier::Regular => 1,
                Tier::Rest => 2,
            }] += 1.0;
        }
    }
    let all: f64 = counts.iter().sum();
    for (count, share) in counts.iter().zip([0.25, 0.26, 0.49]) {
        assert!((count / all - share).abs() < 0.03, "{counts:?}");
    }
}
