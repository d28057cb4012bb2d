//! The route: which places of a visit are the shop's, which the search's, and which are left to the walk.
//!
//! Invariants: the shop's pages keep their order; from the cart on nothing comes between them; the first place is no search.

use crate::shop::{ShopPage, ShopStep};
use crate::streams::Stream;

/// What a place of a visit is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place<'a> {
    /// Whatever page is linked.
    Free,
    /// The results of a search on the site.
    Search,
    Shop(&'a ShopStep),
}

/// How often a visit with room for it enters on a page that is not the shop's first, in hundredths.
const ENTERS_BEFORE: u64 = 75;

/// The places of a visit of so many pages, and of more where the shop's do not fit; never more than `most`, if those fit.
pub(crate) fn route<'a>(
    pages: usize,
    most: usize,
    shop: &'a [ShopStep],
    search: bool,
    stream: &mut Stream,
) -> Vec<Place<'a>> {
    let mut free = pages.saturating_sub(shop.len());
    let room = |free: usize| free > 1 || (free == 1 && !shop.is_empty());
    if search && !room(free) && shop.len() + free < most {
        free += 1;
    }
    let is_product = |step: &ShopStep| matches!(step.page, ShopPage::Product(_));
    let funnel = shop
        .iter()
        .position(|step| !is_product(step))
        .unwrap_or(shop.len());
    let bought = shop.iter().any(|step| step.page == ShopPage::Confirmation);
    // Gaps before each product and the funnel, and behind everything unless something was bought.
    let mut gaps = vec![0; shop.len() + 1];
    for nth in 0..free {
        let open = funnel + usize::from(!bought && funnel < shop.len()) + 1;
        // The last of the free places is the search's, which is not where the visit enters.
        let kept = search && nth + 1 == free && open > 1;
        let gap = match kept {
            // Before the last product, so that something is looked at after it.
            true => 1 + stream.index((open - 1).min(shop.len() - 1).max(1)),
            false => stream.index(open),
        };
        let enters = !kept && nth == 0 && stream.between(0, 99) < ENTERS_BEFORE;
        let gap = if gap > funnel { shop.len() } else { gap };
        gaps[if enters { 0 } else { gap }] += 1;
    }
    let mut places = Vec::with_capacity(shop.len() + free);
    for (at, gap) in gaps.into_iter().enumerate() {
        places.extend((0..gap).map(|_| Place::Free));
        places.extend(shop.get(at).map(Place::Shop));
    }
    if search {
        searched(&mut places, stream);
    }
    places
}

/// Makes one of the free places the search's, rather an early one, and not the last where there is another.
fn searched(places: &mut [Place<'_>], stream: &mut Stream) {
    let even = stream.unit();
    let last = places.len() - 1;
    let free: Vec<usize> = (1..=last).filter(|&at| places[at] == Place::Free).collect();
    let choice = match free.split_last() {
        Some((&end, others)) if end == last && !others.is_empty() => others,
        _ => &free[..],
    };
    if let Some(&at) = choice.get((even * even * choice.len() as f64) as usize) {
        places[at] = Place::Search;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Streams};

    fn steps(pages: &[ShopPage]) -> Vec<ShopStep> {
        let step = |&page| ShopStep {
            page,
            actions: Vec::new(),
        };
        pages.iter().map(step).collect()
    }

    #[test]
    fn the_shops_pages_keep_their_order_and_the_funnel_stays_together() {
        let purchase = [
            ShopPage::Product(3),
            ShopPage::Product(1),
            ShopPage::Cart,
            ShopPage::Checkout,
            ShopPage::Confirmation,
        ];
        let shop = steps(&purchase);
        for pages in [1, 5, 6, 12] {
            for visit in 0..50 {
                let mut stream = Streams::new("test", &[]).stream(visit, Purpose::Route);
                let places = route(pages, 20, &shop, visit % 2 == 0, &mut stream);
                assert!(places.len() >= pages.max(5) && places.len() <= pages.max(5) + 1);
                let shops = places.iter().filter_map(|place| match place {
                    Place::Shop(step) => Some(step.page),
                    _ => None,
                });
                assert_eq!(shops.collect::<Vec<_>>(), purchase);
                assert!(places.ends_with(&[
                    Place::Shop(&shop[2]),
                    Place::Shop(&shop[3]),
                    Place::Shop(&shop[4])
                ]));
                assert_ne!(places[0], Place::Search);
                assert_eq!(
                    places
                        .iter()
                        .filter(|place| **place == Place::Search)
                        .count(),
                    usize::from(visit % 2 == 0)
                );
            }
        }
    }

    #[test]
    fn a_search_is_neither_first_nor_last_where_there_is_room() {
        for visit in 0..50 {
            let mut stream = Streams::new("test", &[]).stream(visit, Purpose::Route);
            let places = route(4, 20, &[], true, &mut stream);
            let at = places.iter().position(|place| *place == Place::Search);
            assert!(matches!(at, Some(1 | 2)), "{places:?}");
            assert_eq!(
                route(2, 2, &[], true, &mut stream),
                [Place::Free, Place::Search]
            );
        }
    }
}
