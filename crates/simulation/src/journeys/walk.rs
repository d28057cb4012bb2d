//! The walk: which pages a visit sees, one link after the other.
//!
//! For: the entry page by channel, links, the way over the site's own search. Not for: how long a page is looked at.
//! Invariants: a walk has as many pages as were asked for; nobody goes to the page where they are, unless the site has no
//! other; each page is linked from the one before.

use std::sync::Arc;

use tracking::{Action, Search, Shown};

use super::route::Place;
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
    /// What the shop shows on it.
    pub(crate) shows: Option<Shown>,
    /// What happens on the page first: the search that it answers, or what is done in the shop.
    pub(crate) first: Vec<Action>,
}

/// One visit's way through the site.
pub(crate) struct Walk<'a> {
    pub(crate) site: &'a Site,
    pub(crate) source: &'a Source<'a>,
    pub(crate) returning: bool,
    /// Draws what is looked for on the site; made when somebody searches.
    pub(crate) words: &'a dyn Fn() -> Stream,
    pub(crate) stream: Stream,
}

impl Walk<'_> {
    /// Goes from place to place; the first is where the visit enters.
    pub(crate) fn along(mut self, places: &[Place<'_>]) -> Vec<Seen> {
        let mut seen: Vec<Seen> = Vec::with_capacity(places.len());
        let mut at = None;
        let mut found = None;
        for (nth, place) in places.iter().enumerate() {
            let given = self.source.page().filter(|_| nth == 0);
            if let Some(page) = given {
                at = Some(self.site.home());
                seen.push(Seen {
                    kind: Kind::Listing,
                    page: page.clone(),
                    shows: None,
                    first: match place {
                        Place::Shop(step) => step.actions.clone(),
                        Place::Free | Place::Search => Vec::new(),
                    },
                });
                continue;
            }
            let (number, first) = match (place, at) {
                (Place::Search, Some(here)) => {
                    let (results, next) = self.search(here);
                    found = next;
                    seen.push(results);
                    continue;
                }
                (Place::Shop(step), here) => {
                    // The result was looked at and left.
                    found = None;
                    let own = self
                        .site
                        .of_shop(step.page)
                        .filter(|page| Some(*page) != here);
                    (own.unwrap_or_else(|| self.next(here)), step.actions.clone())
                }
                _ => {
                    let next = found.take().unwrap_or_else(|| self.next(at));
                    (next, Vec::new())
                }
            };
            at = Some(number);
            seen.push(Seen {
                kind: self.site.kind(number),
                page: self.site.page(number),
                shows: self.site.shows(number),
                first,
            });
        }
        seen
    }

    /// Where the visitor goes from a page, or enters.
    fn next(&mut self, at: Option<Number>) -> Number {
        match at {
            Some(at) => self.onward(at),
            None => self.entry(),
        }
    }

    fn entry(&mut self) -> Number {
        let landing = match self.source.landing() {
            Some(landing) => landing,
            None => {
                let (home, hub) = landing_of(self.source.channel, self.returning);
                match self.stream.between(0, 99) {
                    place if place < home => Landing::Home,
                    place if place < home + hub => Landing::Category,
                    _ => Landing::Content,
                }
            }
        };
        match landing {
            Landing::Home => self.site.home(),
            Landing::Category => self.site.hub(&mut self.stream),
            Landing::Content | Landing::Product => self.site.entry(&mut self.stream),
        }
    }

    /// Searches the site; the page that was found, if there is one, comes next.
    fn search(&mut self, at: Number) -> (Seen, Option<Number>) {
        let (search, found) = SiteSearch.pick(self.site, at, &mut (self.words)());
        let page = self.site.results(&search.keyword);
        let results = Seen {
            kind: Kind::Results,
            // Without a page for results they are shown where the visitor is.
            page: page.unwrap_or_else(|| self.site.page(at)),
            shows: None,
            first: vec![Action::Search(Arc::new(search))],
        };
        (results, found)
    }

    fn onward(&mut self, at: Number) -> Number {
        let kind = self.site.kind(at);
        let mut place = self.stream.between(0, 99);
        let mut link = Link::Popular;
        for (each, often) in links_of(kind) {
            if place < often {
                link = each;
                break;
            }
            place -= often;
        }
        let elsewhere = |number: &Number| *number != at;
        let mut follow = |link| {
            self.site
                .follow(at, link, &mut self.stream)
                .filter(elsewhere)
        };
        let next = follow(link).or_else(|| follow(Link::Popular));
        let next = next
            .or_else(|| follow(Link::Beside))
            .or_else(|| follow(Link::Popular));
        next.unwrap_or_else(|| self.site.other(at))
    }
}

pub(super) type Searched = (Search, Option<Number>);
