//! The run configuration: what a run is.
//!
//! For: reading a run configuration from layers (defaults, preset, document, environment, command
//! line), finding every problem at once, and turning it into the [`RunPlan`] that programs run on;
//! and for everything that is derived from its one definition: schema, form hints, reference,
//! `.env.example`. Not for: reading files, environment or clock, which programs do and pass in.
//! Invariant: a plan exists only when there is no problem, and nothing here shows a secret.

mod address;
mod billing;
mod catalogue;
mod convert;
mod document;
mod environment;
mod layers;
mod limits;
mod nearest;
mod origin;
pub mod plan;
mod presets;
mod problem;
mod quiet_hours;
mod reference;
mod schema;
mod secret;
pub mod sections;
mod shape;
mod text;
mod value;
mod values;
mod written;

use std::path::Path;

pub use address::is_forbidden;
pub use document::Format;
pub use layers::{Checked, Layers};
pub use origin::{Origin, OriginKind};
pub use plan::*;
pub use presets::{Preset, presets};
pub use problem::Problem;
pub use reference::{env_example, settings_markdown};
pub use schema::schema;
pub use secret::{ProxyVariables, Secret, Secrets, SecretsError, TargetSecret};
pub use sections::*;
pub use text::{TextFormat, TextProblem, TextRead, read_text, write_env, write_json, write_toml};
pub use values::SettingValue;
pub use written::Written;

/// A program's way to read a text file.
pub type Read<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

/// API keys that were published with the Python original and so protect nothing.
pub const KNOWN_DEFAULT_KEYS: &[&str] = &["change-me-in-production"];
