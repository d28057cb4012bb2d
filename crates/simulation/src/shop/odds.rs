//! How far visits get in the shop: product, cart, order.
//!
//! For: chances that differ by device, channel and loyalty. Not for: drawing. Invariants: over all visits the chances
//! come to the shares of the plan; whoever orders has a cart, and whoever has a cart saw a product.

use config::CommercePlan;

/// Share of carts that are left, unless the plan says how many carts there are (Baymard Institute and others: 70 to
/// 75 %).
const ABANDONED: f64 = 0.74;
/// Share of visits that see a product, unless the plan says it or needs more (published chains: 35 to 50 %).
const VIEW: f64 = 0.42;
/// So many visits see a product for each one that has a cart, at least.
const VIEWS_OF_A_CART: f64 = 1.15;
/// How often a visit of one page sees a product, against all visits.
const BOUNCED_VIEW: f64 = 0.5;

/// How visits of a kind fare against others of the same dimension: carts and orders.
type Ratio = (f64, f64);

/// Desktop, smartphone, tablet: on a phone about half as many visits order, and more carts are left (published: orders
/// 40 to 50 % below, abandonment 80 to 86 against 69 to 73 %).
const DEVICES: [Ratio; 3] = [(1.0, 1.0), (0.88, 0.53), (0.95, 0.8)];
/// Channels by name; who knows the shop buys, who was shown something does not. Of these the order is published, the
/// figures are an assumption.
const CHANNELS: [(&str, Ratio); 7] = [
    ("search", (1.05, 1.1)),
    ("direct", (1.12, 1.25)),
    ("social", (0.65, 0.45)),
    ("websites", (0.95, 0.9)),
    ("ai_assistants", (1.1, 1.2)),
    ("campaigns", (1.0, 1.0)),
    ("email", (1.35, 1.7)),
];
/// New and returning visitors.
const LOYALTY: [Ratio; 2] = [(1.0, 1.0), (1.35, 1.6)];

/// What the visits of a run are like, as far as the shop must know it to meet the plan's shares.
#[derive(Debug, Clone)]
pub(crate) struct Mix {
    /// Share of the visits that are engaged, above 0.
    pub(crate) engaged: f64,
    /// Channels of the engaged visits and their shares.
    pub(crate) channels: Vec<(&'static str, f64)>,
    /// Shares of desktop computers, smartphones, tablets.
    pub(crate) devices: [f64; 3],
    /// Share of the visits that returning visitors make.
    pub(crate) returning: f64,
}

/// Chances of an engaged visit; each is at most the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Chain {
    pub(crate) view: f64,
    pub(crate) cart: f64,
    pub(crate) order: f64,
}

/// The chances of all visits.
#[derive(Debug)]
pub(crate) struct Odds {
    /// By device, channel and loyalty.
    chains: [[[Chain; 2]; CHANNELS.len()]; 3],
    /// That a visit of one page sees a product.
    pub(crate) bounced_view: f64,
}

impl Odds {
    pub(crate) fn new(plan: &CommercePlan, mix: &Mix) -> Self {
        let engaged = mix.engaged.clamp(f64::EPSILON, 1.0);
        let shares = shares(plan, engaged);
        let (bounced_view, base) = among_engaged(shares, engaged);
        let channel = |name: &str| {
            let given = mix.channels.iter().filter(|(channel, _)| *channel == name);
            given.map(|(_, share)| share).sum::<f64>()
        };
        let loyal = mix.returning.clamp(0.0, 1.0);
        let devices = normalised(DEVICES, mix.devices);
        let channels = normalised(
            CHANNELS.map(|(_, ratio)| ratio),
            CHANNELS.map(|(name, _)| channel(name)),
        );
        let loyalty = normalised(LOYALTY, [1.0 - loyal, loyal]);
        let ratios = devices.map(|device| {
            channels.map(|channel| {
                loyalty.map(|loyal| {
                    (
                        device.0 * channel.0 * loyal.0,
                        device.1 * channel.1 * loyal.1,
                    )
                })
            })
        });
        let all = ratios.iter().flatten().flatten();
        // Where a product of ratios would have somebody order without a cart, all kinds of visits move closer.
        let spread = all
            .map(|ratio| most_spread(base, *ratio))
            .fold(1.0, f64::min);
        let chain = |ratio: Ratio| Chain {
            view: base.view,
            cart: spread_out(base.cart, ratio.0, spread),
            order: spread_out(base.order, ratio.1, spread),
        };
        Self {
            chains: ratios.map(|channels| channels.map(|loyalty| loyalty.map(chain))),
            bounced_view,
        }
    }

