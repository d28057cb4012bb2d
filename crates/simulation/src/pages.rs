//! The pages of the site: a person's list, or a built-in shop of 22,000 pages.
//!
//! Invariant: a page is a function of its number, so the shop is never held in memory.

use config::Pages;
use percent_encoding::percent_decode_str;
use tracking::Text;
use url::Url;

use crate::table::rows;

const SECTIONS: &str = include_str!("../data/sections.tsv");
const PAGE_NAMES: &str = include_str!("../data/page-names.tsv");

/// A page's address and title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) url: Text,
    pub(crate) title: Text,
}

/// All pages of a site.
#[derive(Debug)]
pub(crate) enum Catalogue {
    /// As many pages as sections times names.
    Shop {
        sections: Vec<Section>,
        names: Vec<Name>,
    },
    /// Never empty.
    List(Vec<Page>),
}

/// A subcategory: what the addresses of its pages begin with, and what their titles end with.
#[derive(Debug)]
pub(crate) struct Section {
    url_head: Text,
    title_tail: Text,
}

/// A page of each subcategory.
#[derive(Debug)]
pub(crate) struct Name {
    slug: Text,
    title: Text,
}

impl Catalogue {
    pub(crate) fn new(pages: &Pages) -> Self {
        match pages {
            Pages::BuiltIn { site } => Self::shop(site),
            Pages::List(list) => Self::List(
                list.iter()
                    .map(|page| Page {
                        url: page.url.as_str().into(),
                        title: match &page.title {
                            Some(title) => title.as_str().into(),
                            None => title_from_address(&page.url).into(),
                        },
                    })
                    .collect(),
            ),
        }
    }

    fn shop(site: &Url) -> Self {
        let site = site.as_str().trim_end_matches('/');
        let mut sections = Vec::new();
        for [category, subcategories] in rows(SECTIONS) {
            for subcategory in subcategories.split(' ') {
                sections.push(Section {
                    url_head: format!("{site}/{category}/{subcategory}/").into(),
                    title_tail: format!(" - {} - {}", in_words(subcategory), in_words(category))
                        .into(),
                });
            }
        }
        let mut names = Vec::new();
        for [firsts, seconds] in rows(PAGE_NAMES) {
            for first in firsts.split(' ') {
                for second in seconds.split(' ') {
                    let slug = format!("{first}-{second}");
                    let title = in_words(&slug);
                    names.push(Name {
                        slug: slug.into(),
                        title: title.into(),
                    });
                }
            }
        }
        Self::Shop { sections, names }
    }

    /// Number of pages, at least 1.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Shop { sections, names } => sections.len() * names.len(),
            Self::List(list) => list.len(),
        }
    }

    /// Page `number`, from 0.
    pub(crate) fn page(&self, number: usize) -> Page {
        match self {
            Self::Shop { sections, names } => {
                let section = &sections[number / names.len()];
                let name = &names[number % names.len()];
                Page {
                    url: Text::concat(&[&section.url_head, &name.slug]),
                    title: Text::concat(&[&name.title, &section.title_tail]),
                }
            }
            Self::List(list) => list[number].clone(),
        }
    }
}

/// Scheme and host of an address, without a slash at the end.
pub(crate) fn site_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find(['/', '?', '#']);
    end.map_or(address, |end| &address[..host + end])
}

/// A title made from the path: the deepest part first, decoded; of a path without parts, the host.
pub(crate) fn title_from_address(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return address.to_owned();
    };
    let parts: Vec<String> = url
        .path()
        .split('/')
        .rev()
        .map(|part| part.split_once('.').map_or(part, |(stem, _)| stem))
        .filter(|part| !part.is_empty())
        .map(|part| {
            in_words(
                &percent_decode_str(part)
                    .decode_utf8()
                    .unwrap_or(part.into()),
            )
        })
        .collect();
    if parts.is_empty() {
        url.host_str().unwrap_or(address).to_owned()
    } else {
        parts.join(" - ")
    }
}

/// `lawn-care` → `Lawn care`.
pub(crate) fn in_words(slug: &str) -> String {
    let mut words = slug.replace(['-', '_', '+'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests;
