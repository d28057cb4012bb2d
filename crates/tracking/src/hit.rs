//! A hit: one visitor doing one thing on one page view.
//!
//! For: a value that is made once, cloned for a few reference counts, and written in any request shape.
//! Not for: the time of sending; `cdt` is decided by whoever sends. Invariant: each hit belongs to a
//! page view and carries that page's address and id, so nothing replaces a page view.

use std::sync::Arc;

use crate::action::Action;
use crate::identity::Identity;
use crate::kind::Kind;
use crate::page::{PageView, Shown};
use crate::query::{Decoded, Encoded, Sink};

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
            Action::PageView => match self.page.shows {
                None => Kind::PageView,
                Some(Shown::Product(_)) => Kind::ProductView,
                Some(Shown::Categories(_)) => Kind::CategoryView,
            },
            Action::Event(_) => Kind::Event,
            Action::Search(_) => Kind::Search,
            Action::Outlink(_) => Kind::Outlink,
            Action::Download(_) => Kind::Download,
            Action::Cart(_) => Kind::Cart,
            Action::Order(_) => Kind::Order,
            Action::Goal(_) => Kind::Goal,
            Action::Impression(_) => Kind::Impression,
            Action::Interaction { .. } => Kind::Interaction,
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
            if let Some(shown) = &self.page.shows {
                shown.each_param(sink);
            }
            if let Some(timings) = &self.page.timings {
                timings.each_param(sink);
            }
        }
        sink.string("pv_id", self.page.id.as_str());
        sink.int("h", i64::from(self.local.hour));
        sink.int("m", i64::from(self.local.minute));
        sink.int("s", i64::from(self.local.second));
        self.action.each_param(sink);
        if !matches!(self.action, Action::Ping) {
            self.page.each_dimension(sink);
        }
        if let Some(cdt) = cdt_s {
            sink.int("cdt", cdt);
        }
    }
}
