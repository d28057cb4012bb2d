//! Journeys: what a visit does, from the page it enters on to its last hit.
//!
//! For: which hits a visit has, in order, and when. Not for: who visits ([`crate::people`]) or how a hit is spoken.
//! Invariants: a visit begins with a page view; whatever happens, happens on a page view and never instead of it;
//! times ascend by a second or more.

mod contents;
mod deeds;
mod depth;
mod moments;
mod persona;
mod route;
mod search;
mod walk;

use std::sync::Arc;

use config::{Pages, RunPlan};
use tracking::{Action, PageView, PageViewId};

use crate::Keys;
use crate::channels::{Channel, Channels, Group, Source};
use crate::content::Content;
use crate::latency::Latency;
use crate::people::Visiting;
use crate::shop::{Circumstances, Mix, Reached, Shop};
use crate::site::{Site, words_of};
use crate::streams::{Purpose, Streams};
use contents::Contents;
use deeds::{Deed, Deeds};
use depth::Depths;
use moments::Dwell;
use persona::Persona;
use route::Place;
use walk::{Seen, Walk};

/// A hit without visitor: its page view, what happens, and when, in milliseconds from the visit's start.
pub(crate) struct Step {
    pub(crate) page: Arc<PageView>,
    pub(crate) action: Action,
    pub(crate) at_ms: i64,
}

/// What a visit does.
pub(crate) struct Course {
    /// Where it comes from; see [`crate::Visit::channel`].
    pub(crate) channel: &'static str,
    /// What kind of visit it is; see [`crate::Visit::persona`].
    pub(crate) persona: &'static str,
    /// Its hits, ascending; at least one.
    pub(crate) steps: Vec<Step>,
}

/// All that decides what visitors do.
#[derive(Debug)]
pub(crate) struct Journeys {
    pub(crate) streams: Streams,
    channels: Channels,
    depths: Depths,
    deeds: Deeds,
    dwell: Dwell,
    site: Site,
    content: Content,
    contents: Contents,
    page_timings: bool,
    /// `None` where nothing is shown or sold.
    shop: Option<Shop>,
    /// Fewest and most page views of a visit that does not bounce.
    fewest: usize,
    most: usize,
}

/// Most pages of the shop in a visit; more would be a robot's.
const MOST_SHOP_PAGES: usize = 20;

impl Journeys {
    pub(crate) fn new(plan: &RunPlan, keys: &Keys) -> Self {
        let behaviour = &plan.behaviour;
        let streams = Streams::new("journeys", &[&keys.seed.to_le_bytes()]);
        let groups = Group::weights(plan.audience.returning, devices(plan));
        let channels = Channels::new(plan, &groups);
        let depths = Depths::new(behaviour, &channels, &groups);
        let mut site = Site::new(
            &plan.content.pages,
            behaviour.zipf,
            behaviour.entry_zipf,
            &streams,
        );
        let shop = shop(plan, keys, &depths, &mut site);
        let built_in = match &plan.content.pages {
            Pages::BuiltIn { site } => Some(site.as_str()),
            Pages::List(_) => None,
        };
        Self {
            deeds: Deeds::new(behaviour, &depths),
            dwell: Dwell::new(behaviour),
            content: Content::new(),
            contents: Contents::new(behaviour.contents, built_in),
            page_timings: behaviour.page_timings,
            fewest: behaviour
                .page_views_min
                .max(2)
                .min(behaviour.page_views_max) as usize,
            most: behaviour.page_views_max.max(1) as usize,
            shop,
            site,
            channels,
            depths,
            streams,
        }
    }

    /// What this visit does.
    pub(crate) fn course(&self, visiting: &Visiting<'_>) -> Course {
        let source = self.channels.pick(visiting, &self.streams);
        let mut depth = self.streams.stream(visiting.ordinal, Purpose::Depth);
        let pages = self
            .depths
            .page_views(Group::of(visiting), source.channel, &mut depth);
        let shop = self
            .shop
            .as_ref()
            .and_then(|shop| shop.plan(visiting, self.circumstances(&source, pages)));
        let plans = self.deeds.plans(visiting.ordinal, pages, &self.streams);
        let buys = shop
            .as_ref()
            .is_some_and(|shop| shop.reached >= Reached::Cart);
        let persona = Persona::of(visiting, source.channel, pages, buys, &self.streams);
        let mut steps = shop.map(|shop| shop.steps).unwrap_or_default();
        let pages = match buys {
            // Who buys sees as many pages as it takes, and wanders less.
            true => {
                let wandered = pages.saturating_sub(steps.len()) / 2;
                (pages.min(steps.len()) + wandered).max(self.fewest)
            }
            // Who only looks at products sees as many as the visit has room for.
            false => {
                steps.truncate(pages - usize::from(plans.search));
                pages
            }
        };
        // Most visits have nothing to lay out; a stream costs as much as several pages.
        let places = if steps.is_empty() && !plans.search {
            vec![Place::Free; pages]
        } else {
            let mut route = self.streams.stream(visiting.ordinal, Purpose::Route);
            route::route(pages, self.most, &steps, plans.search, &mut route)
        };
        let walk = Walk {
            site: &self.site,
            source: &source,
            returning: visiting.returning,
            words: &|| self.streams.stream(visiting.ordinal, Purpose::SiteSearch),
            stream: self.streams.stream(visiting.ordinal, Purpose::Walk),
        };
        let mut seen = walk.along(&places);
        let mut deeds = plans.deeds(visiting.ordinal, &seen, &self.content, &self.streams);
        self.contents
            .add(visiting.ordinal, &seen, &self.streams, &mut deeds);
        first_deeds(&mut seen, &mut deeds);
        Course {
            channel: source.channel.as_str(),
            persona: persona.as_str(),
            steps: self.steps(visiting, &source, persona, seen, deeds),
        }
    }

