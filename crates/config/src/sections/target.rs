//! One Matomo site that receives hits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::secret::Secret;

/// One Matomo site that receives hits.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Target", extend("required" = ["url"]))]
pub struct Target {
    /// Address of Matomo's tracking endpoint, http or https; it usually ends in `matomo.php`.
    #[schemars(
        title = "Tracking URL",
        extend("x-env" = "MATOMO_URL", "x-widget" = "url",
               "examples" = ["https://matomo.example/matomo.php"])
    )]
    pub url: String,
    /// Number of the site in Matomo, 1 to 4,294,967,295.
    #[schemars(
        title = "Site id",
        extend("x-env" = "MATOMO_SITE_ID")
    )]
    #[validate(range(min = 1, max = u32::MAX))]
    pub site_id: u32,
    /// Secret token of a Matomo user with write or admin access to the site. It is needed for visitor
    /// countries and for hits older than 24 hours, and travels in request bodies only. Read from a
    /// file with `MATOMO_TOKEN_AUTH_FILE`.
    #[serde(skip_serializing)]
    #[schemars(
        title = "Token",
        extend("x-env" = "MATOMO_TOKEN_AUTH", "x-widget" = "password", "writeOnly" = true)
    )]
    pub token_auth: Option<Secret>,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            url: String::new(),
            site_id: 1,
            token_auth: None,
        }
    }
}
