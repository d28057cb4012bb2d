//! The built-in presets.
//!
//! For: naming, describing and finding them. Not for: what they say; that stands in
//! `presets/*.toml`. Invariant: title and description are the first two comment lines of the file.

use std::sync::LazyLock;

use crate::nearest::nearest;
use crate::problem::{Problem, quoted};

/// A named run configuration that leaves the target open.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// What a person reads on a button.
    pub title: &'static str,
    /// What it is for, in one sentence.
    pub description: &'static str,
    /// The document itself.
    pub toml: &'static str,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let files = [
        ("light", include_str!("../../../presets/light.toml")),
        ("medium", include_str!("../../../presets/medium.toml")),
        ("heavy", include_str!("../../../presets/heavy.toml")),
        ("extreme", include_str!("../../../presets/extreme.toml")),
        ("demo-shop", include_str!("../../../presets/demo-shop.toml")),
        ("media", include_str!("../../../presets/media.toml")),
        ("saas", include_str!("../../../presets/saas.toml")),
        (
            "public-sector",
            include_str!("../../../presets/public-sector.toml"),
        ),
        ("intranet", include_str!("../../../presets/intranet.toml")),
    ];
    files.map(|(name, toml)| preset(name, toml)).to_vec()
});

/// The built-in presets: those of the Python original from the lightest to the heaviest, then those of industries.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// The preset of that name.
pub(crate) fn find(name: &str) -> Result<&'static Preset, Problem> {
    presets()
        .iter()
        .find(|preset| preset.name == name)
        .ok_or_else(|| {
            let names = || presets().iter().map(|preset| preset.name);
            let message = format!("there is no preset {}", quoted(name));
            Problem::new("", "unknown_preset", message).hint(match nearest(name, names()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("choose one of {}", names().collect::<Vec<_>>().join(", ")),
            })
        })
}

fn preset(name: &'static str, toml: &'static str) -> Preset {
    let mut comments = toml.lines().map(|line| line.trim_start_matches('#').trim());
    let mut next = || comments.next().unwrap_or_default();
    Preset {
        name,
        title: next(),
        description: next(),
        toml,
    }
}
