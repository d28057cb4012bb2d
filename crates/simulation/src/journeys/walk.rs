//! The walk: which pages a visit sees, one link after the other.
//!
//! For: the entry page by channel, links, the way over the site's own search. Not for: how long a page is looked at.
//! Invariants: a walk has as many pages as were asked for; nobody goes to the page where they are, unless the site has no
//! other; each page is linked from the one before.

use std::sync::Arc;

use tracking::{Action, Search};

use super::search::SiteSearch;
use crate::channels::{Channel, Landing, Source};
use crate::pages::Page;
use crate::site::{Kind, Link, Number, Site};
use crate::streams::Stream;

/// Where visits of a channel land, in hundredths: on the home page, on a category or listing; the others on a page with content.
fn landing_of(channel: Channel, returning: bool) -> (u64, u64) {
    match channel {
        Channel::Search => (10, 25),
        Channel::Direct if returning => (70, 15),
        Channel::Direct => (58, 18),
        Channel::Social => (8, 12),
        Channel::Websites => (30, 15),
        Channel::AiAssistants => (5, 15),
        Channel::Campaigns => (30, 40),
        Channel::Email => (30, 30),
    }
}

/// How often each link of a page is followed, in hundredths: down, beside, up, home; the rest goes to a popular page.
fn links_of(kind: Kind) -> [(Link, u64); 4] {
    let [down, beside, up, home] = match kind {
        Kind::Home => [62, 0, 0, 0],
        Kind::Category => [70, 10, 0, 8],
        Kind::Listing => [66, 12, 10, 5],
        Kind::Product | Kind::Article => [0, 42, 27, 9],
        Kind::Results | Kind::Cart => [0, 30, 10, 20],
        Kind::Checkout | Kind::Thanks => [0, 0, 0, 60],
    };
    [
        (Link::Down, down),
        (Link::Beside, beside),
        (Link::Up, up),
        (Link::Home, home),
    ]
}

/// A page on the way.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) kind: Kind,
    pub(crate) page: Page,
    /// The search that this page answers.
    pub(crate) search: Option<Action>,
}

/// One visit's way through the site.
pub(crate) struct Walk<'a> {
    site: &'a Site,
    seen: Vec<Seen>,
    at: Number,
}

impl<'a> Walk<'a> {
    /// Enters the site where visits from this source do.
    pub(crate) fn enter(
        site: &'a Site,
        source: &Source<'_>,
        returning: bool,
        pages: usize,
        stream: &mut Stream,
    ) -> Self {
        let landing = match source.landing() {
            Some(landing) => landing,
            None => {
                let (home, hub) = landing_of(source.channel, returning);
                match stream.between(0, 99) {
                    place if place < home => Landing::Home,
                    place if place < home + hub => Landing::Category,
                    _ => Landing::Content,
                }
            }
        };
        let at = match landing {
            Landing::Home => site.home(),
            Landing::Category => site.hub(stream),
            Landing::Content | Landing::Product => site.entry(stream),
        };
        let mut walk = Self {
            site,
            seen: Vec::with_capacity(pages),
            at,
        };
        walk.see(at);
        walk
    }

    /// Goes on until so many pages were seen. `search` is the place in the visit of the page of results, if the visitor
    /// searches; it is not the first.
    pub(crate) fn on(
        mut self,
        pages: usize,
        search: Option<usize>,
        searches: &SiteSearch,
        words: &mut Stream,
        stream: &mut Stream,
    ) -> Vec<Seen> {
        let mut found = None;
        while self.seen.len() < pages {
            if let Some(number) = found.take() {
                self.see(number);
            } else if search == Some(self.seen.len()) {
                found = self.search(searches, words);
            } else {
                let number = self.next(stream);
                self.see(number);
            }
        }
        self.seen
    }

    fn see(&mut self, number: Number) {
        self.at = number;
        self.seen.push(Seen {
            kind: self.site.kind(number),
            page: self.site.page(number),
            search: None,
        });
    }

    /// Searches the site; the page that was found, if there is one, comes next.
    fn search(&mut self, searches: &SiteSearch, words: &mut Stream) -> Option<Number> {
        let (search, found) = searches.pick(self.site, self.at, words);
        let page = self.site.results(&search.keyword);
        // Without a page for results they are shown where the visitor is.
        let page = page.unwrap_or_else(|| self.site.page(self.at));
        self.seen.push(Seen {
            kind: Kind::Results,
            page,
            search: Some(Action::Search(Arc::new(search))),
        });
        found
    }

    fn next(&self, stream: &mut Stream) -> Number {
        let kind = self.seen.last().map_or(Kind::Home, |seen| seen.kind);
        let mut place = stream.between(0, 99);
        let mut link = Link::Popular;
        for (each, often) in links_of(kind) {
            if place < often {
                link = each;
                break;
            }
            place -= often;
        }
        let elsewhere = |number: &Number| *number != self.at;
        let mut follow = |link| self.site.follow(self.at, link, stream).filter(elsewhere);
        let next = follow(link).or_else(|| follow(Link::Popular));
        let next = next
            .or_else(|| follow(Link::Beside))
            .or_else(|| follow(Link::Popular));
        next.unwrap_or_else(|| self.site.other(self.at))
    }
}

pub(super) type Searched = (Search, Option<Number>);
