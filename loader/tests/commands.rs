//! What the command line says to people and scripts.

mod practice;

use practice::{CANARY, Target, command};
use serde_json::Value;

#[test]
fn all_problems_of_a_configuration_come_at_once_with_exit_code_2() {
    let bad = [
        ("MATOMO_URL", "ftp://nowhere"),
        ("CONCURRENCY", "501"),
        ("PAGEVIEWS_MIN", "many"),
        ("CONCURENCY", "5"),
    ];
    for arguments in [&["run"][..], &["check"], &["plan"], &["preview"]] {
        let (code, _, error) = command(arguments, &bad);
        assert_eq!(code, 2, "{arguments:?}: {error}");
        for name in ["MATOMO_URL", "CONCURRENCY", "PAGEVIEWS_MIN", "warning"] {
            assert!(error.contains(name), "{arguments:?}, {name}: {error}");
        }
    }
    let (code, out, _) = command(&["check", "--format", "json"], &bad);
    let findings: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, findings["problems"].as_array().unwrap().len()),
        (2, 3)
    );
}

/// Backfills that are refused; the API and the page are tested with the same.
const REFUSALS: &str = include_str!("../../tests/fixtures/backfill-refusals.json");

#[test]
fn a_backfill_that_is_refused_says_what_to_change() {
    let refusals: Value = serde_json::from_str(REFUSALS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json");
    let path = file.to_str().unwrap();
    for case in refusals["cases"].as_array().unwrap() {
        let mut config = refusals["base"].clone();
        for (name, value) in case["backfill"].as_object().unwrap() {
            config["backfill"][name] = value.clone();
        }
        if case["without_token"] == true {
            config["targets"][0]["token_auth"] = Value::Null;
        }
        std::fs::write(&file, config.to_string()).unwrap();
        for arguments in [
            &["check", "--config", path, "--format", "json"][..],
            &["plan", "--config", path],
            &["run", "--config", path],
        ] {
            let (code, out, error) = command(arguments, &[]);
            assert_eq!(code, 2, "{case}: {out} {error}");
            let said = format!("{out}{error}");
            assert!(
                said.contains(case["hint"].as_str().unwrap()),
                "{case}: {said}"
            );
            let Ok(findings) = serde_json::from_str::<Value>(&out) else {
                continue;
            };
            let problems = findings["problems"].as_array().unwrap();
            assert_eq!(problems.len(), 1, "{case}: {problems:?}");
            for name in ["pointer", "code"] {
                assert_eq!(problems[0][name], case[name], "{case}");
            }
        }
    }
}

#[test]
fn more_than_a_small_trial_needs_the_host_typed_back() {
    let environment = [("MATOMO_URL", "https://matomo.example.org/matomo.php")];
    for arguments in [
        &["run"][..],
        &["run", "--trial", "51"],
        &["run", "--confirm-target", "other.example.org"],
        &[
            "run",
            "--trial",
            "5",
            "--confirm-target",
            "other.example.org",
        ],
    ] {
        let (code, out, error) = command(arguments, &environment);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(
            error.contains("--confirm-target matomo.example.org"),
            "{error}"
        );
    }
}

#[test]
fn a_run_where_hits_cost_money_needs_a_budget() {
    let environment = [("MATOMO_URL", "https://shop.matomo.cloud/matomo.php")];
    let confirmed = ["run", "--confirm-target", "shop.matomo.cloud"];
    let (code, out, error) = command(&confirmed, &environment);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("STOP_AFTER_HITS"), "{error}");
}

#[test]
fn a_probe_names_what_it_met_and_records_nothing() {
    let target = Target::start(&[]);
    let probe = |url: &str, token: &str| {
        let environment = [("MATOMO_URL", url), ("MATOMO_TOKEN_AUTH", token)];
        let (code, out, _) = command(&["check", "--probe", "--format", "json"], &environment);
        assert!(!out.contains(CANARY));
        let findings: Value = serde_json::from_str(&out).unwrap();
        (code, findings["probe"].clone())
    };
    let step = |found: &Value, at: usize| found["steps"][at]["code"].as_str().unwrap().to_owned();
    let (code, found) = probe(&target.url(), CANARY);
    assert_eq!((code, &found["ok"]), (0, &true.into()), "{found}");
    assert!(found["matomo"]["latency_ms"].as_f64().unwrap() < 5_000.0);
    let (code, found) = probe(&target.url(), "0123456789abcdef0123456789abcdef");
    assert_eq!((code, step(&found, 7)), (1, "token.refused".to_owned()));
    let elsewhere = target.url().replace("matomo.php", "livez");
    let (code, found) = probe(&elsewhere, "");
    assert_eq!((code, &found["steps"][5]["state"]), (1, &"failed".into()));
    let secure = target.url().replace("http://", "https://");
    let (code, found) = probe(&secure, "");
    assert_eq!((code, step(&found, 3)), (1, "tls.plain_http".to_owned()));
    let (code, found) = probe("http://nowhere.invalid/matomo.php", "");
    assert_eq!((code, &found["steps"][1]["state"]), (1, &"failed".into()));
    let (code, found) = probe("http://127.0.0.1:1/matomo.php", "");
    assert_eq!((code, &found["steps"][2]["state"]), (1, &"failed".into()));
    assert_eq!(target.summary()["hits"], 0);
}

