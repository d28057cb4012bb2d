//! Prescribed paths through the site.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Prescribed paths through the site.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Funnels")]
pub struct Funnels {
    /// File with the funnels. Not available yet: a file is refused.
    #[schemars(
        title = "Funnels file",
        extend("x-env" = "FUNNEL_CONFIG_PATH", "x-widget" = "file", "x-advanced" = true)
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}
