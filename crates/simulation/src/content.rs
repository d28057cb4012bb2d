//! What can happen on a page: searches, events, downloads, outlinks.

use std::sync::Arc;

use tracking::{Action, Event, Search, Text};

use crate::pages::site_of;
use crate::streams::Stream;
use crate::table::{number, optional, rows};

const SEARCHES: &str = include_str!("../data/searches.tsv");
const OUTLINKS: &str = include_str!("../data/outlinks.tsv");
const DOWNLOADS: &str = include_str!("../data/downloads.tsv");
const CLICK_EVENTS: &str = include_str!("../data/click-events.tsv");
const RANDOM_EVENTS: &str = include_str!("../data/random-events.tsv");

/// Everything that can happen on a page but an order.
#[derive(Debug)]
pub(crate) struct Content {
    searches: Vec<Arc<Search>>,
    outlinks: Vec<Text>,
    /// Paths; the host is the page's.
    downloads: Vec<&'static str>,
    click_events: Vec<Arc<Event>>,
    random_events: Vec<Arc<Event>>,
}

impl Content {
    pub(crate) fn new() -> Self {
        Self {
            searches: rows(SEARCHES).map(search).collect(),
            outlinks: rows(OUTLINKS).map(|[address]| address.into()).collect(),
            downloads: rows(DOWNLOADS).map(|[path]| path).collect(),
            click_events: rows(CLICK_EVENTS).map(event).collect(),
            random_events: rows(RANDOM_EVENTS).map(event).collect(),
        }
    }

    pub(crate) fn search(&self, stream: &mut Stream) -> Action {
        Action::Search(stream.pick(&self.searches).clone())
    }

    pub(crate) fn outlink(&self, stream: &mut Stream) -> Action {
        Action::Outlink(stream.pick(&self.outlinks).clone())
    }

    /// A file on the host of the page at `page_url`.
    pub(crate) fn download(&self, page_url: &str, stream: &mut Stream) -> Action {
        let path = stream.pick(&self.downloads);
        Action::Download([site_of(page_url), path].concat().into())
    }

    pub(crate) fn click_event(&self, stream: &mut Stream) -> Action {
        Action::Event(stream.pick(&self.click_events).clone())
    }

    pub(crate) fn random_event(&self, stream: &mut Stream) -> Action {
        Action::Event(stream.pick(&self.random_events).clone())
    }
}

fn search([keyword, category, results]: [&str; 3]) -> Arc<Search> {
    Arc::new(Search {
        keyword: keyword.into(),
        category: optional(category).map(Text::from),
        results: number(results) as u32,
    })
}

fn event([category, action, name, value]: [&str; 4]) -> Arc<Event> {
    Arc::new(Event {
        category: category.into(),
        action: action.into(),
        name: optional(name).map(Text::from),
        value: optional(value).map(number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Streams};

    #[test]
    fn the_tables_hold_what_the_original_held() {
        let content = Content::new();
        assert_eq!(content.searches.len(), 37);
        assert_eq!(content.outlinks.len(), 25);
        assert_eq!(content.downloads.len(), 20);
        assert_eq!(content.click_events.len(), 16);
        assert_eq!(content.random_events.len(), 16);
    }

    #[test]
    fn what_matomo_needs_is_never_empty() {
        let content = Content::new();
        for event in content.click_events.iter().chain(&content.random_events) {
            assert!(!event.category.is_empty() && !event.action.is_empty());
        }
        assert!(
            content
                .searches
                .iter()
                .all(|search| !search.keyword.is_empty())
        );
        assert!(content.searches.iter().any(|search| search.results == 0));
        assert!(
            content
                .outlinks
                .iter()
                .all(|link| link.starts_with("https://"))
        );
        assert!(content.downloads.iter().all(|path| path.starts_with('/')));
    }

    #[test]
    fn a_download_lies_on_the_host_of_its_page() {
        let mut stream = Streams::new("test", &[]).stream(0, Purpose::Download);
        let page = "https://shop.example:8443/garden/seeds/best-guide?x=1";
        let Action::Download(url) = Content::new().download(page, &mut stream) else {
            panic!("a download was asked for");
        };
        assert!(
            url.starts_with("https://shop.example:8443/downloads/"),
            "{url}"
        );
    }
}
