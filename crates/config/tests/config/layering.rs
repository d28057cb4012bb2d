//! Layers: what wins, where it came from, and what the environment may look like.

use std::io;
use std::path::Path;

use config::{Format, Layers, Pacing};
use serde_json::json;

use crate::support::{TOKEN, URL, check_env, check_toml, find, no_files, vars, with_target};

#[test]
fn later_layers_win_and_each_value_names_its_origin() {
    // Called in the wrong order on purpose.
    let checked = Layers::new()
        .set("option --seed", "/audience/seed", json!(9))
        .environment(
            vars(&[("CONCURRENCY", "4"), ("SEED", "8"), ("MATOMO_URL", URL)]),
            &no_files,
        )
        .document(
            "run.toml",
            Format::Toml,
            "[load]\nconcurrency = 3\nvisits_per_day = 333\n[audience]\nseed = 7\n",
        )
        .preset("light")
        .check(&no_files);

    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    let plan = checked.plan.unwrap();
    assert_eq!(plan.audience.seed, Some(9));
    assert_eq!(plan.load.concurrency, 4);
    assert_eq!(plan.load.visits_per_day, 333);
    assert_eq!(plan.behaviour.page_views_max, 4);
    assert_eq!(plan.commerce.currency, "SEK");

    let origin = |pointer: &str| checked.origins[pointer].to_string();
    assert_eq!(origin("/audience/seed"), "option --seed");
    assert_eq!(
        origin("/load/concurrency"),
        "environment variable CONCURRENCY"
    );
    assert_eq!(origin("/load/visits_per_day"), "run.toml");
    assert_eq!(origin("/behaviour/page_views_max"), "preset light");
    assert_eq!(origin("/commerce/currency"), "default");
}

#[test]
fn a_value_that_a_later_layer_replaces_is_not_held_against_its_limit() {
    let checked = with_target()
        .document("run.toml", Format::Toml, "[load]\nconcurrency = 9999\n")
        .environment(vars(&[("CONCURRENCY", "20")]), &no_files)
        .check(&no_files);
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    assert_eq!(checked.plan.unwrap().load.concurrency, 20);
}

#[test]
fn environment_and_document_share_the_first_target() {
    let checked = Layers::new()
        .json(
            "request",
            json!({ "targets": [{ "url": URL, "site_id": 3 }] }),
        )
        .environment(
            vars(&[("MATOMO_SITE_ID", "5"), ("MATOMO_TOKEN_AUTH", TOKEN)]),
            &no_files,
        )
        .check(&no_files);
    let plan = checked.plan.unwrap();
    assert_eq!(plan.targets.len(), 1);
    assert_eq!(plan.targets[0].url.as_str(), URL);
    assert_eq!(plan.targets[0].site_id, 5);
    assert_eq!(plan.targets[0].token.as_ref().unwrap().expose(), TOKEN);
}

#[test]
fn lists_are_replaced_and_not_mixed() {
    let checked = with_target()
        .json(
            "request",
            json!({
                "audience": { "weights": [{ "country": "se", "weight": 2 }] },
                "commerce": { "shipping_rates": [1] },
                "targets": [{ "token_auth": TOKEN }],
            }),
        )
        .check(&no_files);
    let plan = checked.plan.unwrap();
    assert_eq!(plan.audience.weights, [("SE".to_owned(), 2.0)]);
    assert_eq!(plan.commerce.shipping_rates, [1.0]);
}

#[test]
fn empty_values_are_not_set_in_any_layer() {
    let checked = with_target()
        .preset("light")
        .json(
            "request",
            json!({ "load": { "concurrency": null, "time_zone": "" } }),
        )
        .environment(
            vars(&[("CONCURRENCY", ""), ("LOG_LEVEL", "  \r")]),
            &no_files,
        )
        .check(&no_files);
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    assert_eq!(
        checked.origins["/load/concurrency"].to_string(),
        "preset light"
    );
    assert_eq!(checked.origins["/load/time_zone"].to_string(), "default");
    assert_eq!(checked.origins["/logging/level"].to_string(), "default");
}

