//! Deeds: what happens on pages beside their being opened.
//!
//! For: searches, downloads, outlinks, events, and on which page. Not for: what the shop does. Invariants: each has the
//! plan's share of all visits; all of them happen in visits that see more than one page, more often in longer ones.

use config::BehaviourPlan;
use tracking::Action;

use super::depth::Depths;
use super::persona::{length_class, length_shares};
use super::walk::Seen;
use crate::balance::spread;
use crate::content::Content;
use crate::site::Kind;
use crate::streams::{Purpose, Stream, Streams};

/// How much more often things happen in visits of two, three to five, and more pages.
const BY_LENGTH: [f64; 3] = [0.7, 1.0, 1.5];
/// The same for site searches, which take a page of results and one that was found.
const SEARCH_BY_LENGTH: [f64; 3] = [0.3, 1.0, 1.6];

/// How often what happens.
#[derive(Debug)]
pub(crate) struct Deeds {
    search: [f64; 3],
    click: [f64; 3],
    other: [f64; 3],
    download: [f64; 3],
    outlink: [f64; 3],
}

/// What happens in one visit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Plans {
    pub(crate) search: bool,
    click: bool,
    other: bool,
    download: bool,
    outlink: bool,
}

/// Something that happens on the page of this place in the visit.
pub(crate) type Deed = (usize, Action);

impl Deeds {
    pub(crate) fn new(plan: &BehaviourPlan, depths: &Depths) -> Self {
        let lengths = length_shares(depths);
        let by = |share: f64, factors: [f64; 3]| {
            let groups = [0, 1, 2].map(|class| (lengths[class], factors[class]));
            let chances = spread(share, &groups, 1.0);
            [chances[0], chances[1], chances[2]]
        };
        Self {
            search: by(plan.search, SEARCH_BY_LENGTH),
            click: by(plan.click_event, BY_LENGTH),
            other: by(plan.random_event, BY_LENGTH),
            download: by(plan.download, BY_LENGTH),
            outlink: by(plan.outlink, BY_LENGTH),
        }
    }

    /// What shall happen in a visit of so many pages.
    pub(crate) fn plans(&self, ordinal: u64, pages: usize, streams: &Streams) -> Plans {
        let Some(class) = length_class(pages) else {
            return Plans::default();
        };
        let mut stream = streams.stream(ordinal, Purpose::Deeds);
        // One draw for each, whether it happens or not; a new thing comes last.
        Plans {
            search: stream.chance(self.search[class]),
            click: stream.chance(self.click[class]),
            other: stream.chance(self.other[class]),
            download: stream.chance(self.download[class]),
            outlink: stream.chance(self.outlink[class]),
        }
    }
}

impl Plans {
    /// Where what was planned happens, in any order.
    pub(crate) fn deeds(
        self,
        ordinal: u64,
        seen: &[Seen],
        content: &Content,
        streams: &Streams,
    ) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let mut happen =
            |purpose, fits: &dyn Fn(Kind) -> bool, make: &dyn Fn(&Seen, &mut Stream) -> Action| {
                let mut stream = streams.stream(ordinal, purpose);
                let page = fitting(seen, fits, &mut stream);
                deeds.push((page, make(&seen[page], &mut stream)));
            };
        let reads = |kind| matches!(kind, Kind::Article | Kind::Product);
        let browses = |kind| !matches!(kind, Kind::Checkout | Kind::Thanks);
        if self.click {
            happen(Purpose::ClickEvent, &browses, &|_, stream| {
                content.click_event(stream)
            });
        }
        if self.other {
            happen(Purpose::RandomEvent, &browses, &|_, stream| {
                content.random_event(stream)
            });
        }
        if self.download {
            happen(Purpose::Download, &reads, &|seen, stream| {
                content.download(&seen.page.url, stream)
            });
        }
        if self.outlink {
            let articles = |kind| kind == Kind::Article;
            happen(Purpose::Outlink, &articles, &|_, stream| {
                content.outlink(stream)
            });
        }
        deeds
    }
}

/// One of the pages that fit; any page where none does.
fn fitting(seen: &[Seen], fits: &dyn Fn(Kind) -> bool, stream: &mut Stream) -> usize {
    let count = seen.iter().filter(|seen| fits(seen.kind)).count();
    let wanted = stream.index(if count == 0 { seen.len() } else { count });
    let mut fitting = (0..seen.len()).filter(|&at| count == 0 || fits(seen[at].kind));
    fitting.nth(wanted).unwrap_or_default()
}
