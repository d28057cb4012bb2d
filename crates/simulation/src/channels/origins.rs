//! The addresses that visits come from.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tracking::Text;

use super::Channel;
use crate::popularity::Zipf;
use crate::streams::Stream;
use crate::table::{Weighted, number, rows};

const CHANNELS: &str = include_str!("../../data/channels.tsv");
const WEBSITES: &str = include_str!("../../data/websites.tsv");

/// What stands for the words of a search in an address.
const WORDS: &str = "{words}";
/// Share of visits from websites that come from one of many small ones.
const SMALL: f64 = 0.6;
/// Share of those whose address tells the page too; most browsers send the host alone.
const WITH_PATH: f64 = 0.4;
/// Most posts of a small website that link to the pages.
const POSTS: u32 = 400;

/// Addresses by channel and country.
#[derive(Debug)]
pub(crate) struct Origins {
    everywhere: BTreeMap<&'static str, Weighted<Origin>>,
    by_country: BTreeMap<(&'static str, &'static str), Weighted<Origin>>,
    small: Small,
}

/// An address that visits come from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    head: Text,
    /// Whether the words of the search follow.
    words: bool,
}

/// Small websites.
#[derive(Debug)]
struct Small {
    sites: Vec<Text>,
    paths: Vec<Text>,
    popularity: Zipf,
    posts: Zipf,
}

impl Origins {
    pub(crate) fn new() -> Self {
        let mut everywhere: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut own: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for [channel, countries, weight, address] in rows(CHANNELS) {
            let row = (number(weight), Origin::parse(address));
            if countries == "*" {
                everywhere.entry(channel).or_default().push(row);
                continue;
            }
            for country in countries.split(' ') {
                own.entry((channel, country)).or_default().push(row.clone());
            }
        }
        for ((channel, _), rows) in &mut own {
            // The engines of a country stand for themselves; other addresses come on top of the world's.
            if *channel != Channel::Search.as_str() {
                rows.extend(everywhere[channel].iter().cloned());
            }
        }
        let weighted = |rows| Weighted::of_table(rows);
        Self {
            everywhere: everywhere
                .into_iter()
                .map(|(channel, rows)| (channel, weighted(rows)))
                .collect(),
            by_country: own
                .into_iter()
                .map(|(key, rows)| (key, weighted(rows)))
                .collect(),
            small: Small::new(),
        }
    }

    /// An address of the channel that people of the country come from; none for direct entries and campaigns.
    pub(crate) fn pick(
        &self,
        channel: Channel,
        country: &str,
        stream: &mut Stream,
    ) -> Option<Origin> {
        if channel == Channel::Websites && stream.chance(SMALL) {
            return Some(self.small.pick(stream));
        }
        let name = channel.as_str();
        let own = self.by_country.get(&(name, country));
        let origins = own.or_else(|| self.everywhere.get(name))?;
        Some(origins.pick(stream).clone())
    }

    /// The address of a search engine or social network that a campaign names as its source.
    pub(crate) fn of_source(&self, source: &str) -> Option<Origin> {
        let part = format!("{}.", source.to_ascii_lowercase());
        let mut rows = rows(CHANNELS).filter(|[channel, countries, _, _]| {
            ["search", "social"].contains(channel) && *countries == "*"
        });
        let [_, _, _, address] = rows.find(|[_, _, _, address]| address.contains(&part))?;
        Some(Origin::parse(address))
    }
}

impl Origin {
    fn parse(address: &'static str) -> Self {
        let head = address.strip_suffix(WORDS);
        Self {
            head: head.unwrap_or(address).into(),
            words: head.is_some(),
        }
    }

    pub(crate) fn address(&self, words: impl Fn() -> String) -> Text {
        if !self.words {
            return self.head.clone();
        }
        let words = words();
        let query = utf8_percent_encode(&words, NON_ALPHANUMERIC).to_string();
        Text::concat(&[&self.head, &query.replace("%20", "+").into()])
    }
}

impl Small {
    fn new() -> Self {
        let mut sites = Vec::new();
        let mut paths = Vec::new();
        for [firsts, seconds, places] in rows(WEBSITES) {
            for first in firsts.split(' ') {
                sites.extend(
                    seconds
                        .split(' ')
                        .map(|second| Text::from(format!("https://{first}-{second}.example"))),
                );
            }
            paths.extend(places.split(' ').map(Text::from));
        }
        Self {
            popularity: Zipf::new(sites.len() as u32, 0.9),
            posts: Zipf::new(POSTS, 0.8),
            sites,
            paths,
        }
    }

    fn pick(&self, stream: &mut Stream) -> Origin {
        // A step that has no part in common with the number of sites scatters the popular ones.
        let rank = self.popularity.rank(stream) as usize;
        let site = &self.sites[rank * 247 % self.sites.len()];
        let path = match (stream.chance(WITH_PATH), stream.chance(0.5)) {
            (false, _) => self.paths[0].clone(),
            (true, true) => stream.pick(&self.paths).clone(),
            (true, false) => format!("/posts/{}", self.posts.rank(stream) + 1).into(),
        };
        Origin {
            head: Text::concat(&[site, &path]),
            words: false,
        }
    }
}
