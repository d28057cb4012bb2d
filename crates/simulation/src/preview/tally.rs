//! Counting what visits have in common.

use std::collections::{BTreeMap, HashMap, HashSet};

use tracking::{Action, Kind};

use crate::Visit;

/// Rows of a list; what is rarer goes into one row of its own.
const ROWS: usize = 12;

/// A part of the visits.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What they have in common; `None` for all that is too rare for a row of its own.
    pub name: Option<String>,
    /// Share of the visits, 0 to 1.
    pub share: f64,
}

/// Hits of a kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindShare {
    /// The kind.
    pub kind: Kind,
    /// Mean number in a visit.
    pub per_visit: f64,
    /// Share of visits with at least one, 0 to 1.
    pub visits: f64,
}

/// A page among all that are viewed.
#[derive(Debug, Clone, PartialEq)]
pub struct PageShare {
    /// Its address, without what a campaign adds.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its share, 0 to 1.
    pub share: f64,
}

/// What was counted so far.
#[derive(Default)]
pub(super) struct Tally {
    visits: u64,
    hits: u64,
    bounces: u64,
    page_views: u64,
    returning: u64,
    durations_s: Vec<i64>,
    visitors: HashSet<String>,
    channels: BTreeMap<String, u64>,
    countries: BTreeMap<String, u64>,
    devices: BTreeMap<String, u64>,
    browsers: BTreeMap<String, u64>,
    systems: BTreeMap<String, u64>,
    kinds: BTreeMap<Kind, (u64, u64)>,
    pages: HashMap<String, (String, u64)>,
    entries: HashMap<String, (String, u64)>,
    orders: u64,
    /// Of all orders, in the currency of the plan.
    revenue: f64,
}

/// What it comes to; see [`super::Preview`].
pub(super) struct Counted {
    pub(super) visits: u64,
    pub(super) hits: u64,
    pub(super) bounce: f64,
    pub(super) page_views: f64,
    pub(super) duration_median_s: f64,
    pub(super) returning: f64,
    pub(super) visitors: u64,
    pub(super) channels: Vec<Part>,
    pub(super) countries: Vec<Part>,
    pub(super) devices: Vec<Part>,
    pub(super) browsers: Vec<Part>,
    pub(super) systems: Vec<Part>,
    pub(super) kinds: Vec<KindShare>,
    pub(super) pages: Vec<PageShare>,
    pub(super) entries: Vec<PageShare>,
    pub(super) addresses: u64,
    pub(super) order_value: Option<f64>,
}

impl Tally {
    pub(super) fn visits(&self) -> u64 {
        self.visits
    }

    pub(super) fn add(&mut self, visit: &Visit) {
        let visitor = &visit.visitor;
        self.visits += 1;
        self.hits += visit.hits.len() as u64;
        self.returning += u64::from(visitor.returning);
        self.visitors.insert(visitor.id.clone());
        let one = |counts: &mut BTreeMap<String, u64>, name: &str| {
            *counts.entry(name.to_owned()).or_default() += 1;
        };
        one(&mut self.channels, visit.channel);
        if let Some(country) = &visitor.country {
            one(&mut self.countries, country);
        }
        one(&mut self.devices, &visitor.device);
        one(&mut self.browsers, &visitor.browser);
        one(&mut self.systems, &visitor.os);
        self.add_hits(visit);
    }

    fn add_hits(&mut self, visit: &Visit) {
        let mut kinds: BTreeMap<Kind, u64> = BTreeMap::new();
        let mut viewed = 0;
        for timed in &visit.hits {
            *kinds.entry(timed.hit.kind()).or_default() += 1;
            match timed.hit.action() {
                Action::PageView => {
                    let page = timed.hit.page();
                    let count = |pages: &mut HashMap<String, (String, u64)>| {
                        let url = without_query(&page.url);
                        let title = || (page.title.to_string(), 0);
                        pages.entry(url.to_owned()).or_insert_with(title).1 += 1;
                    };
                    count(&mut self.pages);
                    if viewed == 0 {
                        count(&mut self.entries);
                    }
                    viewed += 1;
                }
                Action::Order(order) => {
                    self.orders += 1;
                    self.revenue += order.revenue.to_string().parse().unwrap_or(0.0);
                }
                _ => {}
            }
        }
        let actions: u64 = kinds
            .iter()
            .filter(|(kind, _)| **kind != Kind::Ping)
            .map(|(_, count)| count)
            .sum();
        self.bounces += u64::from(actions == 1);
        self.page_views += viewed;
        if let (Some(first), Some(last)) = (visit.hits.first(), visit.hits.last()) {
            self.durations_s.push((last.time_ms - first.time_ms) / 1000);
        }
        for (kind, count) in kinds {
            let (hits, visits) = self.kinds.entry(kind).or_default();
            *hits += count;
            *visits += 1;
        }
    }

    pub(super) fn count(mut self) -> Counted {
        let visits = self.visits;
        let mean = |count: u64| share(count, visits);
        self.durations_s.sort_unstable();
        let median = self.durations_s.get(self.durations_s.len() / 2);
        let kind = |(kind, (hits, with)): (&Kind, &(u64, u64))| KindShare {
            kind: *kind,
            per_visit: mean(*hits),
            visits: mean(*with),
        };
        Counted {
            visits,
            hits: self.hits,
            bounce: mean(self.bounces),
            page_views: mean(self.page_views),
            duration_median_s: median.map_or(0.0, |seconds| *seconds as f64),
            returning: mean(self.returning),
            visitors: self.visitors.len() as u64,
            channels: parts(&self.channels, visits),
            countries: parts(&self.countries, visits),
            devices: parts(&self.devices, visits),
            browsers: parts(&self.browsers, visits),
            systems: parts(&self.systems, visits),
            kinds: self.kinds.iter().map(kind).collect(),
            addresses: self.pages.len() as u64,
            pages: pages(self.pages, self.page_views),
            entries: pages(self.entries, visits),
            order_value: (self.orders > 0).then(|| self.revenue / self.orders as f64),
        }
    }
}

fn share(count: u64, of: u64) -> f64 {
    if of == 0 {
        0.0
    } else {
        count as f64 / of as f64
    }
}

/// An address up to its query, where campaigns and searches write.
fn without_query(url: &str) -> &str {
    url.find('?').map_or(url, |at| &url[..at])
}

/// The largest parts first, the rest in one.
fn parts(counts: &BTreeMap<String, u64>, of: u64) -> Vec<Part> {
    let mut named: Vec<(&String, u64)> =
        counts.iter().map(|(name, count)| (name, *count)).collect();
    named.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rest: u64 = named.iter().skip(ROWS).map(|(_, count)| count).sum();
    let mut parts: Vec<Part> = named
        .into_iter()
        .take(ROWS)
        .map(|(name, count)| Part {
            name: Some(name.clone()),
            share: share(count, of),
        })
        .collect();
    if rest > 0 {
        parts.push(Part {
            name: None,
            share: share(rest, of),
        });
    }
    parts
}

fn pages(counts: HashMap<String, (String, u64)>, of: u64) -> Vec<PageShare> {
    let mut pages: Vec<(String, (String, u64))> = counts.into_iter().collect();
    // By address where as many, so that the list is always the same.
    pages.sort_by(|(url, (_, count)), (other, (_, others))| {
        others.cmp(count).then_with(|| url.cmp(other))
    });
    pages.truncate(ROWS);
    let page = |(url, (title, count))| PageShare {
        url,
        title,
        share: share(count, of),
    };
    pages.into_iter().map(page).collect()
}
