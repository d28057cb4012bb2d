//! `loader schema` and `loader presets`: what the configuration crate knows, printed.

use super::{BAD_INPUT, CommandError, DONE, complain, say};
use crate::cli::{Format, PresetsArgs};

pub(super) fn schema() -> Result<u8, CommandError> {
    say(&format!("{:#}\n", config::schema()))?;
    Ok(DONE)
}

pub(super) fn presets(args: &PresetsArgs) -> Result<u8, CommandError> {
    let presets = config::presets();
    if let Some(name) = &args.name {
        let Some(preset) = presets.iter().find(|preset| preset.name == name) else {
            let known: Vec<&str> = presets.iter().map(|preset| preset.name).collect();
            complain(&format!(
                "loader: there is no preset {name:?}; there are {}",
                known.join(", ")
            ));
            return Ok(BAD_INPUT);
        };
        say(preset.toml)?;
        return Ok(DONE);
    }
    let text = match args.format {
        Format::Text => presets
            .iter()
            .map(|preset| {
                format!(
                    "{:<14} {}\n{:14} {}\n",
                    preset.name, preset.title, "", preset.description
                )
            })
            .collect(),
        Format::Json => {
            let list: Vec<_> = presets
                .iter()
                .map(|preset| {
                    serde_json::json!({
                        "name": preset.name,
                        "title": preset.title,
                        "description": preset.description,
                        "toml": preset.toml,
                    })
                })
                .collect();
            format!("{:#}\n", serde_json::json!({ "presets": list }))
        }
    };
    say(&text)?;
    Ok(DONE)
}
