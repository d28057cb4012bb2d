use config::Layers;
use serde_json::{Value, json};

use super::*;

/// Five hits a visit, whatever is simulated, so that the sentences can be written down.
fn told(load: Value, token: bool, trial: Option<u64>) -> Vec<String> {
    let mut target = json!({ "url": "https://matomo.example/matomo.php" });
    if token {
        target["token_auth"] = json!("0123456789abcdef0123456789abcdef");
    }
    let config = json!({ "targets": [target], "load": load });
    let no_files = |_: &std::path::Path| Err(std::io::Error::other("no files"));
    let checked = Layers::new().person(config).check(&no_files);
    let plan = checked
        .plan
        .unwrap_or_else(|| panic!("{:?}", checked.problems));
    let visits_per_second = plan.load.visits_on_a_day() / SECONDS_A_DAY;
    let figures = Figures {
        visits_per_second,
        hits_per_second_estimate: Some(5.0 * visits_per_second),
        hits_per_day_estimate: Some(5.0 * plan.load.visits_on_a_day()),
    };
    let told = consequences(&plan, &figures, trial).into_iter();
    told.map(|it| format!("{}: {}", it.code, it.text)).collect()
}

#[test]
fn consequences_are_said_in_words() {
    let cases: [(Value, &[&str]); 8] = [
        (
            json!({ "visits_per_day": 50_000 }),
            &[
                "rate: 0.58 visits a second, about 2.9 hits a second, 250,000 hits a day, on average over a day.",
                "end: It ends by itself after 1 hour, with about 2,100 visits and 10,000 hits in all.",
                "concurrency: With 50 requests at a time it keeps its pace while an answer takes less than about 17 seconds.",
                "token: Visitors come from many countries once Matomo has accepted the token.",
            ],
        ),
        (
            json!({ "visits_per_day": 1_000, "stop_after_visits": 10 }),
            &[
                "rate: One visit every 86 seconds, about one hit every 17 seconds, 5,000 hits a day, on average over a day.",
                "end: It ends by itself after 10 visits, in about 14 minutes and with about 50 hits in all.",
            ],
        ),
        (
            json!({ "stop_after_hits": 500 }),
            &[
                "end: It ends by itself after 500 hits, its budget, in about 7.2 minutes and with about 100 visits.",
            ],
        ),
        (
            json!({ "stop_after_hours": 0 }),
            &[
                "no_end: Nothing ends it but you and its guards.",
                "year: In a year that would be about 36 million hits, each of them a row in Matomo's database.",
            ],
        ),
        (
            json!({ "stop_after_hours": 0, "stop_at_error_percent": 0, "stop_at_p95_seconds": 0 }),
            &[
                "no_end: Nothing ends it but you.",
                "guards_off: Its guards are off: it goes on however many hits fail and however slow Matomo gets.",
            ],
        ),
        (
            json!({ "max_visits_per_window": 100, "stop_after_hours": 48 }),
            &[
                "window: It pauses at 100 visits in each 24 hours, counted from its start, and goes on when the next 24 \
                 hours begin.",
                "end: It ends by itself after 48 hours, with about 200 visits and 1,000 hits in all.",
            ],
        ),
        (
            json!({ "quiet_hours": "22:00-06:00", "visits_per_day": 30_000, "stop_after_hours": 24 }),
            &[
                "quiet_hours: No visit starts in the quiet hours, 8 hours of each day.",
                "end: It ends by itself after 24 hours, with about 20,000 visits and 100,000 hits in all.",
            ],
        ),
        (
            json!({ "pause_min": 0.5, "pause_max": 2 }),
            &[
                "compressed: The hits of a visit follow each other after 0.5 to 2 seconds instead of real reading times. \
               Their own times are set back, so that Matomo shows visits of ordinary length.",
            ],
        ),
    ];
    for (load, expected) in cases {
        let told = told(load.clone(), true, None);
        for sentence in expected {
            assert!(
                told.iter().any(|it| it == sentence),
                "{load}: {sentence}\nin {told:#?}"
            );
        }
    }
}

#[test]
fn a_trial_speaks_of_itself_and_not_of_days() {
    let told = told(json!({}), false, Some(50));
    assert_eq!(
        told,
        [
            "trial: A trial: 50 visits with about 250 hits in all, begun within 10 seconds; the last of them may go on \
             for up to 8 minutes.",
            "no_token: Without a token all visitors come from the loader's own address and country, and a hit that is \
             more than 24 hours late is lost.",
        ]
    );
}

#[test]
fn a_backfill_is_told_as_its_days_and_not_as_a_rate() {
    let backfill = |once: bool| {
        json!({
            "enabled": true, "run_once": once, "start_date": "2026-09-01", "end_date": "2026-09-30",
            "max_visits_total": 0,
        })
    };
    let config = |once| {
        json!({
            "targets": [{ "url": "https://matomo.example/", "token_auth": "0123456789abcdef0123456789abcdef" }],
            "backfill": backfill(once),
            "load": { "visits_per_day": 1_000 },
        })
    };
    let no_files = |_: &std::path::Path| Err(std::io::Error::other("no files"));
    let plan = |once| {
        let checked = Layers::new().person(config(once)).check(&no_files);
        checked.plan.unwrap()
    };
    let figures = Figures {
        visits_per_second: 1.0,
        hits_per_second_estimate: Some(5.0),
        hits_per_day_estimate: None,
    };
    let told = consequences(&plan(true), &figures, None);
    assert_eq!(
        told[0].text,
        "About 150,000 hits, 30,000 visits on 30 past days, then it ends."
    );
    assert_ne!(told[1].code, "rate");
    let onward = consequences(&plan(false), &figures, None);
    assert_eq!(
        onward[0].text,
        "About 150,000 hits, 30,000 visits on 30 past days, then it goes on in real time."
    );
    assert_eq!(onward[1].code, "rate");
    let asked = crate::confirmation::about(&plan(true), None, false).unwrap();
    assert!(
        asked
            .text
            .contains("30,000 visits on 30 past days into site 1 of matomo.example")
    );
}
