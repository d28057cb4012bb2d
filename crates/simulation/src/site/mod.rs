//! The site as a visitor finds it: what kind of page each page is, which are popular, and what links to what.
//!
//! For: entering and following links. Not for: who does so (see [`crate::journeys`]). Invariants: a link leads to a page of
//! the site; links are worked out when they are followed, so that neither the built-in pages nor a long list cost memory
//! or time before; only the built-in site has pages that no list named.

mod built_in;
mod list;
mod named;

use config::Pages;
use tracking::Shown;

use crate::pages::Page;
use crate::popularity::{Ranking, Zipf};
use crate::shop::{Listed as ListedProduct, Shop, ShopPage};
use crate::streams::{Purpose, Stream, Streams};
use built_in::BuiltIn;
use list::Listed;

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Home,
    Category,
    Listing,
    Product,
    Article,
    Results,
    Cart,
    Checkout,
    Thanks,
}

/// Number of a page.
pub(crate) type Number = u32;

/// How a page is reached from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// To something within: a listing's page.
    Down,
    /// To something of the same place.
    Beside,
    /// To the place that the page belongs to.
    Up,
    Home,
    /// To one of the pages that are recommended everywhere.
    Popular,
}

/// The pages and the links between them.
#[derive(Debug)]
pub(crate) struct Site {
    shape: Shape,
    /// Popularity of pages with content, and of those among them that visits enter on.
    popular: Zipf,
    entries: Zipf,
    ranking: Ranking,
}

#[derive(Debug)]
enum Shape {
    BuiltIn(BuiltIn),
    Listed(Listed),
}

impl Site {
    /// The exponents are those of Zipf's law, for all pages and for entry pages.
    pub(crate) fn new(pages: &Pages, zipf: f64, entry_zipf: f64, streams: &Streams) -> Self {
        let shape = match pages {
            Pages::BuiltIn { .. } => Shape::BuiltIn(BuiltIn::new(pages)),
            Pages::List(list) => Shape::Listed(Listed::new(pages, list)),
        };
        let count = shape.contents();
        Self {
            shape,
            popular: Zipf::new(count, zipf),
            entries: Zipf::new(count, entry_zipf),
            ranking: Ranking::new(count, streams.stream(0, Purpose::Popularity).bits()),
        }
    }

    pub(crate) fn page(&self, number: Number) -> Page {
        match &self.shape {
            Shape::BuiltIn(site) => site.page(number),
            Shape::Listed(site) => site.page(number),
        }
    }

    pub(crate) fn kind(&self, number: Number) -> Kind {
        match &self.shape {
            Shape::BuiltIn(site) => site.kind(number),
            Shape::Listed(site) => site.kind(number),
        }
    }

    pub(crate) fn home(&self) -> Number {
        match &self.shape {
            Shape::BuiltIn(_) => BuiltIn::HOME,
            Shape::Listed(site) => site.home(),
        }
    }

    /// A page with content that visits enter on.
    pub(crate) fn entry(&self, stream: &mut Stream) -> Number {
        self.content(self.entries.rank(stream))
    }

    /// A category or listing that visits enter on; a page with content where there is none.
    pub(crate) fn hub(&self, stream: &mut Stream) -> Number {
        let category = self.follow(self.home(), Link::Down, stream);
        let listing = category.filter(|_| stream.chance(0.6));
        let listing = listing.and_then(|category| self.follow(category, Link::Down, stream));
        listing.or(category).unwrap_or_else(|| self.entry(stream))
    }

    /// Where a link of this kind leads; `None` where the page has none.
    pub(crate) fn follow(&self, from: Number, link: Link, stream: &mut Stream) -> Option<Number> {
        match (link, &self.shape) {
            (Link::Home, _) => Some(self.home()),
            (Link::Popular, _) => Some(self.content(self.popular.rank(stream))),
            (_, Shape::BuiltIn(site)) => site.follow(from, link, stream),
            (_, Shape::Listed(site)) => site.follow(from, link, stream),
        }
    }

    /// Product pages of a list, as the shop wants to know them; none of the built-in site, whose products are the shop's.
    pub(crate) fn listed_products(&self) -> Vec<ListedProduct> {
        match &self.shape {
            Shape::BuiltIn(_) => Vec::new(),
            Shape::Listed(site) => site.products(),
        }
    }

    /// Lays out the pages of the shop's products.
    pub(crate) fn offer(&mut self, shop: &Shop) {
        match &mut self.shape {
            Shape::BuiltIn(site) => site.offer(shop),
            Shape::Listed(site) => site.offer(shop),
        }
    }

    /// The page of the shop, where the site has one.
    pub(crate) fn of_shop(&self, page: ShopPage) -> Option<Number> {
        match &self.shape {
            Shape::BuiltIn(site) => Some(site.of_shop(page)),
            Shape::Listed(site) => site.of_shop(page),
        }
    }

    /// What the shop shows on a page.
    pub(crate) fn shows(&self, number: Number) -> Option<Shown> {
        match &self.shape {
            Shape::BuiltIn(site) => site.shows(number),
            Shape::Listed(site) => site.shows(number),
        }
    }

    /// Another page, if there is one.
    pub(crate) fn other(&self, than: Number) -> Number {
        let count = self.shape.contents();
        let first = self.content(0);
        if first == than {
            self.content(1 % count)
        } else {
            first
        }
    }

    /// The page that answers a search for `words`; `None` where a list has none.
    pub(crate) fn results(&self, words: &str) -> Option<Page> {
        match &self.shape {
            Shape::BuiltIn(site) => Some(site.results(words)),
            Shape::Listed(site) => site.results(),
        }
    }

    fn content(&self, rank: u32) -> Number {
        let place = self.ranking.at(rank);
        match &self.shape {
            Shape::BuiltIn(site) => site.content(place),
            Shape::Listed(_) => place,
        }
    }
}

impl Shape {
    /// Number of pages with content, at least 1.
    fn contents(&self) -> u32 {
        match self {
            Self::BuiltIn(site) => site.contents(),
            Self::Listed(site) => site.len(),
        }
    }
}

/// What somebody who looks for a page of this title types: a few words of it.
pub(crate) fn words_of(title: &str) -> String {
    let mut parts = title.split(" - ").flat_map(|part| part.split(" | "));
    let (first, second) = (parts.next().unwrap_or(title), parts.next());
    // Of "Best guide - Lawn care - Garden" the topic and one word on it.
    let words = match (second, parts.next()) {
        (Some(topic), Some(_)) => format!("{} {topic}", first.split(' ').next().unwrap_or(first)),
        _ => first.to_owned(),
    };
    let words: Vec<_> = words.split_whitespace().take(4).collect();
    words.join(" ").to_lowercase()
}

/// One of `count` things, the first ones more often; `place` decides which ones come first there.
fn favoured(count: u32, place: u32, stream: &mut Stream) -> u32 {
    let even = stream.unit();
    let rank = (even * even * even * f64::from(count)) as u64;
    // A prime step reaches all of them, scattered.
    ((rank * 7919 + u64::from(place) * 104_729) % u64::from(count.max(1))) as u32
}

#[cfg(test)]
mod tests;
