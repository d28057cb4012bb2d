//! The Python original's settings: every name works or is refused with a hint, and defaults and
//! limits are the original's, except where the reference says otherwise.

use std::io;
use std::path::Path;

use config::{Checked, Layers, Problem, RunConfig, schema};
use serde_json::{Value, json};

use crate::support::{TOKEN, URL, check_env, vars};

/// Every environment name of the original, with a value that is not its default, and what becomes of
/// it: the setting and its value, or `refused` with a part of the hint, `warned of`, `ignored`.
const NAMES: &str = "
    MATOMO_URL                   | http://m.example/piwik.php | /targets/0/url | \"http://m.example/piwik.php\"
    MATOMO_SITE_ID               | 7          | /targets/0/site_id              | 7
    TARGET_VISITS_PER_DAY        | 1234       | /load/visits_per_day            | 1234
    PAGEVIEWS_MIN                | 2          | /behaviour/page_views_min       | 2
    PAGEVIEWS_MAX                | 9          | /behaviour/page_views_max       | 9
    CONCURRENCY                  | 77         | /load/concurrency               | 77
    PAUSE_BETWEEN_PVS_MIN        | 0.7        | /load/pause_min                 | 0.7
    PAUSE_BETWEEN_PVS_MAX        | 3          | /load/pause_max                 | 3.0
    AUTO_STOP_AFTER_HOURS        | 12.5       | /load/stop_after_hours          | 12.5
    MAX_TOTAL_VISITS             | 5000       | /load/max_visits_per_window     | 5000
    SITESEARCH_PROBABILITY       | 0.5        | /behaviour/search               | 0.5
    OUTLINKS_PROBABILITY         | 0.5        | /behaviour/outlink              | 0.5
    DOWNLOADS_PROBABILITY        | 0.5        | /behaviour/download             | 0.5
    CLICK_EVENTS_PROBABILITY     | 0.5        | /behaviour/click_event          | 0.5
    RANDOM_EVENTS_PROBABILITY    | 0.5        | /behaviour/random_event         | 0.5
    DIRECT_TRAFFIC_PROBABILITY   | 0.5        | /behaviour/direct               | 0.5
    RANDOMIZE_VISITOR_COUNTRIES  | False      | /audience/countries             | \"off\"
    VISIT_DURATION_MIN           | 2.5        | /behaviour/visit_duration_min   | 2.5
    VISIT_DURATION_MAX           | 9.5        | /behaviour/visit_duration_max   | 9.5
    ECOMMERCE_PROBABILITY        | 0.5        | /commerce/order                 | 0.5
    ECOMMERCE_ORDER_VALUE_MIN    | 1.5        | /commerce/value_min             | 1.5
    ECOMMERCE_ORDER_VALUE_MAX    | 400        | /commerce/value_max             | 400.0
    ECOMMERCE_ITEMS_MIN          | 2          | /commerce/items_min             | 2
    ECOMMERCE_ITEMS_MAX          | 8          | /commerce/items_max             | 8
    ECOMMERCE_TAX_RATE           | 0.25       | /commerce/tax_rate              | 0.25
    ECOMMERCE_SHIPPING_RATES     | 0, 4.50,7  | /commerce/shipping_rates        | [0.0, 4.5, 7.0]
    ECOMMERCE_CURRENCY           | USD        | /commerce/currency              | \"USD\"
    TIMEZONE                     | UTC        | /load/time_zone                 | \"UTC\"
    URLS_FILE                    | /urls.txt  | /content/urls_file              | \"/urls.txt\"
    FUNNEL_CONFIG_PATH           | /app/data/funnels.json | refused | remove it
    LOG_LEVEL                    | WARNING    | /logging/level                  | \"warn\"
    AUTO_START                   | true       | ignored |
    AUTO_START                   | false      | refused | control plane
    START_SIGNAL_FILE            | /app/data/loadgen.start | warned of |
    START_CHECK_INTERVAL         | 2.0        | warned of |
    BACKFILL_ENABLED             | false      | ignored |
    BACKFILL_START_DATE          | 2026-01-01 | /backfill/start_date            | \"2026-01-01\"
    BACKFILL_END_DATE            | 2026-01-31 | /backfill/end_date              | \"2026-01-31\"
    BACKFILL_DAYS_BACK           | 30         | /backfill/days_back             | 30
    BACKFILL_DURATION_DAYS       | 10         | /backfill/duration_days         | 10
    BACKFILL_MAX_VISITS_PER_DAY  | 100        | /backfill/max_visits_per_day    | 100
    BACKFILL_MAX_VISITS_TOTAL    | 9000       | /backfill/max_visits_total      | 9000
    BACKFILL_RPS_LIMIT           | 12.5       | /backfill/requests_per_second   | 12.5
    BACKFILL_SEED                | 42         | /backfill/seed                  | 42
    BACKFILL_RUN_ONCE            | yes        | /backfill/run_once              | true
    CONTROL_UI_API_KEY           | change-me-in-production | refused | random
    CONTROL_UI_API_KEY           | their own  | ignored |
    CONTROL_UI_PORT              | 8000       | ignored |
    CORS_ORIGINS                 | *          | ignored |
