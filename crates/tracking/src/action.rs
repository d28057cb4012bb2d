//! What happens on a page view, in Matomo's parameters.
//!
//! For: one value for each thing that a visitor can do. Not for: the page it happens on, or when. Invariant: a hit
//! that is no page view can never be booked as one: it says so (`ca=1`), or Matomo takes no action from it.

use std::sync::Arc;

use crate::order::{Cart, Cents, Order};
use crate::query::Sink;
use crate::text::Text;

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

/// A goal of the site, reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// Its number in Matomo (`idgoal`), at least 1; one that the site has not is refused.
    pub id: u32,
    /// What it is worth (`revenue`); without, Matomo takes the goal's own value.
    pub revenue: Option<Cents>,
}

/// A block on a page whose being seen and used is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// What it is about (`c_n`); with the piece it ties an interaction to its impression.
    pub name: Text,
    /// The picture, the text (`c_p`).
    pub piece: Text,
    /// Where it leads (`c_t`).
    pub target: Option<Text>,
}

impl Content {
    fn each_param(&self, sink: &mut impl Sink) {
        sink.text("c_n", &self.name);
        sink.text("c_p", &self.piece);
        if let Some(target) = &self.target {
            sink.text("c_t", target);
        }
    }
}

/// What happens on the page view.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// See [`crate::Kind::PageView`].
    PageView,
    /// See [`crate::Kind::Event`].
    Event(Arc<Event>),
    /// See [`crate::Kind::Search`].
    Search(Arc<Search>),
    /// See [`crate::Kind::Outlink`]; the full address.
    Outlink(Text),
    /// See [`crate::Kind::Download`]; the full address.
    Download(Text),
    /// See [`crate::Kind::Cart`].
    Cart(Arc<Cart>),
    /// See [`crate::Kind::Order`].
    Order(Arc<Order>),
    /// See [`crate::Kind::Goal`].
    Goal(Goal),
    /// See [`crate::Kind::Impression`].
    Impression(Arc<Content>),
    /// See [`crate::Kind::Interaction`].
    Interaction {
        /// What was seen before.
        content: Arc<Content>,
        /// What was done with it (`c_i`), such as `click`.
        interaction: Text,
    },
    /// See [`crate::Kind::Ping`].
    Ping,
}

impl Action {
    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
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
            Self::Cart(cart) => {
                sink.int("idgoal", 0);
                cart.each_param(sink);
            }
            Self::Order(order) => {
                sink.int("idgoal", 0);
                order.each_param(sink);
            }
            Self::Goal(goal) => {
                sink.int("idgoal", i64::from(goal.id));
                if let Some(revenue) = goal.revenue {
                    sink.string("revenue", &revenue.to_string());
                }
            }
            Self::Impression(content) => {
                content.each_param(sink);
                sink.int("ca", 1);
            }
            Self::Interaction {
                content,
                interaction,
            } => {
                content.each_param(sink);
                sink.text("c_i", interaction);
                sink.int("ca", 1);
            }
            Self::Ping => sink.int("ping", 1),
        }
    }
}
