//! The links of the built-in shop, by arithmetic on page numbers.
//!
//! Numbers: the home page, the categories, the listings of all categories, the pages of all listings, the products, and
//! cart, checkout and thanks.

use config::Pages;
use tracking::{Shown, Text};

use super::{Kind, Link, Number, favoured};
use crate::pages::{Catalogue, Page, in_words};
use crate::shop::{Shop, ShopPage};
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
    /// What the shop shows on categories and listings, in the order of `hubs`; empty without a shop.
    shown: Vec<Option<Shown>>,
    products: Vec<Product>,
    /// Cart, checkout, thanks.
    till: [Page; 3],
}

/// The page of a product.
#[derive(Debug)]
struct Product {
    page: Page,
    shown: Shown,
    category: u32,
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
            till: [
                ("cart", "Cart"),
                ("checkout", "Checkout"),
                ("checkout/thanks", "Thank you"),
            ]
            .map(|(path, title)| page(format!("{site}/{path}"), title.to_owned())),
            site: site.into(),
            shown: Vec::new(),
            products: Vec::new(),
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

    fn first_product(&self) -> Number {
        self.first_content() + self.contents()
    }

    fn first_till(&self) -> Number {
        self.first_product() + self.products.len() as Number
    }

    /// Lays out the products' pages, and shows categories.
    pub(super) fn offer(&mut self, shop: &Shop) {
        let names: Vec<&str> = self.hubs[1..self.starts.len()]
            .iter()
            .map(|hub| &*hub.title)
            .collect();
        let category_of = |name: &str| names.iter().position(|known| *known == name);
        let products = (0..shop.len()).map(|number| {
            let product = &shop.product(number).shown;
            let name = product.categories.first().map_or("", |name| name);
            // A category that the site has not belongs to any of its own.
            let category = category_of(name).unwrap_or(number % names.len());
            let (folder, slug) = (slug(names[category]), slug(&product.name));
            let sku = product.sku.to_lowercase();
            Product {
                page: Page {
                    url: format!("{}/{folder}/products/{slug}-{sku}", self.site).into(),
                    title: format!("{} - {}", product.name, names[category]).into(),
                },
                shown: shop.shows(number),
                category: category as u32,
            }
        });
        let products = products.collect();
        let listing = |at: usize| self.category_of[at] as usize;
        let shown = (0..self.hubs.len()).map(|hub| match hub.checked_sub(self.starts.len()) {
            Some(at) => {
                let own = self.hubs[hub].title.split(" - ").next().unwrap_or_default();
                Some(Shop::category(&[names[listing(at)], own]))
            }
            None => hub
                .checked_sub(1)
                .map(|category| Shop::category(&[names[category]])),
        });
        self.shown = shown.collect();
        self.products = products;
    }

    pub(super) fn of_shop(&self, page: ShopPage) -> Number {
        match page {
            ShopPage::Product(number) => self.first_product() + number as Number,
            ShopPage::Cart => self.first_till(),
            ShopPage::Checkout => self.first_till() + 1,
            ShopPage::Confirmation => self.first_till() + 2,
        }
    }

    pub(super) fn shows(&self, number: Number) -> Option<Shown> {
        match self.product(number) {
            Some(product) => Some(product.shown.clone()),
            None => self.shown.get(number as usize).cloned().flatten(),
        }
    }

    fn product(&self, number: Number) -> Option<&Product> {
        self.products
            .get(number.checked_sub(self.first_product())? as usize)
    }

    pub(super) fn contents(&self) -> u32 {
        self.catalogue.len() as u32
    }

    pub(super) fn content(&self, place: u32) -> Number {
        self.first_content() + place
    }

    pub(super) fn page(&self, number: Number) -> Page {
        if let Some(hub) = self.hubs.get(number as usize) {
            return hub.clone();
        }
        if let Some(product) = self.product(number) {
            return product.page.clone();
        }
        match number.checked_sub(self.first_till()) {
            Some(at) => self.till[(at as usize).min(2)].clone(),
            None => self
                .catalogue
                .page((number - self.first_content()) as usize),
        }
    }

    pub(super) fn kind(&self, number: Number) -> Kind {
        match number {
            Self::HOME => Kind::Home,
            number if number < self.first_listing() => Kind::Category,
            number if number < self.first_content() => Kind::Listing,
            number if number < self.first_product() => Kind::Article,
            number if number < self.first_till() => Kind::Product,
            number => [Kind::Cart, Kind::Checkout, Kind::Thanks]
                [((number - self.first_till()) as usize).min(2)],
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
            (Link::Up, Kind::Product) => Some(1 + self.product(from)?.category),
            (Link::Beside, Kind::Product) => {
                Some(self.listing(self.product(from)?.category, stream))
            }
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

/// `Hand trowel, large` → `hand-trowel-large`.
fn slug(name: &str) -> String {
    let words = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}
