//! Run configurations as texts: what is written is read back, and what cannot be read says where.

use config::{TextFormat, TextRead, Written, read_text, write_env, write_json, write_toml};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(text: &str) -> TextRead {
    read_text(None, text)
}

/// Code and place of each problem.
fn told(read: &TextRead) -> Vec<(String, Option<(usize, usize)>)> {
    let problems = read.problems.iter();
    problems
        .map(|it| (it.problem.code.clone(), it.at))
        .collect()
}

fn some_config() -> impl Strategy<Value = Value> {
    let text = proptest::string::string_regex("[a-zA-Z0-9 #\"'\\\\$äß,:=]{1,20}")
        .expect("a regular expression");
    let load = (
        1_u32..=100_000_000,
        1_u16..=500,
        0.1..60.0_f64,
        0_u64..1_000_000_000_000,
    );
    let audience = (
        proptest::option::of(text),
        proptest::option::of(0_u64..9_007_199_254_740_991),
    );
    let rates = proptest::collection::vec(0.0..1000.0_f64, 1..5);
    let weights = proptest::collection::vec(("[A-Z]{2}", 0.1..10.0_f64), 1..4);
    let choices = (
        prop::sample::select(vec!["beacon", "get", "form", "bulk"]),
        any::<bool>(),
    );
    (load, audience, rates, weights, choices).prop_map(|(load, audience, rates, weights, choices)| {
        let weights: Vec<_> = weights
            .into_iter()
            .map(|(country, weight)| json!({ "country": country, "weight": weight }))
            .collect();
        json!({
            "targets": [{ "url": "https://matomo.example/matomo.php", "site_id": load.1 }],
            "load": { "visits_per_day": load.0, "concurrency": load.1, "pause_min": load.2, "stop_after_visits": load.3 },
            "audience": { "population": audience.0, "seed": audience.1, "weights": weights },
            "commerce": { "shipping_rates": rates },
            "backfill": { "run_once": choices.1 },
            "delivery": { "method": choices.0 },
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_text_that_is_written_is_read_back_as_the_same_document(config in some_config()) {
        let written = Written::read(config);
        prop_assert!(written.problems.is_empty(), "{:?}", written.problems);
        for (format, text) in [
            (TextFormat::Toml, write_toml(&written)),
            (TextFormat::Json, write_json(&written)),
            (TextFormat::Env, write_env(&written)),
        ] {
            let again = read(&text);
            prop_assert_eq!(again.format, format, "{}", text);
            prop_assert_eq!(&again.written.config, &written.config, "{}", text);
        }
    }

    #[test]
    fn no_text_upsets_the_reader(text in "(?s).{0,200}", lines in "([A-Z_]{1,12}=[\"' #\\\\a-z\n]{0,12}\n){0,6}") {
        for format in [TextFormat::Toml, TextFormat::Json, TextFormat::Env] {
            let _ = read_text(Some(format), &text);
            let _ = read_text(Some(format), &lines);
        }
    }
}

#[test]
fn toml_is_written_for_readers() {
    let written = Written::read(json!({
        "load": { "concurrency": 9, "visits_per_day": 5000 },
        "targets": [{ "token_auth": "never-shown" }, {}],
        "audience": { "weights": [{ "country": "SE", "weight": 1 }] },
    }));
    assert_eq!(
        write_toml(&written),
        "\
# A run configuration of Trafficinator. What is not set here keeps its default.

version = 1

[load]
visits_per_day = 5000 # Visits per day, visits/day
concurrency = 9 # Concurrency, requests

[audience]
weights = [{ country = \"SE\", weight = 1.0 }] # Country weights
"
    );
}

#[test]
fn a_problem_says_in_which_line_it_is() {
    let toml = read("[load]\nconcurrency = 5\nvisits_per_dya = 3\n\n[behaviour]\nsearch = 1.5\n");
    assert_eq!(
        told(&toml),
        [
            ("unknown_key".to_owned(), Some((3, 1))),
            ("above_limit".to_owned(), Some((6, 1)))
        ]
    );
    let broken = read("[load]\nconcurrency = = 5\n");
    assert_eq!(told(&broken), [("syntax".to_owned(), Some((2, 15)))]);
    let broken = read("{\n  \"load\": {,}\n}");
    assert_eq!(told(&broken), [("syntax".to_owned(), Some((2, 12)))]);
    let env =
        read("# mine\nCONCURRENCY=600\n\nTARGET_VISITS_PER_DAY=many\nnonsense\nPAGEVIEW_MIN=3\n");
    assert_eq!(
        told(&env),
        [
            ("above_limit".to_owned(), Some((2, 1))),
            ("wrong_type".to_owned(), Some((4, 1))),
            ("syntax".to_owned(), Some((5, 1))),
            ("near_miss".to_owned(), Some((6, 1))),
        ]
    );
}

#[test]
fn env_files_are_read_as_compose_reads_them() {
    let text = "\
export MATOMO_URL=\"https://matomo.example/matomo.php\"\r
MATOMO_TOKEN_AUTH='0123456789abcdef0123456789abcdef' # of the test user\r
POPULATION=\"two words, and \\\"quotes\\\"\"\r
CONCURRENCY=5\r
CONCURRENCY = 6 # the last one counts\r
COMPOSE_PROJECT_NAME=x\r
TIMEZONE=\r
";
    let read = read(text);
    assert_eq!(read.format, TextFormat::Env);
    assert_eq!(told(&read), []);
    assert_eq!(
        read.written.config,
        json!({
            "targets": [{ "url": "https://matomo.example/matomo.php" }],
            "audience": { "population": "two words, and \"quotes\"" },
            "load": { "concurrency": 6 },
        })
    );
    assert_eq!(read.written.secrets.len(), 1);
}

#[test]
fn presets_of_the_original_are_understood() {
    let text = r#"{ "id": 3, "name": "Sale", "description": null, "config": {
        "matomo_url": "https://matomo.example/matomo.php", "matomo_token_auth": null,
        "target_visits_per_day": 7000, "randomize_visitor_countries": false, "ECOMMERCE_CURRENCY": "USD",
        "pageviews_min": "2", "timezone": "UTC" } }"#;
    let read = read(text);
    assert_eq!(told(&read), []);
    assert_eq!(read.title.as_deref(), Some("Sale"));
    assert_eq!(
        read.written.config,
        json!({
            "targets": [{ "url": "https://matomo.example/matomo.php" }],
            "load": { "visits_per_day": 7000, "time_zone": "UTC" },
            "audience": { "countries": "off" },
            "commerce": { "currency": "USD" },
            "behaviour": { "page_views_min": 2 },
        })
    );
}
