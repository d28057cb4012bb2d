//! The pages that are visited.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// The pages that are visited.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Content")]
pub struct Content {
    /// File with the pages to visit: one URL a line, a title after a tab or two blanks if you like,
    /// `#` begins a comment. Not set, a built-in shop of 22,000 pages is visited. For runs
    /// from the command line; the control plane has no lists yet.
    #[schemars(title = "URL list", extend("x-env" = "URLS_FILE", "x-widget" = "file"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urls_file: Option<String>,
    /// Scheme and host of the built-in pages, http or https, and nothing more.
    #[schemars(title = "Site", extend("x-env" = "SITE_URL", "x-widget" = "url"))]
    pub site_url: String,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            urls_file: None,
            site_url: "https://shop.example".to_owned(),
        }
    }
}
