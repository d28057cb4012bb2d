//! A hit: one visitor doing one thing on one page view.
//!
//! For: a value that is made once, cloned for a few reference counts, and written in any request shape.
//! Not for: the time of sending; `cdt` is decided by whoever sends. Invariant: each hit belongs to a
//! page view and carries that page's address and id, so nothing replaces a page view.

use std::sync::Arc;

use serde::Serialize;

use crate::identity::Identity;
use crate::order::Order;
use crate::query::{Decoded, Encoded, Sink};
use crate::text::Text;

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
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::PageView,
        Self::Event,
        Self::Search,
        Self::Outlink,
        Self::Download,
        Self::Order,
        Self::Ping,
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
        }
    }
}

/// Six characters that tie the hits of one page view together (`pv_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageViewId([u8; 6]);

impl PageViewId {
    const DIGITS: &'static [u8; 62] =
        b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// Takes six digits in base 62 out of `bits`; 36 evenly drawn bits give evenly spread ids.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let mut id = [0; 6];
        let mut rest = bits;
        for place in &mut id {
            *place = Self::DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the digits are ASCII")
    }
}

/// One opening of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageView {
    /// Address of the page (`url`).
    pub url: Text,
    /// Title of the page (`action_name`); a `/` makes a folder in Matomo's reports.
    pub title: Text,
    /// Where the visitor came from: another site, the page before, or nothing (`urlref`).
    pub referrer: Option<Text>,
    /// Id of this opening (`pv_id`).
    pub id: PageViewId,
}

/// The visitor's wall clock (`h`, `m`, `s`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// An event; category and action are never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `e_c`.
    pub category: Text,
    /// `e_a`.
    pub action: Text,
    /// `e_n`.
    pub name: Option<Text>,
    /// `e_v`, a finite number.
    pub value: Option<f64>,
}

/// A use of the site's own search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What was looked for (`search`).
    pub keyword: Text,
    /// Where (`search_cat`).
    pub category: Option<Text>,
    /// Number of results (`search_count`); 0 feeds Matomo's "no result" report.
    pub results: u32,
}

/// What happens on the page view.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// See [`Kind::PageView`].
    PageView,
    /// See [`Kind::Event`].
    Event(Arc<Event>),
    /// See [`Kind::Search`].
    Search(Arc<Search>),
    /// See [`Kind::Outlink`]; the full address.
    Outlink(Text),
    /// See [`Kind::Download`]; the full address.
    Download(Text),
    /// See [`Kind::Order`].
    Order(Arc<Order>),
    /// See [`Kind::Ping`].
    Ping,
}

/// One tracking request to be. Cloning copies a few reference counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    identity: Arc<Identity>,
    page: Arc<PageView>,
    local: LocalTime,
    action: Action,
}

/// A `cdt` older than this needs a token (Matomo's
/// `tracking_requests_require_authentication_when_custom_timestamp_newer_than`, 24 h), less five minutes
/// for the way there and for clocks that disagree.
const TOKENLESS_AGE_S: i64 = 86_400 - 300;

impl Hit {
    /// A hit of `identity` on `page`; `local` is the visitor's clock at the time of the hit.
    #[must_use]
    pub fn new(
        identity: Arc<Identity>,
        page: Arc<PageView>,
        local: LocalTime,
        action: Action,
    ) -> Self {
        Self {
            identity,
            page,
            local,
            action,
        }
    }

    /// What the hit tells.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.action {
            Action::PageView => Kind::PageView,
            Action::Event(_) => Kind::Event,
            Action::Search(_) => Kind::Search,
            Action::Outlink(_) => Kind::Outlink,
            Action::Download(_) => Kind::Download,
            Action::Order(_) => Kind::Order,
            Action::Ping => Kind::Ping,
        }
    }

    /// Who sends it.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The visitor's id (`cid`), sixteen hexadecimal digits.
    #[must_use]
    pub fn visitor_id(&self) -> &str {
        self.identity.visitor_id()
    }

    /// The page view that the hit belongs to.
    #[must_use]
    pub fn page(&self) -> &PageView {
        &self.page
    }

    /// What happens on the page view.
    #[must_use]
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// Whether Matomo refuses the hit without a token, if it is sent at `now_s` (Unix seconds) with
    /// this `cdt`: it names an address or a place, or it lies about a day or more in the past.
    #[must_use]
    pub fn needs_token(&self, cdt_s: Option<i64>, now_s: i64) -> bool {
        self.identity.needs_token()
            || cdt_s.is_some_and(|cdt| now_s.saturating_sub(cdt) >= TOKENLESS_AGE_S)
    }

    /// Appends `idsite=1&rec=1&…`, percent-encoded; never a token, never `send_image`.
    ///
    /// `cdt_s` is the time that Matomo shall book, in Unix seconds; `None` leaves it to Matomo's clock.
    pub fn write_query(&self, cdt_s: Option<i64>, out: &mut String) {
        out.push_str(self.identity.encoded());
        self.each_own_param(cdt_s, &mut Encoded(out));
    }

    /// The same parameters in the same order, not encoded.
    #[must_use]
    pub fn params(&self, cdt_s: Option<i64>) -> Vec<(&'static str, String)> {
        let mut params = Decoded(Vec::with_capacity(24));
        self.identity.each_param(&mut params);
        self.each_own_param(cdt_s, &mut params);
        params.0
    }

    /// The parameters that follow the identity's.
    fn each_own_param(&self, cdt_s: Option<i64>, sink: &mut impl Sink) {
        sink.text("url", &self.page.url);
        if matches!(self.action, Action::PageView) {
            if let Some(referrer) = &self.page.referrer {
                sink.text("urlref", referrer);
            }
            sink.text("action_name", &self.page.title);
        }
        sink.string("pv_id", self.page.id.as_str());
        sink.int("h", i64::from(self.local.hour));
        sink.int("m", i64::from(self.local.minute));
        sink.int("s", i64::from(self.local.second));
        self.action.each_param(sink);
        if let Some(cdt) = cdt_s {
            sink.int("cdt", cdt);
        }
    }
}

impl Action {
    fn each_param(&self, sink: &mut impl Sink) {
        match self {
            Self::PageView => {}
            Self::Event(event) => {
                sink.text("e_c", &event.category);
                sink.text("e_a", &event.action);
                if let Some(name) = &event.name {
                    sink.text("e_n", name);
                }
                if let Some(value) = event.value {
                    sink.string("e_v", &value.to_string());
                }
                sink.int("ca", 1);
            }
            Self::Search(search) => {
                sink.text("search", &search.keyword);
                if let Some(category) = &search.category {
                    sink.text("search_cat", category);
                }
                sink.int("search_count", i64::from(search.results));
            }
            Self::Outlink(url) => {
                sink.text("link", url);
                sink.int("ca", 1);
            }
            Self::Download(url) => {
                sink.text("download", url);
                sink.int("ca", 1);
            }
            Self::Order(order) => {
                sink.int("idgoal", 0);
                sink.string("ec_id", &order.id);
                sink.string("revenue", &order.revenue.to_string());
                sink.string("ec_st", &order.subtotal.to_string());
                sink.string("ec_tx", &order.tax.to_string());
                sink.string("ec_sh", &order.shipping.to_string());
                sink.string("ec_items", &order.items_json());
            }
            Self::Ping => sink.int("ping", 1),
        }
    }
}
