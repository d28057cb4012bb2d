//! The site's own search: what people look for, and what they find.
//!
//! Keywords are words of pages that are looked for as often as the pages are popular, so most are typed once and few very
//! often. Invariant: a keyword has one number of results, whoever types it.

use tracking::{Search, Text};

use super::walk::Searched;
use crate::site::{Kind, Link, Number, Site, words_of};
use crate::streams::Stream;

/// Share of searches that find nothing, most of them misspelt.
const NOTHING: f64 = 0.1;
/// Share of searches within a category.
const IN_CATEGORY: f64 = 0.3;
/// Most results of a search.
const MOST: u64 = 180;

/// The search of a site.
#[derive(Debug)]
pub(crate) struct SiteSearch;

impl SiteSearch {
    /// What a visitor on the page `at` looks for, and the page that is chosen among the results.
    pub(crate) fn pick(&self, site: &Site, at: Number, stream: &mut Stream) -> Searched {
        let wanted = site.follow(at, Link::Popular, stream).unwrap_or(at);
        let title = site.page(wanted).title;
        let words = words_of(&title);
        let category = category_of(&title).filter(|_| stream.chance(IN_CATEGORY));
        if stream.chance(NOTHING) {
            let search = Search {
                keyword: misspelt(&words, stream).into(),
                category,
                results: 0,
            };
            return (search, None);
        }
        let search = Search {
            results: results_of(&words),
            keyword: words.into(),
            category,
        };
        // Mostly the page itself; it is not where the visitor is.
        let beside = stream
            .chance(0.4)
            .then(|| site.follow(wanted, Link::Beside, stream))
            .flatten();
        let found = beside.unwrap_or(wanted);
        let real = found != at && site.kind(found) != Kind::Results;
        (search, real.then_some(found))
    }
}

/// The last part of a title with parts, in lower case: where such pages stand.
fn category_of(title: &str) -> Option<Text> {
    let (_, category) = title.rsplit_once(" - ")?;
    Some(category.to_lowercase().into())
}

/// Few results for most words, many for some; always the same for the same words.
fn results_of(words: &str) -> u32 {
    // FNV-1a: any even hash will do.
    let hash = words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let even = (hash >> 40) as u32;
    let skewed = (u64::from(even) * u64::from(even)) >> 24;
    1 + ((skewed * MOST) >> 24) as u32
}

/// The words with two letters swapped.
fn misspelt(words: &str, stream: &mut Stream) -> String {
    let mut letters: Vec<char> = words.chars().collect();
    if letters.len() < 3 {
        return format!("{words}{words}");
    }
    // Not the first letter, which people get right; equal neighbours are doubled instead.
    let at = 1 + stream.index(letters.len() - 2);
    if letters[at] == letters[at + 1] {
        letters.insert(at, letters[at]);
    } else {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}
