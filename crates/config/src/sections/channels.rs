//! Where visits come from.

use chrono::NaiveDate;
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
    /// Campaigns of your own, in place of the built-in ones; those of medium `email` belong to e-mail.
    #[schemars(
        title = "Your campaigns",
        extend("x-env" = "CAMPAIGNS", "x-advanced" = true)
    )]
    #[validate(length(max = 200), nested)]
    pub own_campaigns: Vec<Campaign>,
}

/// A campaign that brings visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// Its name, 1 to 200 characters.
    #[schemars(title = "Name")]
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Who sends the visitors, such as `google` or `newsletter`.
    #[schemars(title = "Source")]
    #[validate(length(min = 1, max = 200))]
    pub source: String,
    /// How, such as `cpc`, `banner` or `email`.
    #[schemars(title = "Medium")]
    #[validate(length(min = 1, max = 200))]
    pub medium: String,
    /// Share of the visits of its channel relative to the other campaigns, above 0 and up to 1,000,000.
    #[schemars(title = "Weight", extend("exclusiveMinimum" = 0))]
    #[validate(range(exclusive_min = 0.0, max = 1_000_000.0))]
    pub weight: f64,
    /// What was looked for; `{words}` stands for words of the landing page.
    #[schemars(title = "Keyword")]
    #[validate(length(max = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
    /// Which of several advertisements.
    #[schemars(title = "Content")]
    #[validate(length(max = 200))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The page that it leads to: a path on the site, such as `/sale`, or a whole address. Not given, any page.
    #[schemars(title = "Landing page")]
    #[validate(length(max = 1_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<String>,
    /// Its first day, YYYY-MM-DD, in the load's time zone. Not given, it has always run.
    #[schemars(title = "First day")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Its last day.
    #[schemars(title = "Last day")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Whose parameters name it in the address.
    #[schemars(title = "Style")]
    #[serde(default)]
    pub style: CampaignStyle,
}

/// Whose parameters name a campaign. Matomo reads both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CampaignStyle {
    /// `utm_campaign` and so on, as most advertising tools write.
    #[default]
    Utm,
    /// `mtm_campaign` and so on.
    Mtm,
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
            own_campaigns: Vec::new(),
        }
    }
}
