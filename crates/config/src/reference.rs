//! The settings reference and the example `.env` file, both derived from the schema.
//!
//! For: writing down what the catalogue holds. Not for: facts about a setting that stand nowhere
//! else. Invariant: the committed files equal what these functions return; a test keeps them fresh.

use std::fmt::Write as _;

use serde_json::Value;

use crate::catalogue::{self, Kind, Setting, Shape};
use crate::problem::path;
use crate::value::{figure, grouped};

const REFERENCE_INTRO: &str = "\
<!-- Generated. Refresh with: UPDATE_GENERATED=1 cargo test -p config generated -->

# Settings

Every setting of a run, its name in a document (TOML or JSON) and in the environment.

A later source wins over an earlier one: built-in default, preset, document, environment, command
line. An empty value is a value that is not set. In a document an unknown key is an error; in the
environment a name that is nearly one of these is warned of, and any other is left alone. A secret
can be read from a file: `MATOMO_TOKEN_AUTH_FILE=/run/secrets/token`. In the environment `true`,
`yes`, `on` and `1` mean the same, and so do `false`, `no`, `off` and `0`.

A document looks like this:

```toml
version = 1

[[targets]]
url = \"https://matomo.example/matomo.php\"
site_id = 1

[load]
visits_per_day = 5_000
```
";

const REFERENCE_END: &str = "
## Names of the Python original without a setting

| Environment name | What happens |
|---|---|
| `AUTO_START` | `true` is accepted. `false` is refused: a loader sends when it is started, and the control plane starts loaders |
| `START_SIGNAL_FILE`, `START_CHECK_INTERVAL` | no effect; you are warned |
| `CONTROL_UI_API_KEY` | a setting of the control plane; the key that the original was published with is refused |
";

const ENV_INTRO: &str = "\
# Generated. Refresh with: UPDATE_GENERATED=1 cargo test -p config generated
#
# The settings of a run as environment variables, each with its default. Copy this file to .env,
# set the tracking URL, and remove the # before whatever you want to change.
# An empty value is not set. A secret can be read from a file: MATOMO_TOKEN_AUTH_FILE=/path.
";

/// Width of a comment in the example file, in characters.
const COMMENT_WIDTH: usize = 98;

/// The reference of all settings, in Markdown (`docs/reference/settings.md`).
pub fn settings_markdown() -> String {
    let mut page = REFERENCE_INTRO.to_owned();
    let mut group = "";
    for setting in catalogue::settings().filter(|setting| setting.env.is_some()) {
        if setting.group != group {
            group = &setting.group;
            let _ = write!(
                page,
                "\n## {group}\n\n| Setting | Environment name | Default | Range | Meaning |\n|---|---|---|---|---|\n"
            );
        }
        let _ = writeln!(
            page,
            "| `{}` | `{}` | {} | {} | {} |",
            path(&setting.pointer),
            setting.env.as_deref().unwrap_or_default(),
            default_cell(setting),
            range_cell(setting),
            meaning_cell(setting),
        );
    }
    page + REFERENCE_END
}

/// An example of an `.env` file with every setting (`.env.example`).
pub fn env_example() -> String {
    let mut file = ENV_INTRO.to_owned();
    let mut group = "";
    for setting in catalogue::settings() {
        let Some(name) = &setting.env else { continue };
        if setting.group != group {
            group = &setting.group;
            let _ = write!(file, "\n# ---- {group} ----\n");
        }
        file.push('\n');
        for line in wrapped(&setting.help.replace('`', "")) {
            let _ = writeln!(file, "# {line}");
        }
        for (option, meaning) in options(&setting.shape) {
            let _ = writeln!(file, "#   {option}: {meaning}");
        }
        let value = setting.default.as_ref().map(as_text).unwrap_or_default();
        if let Some(example) = &setting.example {
            let _ = writeln!(file, "# Example: {name}={}", as_text(example));
        }
        let switch = if setting.required { "" } else { "#" };
        let _ = writeln!(file, "{switch}{name}={value}");
    }
    file
}

fn default_cell(setting: &Setting) -> String {
    match &setting.default {
        Some(value) => format!("`{}`", as_text(value)),
        None if setting.required => "required".to_owned(),
        None => "–".to_owned(),
    }
}

fn range_cell(setting: &Setting) -> String {
    let Shape {
        kind,
        min,
        max,
        above,
        ..
    } = &setting.shape;
    let range = match (kind, min, max, above) {
        (Kind::Boolean, ..) => "`true`, `false`".to_owned(),
        (Kind::Choice(choice), ..) => {
            let names: Vec<_> = choice
                .options
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            names.join(", ")
        }
        (Kind::Date, ..) => "YYYY-MM-DD".to_owned(),
        (Kind::List(item), ..) => match &item.kind {
            Kind::Record(fields) if fields.len() > 2 => "list of tables; in the environment JSON",
            _ => "comma list",
        }
        .to_owned(),
        (Kind::Text | Kind::Record(_), ..) => "text".to_owned(),
        (_, Some(min), Some(max), _) => format!("{} … {}", grouped(min), grouped(max)),
        (_, _, Some(max), Some(above)) => format!("> {} … {}", grouped(above), grouped(max)),
        _ => "–".to_owned(),
    };
    match &setting.unit {
        Some(unit) => format!("{range} {unit}"),
        None => range,
    }
}

fn meaning_cell(setting: &Setting) -> String {
    let mut meaning = setting.help.clone();
    for (option, help) in options(&setting.shape) {
        let _ = write!(meaning, "<br>`{option}`: {help}");
    }
    meaning.replace('|', "\\|")
}

fn options(shape: &Shape) -> &[(String, String)] {
    match &shape.kind {
        Kind::Choice(choice) => &choice.options,
        _ => &[],
    }
}

/// A value as the environment spells it: lists with commas, pairs with colons, lists of larger records as JSON.
pub(crate) fn as_text(value: &Value) -> String {
    let joined = |values: Vec<String>, with| values.join(with);
    match value {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => figure(number),
        Value::String(text) => text.clone(),
        Value::Array(entries) if entries.iter().any(is_table) => value.to_string(),
        Value::Array(entries) => joined(entries.iter().map(as_text).collect(), ","),
        Value::Object(fields) => joined(fields.values().map(as_text).collect(), ":"),
    }
}

/// Whether a value is more than a pair, which has a short spelling.
fn is_table(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() != 2)
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines
            .last()
            .is_some_and(|line| line.chars().count() + 1 + word.chars().count() > COMMENT_WIDTH);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
