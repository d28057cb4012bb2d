//! Where visits come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Where visits come from, in the believable model. The shares sum to 1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Channels")]
pub struct Channels {
    /// Share of visits from search engines, 0 to 1.
    #[schemars(
        title = "Search engines",
        extend("x-env" = "CHANNEL_SEARCH", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub search: f64,
    /// Share of visits without a referrer, 0 to 1: typed addresses and bookmarks.
    #[schemars(
        title = "Direct entries",
        extend("x-env" = "CHANNEL_DIRECT", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub direct: f64,
    /// Share of visits from social networks, 0 to 1.
    #[schemars(
        title = "Social networks",
        extend("x-env" = "CHANNEL_SOCIAL", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub social: f64,
    /// Share of visits from other websites, 0 to 1.
    #[schemars(
        title = "Websites",
        extend("x-env" = "CHANNEL_WEBSITES", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub websites: f64,
    /// Share of visits from AI assistants, 0 to 1. Matomo files them under websites before it knew such a channel.
    #[schemars(
        title = "AI assistants",
        extend("x-env" = "CHANNEL_AI_ASSISTANTS", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub ai_assistants: f64,
    /// Share of visits from campaigns other than e-mail, 0 to 1.
    #[schemars(
        title = "Campaigns",
        extend("x-env" = "CHANNEL_CAMPAIGNS", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub campaigns: f64,
    /// Share of visits from e-mail, 0 to 1: mostly campaigns of medium email, some from webmail without one.
    #[schemars(
        title = "E-mail",
        extend("x-env" = "CHANNEL_EMAIL", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub email: f64,
}

impl Default for Channels {
    fn default() -> Self {
        Self {
            search: 0.42,
            direct: 0.25,
            social: 0.08,
            websites: 0.09,
            ai_assistants: 0.03,
            campaigns: 0.10,
            email: 0.03,
        }
    }
}
