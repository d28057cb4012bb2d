//! The links of a person's URL list, by the folders of the addresses.
//!
//! A page links to the pages of its folder, to the page that stands for the folder, and down into the folders below it.

use std::collections::BTreeMap;
use std::ops::Range;

use config::Pages;
use tracking::Shown;

use super::named::named;
use super::{Kind, Link, ListedProduct, Number, favoured};
use crate::pages::{Catalogue, Page, in_words};
use crate::shop::{Shop, ShopPage};
use crate::streams::Stream;

/// A list of pages, sorted into its folders.
#[derive(Debug)]
pub(super) struct Listed {
    catalogue: Catalogue,
    /// Page numbers, folder by folder.
    order: Vec<Number>,
    folders: Vec<Folder>,
    /// The folders within each folder, one after the other.
    inner: Vec<u32>,
    places: Vec<Place>,
    home: Number,
    results: Option<Number>,
    /// The pages of products, the shop's number being the place here, and what they show.
    products: Vec<Number>,
    shown: BTreeMap<Number, Shown>,
    /// Cart, checkout, thanks.
    till: [Option<Number>; 3],
}

/// Where a page stands.
#[derive(Debug)]
struct Place {
    folder: u32,
    /// The folder that it stands for; it may lie in the folder or beside it.
    stands_for: Option<u32>,
    kind: Kind,
}

/// A part of the path.
#[derive(Debug)]
struct Folder {
    parent: Option<u32>,
    /// Its pages in `order`.
    pages: Range<u32>,
    /// Its folders in `inner`.
    folders: Range<u32>,
    /// The page that stands for it.
    index: Option<Number>,
}

impl Listed {
    pub(super) fn new(pages: &Pages, list: &[config::Page]) -> Self {
        let split: Vec<_> = list.iter().map(|page| split(&page.url)).collect();
        let (numbers, mut folders) = folders(&split);
        let folder_of: Vec<u32> = split.iter().map(|(folder, _)| numbers[folder]).collect();
        let order = grouped(
            &folder_of,
            |at, range| folders[at].pages = range,
            numbers.len(),
        );
        let mut stands_for = vec![None; split.len()];
        for (number, (folder, name)) in split.iter().enumerate() {
            let own = name.is_empty() || name.starts_with("index.");
            let stands = match own {
                true => Some(folder_of[number]),
                false => numbers
                    .get([*folder, *name, "/"].concat().as_str())
                    .copied(),
            };
            if let Some(stands) = stands.filter(|&at| folders[at as usize].index.is_none()) {
                folders[stands as usize].index = Some(number as Number);
                stands_for[number] = Some(stands);
            }
        }
        let parents: Vec<u32> = folders
            .iter()
            .map(|folder| folder.parent.unwrap_or(u32::MAX))
            .collect();
        let inner = grouped(
            &parents,
            |at, range| folders[at].folders = range,
            numbers.len(),
        );
        let home = home(list, &folders);
        let mut site = Self {
            catalogue: Catalogue::new(pages),
            places: Vec::with_capacity(split.len()),
            results: None,
            products: Vec::new(),
            shown: BTreeMap::new(),
            till: [None; 3],
            order,
            folders,
            inner,
            home,
        };
        site.settle(&split, &folder_of, &stands_for);
        site
    }

    /// Notes of each page where it stands and what it is for.
    fn settle(&mut self, split: &[(&str, &str)], folder_of: &[u32], stands_for: &[Option<u32>]) {
        for (number, (path, name)) in split.iter().enumerate() {
            let stands_for = stands_for[number];
            let kind = match named(path, name) {
                _ if number as Number == self.home => Kind::Home,
                Some(kind) => kind,
                None => self.hub(stands_for),
            };
            let number = number as Number;
            match kind {
                Kind::Results => _ = self.results.get_or_insert(number),
                Kind::Product => self.products.push(number),
                Kind::Cart => _ = self.till[0].get_or_insert(number),
                Kind::Checkout => _ = self.till[1].get_or_insert(number),
                Kind::Thanks => _ = self.till[2].get_or_insert(number),
                Kind::Home | Kind::Category | Kind::Listing | Kind::Article => {}
            }
            self.places.push(Place {
                folder: folder_of[number as usize],
                stands_for,
                kind,
            });
        }
    }

    /// The products of the list, each with the name of its folder.
    pub(super) fn products(&self) -> Vec<ListedProduct> {
        let product = |&number: &Number| {
            let page = self.page(number);
            let url = page.url.split(['?', '#']).next().unwrap_or_default();
            let folder = url.trim_end_matches('/').rsplit('/').nth(1);
            ListedProduct {
                title: page.title,
                category: folder.map(|folder| in_words(folder).into()),
            }
        };
        self.products.iter().map(product).collect()
    }

    pub(super) fn offer(&mut self, shop: &Shop) {
        let shown = |(at, &number): (usize, &Number)| (number, shop.shows(at));
        self.shown = self.products.iter().enumerate().map(shown).collect();
    }

    pub(super) fn shows(&self, number: Number) -> Option<Shown> {
        self.shown.get(&number).cloned()
    }

    pub(super) fn of_shop(&self, page: ShopPage) -> Option<Number> {
        match page {
            ShopPage::Product(number) => self.products.get(number).copied(),
            ShopPage::Cart => self.till[0],
            ShopPage::Checkout => self.till[1],
            ShopPage::Confirmation => self.till[2],
        }
    }

