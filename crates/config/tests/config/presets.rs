//! The built-in presets against the Python original's table.

use config::{Realism, Window};

use crate::support::{TOKEN, no_files, with_target};

#[test]
fn presets_hold_the_originals_figures() {
    // Columns as in the original's table; countries "on" are "auto" here, since they need a token.
    let table = "
        light    1000   2 4  10  1.0 3.0 0.5 3  .10 .05 .03 .15 .08 .40 .02 15.99 99.99  off
        medium   10000  3 6  50  0.5 2.0 1   8  .15 .10 .08 .25 .12 .30 .05 15.99 299.99 auto
        heavy    50000  4 8  150 0.3 1.5 2   12 .20 .15 .12 .30 .15 .25 .08 15.99 499.99 auto
        extreme  100000 5 10 300 0.2 1.0 3   15 .25 .18 .15 .35 .18 .20 .10 15.99 999.99 auto";
    let fields = [
        "/load/visits_per_day",
        "/behaviour/page_views_min",
        "/behaviour/page_views_max",
        "/load/concurrency",
        "/load/pause_min",
        "/load/pause_max",
        "/behaviour/visit_duration_min",
        "/behaviour/visit_duration_max",
        "/behaviour/search",
        "/behaviour/outlink",
        "/behaviour/download",
        "/behaviour/click_event",
        "/behaviour/random_event",
        "/behaviour/direct",
        "/commerce/order",
        "/commerce/value_min",
        "/commerce/value_max",
    ];
    let rows: Vec<Vec<&str>> = table
        .trim()
        .lines()
        .map(|row| row.split_whitespace().collect())
        .collect();
    let names: Vec<_> = config::presets().iter().map(|preset| preset.name).collect();
    let originals: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert!(names.starts_with(&originals), "{names:?}");
    for row in rows {
        let checked = with_target().preset(row[0]).check(&no_files);
        assert!(checked.problems.is_empty(), "{:?}", checked.problems);
        assert_eq!(
            checked.plan.unwrap().load.pacing,
            config::Pacing::Live,
            "{}",
            row[0]
        );
        let written = serde_json::to_value(&checked.config).unwrap();
        for (pointer, figure) in fields.iter().zip(&row[1..]) {
            let expected: f64 = figure.parse().unwrap();
            let found = written.pointer(pointer).unwrap().as_f64().unwrap();
            assert_eq!(found, expected, "{} {pointer}", row[0]);
            assert_eq!(
                checked.origins[*pointer].to_string(),
                format!("preset {}", row[0]),
                "{pointer}"
            );
        }
        assert_eq!(written["audience"]["countries"], row[18]);
    }
}

#[test]
fn presets_say_what_they_are() {
    for preset in config::presets() {
        assert!(
            preset
                .name
                .eq_ignore_ascii_case(&preset.title.replace(' ', "-")),
            "{}",
            preset.title
        );
        assert!(preset.description.ends_with('.'), "{}", preset.description);
        assert!(preset.toml.contains(preset.description));
    }
}

#[test]
fn presets_of_industries_are_believable_and_pass() {
    for preset in &config::presets()[4..] {
        let checked = with_target()
            .set("a test", "/targets/0/token_auth", TOKEN.into())
            .preset(preset.name)
            .check(&no_files);
        assert_eq!(checked.problems, [], "{}", preset.name);
        let plan = checked.plan.unwrap();
        assert_eq!(
            plan.behaviour.realism,
            Realism::Realistic,
            "{}",
            preset.name
        );
        let sells = preset.name == "demo-shop" || preset.name == "saas";
        assert_eq!(plan.commerce.order > 0.0, sells, "{}", preset.name);
        assert_eq!(plan.backfill.is_some(), preset.name == "demo-shop");
    }
}

#[test]
fn the_demo_shop_has_three_months_behind_it_and_goes_on() {
    let checked = with_target()
        .set("a test", "/targets/0/token_auth", TOKEN.into())
        .preset("demo-shop")
        .check(&no_files);
    let backfill = checked.plan.unwrap().backfill.unwrap();
    let window = Window::Back {
        days_back: 90,
        days: 90,
    };
    assert_eq!((backfill.window, backfill.visits_per_day), (window, 500));
    assert!(!backfill.run_once);
}
