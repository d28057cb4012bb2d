//! The shop: products and categories seen, carts, orders.
//!
//! For: how far a visit gets on the way to an order, what it looks at and what it buys. Not for: the pages between, or
//! when anything happens. Invariants: carts and orders hold what was seen in the visit, or what the cart recommends;
//! every cart update is the whole cart; an order has a number that no other run gives.

mod basket;
mod odds;
mod products;

use std::sync::Arc;

use config::RunPlan;
use tracking::{Action, Shown};

use crate::Keys;
use crate::devices::Kind;
use crate::people::Visiting;
use crate::streams::{Purpose, Stream, Streams};
use basket::{Figures, cart, items};
pub(crate) use odds::Mix;
use odds::Odds;
use products::Products;
pub(crate) use products::{Listed, Product, fingerprint};

/// Most product pages of a visit; more would be a robot's.
const VIEWS_MAX: usize = 12;
/// Chance that a visit looks at yet another product.
const ANOTHER: f64 = 0.52;
/// Chance that something else was in the cart and is taken out again.
const TAKEN_OUT: f64 = 0.25;
/// Of visits that leave a cart: how many look at it, go to the checkout, and empty it.
const LOOKED_AT_CART: f64 = 0.7;
const LEFT_AT_CHECKOUT: f64 = 0.4;
const EMPTIED: f64 = 0.06;

/// All that decides what visits do in the shop.
#[derive(Debug)]
pub(crate) struct Shop {
    odds: Odds,
    products: Products,
    figures: Figures,
    visits: Streams,
    order_ids: Streams,
}

/// What is decided about a visit before it comes to the shop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances {
    /// Whether it has more than one page.
    pub(crate) engaged: bool,
    /// Where it comes from.
    pub(crate) channel: &'static str,
    /// Most pages that it may open in the shop.
    pub(crate) pages_max: u8,
}

/// How far a visit gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// It looks at products.
    Viewed,
    /// It has a cart and leaves it.
    Cart,
    /// It leaves the cart at the checkout.
    Checkout,
    /// It orders.
    Ordered,
}

/// A page of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShopPage {
    /// That of the product with this number.
    Product(usize),
    /// The cart.
    Cart,
    /// Where address and payment are asked for.
    Checkout,
    /// Where an order is thanked for.
    Confirmation,
}

/// A page of the shop and what happens on it, in this order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShopStep {
    pub(crate) page: ShopPage,
    pub(crate) actions: Vec<Action>,
}

/// What a visit does in the shop.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShopVisit {
    pub(crate) reached: Reached,
    /// In order, at least one.
    pub(crate) steps: Vec<ShopStep>,
}

impl Shop {
    /// `listed` are the product pages of a person's own list; without any the products are the built-in ones.
    pub(crate) fn new(plan: &RunPlan, keys: &Keys, mix: &Mix, listed: &[Listed]) -> Self {
        let figures = Figures::new(&plan.commerce);
        let seed = keys.seed.to_le_bytes();
        let origin = keys.origin_ms.to_le_bytes();
        let population = keys.population.as_bytes();
        Self {
            odds: Odds::new(&plan.commerce, mix),
            products: Products::new(listed, figures.lowest, figures.highest),
            figures,
            visits: Streams::new("shop", &[&seed]),
            // An order id that Matomo has seen is not booked again: all that makes a run goes in.
            order_ids: Streams::new("orders", &[&seed, population, &origin]),
        }
    }

    /// Number of products, at least 1.
    pub(crate) fn len(&self) -> usize {
        self.products.len()
    }

    /// A product by its number; 0 is the most popular one.
    pub(crate) fn product(&self, number: usize) -> &Product {
        self.products.get(number)
    }

    /// What the page of a product shows.
    pub(crate) fn shows(&self, number: usize) -> Shown {
        self.products.shows(number)
    }

    /// What the page of a category shows.
    pub(crate) fn category(names: &[&str]) -> Shown {
        Shown::Categories(names.iter().map(|name| Arc::from(*name)).collect())
    }

    /// What the visit does in the shop, if it comes there at all.
    pub(crate) fn plan(&self, visiting: &Visiting<'_>, about: Circumstances) -> Option<ShopVisit> {
        let ordinal = visiting.ordinal;
        let mut chain = self.visits.stream(ordinal, Purpose::ShopChain);
        let reached = self.reached(visiting, about, &mut chain)?;
        let last_pages = last_pages(reached, about.pages_max);
        let room = usize::from(about.pages_max).saturating_sub(last_pages.len());
        let seen = self.seen(ordinal, about.engaged, room.clamp(1, VIEWS_MAX));
        if reached == Reached::Viewed {
            let steps = seen
                .into_iter()
                .map(|at| step(ShopPage::Product(at), Vec::new()));
            return Some(ShopVisit {
                reached,
                steps: steps.collect(),
            });
        }
        Some(ShopVisit {
            reached,
            steps: self.purchase(ordinal, reached, &seen, &last_pages),
        })
    }