    /// What a page is that stands for a folder, or for none.
    fn hub(&self, folder: Option<u32>) -> Kind {
        match folder.map(|folder| self.folders[folder as usize].folders.is_empty()) {
            Some(true) => Kind::Listing,
            Some(false) => Kind::Category,
            None => Kind::Article,
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.catalogue.len() as u32
    }

    pub(super) fn page(&self, number: Number) -> Page {
        self.catalogue.page(number as usize)
    }

    pub(super) fn kind(&self, number: Number) -> Kind {
        self.places[number as usize].kind
    }

    pub(super) fn home(&self) -> Number {
        self.home
    }

    pub(super) fn results(&self) -> Option<Page> {
        self.results.map(|number| self.page(number))
    }

    pub(super) fn follow(&self, from: Number, link: Link, stream: &mut Stream) -> Option<Number> {
        let Place {
            folder: own,
            stands_for: within,
            ..
        } = self.places[from as usize];
        match link {
            Link::Down => self.below(within?, stream),
            Link::Beside => match within.and_then(|folder| self.folders[folder as usize].parent) {
                Some(parent) => self.below(parent, stream),
                None => self.one_of(own, stream),
            },
            Link::Up => {
                let start = match within {
                    Some(folder) => self.folders[folder as usize].parent,
                    None => Some(own),
                };
                self.nearest_index(start?)
            }
            Link::Home | Link::Popular => None,
        }
    }

    /// Something of a folder: one of its pages, or what stands for a folder in it, or a page of that one.
    fn below(&self, folder: u32, stream: &mut Stream) -> Option<Number> {
        let Folder { pages, folders, .. } = &self.folders[folder as usize];
        let (pages, count) = (pages.len() as u32, folders.len() as u32);
        let deeper = stream.chance(f64::from(count) / f64::from((pages + count).max(1)));
        if !deeper {
            return self.one_of(folder, stream);
        }
        let inner = self.inner[(folders.start + favoured(count, folder, stream)) as usize];
        let index = self.folders[inner as usize].index;
        index
            .or_else(|| self.one_of(inner, stream))
            .or_else(|| self.first_below(inner))
    }

    /// A page of a folder.
    fn one_of(&self, folder: u32, stream: &mut Stream) -> Option<Number> {
        let pages = &self.folders[folder as usize].pages;
        let at = pages.start + favoured(pages.len() as u32, folder, stream);
        (!pages.is_empty()).then(|| self.order[at as usize])
    }

    /// The first page somewhere below a folder that has none itself.
    fn first_below(&self, folder: u32) -> Option<Number> {
        let mut at = folder;
        loop {
            let Folder {
                pages,
                folders,
                index,
                ..
            } = &self.folders[at as usize];
            if let Some(page) = index.or_else(|| {
                self.order[pages.start as usize..pages.end as usize]
                    .first()
                    .copied()
            }) {
                return Some(page);
            }
            at = *self.inner[folders.start as usize..folders.end as usize].first()?;
        }
    }

    fn nearest_index(&self, folder: u32) -> Option<Number> {
        let mut at = Some(folder);
        while let Some(folder) = at {
            let Folder { parent, index, .. } = &self.folders[folder as usize];
            if index.is_some() {
                return *index;
            }
            at = *parent;
        }
        None
    }
}

/// Folder and name of an address: host and path up to the last slash, and what follows without query and fragment.
fn split(url: &str) -> (&str, &str) {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let path = &url[..end];
    let host = path.find("://").map_or(0, |at| at + 3);
    match path[host..].rfind('/') {
        Some(at) => path.split_at(host + at + 1),
        None => (path, ""),
    }
}

/// The folder around a folder; none around a host.
fn above(folder: &str) -> Option<&str> {
    let inner = folder.strip_suffix('/')?;
    let host = inner.find("://").map_or(0, |at| at + 3);
    inner[host..].rfind('/').map(|at| &inner[..=host + at])
}

/// The folders of addresses, by number, and those around them. A folder without pages of its own still holds its folders
/// together.
fn folders<'a>(split: &[(&'a str, &str)]) -> (BTreeMap<&'a str, u32>, Vec<Folder>) {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    for (folder, _) in split {
        let mut path = Some(*folder);
        while let Some(folder) = path.filter(|folder| !numbers.contains_key(folder)) {
            numbers.insert(folder, 0);
            path = above(folder);
        }
    }
    let in_order = numbers.values_mut().enumerate();
    in_order.for_each(|(at, number)| *number = at as u32);
    let folder = |path: &&str| Folder {
        parent: above(path).and_then(|above| numbers.get(above).copied()),
        pages: 0..0,
        folders: 0..0,
        index: None,
    };
    let folders = numbers.keys().map(folder).collect();
    (numbers, folders)
}

/// The members of each group, group by group; tells each group its part.
fn grouped(groups: &[u32], mut tell: impl FnMut(usize, Range<u32>), count: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..groups.len() as u32)
        .filter(|&at| groups[at as usize] != u32::MAX)
        .collect();
    order.sort_by_key(|&at| groups[at as usize]);
    let mut at = 0;
    for group in 0..count {
        let start = at;
        while order
            .get(at)
            .is_some_and(|&member| groups[member as usize] as usize == group)
        {
            at += 1;
        }
        tell(group, start as u32..at as u32);
    }
    order
}

/// The page that stands for a host, else the one with the shortest address.
fn home(list: &[config::Page], folders: &[Folder]) -> Number {
    let hosts = folders.iter().filter(|folder| folder.parent.is_none());
    let mut indexes = hosts.filter_map(|folder| folder.index);
    indexes.next().unwrap_or_else(|| {
        let shortest = (0..list.len()).min_by_key(|&number| list[number].url.len());
        shortest.unwrap_or_default() as Number
    })
}