#[test]
fn a_plan_says_how_much_how_fast_and_when_it_ends() {
    let environment = [
        ("MATOMO_URL", "https://matomo.example.org/matomo.php"),
        ("TARGET_VISITS_PER_DAY", "86400"),
        ("STOP_AFTER_VISITS", "1000"),
    ];
    let (code, text, error) = command(&["plan"], &environment);
    assert_eq!(code, 0, "{error}");
    for part in [
        "86400 a day, 1.000 a second",
        "simulated visits",
        "ends after 1000 visits",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (_, json, _) = command(&["plan", "--format", "json"], &environment);
    let plan: Value = serde_json::from_str(&json).unwrap();
    let (visit, day) = (
        &plan["hits_per_visit_estimate"],
        &plan["hits_per_day_estimate"],
    );
    let expected = visit.as_f64().unwrap() * 86_400.0;
    assert!((day.as_f64().unwrap() - expected).abs() <= 1.0, "{plan}");
}

#[test]
fn a_plan_of_past_days_says_which_how_many_visits_and_that_time_is_not_known() {
    let mut environment = vec![
        ("MATOMO_URL", "https://matomo.example.org/matomo.php"),
        ("MATOMO_TOKEN_AUTH", "0123456789abcdef0123456789abcdef"),
        ("BACKFILL_ENABLED", "true"),
        ("BACKFILL_RUN_ONCE", "true"),
        ("BACKFILL_START_DATE", "2024-02-27"),
        ("BACKFILL_END_DATE", "2024-03-01"),
        ("BACKFILL_MAX_VISITS_PER_DAY", "250"),
        ("TIMEZONE", "Europe/Stockholm"),
        ("REALISM", "original"),
    ];
    let (code, text, error) = command(&["plan"], &environment);
    assert_eq!(code, 0, "{error}");
    for part in [
        "2024-02-27 to 2024-03-01, 4 days in Europe/Stockholm",
        "1000 in all, 250 a day",
        "unknown: as fast as",
        "ends with its last day",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    environment.push(("BACKFILL_VISITS_PER_SECOND", "4"));
    let (_, json, _) = command(&["plan", "--format", "json"], &environment);
    let plan: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(plan["backfill"]["seconds_at_least"], 250.0, "{plan}");
    assert_eq!(plan["visits_planned"], 1_000);
}

#[test]
fn a_plan_of_half_a_year_of_believable_days_counts_each_of_them() {
    let environment = [
        ("MATOMO_URL", "https://matomo.example.org/matomo.php"),
        ("MATOMO_TOKEN_AUTH", "0123456789abcdef0123456789abcdef"),
        ("BACKFILL_ENABLED", "true"),
        ("BACKFILL_DAYS_BACK", "180"),
        ("BACKFILL_DURATION_DAYS", "180"),
        ("BACKFILL_MAX_VISITS_PER_DAY", "10000"),
        ("BACKFILL_MAX_VISITS_TOTAL", "0"),
        ("REALISM", "realistic"),
    ];
    let (code, json, error) = command(&["plan", "--format", "json"], &environment);
    assert_eq!(code, 0, "{error}");
    let plan: Value = serde_json::from_str(&json).unwrap();
    let days: Vec<u64> = plan["backfill"]["visits_by_day"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day.as_u64().unwrap())
        .collect();
    assert_eq!(days.len(), 180);
    // The busiest day meets the cap, and the others differ below it.
    assert_eq!(days.iter().max(), Some(&10_000), "{days:?}");
    assert!(days.iter().min() < Some(&9_000), "{days:?}");
    assert_eq!(plan["visits_planned"], days.iter().sum::<u64>());
    let (estimate, visit) = (
        &plan["backfill"]["hits_estimate"],
        &plan["hits_per_visit_estimate"],
    );
    let expected = visit.as_f64().unwrap() * days.iter().sum::<u64>() as f64;
    assert!(
        (estimate.as_f64().unwrap() - expected).abs() <= 1.0,
        "{plan}"
    );
    assert_eq!(plan["simulated_visits"], 500);
}

#[test]
fn a_preview_reads_as_a_story() {
    let environment = [("MATOMO_URL", "https://matomo.example.org/matomo.php")];
    let (code, text, error) = command(&["preview", "--visits", "30", "--seed", "1"], &environment);
    assert_eq!(code, 0, "{error}");
    for part in ["visitor", "arrives at", "opens", "is still there"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn schema_and_presets_can_be_printed() {
    let (code, schema, _) = command(&["schema"], &[]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!((code, schema["properties"]["load"].is_object()), (0, true));
    let (_, list, _) = command(&["presets"], &[]);
    for name in ["light", "medium", "heavy", "extreme"] {
        assert!(list.contains(name), "{list}");
        let (code, toml, _) = command(&["presets", name], &[]);
        assert_eq!((code, toml.is_empty()), (0, false));
    }
    assert_eq!(command(&["presets", "nonsense"], &[]).0, 2);
}

#[test]
fn a_directory_without_a_heartbeat_is_not_alive() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let (code, _, error) = command(&["healthcheck", "--state", path], &[]);
    assert_eq!(code, 1);
    assert!(error.contains("not alive"), "{error}");
}

#[test]
fn output_files_take_the_place_of_both_streams() {
    let target = Target::start(&[]);
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("out");
    let url = target.url();
    let environment = [
        ("MATOMO_URL", url.as_str()),
        ("PAUSE_BETWEEN_PVS_MIN", "0.1"),
        ("PAUSE_BETWEEN_PVS_MAX", "0.1"),
    ];
    let arguments = ["run", "--trial", "3", "--output", output.to_str().unwrap()];
    let (code, out, error) = command(&arguments, &environment);
    assert_eq!((code, out.as_str(), error.as_str()), (0, "", ""));
    let report = std::fs::read_to_string(output.join("report.jsonl")).unwrap();
    assert!(
        report
            .lines()
            .last()
            .unwrap()
            .contains("\"type\":\"finished\"")
    );
    let log = std::fs::read_to_string(output.join("loader.log")).unwrap();
    assert!(log.contains("audience.countries"), "{log}");
}
