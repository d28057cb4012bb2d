//! The links of the built-in shop, by arithmetic on page numbers.
//!
//! Numbers: the home page, the categories, the listings of all categories, then the pages of all listings.

use config::Pages;
use tracking::Text;

use super::{Kind, Link, Number, favoured};
use crate::pages::{Catalogue, Page, in_words};
use crate::streams::Stream;
use crate::table::rows;

const SECTIONS: &str = include_str!("../../data/sections.tsv");

/// Home, categories and listings, beside the pages of the catalogue.
#[derive(Debug)]
pub(super) struct BuiltIn {
    catalogue: Catalogue,
    site: Text,
    /// Home page, categories, listings.
    hubs: Vec<Page>,
    /// First listing of each category, and the end of the last.
    starts: Vec<u32>,
    /// Category of each listing.
    category_of: Vec<u32>,
    /// Pages of each listing.
    per_listing: u32,
}

impl BuiltIn {
    pub(super) const HOME: Number = 0;

    pub(super) fn new(pages: &Pages) -> Self {
        let site = match pages {
            Pages::BuiltIn { site } => site.as_str().trim_end_matches('/'),
            Pages::List(_) => "",
        };
        let page = |url: String, title: String| Page {
            url: url.into(),
            title: title.into(),
        };
        let mut hubs = vec![page(format!("{site}/"), "Welcome".to_owned())];
        let mut listings = Vec::new();
        let mut starts = vec![0];
        let mut category_of = Vec::new();
        for (number, [category, subcategories]) in rows(SECTIONS).enumerate() {
            let name = in_words(category);
            for subcategory in subcategories.split(' ') {
                let title = format!("{} - {name}", in_words(subcategory));
                listings.push(page(format!("{site}/{category}/{subcategory}/"), title));
                category_of.push(number as u32);
            }
            starts.push(listings.len() as u32);
            hubs.push(page(format!("{site}/{category}/"), name));
        }
        let catalogue = Catalogue::new(pages);
        Self {
            per_listing: (catalogue.len() / listings.len()) as u32,
            hubs: hubs.into_iter().chain(listings).collect(),
            site: site.into(),
            catalogue,
            starts,
            category_of,
        }
    }

    fn categories(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    fn first_listing(&self) -> Number {
        1 + self.categories()
    }

    fn first_content(&self) -> Number {
        self.hubs.len() as Number
    }

    pub(super) fn contents(&self) -> u32 {
        self.catalogue.len() as u32
    }

    pub(super) fn content(&self, place: u32) -> Number {
        self.first_content() + place
    }

    pub(super) fn page(&self, number: Number) -> Page {
        match self.hubs.get(number as usize) {
            Some(hub) => hub.clone(),
            None => self
                .catalogue
                .page((number - self.first_content()) as usize),
        }
    }

    pub(super) fn kind(&self, number: Number) -> Kind {
        if number == Self::HOME {
            Kind::Home
        } else if number < self.first_listing() {
            Kind::Category
        } else if number < self.first_content() {
            Kind::Listing
        } else {
            Kind::Article
        }
    }

    pub(super) fn follow(&self, from: Number, link: Link, stream: &mut Stream) -> Option<Number> {
        let listing_of = |content: Number| (content - self.first_content()) / self.per_listing;
        let category_of = |listing: u32| self.category_of[listing as usize];
        match (link, self.kind(from)) {
            (Link::Down, Kind::Home) | (Link::Beside, Kind::Category) => {
                Some(1 + favoured(self.categories(), 0, stream))
            }
            (Link::Down, Kind::Category) => Some(self.listing(from - 1, stream)),
            (Link::Beside, Kind::Listing) => {
                let category = category_of(from - self.first_listing());
                Some(self.listing(category, stream))
            }
            (Link::Down, Kind::Listing) => Some(self.within(from - self.first_listing(), stream)),
            (Link::Beside, Kind::Article) => Some(self.within(listing_of(from), stream)),
            (Link::Up, Kind::Article) => Some(self.first_listing() + listing_of(from)),
            (Link::Up, Kind::Listing) => Some(1 + category_of(from - self.first_listing())),
            (Link::Up, Kind::Category) => Some(Self::HOME),
            _ => None,
        }
    }

    /// A listing of a category.
    fn listing(&self, category: u32, stream: &mut Stream) -> Number {
        let (start, end) = (
            self.starts[category as usize],
            self.starts[category as usize + 1],
        );
        self.first_listing() + start + favoured(end - start, category + 1, stream)
    }

    /// A page of a listing.
    fn within(&self, listing: u32, stream: &mut Stream) -> Number {
        self.content(listing * self.per_listing + favoured(self.per_listing, listing, stream))
    }

    pub(super) fn results(&self, words: &str) -> Page {
        let slug = words.replace(' ', "-");
        Page {
            url: Text::concat(&[&self.site, &"/search/".into(), &slug.into()]),
            title: "Search results".into(),
        }
    }
}
