//! The documents that others rely on are what the program says.

use control_ui::api::openapi::document;
use control_ui::api::problem::Code;
use control_ui::metrics::ALL;

const OPENAPI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
const API_MD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api.md");

#[test]
fn the_generated_openapi_document_is_fresh() {
    let now = document().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(OPENAPI, &now).unwrap();
    }
    let committed = std::fs::read_to_string(OPENAPI).unwrap();
    assert!(
        committed == now,
        "docs/openapi.json is stale; refresh it with: UPDATE_GENERATED=1 cargo test -p control-ui openapi"
    );
}

#[test]
fn every_problem_code_is_explained_in_the_documentation_and_nothing_else_is() {
    let text = std::fs::read_to_string(API_MD).unwrap();
    let explained: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### `"))
        .collect();
    let explained: Vec<&str> = explained
        .iter()
        .filter_map(|line| line.strip_suffix('`'))
        .collect();
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(
        explained, codes,
        "headings of docs/api.md, in the order of the program's list"
    );
    for code in Code::ALL {
        let section = text
            .split(&format!("### `{}`", code.as_str()))
            .nth(1)
            .unwrap();
        let status = code.status().as_u16().to_string();
        assert!(
            section.trim_start().starts_with(&status),
            "{} begins with its status",
            code.as_str()
        );
    }
}

#[test]
fn every_route_is_named_in_the_documentation() {
    let text = std::fs::read_to_string(API_MD).unwrap();
    for path in document().paths.paths.keys() {
        assert!(text.contains(&format!("{path}`")), "{path} in docs/api.md");
    }
}

const OPERATIONS_MD: &str = include_str!("../../../docs/operations.md");
const ALERTS: &str = include_str!("../../../docs/alerts.yml");

#[test]
fn every_metric_is_explained_in_the_documentation_and_nothing_else_is() {
    let named = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .filter(|(name, _)| name.starts_with("trafficinator_") || name.starts_with("process_"))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    let metrics: Vec<&str> = ALL.iter().map(|metric| metric.name).collect();
    assert_eq!(named(OPERATIONS_MD), metrics, "the table, in its order");
    for metric in ALL {
        assert!(
            OPERATIONS_MD.contains(&format!("| {} |", metric.help)),
            "{}",
            metric.help
        );
    }
}

#[test]
fn alerts_ask_only_for_metrics_that_exist() {
    let words = ALERTS.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let asked: Vec<&str> = words
        .filter(|word| word.starts_with("trafficinator_"))
        .collect();
    assert!(5 < asked.len());
    for name in asked {
        assert!(ALL.iter().any(|metric| metric.name == name), "{name}");
    }
}

#[test]
fn every_setting_of_the_control_plane_is_in_its_table() {
    use clap::Args as _;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/control-plane.md");
    let text = std::fs::read_to_string(path).unwrap();
    let command = control_ui::settings::Options::augment_args(clap::Command::new("control-ui"));
    for argument in command.get_arguments() {
        let name = argument.get_env().unwrap().to_str().unwrap();
        let row = format!("| `{name}` |");
        assert!(text.contains(&row), "docs/control-plane.md has no {row}");
    }
}

#[test]
fn the_map_names_every_part_of_the_control_plane() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let map = std::fs::read_to_string(format!("{root}/ARCHITECTURE.md")).unwrap();
    let (_, map) = map.split_once("Inside `control-ui/src`:").unwrap();
    let (map, _) = map.split_once("Allowed arrows").unwrap();
    let mut parts: Vec<String> = std::fs::read_dir(format!("{root}/control-ui/src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "lib" && !name.ends_with("_tests"))
        .collect();
    parts.sort();
    for part in parts {
        assert!(
            map.contains(&format!("`{part}`")),
            "ARCHITECTURE.md does not say what control-ui/src/{part} is for"
        );
    }
}