    fn circumstances(&self, source: &Source<'_>, pages: usize) -> Circumstances {
        Circumstances {
            engaged: pages > 1,
            channel: source.channel.as_str(),
            pages_max: if pages > 1 {
                self.most.min(MOST_SHOP_PAGES) as u8
            } else {
                1
            },
        }
    }

    /// Gives pages and deeds their moments.
    fn steps(
        &self,
        visiting: &Visiting<'_>,
        source: &Source<'_>,
        persona: Persona,
        seen: Vec<Seen>,
        deeds: Vec<Deed>,
    ) -> Vec<Step> {
        let mut counts: Vec<_> = seen.iter().map(|seen| (seen.kind, 0)).collect();
        deeds.iter().for_each(|(page, _)| counts[*page].1 += 1);
        let stays = self
            .dwell
            .stays(visiting.ordinal, persona, &counts, &self.streams);
        let mut ids = self.streams.stream(visiting.ordinal, Purpose::PageViewIds);
        let title = seen[0].page.title.clone();
        let words = || words_of(&title);
        let mut referrer = source.referrer(words);
        let mut latency = self
            .page_timings
            .then(|| Latency::of(&self.streams, visiting));
        let mut deeds = deeds.into_iter().peekable();
        let mut steps = Vec::with_capacity(counts.len() * 2 + deeds.len());
        for (number, (seen, stay)) in seen.into_iter().zip(stays).enumerate() {
            let url = match number {
                0 => source.tagged(seen.page.url, visiting.start_ms, words),
                _ => seen.page.url,
            };
            let from = referrer.replace(url.clone());
            let id = PageViewId::from_bits(ids.bits());
            let page = Arc::new(PageView {
                timings: latency.as_mut().map(Latency::next_page),
                shows: seen.shows,
                ..PageView::plain(url, seen.page.title, from, id)
            });
            let mut step = |action, at_ms| {
                steps.push(Step {
                    page: page.clone(),
                    action,
                    at_ms,
                });
            };
            step(Action::PageView, stay.opened_ms);
            let mut moments = stay.deeds_ms.into_iter();
            while let Some((_, action)) = deeds.next_if(|&(on, _)| on == number) {
                // There is a moment for each.
                moments
                    .by_ref()
                    .take(1)
                    .for_each(|at_ms| step(action.clone(), at_ms));
            }
            if let Some(at_ms) = stay.ping_ms {
                step(Action::Ping, at_ms);
            }
        }
        steps
    }
}

/// With which devices visits are made.
fn devices(plan: &RunPlan) -> [f64; 3] {
    let shares = plan.audience.devices;
    [shares.desktop, shares.smartphone, shares.tablet]
}

/// The shop, if anything is shown or sold: a list without pages of products has one only when orders are asked for.
fn shop(plan: &RunPlan, keys: &Keys, depths: &Depths, site: &mut Site) -> Option<Shop> {
    let listed = site.listed_products();
    let commerce = &plan.commerce;
    let asked = commerce.order > 0.0
        || [commerce.cart, commerce.product_view]
            .into_iter()
            .flatten()
            .any(|share| share > 0.0);
    if !asked {
        return None;
    }
    let by_channel = depths.engaged();
    let engaged: f64 = by_channel.iter().sum();
    let shares = Channel::ALL.into_iter().zip(by_channel);
    let mix = Mix {
        channels: shares
            .map(|(channel, share)| (channel.as_str(), share / engaged.max(f64::MIN_POSITIVE)))
            .collect(),
        engaged,
        devices: devices(plan),
        returning: plan.audience.returning,
    };
    let shop = Shop::new(plan, keys, &mix, &listed);
    site.offer(&shop);
    Some(shop)
}

/// Adds what happens first on the pages, and sorts all deeds by page.
fn first_deeds(seen: &mut [Seen], deeds: &mut Vec<Deed>) {
    let first = seen.iter_mut().enumerate().flat_map(|(at, seen)| {
        let actions = std::mem::take(&mut seen.first);
        actions.into_iter().map(move |action| (at, action))
    });
    deeds.splice(0..0, first);
    // Stable: on one page things happen in the order in which they were drawn up.
    deeds.sort_by_key(|&(page, _)| page);
}