";

#[test]
fn every_environment_name_sets_its_field_or_is_refused_with_a_hint() {
    for row in NAMES.trim().lines() {
        let columns: Vec<_> = row.split('|').map(str::trim).collect();
        let [name, text, fate, detail] = columns[..] else {
            panic!("{row}")
        };
        let checked = check(name, text);
        let origin = format!("environment variable {name}");
        let about_it = |found: &[Problem]| {
            found
                .iter()
                .filter(|problem| problem.origin.as_deref() == Some(&origin))
                .count()
        };
        if fate == "refused" {
            assert_eq!(about_it(&checked.problems), 1, "{name}");
            let hint = checked.problems[0].hint.as_deref().unwrap();
            assert!(hint.contains(detail), "{name}: {hint}");
            assert!(checked.plan.is_none(), "{name}");
            continue;
        }
        assert!(checked.plan.is_some(), "{name}: {:?}", checked.problems);
        assert_eq!(
            about_it(&checked.warnings),
            usize::from(fate == "warned of"),
            "{name}"
        );
        if fate.starts_with('/') {
            let value: Value = serde_json::from_str(detail).unwrap();
            let written = serde_json::to_value(&checked.config).unwrap();
            let default = serde_json::to_value(RunConfig::default()).unwrap();
            assert_eq!(written.pointer(fate), Some(&value), "{name}");
            assert_ne!(
                default.pointer(fate),
                Some(&value),
                "{name}: the row tests nothing"
            );
            assert_eq!(checked.origins[fate].to_string(), origin);
        }
    }
}