#[test]
fn windows_line_ends_blanks_and_quotes_do_no_harm() {
    let document = "\u{feff}version = 1\r\n[load]\r\ntime_zone = \"UTC \"\r\nconcurrency = 7\r\n";
    let checked = with_target()
        .document("run.toml", Format::Toml, document)
        .environment(
            vars(&[("CONCURRENCY", " 8 \r"), ("LOG_LEVEL", "\"DEBUG\"")]),
            &no_files,
        )
        .check(&no_files);
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    let plan = checked.plan.unwrap();
    assert_eq!(plan.load.time_zone, chrono_tz::UTC);
    assert_eq!(plan.load.concurrency, 8);
    assert_eq!(plan.log_level, config::LogLevel::Debug);
}

#[test]
fn dates_of_toml_are_dates_and_its_odd_numbers_are_refused() {
    let checked = check_toml("[backfill]\nstart_date = 2026-01-01\nend_date = '2026-01-31'\n");
    assert_eq!(checked.problems, []);
    assert_eq!(
        checked.config.backfill.start_date.unwrap().to_string(),
        "2026-01-01"
    );
    for odd in ["nan", "inf", "-inf"] {
        let checked = check_toml(&format!("[behaviour]\nsearch = {odd}\n"));
        find(&checked.problems, "/behaviour/search", "wrong_type");
    }
    for odd in ["NaN", "inf", "1e999"] {
        let checked = check_env(&[("SITESEARCH_PROBABILITY", odd)]);
        find(&checked.problems, "/behaviour/search", "wrong_type");
    }
}

#[test]
fn yes_and_no_are_understood_in_every_spelling() {
    for (text, expected) in [
        ("true", true),
        ("TRUE", true),
        ("1", true),
        ("Yes", true),
        ("on", true),
        ("false", false),
        ("0", false),
        ("NO", false),
        ("Off", false),
    ] {
        let checked = check_env(&[
            ("BACKFILL_RUN_ONCE", text),
            ("RANDOMIZE_VISITOR_COUNTRIES", text),
        ]);
        assert_eq!(checked.config.backfill.run_once, expected, "{text}");
        let countries = if expected {
            config::Countries::On
        } else {
            config::Countries::Off
        };
        assert_eq!(checked.config.audience.countries, countries, "{text}");
    }
    // The original took this spelling here.
    assert!(check_env(&[("AUTO_START", "y")]).plan.is_some());
    find(&check_env(&[("AUTO_START", "N")]).problems, "", "refused");
    assert_eq!(
        check_toml("[audience]\ncountries = false\n")
            .config
            .audience
            .countries,
        config::Countries::Off
    );
}

#[test]
fn log_levels_of_python_and_of_tracing_are_understood() {
    for (text, expected) in [
        ("DEBUG", "debug"),
        ("INFO", "info"),
        ("WARNING", "warn"),
        ("ERROR", "error"),
        ("CRITICAL", "error"),
        ("warn", "warn"),
        ("trace", "trace"),
    ] {
        assert_eq!(
            check_env(&[("LOG_LEVEL", text)])
                .config
                .logging
                .level
                .as_str(),
            expected
        );
    }
}

#[test]
fn near_misses_are_warned_of_and_unrelated_variables_are_not() {
    let checked = check_env(&[
        ("PAGEVIEW_MIN", "3"),
        ("matomo_url", URL),
        ("PATH", "/bin"),
        ("HOME", "/root"),
        ("TZ", "UTC"),
        ("SPEED", "1"),
        ("HOSTNAME", "x"),
        ("RUST_LOG", "debug"),
        ("MATOMO_PORT", "tcp://10.0.0.1:80"),
        ("LOADER_IMAGE", "x"),
        ("DATA_DIR", "/data"),
        ("LISTEN", "0.0.0.0:8000"),
    ]);
    assert!(checked.problems.is_empty(), "{:?}", checked.problems);
    let hints: Vec<_> = checked
        .warnings
        .iter()
        .filter(|warning| warning.code == "near_miss")
        .map(|warning| warning.hint.as_deref().unwrap())
        .collect();
    assert_eq!(
        hints,
        ["did you mean PAGEVIEWS_MIN?", "did you mean MATOMO_URL?"]
    );
}