    /// `device` as in [`Mix::devices`]; an unknown channel counts as a campaign.
    pub(crate) fn of(&self, device: usize, channel: &str, returning: bool) -> Chain {
        let known = CHANNELS.iter().position(|(name, _)| *name == channel);
        self.chains[device.min(2)][known.unwrap_or(5)][usize::from(returning)]
    }
}

/// Shares of all visits.
fn shares(plan: &CommercePlan, engaged: f64) -> Chain {
    let order = plan.order.min(engaged);
    let most = plan.product_view.unwrap_or(1.0).min(0.95 * engaged);
    let cart = plan
        .cart
        .unwrap_or_else(|| (order / (1.0 - ABANDONED)).min(most))
        .clamp(order, engaged);
    let view = plan
        .product_view
        .unwrap_or_else(|| VIEW.max(cart * VIEWS_OF_A_CART).min(1.0))
        .max(cart);
    // Nothing is sold where nobody wants anything to be sold.
    let view = if order == 0.0 && plan.cart.is_none() && plan.product_view.is_none() {
        0.0
    } else {
        view
    };
    Chain { view, cart, order }
}

/// What bounced visits see, and the chances of engaged ones.
fn among_engaged(all: Chain, engaged: f64) -> (f64, Chain) {
    let bounced = 1.0 - engaged;
    let (cart, order) = (all.cart / engaged, all.order / engaged);
    if bounced <= f64::EPSILON {
        let view = all.view;
        return (view, Chain { view, cart, order });
    }
    let view = ((all.view - BOUNCED_VIEW * all.view * bounced) / engaged).clamp(cart, 1.0);
    let bounced_view = ((all.view - view * engaged) / bounced).clamp(0.0, 1.0);
    (bounced_view, Chain { view, cart, order })
}

/// Ratios whose mean, weighted by the shares, is 1.
fn normalised<const N: usize>(ratios: [Ratio; N], shares: [f64; N]) -> [Ratio; N] {
    let whole: f64 = shares.iter().sum();
    let shares = if whole > 0.0 {
        shares.map(|share| share / whole)
    } else {
        [1.0 / N as f64; N]
    };
    let mean = |of: fn(&Ratio) -> f64| {
        ratios
            .iter()
            .zip(shares)
            .map(|(ratio, share)| of(ratio) * share)
            .sum::<f64>()
    };
    let means = (mean(|ratio| ratio.0), mean(|ratio| ratio.1));
    ratios.map(|ratio| (ratio.0 / means.0, ratio.1 / means.1))
}

fn spread_out(base: f64, ratio: f64, spread: f64) -> f64 {
    base * (1.0 + spread * (ratio - 1.0))
}

/// How much of a ratio's distance from 1 can be had with order ≤ cart ≤ view.
fn most_spread(base: Chain, ratio: Ratio) -> f64 {
    let limit = |low: (f64, f64), high: (f64, f64)| {
        // low.0 + s·low.1 ≤ high.0 + s·high.1, where each is a chance and how it grows with the spread.
        let grows = low.1 - high.1;
        if grows <= 0.0 {
            1.0
        } else {
            ((high.0 - low.0) / grows).clamp(0.0, 1.0)
        }
    };
    let cart = (base.cart, base.cart * (ratio.0 - 1.0));
    let order = (base.order, base.order * (ratio.1 - 1.0));
    limit(order, cart).min(limit(cart, (base.view, 0.0)))
}

#[cfg(test)]
mod tests;
