//! Journeys: the pages of a visit and what happens on them.
//!
//! For: which hits a visit has, in order. Not for: when they are sent. Invariants: a visit begins with a page
//! view; whatever happens, happens on a page view, after it, and never instead of it; an order happens
//! on the last page of a visit of at least two.

use std::sync::Arc;

use config::{BehaviourPlan, RunPlan};
use tracking::{Action, PageView, PageViewId};

use super::orders::Shop;
use super::sources::Sources;
use super::timing::Durations;
use crate::Keys;
use crate::content::Content;
use crate::journeys::{Course, Step};
use crate::pages::Catalogue;
use crate::streams::{Purpose, Stream, Streams};

/// All that decides what visitors do.
#[derive(Debug)]
pub(crate) struct Journeys {
    pub(crate) streams: Streams,
    behaviour: BehaviourPlan,
    /// Probability of an order in a visit that can hold one.
    order: f64,
    durations: Durations,
    sources: Sources,
    catalogue: Catalogue,
    content: Content,
    shop: Shop,
}

/// Something that happens on the page of this number.
type Happening = (usize, Action);

impl Journeys {
    pub(crate) fn of(plan: &RunPlan, keys: &Keys) -> Self {
        let seed = keys.seed.to_le_bytes();
        let origin = keys.origin_ms.to_le_bytes();
        let behaviour = &plan.behaviour;
        // An order id that Matomo has seen is not booked again: all that makes a run goes in.
        let order_ids = Streams::new("orders", &[&seed, keys.population.as_bytes(), &origin]);
        Self {
            streams: Streams::new("journeys", &[&seed]),
            order: order_chance(plan.commerce.order, behaviour),
            durations: Durations::new(behaviour.visit_duration_min, behaviour.visit_duration_max),
            sources: Sources::new(behaviour.direct),
            catalogue: Catalogue::new(&plan.content.pages),
            content: Content::new(),
            shop: Shop::new(&plan.commerce, order_ids),
            behaviour: behaviour.clone(),
        }
    }

    /// What visit `ordinal` does.
    pub(crate) fn course(&self, ordinal: u64) -> Course {
        let (channel, pages) = self.pages(ordinal);
        let mut happenings = self.happenings(ordinal, &pages);
        // Stable: on one page, things happen in the order in which they were drawn up.
        happenings.sort_by_key(|&(page, _)| page);
        let mut counts = vec![0u8; pages.len()];
        for &(page, _) in &happenings {
            counts[page] += 1;
        }
        let hits = pages.len() + happenings.len() + 1;
        let mut moments = Vec::with_capacity(hits);
        let mut stream = self.streams.stream(ordinal, Purpose::Timing);
        self.durations.moments(&counts, &mut stream, &mut moments);
        let mut moments = moments.into_iter();
        let mut happenings = happenings.into_iter().peekable();
        let mut steps = Vec::with_capacity(hits);
        let mut step = |page: &Arc<PageView>, action| {
            // There is a moment for each page view, each happening and the ping.
            steps.extend(moments.next().map(|at_ms| Step {
                page: page.clone(),
                action,
                at_ms,
            }));
        };
        for (number, page) in pages.iter().enumerate() {
            step(page, Action::PageView);
            while let Some((_, action)) = happenings.next_if(|&(on, _)| on == number) {
                step(page, action);
            }
        }
        if let Some(last) = pages.last() {
            step(last, Action::Ping);
        }
        Course {
            channel,
            persona: "",
            steps,
        }
    }

    /// The channel and the page views, of which each is reached from the one before it.
    fn pages(&self, ordinal: u64) -> (&'static str, Vec<Arc<PageView>>) {
        let mut choice = self.streams.stream(ordinal, Purpose::Pages);
        let mut ids = self.streams.stream(ordinal, Purpose::PageViewIds);
        let mut source = self.streams.stream(ordinal, Purpose::Source);
        let count = choice.between(
            u64::from(self.behaviour.page_views_min.max(1)),
            u64::from(self.behaviour.page_views_max),
        );
        let (channel, mut referrer) = self.sources.pick(&mut source);
        let mut before = None;
        let pages = (0..count)
            .map(|_| {
                let number = self.page_after(before, &mut choice);
                before = Some(number);
                let page = self.catalogue.page(number);
                let address = page.url.clone();
                Arc::new(PageView::plain(
                    page.url,
                    page.title,
                    referrer.replace(address),
                    PageViewId::from_bits(ids.bits()),
                ))
            })
            .collect();
        (channel, pages)
    }

    /// Any page but the one before, if there is another.
    fn page_after(&self, before: Option<usize>, choice: &mut Stream) -> usize {
        let pages = self.catalogue.len();
        match before {
            Some(before) if pages > 1 => {
                let other = choice.index(pages - 1);
                other + usize::from(other >= before)
            }
            _ => choice.index(pages),
        }
    }

    /// What happens, and on which page.
    fn happenings(&self, ordinal: u64, pages: &[Arc<PageView>]) -> Vec<Happening> {
        let behaviour = &self.behaviour;
        let mut chances = self.streams.stream(ordinal, Purpose::Chances);
        // One draw for each thing, whether it happens or not; a new thing comes last.
        let search = chances.chance(behaviour.search);
        let click = chances.chance(behaviour.click_event);
        let random = chances.chance(behaviour.random_event);
        let download = chances.chance(behaviour.download);
        let outlink = chances.chance(behaviour.outlink);
        let order = chances.chance(self.order) && pages.len() > 1;

        let mut happenings = Vec::new();
        let mut happen = |purpose, make: &dyn Fn(&PageView, &mut Stream) -> Action| {
            let mut draws = self.streams.stream(ordinal, purpose);
            let page = draws.index(pages.len());
            happenings.push((page, make(&pages[page], &mut draws)));
        };
        if search {
            happen(Purpose::Search, &|_, draws| self.content.search(draws));
        }
        if click {
            happen(Purpose::ClickEvent, &|_, draws| {
                self.content.click_event(draws)
            });
        }
        if random {
            happen(Purpose::RandomEvent, &|_, draws| {
                self.content.random_event(draws)
            });
        }
        if download {
            happen(Purpose::Download, &|page, draws| {
                self.content.download(&page.url, draws)
            });
        }
        if outlink {
            happen(Purpose::Outlink, &|_, draws| self.content.outlink(draws));
        }
        if order {
            let mut draws = self.streams.stream(ordinal, Purpose::Order);
            let order = self.shop.order(ordinal, &mut draws);
            happenings.push((pages.len() - 1, Action::Order(Arc::new(order))));
        }
        happenings
    }
}

/// The probability of an order in a visit of two pages or more that makes `share` of all visits order.
/// Where too few visits are that long, all of them do.
fn order_chance(share: f64, behaviour: &BehaviourPlan) -> f64 {
    let (min, max) = (behaviour.page_views_min.max(1), behaviour.page_views_max);
    if min > 1 || max <= 1 {
        return share;
    }
    let longer = f64::from(max - 1) / f64::from(max);
    (share / longer).min(1.0)
}
