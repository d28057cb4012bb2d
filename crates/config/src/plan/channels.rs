//! Where visits come from: part of the run plan.

use chrono::NaiveDate;

use crate::sections::CampaignStyle;

/// Where visits come from: shares that sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelsPlan {
    /// Search engines.
    pub search: f64,
    /// No referrer.
    pub direct: f64,
    /// Social networks.
    pub social: f64,
    /// Other websites.
    pub websites: f64,
    /// AI assistants.
    pub ai_assistants: f64,
    /// Campaigns other than e-mail.
    pub campaigns: f64,
    /// E-mail.
    pub email: f64,
    /// The run's own campaigns; empty for the built-in ones.
    pub own_campaigns: Vec<CampaignPlan>,
}

/// A campaign that brings visits.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignPlan {
    /// Its name, not empty.
    pub name: String,
    /// Who sends the visitors.
    pub source: String,
    /// How; `email` belongs to e-mail.
    pub medium: String,
    /// What was looked for.
    pub keyword: Option<String>,
    /// Which of several advertisements.
    pub content: Option<String>,
    /// Above 0, relative to the other campaigns of its channel.
    pub weight: f64,
    /// First day, in the load's time zone.
    pub from: Option<NaiveDate>,
    /// Last day, not before the first.
    pub to: Option<NaiveDate>,
    /// The page that it leads to.
    pub landing: LandingPage,
    /// Whose parameters name it.
    pub style: CampaignStyle,
}

/// The page that a campaign leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LandingPage {
    /// Any page of the site.
    Any,
    /// This path on the site.
    Path(String),
    /// This http(s) address.
    Address(String),
}