fn check(name: &str, text: &str) -> Checked {
    let files = |path: &Path| match path.to_str() {
        Some("/urls.txt") => Ok("https://a.example/\n".to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    Layers::new()
        .json("a test", json!({ "targets": [{ "url": URL }] }))
        .environment(vars(&[(name, text)]), &files)
        .check(&files)
}

#[test]
fn the_token_of_the_environment_reaches_the_target() {
    let checked = check("MATOMO_TOKEN_AUTH", TOKEN);
    assert_eq!(
        checked.config.targets[0]
            .token_auth
            .as_ref()
            .unwrap()
            .expose(),
        TOKEN
    );
    let origin = &checked.origins["/targets/0/token_auth"];
    assert_eq!(origin.to_string(), "environment variable MATOMO_TOKEN_AUTH");
}

/// Default, lowest and highest value. Different from the original on purpose: the ceiling of
/// visits_per_day (was 1000000), stop_after_hours (was 0), countries (was true).
const LIMITS: &str = "
    /load/visits_per_day          | 20000  | 1    | 100000000
    /load/concurrency             | 50     | 1    | 500
    /load/pause_min               | 0.5    | 0.1  | 60.0
    /load/pause_max               | 2.0    | 0.1  | 60.0
    /load/stop_after_hours        | 1.0    | 0.0  | 168.0
    /load/max_visits_per_window   | 0      | 0    | 10000000
    /load/time_zone               | \"CET\"  | null | null
    /behaviour/page_views_min     | 3      | 1    | 100
    /behaviour/page_views_max     | 6      | 1    | 100
    /behaviour/visit_duration_min | 1.0    | 0.1  | 120.0
    /behaviour/visit_duration_max | 8.0    | 0.1  | 120.0
    /behaviour/search             | 0.15   | 0.0  | 1.0
    /behaviour/outlink            | 0.10   | 0.0  | 1.0
    /behaviour/download           | 0.08   | 0.0  | 1.0
    /behaviour/click_event        | 0.25   | 0.0  | 1.0
    /behaviour/random_event       | 0.12   | 0.0  | 1.0
    /behaviour/direct             | 0.30   | 0.0  | 1.0
    /audience/countries           | \"auto\" | null | null
    /commerce/order               | 0.02   | 0.0  | 1.0
    /commerce/value_min           | 15.99  | 0.01 | 1000000.0
    /commerce/value_max           | 299.99 | 0.01 | 1000000.0
    /commerce/items_min           | 1      | 1    | 100
    /commerce/items_max           | 5      | 1    | 100
    /commerce/tax_rate            | 0.10   | 0.0  | 1.0
    /commerce/shipping_rates      | [0.0, 5.99, 9.99, 15.99] | null | null
    /commerce/currency            | \"SEK\"  | null | null
    /content/urls_file            | null   | null | null
    /backfill/enabled             | false  | null | null
    /backfill/start_date          | null   | null | null
    /backfill/end_date            | null   | null | null
    /backfill/days_back           | null   | 1    | 365
    /backfill/duration_days       | null   | 1    | 365
    /backfill/max_visits_per_day  | 2000   | 0    | 10000
    /backfill/max_visits_total    | 200000 | 0    | 10000000
    /backfill/requests_per_second | null   | null | 500.0
    /backfill/seed                | null   | 0    | 2147483647
    /backfill/run_once            | false  | null | null
    /logging/level                | \"info\" | null | null
";

#[test]
fn defaults_and_limits_are_those_of_the_original() {
    let schema = schema();
    for row in LIMITS.trim().lines() {
        let columns: Vec<_> = row.split('|').map(str::trim).collect();
        let setting = schema
            .pointer(&columns[0].replace('/', "/properties/"))
            .unwrap();
        for (keyword, expected) in ["default", "minimum", "maximum"].iter().zip(&columns[1..]) {
            let expected: Value = serde_json::from_str(expected).unwrap();
            assert_eq!(setting[*keyword], expected, "{keyword} of {}", columns[0]);
        }
    }
    let rate = schema
        .pointer("/properties/backfill/properties/requests_per_second")
        .unwrap();
    assert_eq!(rate["exclusiveMinimum"], 0);
    let site_id = schema
        .pointer("/properties/targets/items/properties/site_id")
        .unwrap();
    assert_eq!(
        (&site_id["default"], &site_id["minimum"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn country_weights_are_those_of_the_original() {
    let checked = check_env(&[("MATOMO_TOKEN_AUTH", TOKEN)]);
    let weights = checked.plan.unwrap().audience.weights;
    let named = [
        ("US", 0.35),
        ("DE", 0.10),
        ("GB", 0.08),
        ("CA", 0.06),
        ("FR", 0.06),
        ("AU", 0.05),
        ("NL", 0.05),
        ("JP", 0.04),
        ("SE", 0.03),
        ("BR", 0.03),
    ];
    for ((country, weight), expected) in weights.iter().zip(named) {
        assert_eq!((country.as_str(), *weight), expected);
    }
    let others: f64 = weights[named.len()..]
        .iter()
        .map(|(_, weight)| weight)
        .sum();
    assert!((others - 0.15).abs() < 1e-12, "{others}");
}
