//! The words of problems: each has a way out, none speaks the program's own language.

use std::collections::BTreeSet;

use config::{Format, Layers, Problem};

use crate::support::{check_env, check_toml, no_files, vars, with_target};

/// Words of programmers and of libraries, which no message may hold.
const INNER: [&str; 16] = [
    "deserialize",
    "serde",
    "struct",
    "enum",
    "variant",
    "unwrap",
    "Option",
    "None",
    "null",
    "u32",
    "u64",
    "f64",
    "i64",
    "bool",
    "validator",
    "parse error",
];

/// What is wrong with the words of a problem.
pub(crate) fn fault(problem: &Problem) -> Option<String> {
    let hint = problem.hint.as_deref().unwrap_or_default().trim();
    let said = format!("{} {hint}", problem.message);
    // What a person wrote is repeated in quotes.
    let own: String = said.split('"').step_by(2).collect();
    let mut words = own.split(|c: char| !c.is_alphanumeric() && c != '_');
    let inner = words.find(|word| INNER.contains(word));
    match (hint, inner) {
        ("", _) => Some(format!("no way out: {problem}")),
        (_, Some(word)) => Some(format!("{word} is a word of programmers: {problem}")),
        _ if problem.message.trim().is_empty() => Some(format!("no message: {}", problem.code)),
        _ => None,
    }
}

/// Mistakes, each with the code of what is said of it.
const MISTAKES: &[(&str, &str)] = &[
    ("syntax", "[load\n"),
    ("newer_version", "version = 99"),
    ("unknown_key", "[load]\nconcurency = 1"),
    ("wrong_type", "[load]\nconcurrency = \"many\""),
    ("wrong_type", "load = 3"),
    ("wrong_type", "targets = 3"),
    ("wrong_type", "[[targets]]\ntoken_auth = 3"),
    ("wrong_type", "[audience]\nweights = [{ country = \"SE\" }]"),
    ("unknown_choice", "[load]\npacing = \"zzzzzzzz\""),
    ("unknown_choice", "[load]\npacing = \"life\""),
    ("above_limit", "[load]\nconcurrency = 501"),
    ("above_limit", "[load]\nconcurrency = 9999999999999"),
    ("below_limit", "[load]\nconcurrency = 0"),
    (
        "below_limit",
        "[audience]\nweights = [{ country = \"SE\", weight = 0 }]",
    ),
    ("min_above_max", "[behaviour]\npage_views_min = 9"),
    (
        "does_not_fit",
        "[behaviour]\npage_views_min = 1\npage_views_max = 1\n[commerce]\norder = 0.5",
    ),
    ("invalid_url", "[[targets]]\nurl = \"matomo\""),
    (
        "secret_in_url",
        "[[targets]]\nurl = \"https://u:p@a.example/\"",
    ),
    (
        "forbidden_address",
        "[[targets]]\nurl = \"http://169.254.169.254/\"",
    ),
    ("unknown_time_zone", "[load]\ntime_zone = \"Nowhere\""),
    ("invalid_currency", "[commerce]\ncurrency = \"kr\""),
    (
        "invalid_country",
        "[audience]\nweights = [{ country = \"Sweden\", weight = 1 }]",
    ),
    ("needs_token", "[audience]\ncountries = \"on\""),
    ("not_available", "[funnels]\nfile = \"f.json\""),
    ("unreadable", "[content]\nurls_file = \"urls.txt\""),
    ("incomplete", "[[targets]]\nbasic_auth_user = \"u\""),
    ("incomplete", "[[targets]]\nextra_header_name = \"X-Key\""),
    (
        "invalid_header",
        "[[targets]]\nextra_header_name = \"X Key\"",
    ),
    (
        "refused_header",
        "[[targets]]\nextra_header_name = \"Host\"",
    ),
    ("invalid_pem", "[[targets]]\nca_pem = \"x\""),
    ("private_key", "[[targets]]\nca_pem = \"PRIVATE KEY\""),
    ("unusual_token", "[[targets]]\ntoken_auth = \"short\""),
    ("high_concurrency", "[load]\nconcurrency = 400"),
    ("high_load", "[load]\nvisits_per_day = 900000"),
    ("no_stop_rule", "[load]\nstop_after_hours = 0"),
    ("fewer_visits", "[load]\nquiet_hours = \"01:00-02:00\""),
    ("insecure", "[[targets]]\ntls_verify = false"),
];

#[test]
fn every_problem_has_a_way_out_and_no_inner_words() {
    let mut wrong = Vec::new();
    for (code, text) in MISTAKES {
        let checked = match text.contains("url = ") {
            true => Layers::new()
                .document("run.toml", Format::Toml, text)
                .check(&no_files),
            false => check_toml(text),
        };
        let all: Vec<_> = checked.problems.iter().chain(&checked.warnings).collect();
        let codes: BTreeSet<_> = all.iter().map(|problem| problem.code.as_str()).collect();
        if !codes.contains(code) {
            wrong.push(format!("{text:?} gives {codes:?} and not {code}"));
        }
        wrong.extend(all.into_iter().filter_map(fault));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn so_have_those_of_the_environment_and_of_whole_documents() {
    let environments = [
        check_env(&[("AUTO_START", "false"), ("PAGEVIEW_MAX", "4")]),
        check_env(&[("CONTROL_UI_API_KEY", "change-me-in-production")]),
        check_env(&[
            ("MATOMO_TOKEN_AUTH_FILE", "/nowhere"),
            ("START_SIGNAL_FILE", "x"),
        ]),
        check_env(&[("MATOMO_TOKEN_AUTH", "x"), ("MATOMO_TOKEN_AUTH_FILE", "y")]),
        check_env(&[("BACKFILL_ENABLED", "maybe"), ("CONCURRENCY", "some")]),
        Layers::new().check(&no_files),
        Layers::new().preset("hevy").check(&no_files),
        with_target()
            .document("run.json", Format::Json, "{\"load\": {,}}")
            .check(&no_files),
        with_target()
            .document("run.json", Format::Json, "[1]")
            .check(&no_files),
        with_target()
            .environment(vars(&[("URLS_FILE", "list")]), &no_files)
            .check(&|_| Err(std::io::ErrorKind::Unsupported.into())),
        with_target()
            .environment(vars(&[("URLS_FILE", "list")]), &no_files)
            .check(&|_| Ok("x\n".repeat(50))),
    ];
    for checked in environments {
        let all: Vec<_> = checked.problems.iter().chain(&checked.warnings).collect();
        assert!(!all.is_empty());
        let wrong: Vec<_> = all.into_iter().filter_map(fault).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
