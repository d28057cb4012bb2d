//! Custom dimensions: values of a visit and of its pages.

use std::sync::Arc;

use config::{DimensionPlan, DimensionScope, DimensionValues};
use tracking::{Dimension, PageView, Text};

use crate::journeys::Step;
use crate::people::{Tier, Visiting};
use crate::shop::fingerprint;
use crate::streams::{Purpose, Stream, Streams};
use crate::table::Weighted;

/// What the page of a site without a path is called.
const HOME: &str = "home";

/// The dimensions of a plan.
#[derive(Debug)]
pub(super) struct Dimensions {
    visit: Vec<Source>,
    action: Vec<Source>,
    people: Streams,
    pages: Streams,
}

/// A dimension and where its values come from.
#[derive(Debug)]
struct Source {
    number: u8,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Drawn(Weighted<Text>),
    /// New, occasional, regular, core.
    Loyalty([Text; 4]),
    /// Signed in, and not.
    SignedIn([Text; 2]),
    Section,
}

impl Dimensions {
    pub(super) fn new(plan: &[DimensionPlan], population: &str) -> Self {
        let of = |scope: DimensionScope| {
            let of_scope = plan.iter().filter(|one| one.scope == scope);
            of_scope.filter_map(Source::new).collect()
        };
        Self {
            visit: of(DimensionScope::Visit),
            action: of(DimensionScope::Action),
            people: Streams::new("dimensions of people", &[population.as_bytes()]),
            pages: Streams::new("dimensions of pages", &[]),
        }
    }

    /// Gives the pages of the steps their dimensions.
    pub(super) fn tell(&self, visiting: &Visiting<'_>, steps: &mut [Step]) {
        if self.visit.is_empty() && self.action.is_empty() {
            return;
        }
        let of_visit = values(&self.visit, visiting, "", || {
            self.people
                .stream(visiting.person.0, Purpose::VisitDimensions)
        });
        // Hits of one page view share the page, before and after.
        let mut last: Option<(Arc<PageView>, Arc<PageView>)> = None;
        for step in steps {
            let told = match &last {
                Some((before, told)) if Arc::ptr_eq(before, &step.page) => Arc::clone(told),
                _ => Arc::new(self.page(visiting, &of_visit, &step.page)),
            };
            last = Some((std::mem::replace(&mut step.page, told.clone()), told));
        }
    }

    fn page(&self, visiting: &Visiting<'_>, of_visit: &[Dimension], page: &PageView) -> PageView {
        let of_page = values(&self.action, visiting, &page.url, || {
            let index = fingerprint(&[&page.url]) >> 8;
            self.pages.stream(index, Purpose::PageDimensions)
        });
        PageView {
            dimensions: Some(of_visit.iter().cloned().chain(of_page).collect()),
            ..page.clone()
        }
    }
}

impl Source {
    fn new(plan: &DimensionPlan) -> Option<Self> {
        let texts = |values: &[(String, f64)]| {
            let texts = values
                .iter()
                .map(|(value, weight)| (*weight, Text::from(value.as_str())));
            Weighted::new(texts.collect::<Vec<_>>())
        };
        Some(Self {
            number: plan.id,
            values: match &plan.from {
                DimensionValues::Drawn(drawn) => Values::Drawn(texts(drawn)?),
                DimensionValues::Loyalty => {
                    Values::Loyalty(["new", "occasional", "regular", "core"].map(Text::from))
                }
                DimensionValues::SignedIn => Values::SignedIn(["yes", "no"].map(Text::from)),
                DimensionValues::Section => Values::Section,
            },
        })
    }

    fn value(&self, visiting: &Visiting<'_>, url: &str, stream: &mut Stream) -> Text {
        match &self.values {
            Values::Drawn(values) => values.pick(stream).clone(),
            Values::Loyalty([new, ..]) if !visiting.returning => new.clone(),
            Values::Loyalty([_, occasional, regular, core]) => match visiting.tier {
                Tier::Rest => occasional.clone(),
                Tier::Regular => regular.clone(),
                Tier::Core => core.clone(),
            },
            Values::SignedIn([yes, no]) => if visiting.signed_in { yes } else { no }.clone(),
            Values::Section => section(url).into(),
        }
    }
}

fn values(
    sources: &[Source],
    visiting: &Visiting<'_>,
    url: &str,
    stream: impl Fn() -> Stream,
) -> Vec<Dimension> {
    if sources.is_empty() {
        return Vec::new();
    }
    let mut stream = stream();
    let told = sources.iter().map(|source| {
        let value = source.value(visiting, url, &mut stream);
        Dimension::new(source.number, value)
    });
    told.collect()
}

/// The first part of the path of an address.
fn section(url: &str) -> &str {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let end = path.find(['/', '?', '#']).unwrap_or(path.len());
    if end == 0 { HOME } else { &path[..end] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_the_first_part_of_the_path() {
        for (url, expected) in [
            ("https://shop.example/garden/roses?x=1", "garden"),
            ("https://shop.example/cart", "cart"),
            ("https://shop.example/cart?a=/b", "cart"),
            ("https://shop.example/", "home"),
            ("https://shop.example", "home"),
            ("https://shop.example/?page=2", "home"),
        ] {
            assert_eq!(section(url), expected, "{url}");
        }
    }
}
