//! Where visits come from: part of the run plan.

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
}
