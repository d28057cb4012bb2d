//! Journeys: what a visit does, from the page it enters on to its last hit.
//!
//! For: which hits a visit has, in order, and when. Not for: who visits ([`crate::people`]) or how a hit is spoken.
//! Invariants: a visit begins with a page view; whatever happens, happens on a page view and never instead of it;
//! times ascend by a second or more.

mod deeds;
mod depth;
mod moments;
mod persona;
mod search;
mod walk;

use std::sync::Arc;

use config::RunPlan;
use tracking::{Action, PageView, PageViewId};

use crate::Keys;
use crate::channels::{Channels, Group, Source};
use crate::content::Content;
use crate::latency::Latency;
use crate::people::Visiting;
use crate::site::{Site, words_of};
use crate::streams::{Purpose, Streams};
use deeds::{Deed, Deeds};
use depth::Depths;
use moments::Dwell;
use persona::Persona;
use search::SiteSearch;
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
    page_timings: bool,
}

impl Journeys {
    pub(crate) fn new(plan: &RunPlan, keys: &Keys) -> Self {
        let behaviour = &plan.behaviour;
        let streams = Streams::new("journeys", &[&keys.seed.to_le_bytes()]);
        let devices = plan.audience.devices;
        let devices = [devices.desktop, devices.smartphone, devices.tablet];
        let groups = Group::weights(plan.audience.returning, devices);
        let channels = Channels::new(&plan.channels, &groups);
        let depths = Depths::new(behaviour, &channels, &groups);
        Self {
            deeds: Deeds::new(behaviour, plan.commerce.order, &depths),
            dwell: Dwell::new(behaviour),
            site: Site::new(
                &plan.content.pages,
                behaviour.zipf,
                behaviour.entry_zipf,
                &streams,
            ),
            content: Content::new(),
            page_timings: behaviour.page_timings,
            channels,
            depths,
            streams,
        }
    }

    /// What this visit does.
    pub(crate) fn course(&self, visiting: &Visiting<'_>) -> Course {
        let ordinal = visiting.ordinal;
        let source = self.channels.pick(visiting, &self.streams);
        let mut depth = self.streams.stream(ordinal, Purpose::Depth);
        let pages = self
            .depths
            .page_views(Group::of(visiting), source.channel, &mut depth);
        let plans = self.deeds.plans(ordinal, pages, &self.streams);
        let persona = Persona::of(visiting, source.channel, pages, plans.order, &self.streams);
        let seen = self.walk(visiting, &source, pages, plans.search);
        let mut deeds = plans.deeds(ordinal, &seen, &self.content, &self.streams);
        searches(&seen, &mut deeds);
        Course {
            channel: source.channel.as_str(),
            persona: persona.as_str(),
            steps: self.steps(visiting, &source, persona, seen, deeds),
        }
    }

    fn walk(
        &self,
        visiting: &Visiting<'_>,
        source: &Source<'_>,
        pages: usize,
        searches: bool,
    ) -> Vec<Seen> {
        let mut stream = self.streams.stream(visiting.ordinal, Purpose::Walk);
        let walk = Walk::enter(&self.site, source, visiting.returning, pages, &mut stream);
        let mut words = self.streams.stream(visiting.ordinal, Purpose::SiteSearch);
        // Rather early in the visit, and before the last page if there is room for what was found.
        let place = |last: usize, even: f64| 1 + (even * even * last as f64) as usize;
        let search = searches.then(|| place(pages.saturating_sub(2), words.unit()).min(pages - 1));
        walk.on(pages, search, &SiteSearch, &mut words, &mut stream)
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
        let words = words_of(&seen[0].page.title);
        let mut referrer = source.referrer(|| words.clone());
        let mut latency = self
            .page_timings
            .then(|| Latency::of(&self.streams, visiting));
        let mut deeds = deeds.into_iter().peekable();
        let mut steps = Vec::with_capacity(counts.len() * 2 + deeds.len());
        for (number, (seen, stay)) in seen.into_iter().zip(stays).enumerate() {
            let url = match number {
                0 => source.tagged(seen.page.url, visiting.start_ms, || words.clone()),
                _ => seen.page.url,
            };
            let from = referrer.replace(url.clone());
            let id = PageViewId::from_bits(ids.bits());
            let page = Arc::new(PageView {
                timings: latency.as_mut().map(Latency::next_page),
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

/// Adds the searches of the walk, the first thing on their pages, and sorts all deeds by page.
fn searches(seen: &[Seen], deeds: &mut Vec<Deed>) {
    let found = seen
        .iter()
        .enumerate()
        .filter_map(|(at, seen)| Some((at, seen.search.clone()?)));
    deeds.splice(0..0, found);
    // Stable: on one page things happen in the order in which they were drawn up.
    deeds.sort_by_key(|&(page, _)| page);
}