#[test]
fn a_secret_can_stand_in_a_file() {
    let files = |path: &Path| match path.to_str() {
        Some("/run/secrets/token") => Ok(format!("{TOKEN}\n")),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let from_file = [("MATOMO_TOKEN_AUTH_FILE", "/run/secrets/token")];
    let checked = with_target()
        .environment(vars(&from_file), &files)
        .check(&files);
    let plan = checked.plan.unwrap();
    assert_eq!(plan.targets[0].token.as_ref().unwrap().expose(), TOKEN);
    assert_eq!(
        checked.origins["/targets/0/token_auth"].to_string(),
        "environment variable MATOMO_TOKEN_AUTH_FILE, file /run/secrets/token"
    );

    let missing = [("MATOMO_TOKEN_AUTH_FILE", "/nowhere")];
    let checked = with_target()
        .environment(vars(&missing), &files)
        .check(&files);
    let problem = find(&checked.problems, "/targets/0/token_auth", "unreadable");
    assert!(problem.message.contains("/nowhere"), "{problem}");

    let empty = |_: &Path| Ok("\n".to_owned());
    let checked = with_target()
        .environment(vars(&from_file), &empty)
        .check(&empty);
    find(&checked.warnings, "/targets/0/token_auth", "empty_file");

    let both = [from_file[0], ("MATOMO_TOKEN_AUTH", TOKEN)];
    let checked = with_target().environment(vars(&both), &files).check(&files);
    find(&checked.problems, "/targets/0/token_auth", "conflict");
}

#[test]
fn pacing_is_live_until_somebody_gives_a_pause() {
    let pacing = |checked: config::Checked| checked.plan.unwrap().load.pacing;
    let is_compressed = |pacing| matches!(pacing, Pacing::Compressed { .. });

    assert_eq!(pacing(check_env(&[])), Pacing::Live);
    assert_eq!(
        pacing(with_target().preset("heavy").check(&no_files)),
        Pacing::Live
    );
    assert!(is_compressed(pacing(check_env(&[(
        "PAUSE_BETWEEN_PVS_MIN",
        "0.5"
    )]))));
    assert!(is_compressed(pacing(check_toml(
        "[load]\npause_max = 3.0\n"
    ))));
    let told = [("PAUSE_BETWEEN_PVS_MIN", "0.5"), ("PACING", "live")];
    assert_eq!(pacing(check_env(&told)), Pacing::Live);
    assert!(is_compressed(pacing(check_env(&[(
        "PACING",
        "Compressed"
    )]))));
}

#[test]
fn a_pause_beats_the_pacing_of_a_preset_only() {
    let env = vars(&[("PAUSE_BETWEEN_PVS_MIN", "0.5")]);
    let preset = with_target()
        .preset("light")
        .environment(env, &no_files)
        .check(&no_files);
    assert!(matches!(
        preset.plan.unwrap().load.pacing,
        Pacing::Compressed { .. }
    ));

    // A preset that is sent as a document is live, although it holds pauses.
    let document = check_toml(config::presets()[0].toml);
    assert_eq!(document.plan.unwrap().load.pacing, Pacing::Live);
}

#[test]
fn a_checked_configuration_means_the_same_when_it_is_read_again() {
    for pause in [None, Some(("PAUSE_BETWEEN_PVS_MAX", "1.5"))] {
        let first = check_env(pause.as_slice());
        let json = serde_json::to_value(&first.config).unwrap();
        let second = Layers::new().json("stored", json).check(&no_files);
        assert_eq!(second.problems, []);
        let (first, second) = (first.plan.unwrap(), second.plan.unwrap());
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}
