//! Personas: what kind of visit it is.
//!
//! For: habits that go together. Not for: who the visitor is. Invariant: a visit of one page is a bouncer's; who fills a
//! cart is a buyer.

use super::depth::Depths;
use crate::channels::Channel;
use crate::people::{Tier, Visiting};
use crate::streams::{Purpose, Streams};

/// From so many pages on a visit is mostly one of research.
const DEEP: usize = 6;

/// A kind of visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persona {
    /// Has a look at one page and leaves.
    Bouncer,
    /// Looks around.
    Casual,
    /// Reads much, and for long; searches the site.
    Researcher,
    /// Came to buy.
    Buyer,
    /// Comes back for the habit of it.
    Loyal,
    /// Works with the site, signed in, at office hours.
    Employee,
}

impl Persona {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Bouncer => "bouncer",
            Self::Casual => "casual",
            Self::Researcher => "researcher",
            Self::Buyer => "buyer",
            Self::Loyal => "loyal",
            Self::Employee => "employee",
        }
    }

    /// The kind of a visit of so many pages.
    pub(crate) fn of(
        visiting: &Visiting<'_>,
        channel: Channel,
        pages: usize,
        buys: bool,
        streams: &Streams,
    ) -> Self {
        if pages < 2 {
            return Self::Bouncer;
        }
        if buys {
            return Self::Buyer;
        }
        let mut stream = streams.stream(visiting.ordinal, Purpose::Persona);
        let at_work = !visiting.weekend && (7..19).contains(&visiting.local_hour);
        if visiting.signed_in && at_work && channel == Channel::Direct && stream.chance(0.6) {
            return Self::Employee;
        }
        if visiting.returning && visiting.tier != Tier::Rest && stream.chance(0.7) {
            return Self::Loyal;
        }
        let research = match pages {
            DEEP.. => 0.75,
            4.. => 0.3,
            _ => 0.08,
        };
        match stream.chance(research) {
            true => Self::Researcher,
            false => Self::Casual,
        }
    }

    /// How much longer a page is looked at than by others. The mean over all pages is about 1.
    pub(crate) fn patience(self) -> f64 {
        match self {
            Self::Bouncer => 0.8,
            Self::Casual => 0.92,
            Self::Researcher => 1.25,
            Self::Buyer => 1.0,
            Self::Loyal => 0.95,
            Self::Employee => 1.1,
        }
    }
}

/// Classes of visits by their length: what happens beside page views happens more often in longer ones.
pub(crate) const LENGTHS: [(usize, usize); 3] = [(2, 2), (3, DEEP - 1), (DEEP, usize::MAX - 1)];

/// The class of a visit of so many pages; `None` of a bounce.
pub(crate) fn length_class(pages: usize) -> Option<usize> {
    LENGTHS
        .iter()
        .position(|&(from, to)| (from..=to).contains(&pages))
}

/// Shares of all visits by class.
pub(crate) fn length_shares(depths: &Depths) -> [f64; 3] {
    LENGTHS.map(|(from, to)| depths.share(from, to))
}
