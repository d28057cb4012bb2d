//! What a hit tells, by name: in reports, accounts and ledgers.
//!
//! Invariant: a name, once given, stays: stored accounts are read by it. New kinds come last.

use serde::Serialize;

/// What a hit tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A page was opened.
    PageView,
    /// Something happened on a page.
    Event,
    /// The site's own search was used.
    Search,
    /// A link to another site was followed.
    Outlink,
    /// A file was downloaded.
    Download,
    /// Something was bought.
    Order,
    /// The visitor is still there; lengthens the visit, counts as no action.
    Ping,
    /// A product's page was opened; Matomo counts it as a page view too.
    ProductView,
    /// The page of a category of products was opened; Matomo counts it as a page view too.
    CategoryView,
    /// A cart changed; what is never ordered Matomo calls abandoned. No action.
    Cart,
    /// A goal was reached. No action.
    Goal,
    /// A piece of content was seen. Matomo does not count it among a visit's actions.
    Impression,
    /// Somebody did something with a piece of content, as with [`Kind::Impression`].
    Interaction,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::PageView,
        Self::Event,
        Self::Search,
        Self::Outlink,
        Self::Download,
        Self::Order,
        Self::Ping,
        Self::ProductView,
        Self::CategoryView,
        Self::Cart,
        Self::Goal,
        Self::Impression,
        Self::Interaction,
    ];

    /// The name in reports and ledgers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PageView => "pageview",
            Self::Event => "event",
            Self::Search => "search",
            Self::Outlink => "outlink",
            Self::Download => "download",
            Self::Order => "order",
            Self::Ping => "ping",
            Self::ProductView => "productview",
            Self::CategoryView => "categoryview",
            Self::Cart => "cart",
            Self::Goal => "goal",
            Self::Impression => "impression",
            Self::Interaction => "interaction",
        }
    }

    /// Whether Matomo books the hit as the opening of a page.
    #[must_use]
    pub fn opens_a_page(self) -> bool {
        matches!(
            self,
            Self::PageView | Self::ProductView | Self::CategoryView
        )
    }
}