    fn reached(
        &self,
        visiting: &Visiting<'_>,
        about: Circumstances,
        chain: &mut Stream,
    ) -> Option<Reached> {
        // Always the same draws, so that a change of the odds changes nothing else.
        let (far, leaves) = (chain.unit(), chain.unit());
        if about.pages_max == 0 {
            return None;
        }
        if !about.engaged || about.pages_max == 1 {
            return (far < self.odds.bounced_view).then_some(Reached::Viewed);
        }
        let odds = self
            .odds
            .of(device(visiting), about.channel, visiting.returning);
        if far < odds.order {
            Some(Reached::Ordered)
        } else if far < odds.cart {
            let at_checkout = leaves < LEFT_AT_CHECKOUT;
            Some(if at_checkout {
                Reached::Checkout
            } else {
                Reached::Cart
            })
        } else {
            (far < odds.view).then_some(Reached::Viewed)
        }
    }

    /// The products that are looked at: the first by popularity, the others mostly like it, none twice.
    fn seen(&self, ordinal: u64, engaged: bool, most: usize) -> Vec<usize> {
        let mut stream = self.visits.stream(ordinal, Purpose::ShopProducts);
        let mut seen = vec![self.products.pick(&mut stream)];
        while engaged && seen.len() < most && stream.chance(ANOTHER) {
            let before = seen[seen.len() - 1];
            let next = if stream.chance(0.6) {
                self.products.pick_related(before, &mut stream)
            } else {
                self.products.pick(&mut stream)
            };
            if !seen.contains(&next) {
                seen.push(next);
            }
        }
        seen
    }

    /// Products with the cart as it grows, then the pages of the checkout.
    fn purchase(
        &self,
        ordinal: u64,
        reached: Reached,
        seen: &[usize],
        last: &[ShopPage],
    ) -> Vec<ShopStep> {
        let mut stream = self.visits.stream(ordinal, Purpose::ShopBasket);
        let (taken_out, looks, empties) = (
            stream.chance(TAKEN_OUT),
            stream.chance(LOOKED_AT_CART),
            stream.chance(EMPTIED),
        );
        let basket = self.figures.basket(&self.products, seen, &mut stream);
        let update =
            |basket: &[(usize, u32)]| Action::Cart(Arc::new(cart(items(&self.products, basket))));
        let bought = |at: usize| basket.iter().find(|(known, _)| *known == at);
        let wants_cart_page = reached != Reached::Cart || looks;
        let cart_page = last.contains(&ShopPage::Cart) && wants_cart_page;
        let mut passing = seen
            .iter()
            .copied()
            .find(|at| taken_out && cart_page && bought(*at).is_none());
        let given_back = passing;
        let mut held: Vec<(usize, u32)> = Vec::new();
        let mut steps = Vec::new();
        for &at in seen {
            let mut actions = Vec::new();
            let line = bought(at)
                .copied()
                .or_else(|| passing.take_if(|one| *one == at).map(|at| (at, 1)));
            if let Some(line) = line {
                held.push(line);
                actions.push(update(&held));
            }
            steps.push(step(ShopPage::Product(at), actions));
        }
        // What the cart recommends was not seen on a page of its own.
        let recommended = basket.iter().any(|(at, _)| !seen.contains(at));
        for &page in last {
            let mut actions = Vec::new();
            match page {
                ShopPage::Cart if !wants_cart_page => continue,
                ShopPage::Cart if reached == Reached::Cart && empties => actions.push(update(&[])),
                ShopPage::Cart if given_back.is_some() || recommended => {
                    actions.push(update(&basket))
                }
                ShopPage::Confirmation => actions.push(self.order(ordinal, &basket)),
                _ => {}
            }
            steps.push(step(page, actions));
        }
        let mut before_the_order = steps
            .iter_mut()
            .rev()
            .filter(|step| step.page != ShopPage::Confirmation);
        if recommended
            && !cart_page
            && let Some(step) = before_the_order.next()
        {
            step.actions.push(update(&basket));
        }
        steps
    }

    fn order(&self, ordinal: u64, basket: &[(usize, u32)]) -> Action {
        let mut stream = self.visits.stream(ordinal, Purpose::ShopOrder);
        let id = self.order_ids.stream(ordinal, Purpose::ShopOrderId).bits();
        let items = items(&self.products, basket);
        let order = self.figures.order(format!("{id:016x}"), items, &mut stream);
        Action::Order(Arc::new(order))
    }
}

fn step(page: ShopPage, actions: Vec<Action>) -> ShopStep {
    ShopStep { page, actions }
}

/// The pages behind the products, the more important ones first where there is room for few.
fn last_pages(reached: Reached, pages_max: u8) -> Vec<ShopPage> {
    let (all, important): (&[ShopPage], &[ShopPage]) = match reached {
        Reached::Viewed => (&[], &[]),
        Reached::Cart => (&[ShopPage::Cart], &[ShopPage::Cart]),
        Reached::Checkout => (
            &[ShopPage::Cart, ShopPage::Checkout],
            &[ShopPage::Checkout, ShopPage::Cart],
        ),
        Reached::Ordered => (
            &[ShopPage::Cart, ShopPage::Checkout, ShopPage::Confirmation],
            &[ShopPage::Confirmation, ShopPage::Cart, ShopPage::Checkout],
        ),
    };
    // One page is that of a product.
    let room = usize::from(pages_max)
        .saturating_sub(1)
        .min(important.len());
    let kept = &important[..room];
    all.iter()
        .copied()
        .filter(|page| kept.contains(page))
        .collect()
}

/// The place of the visitor's device in [`Mix::devices`].
fn device(visiting: &Visiting<'_>) -> usize {
    match visiting.device.kind {
        Kind::Desktop => 0,
        Kind::Smartphone => 1,
        Kind::Tablet => 2,
    }
}
