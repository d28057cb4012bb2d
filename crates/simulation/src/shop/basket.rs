//! Baskets: what is put into the cart, and what an order of it costs.
//!
//! For: contents and figures. Not for: whether somebody buys. Invariants: what is in a basket costs at most the plan's
//! largest order value, and at least its smallest; revenue = subtotal + tax + shipping − discount, all exact to the
//! cent.

use config::CommercePlan;
use tracking::{Cart, Cents, Item, Order};

use super::products::{Product, Products};
use crate::streams::Stream;

/// Share of baskets with a single piece, if the plan allows one and more (as in the Python original).
const SINGLE_PIECE: f64 = 0.6;
/// Chance that a basket of two or more holds yet another piece.
const ONE_MORE: f64 = 0.45;
/// Chance that a further piece is one more of the same product.
const SAME_AGAIN: f64 = 0.35;
/// Share of orders with a discount, and how much it takes off, in percent.
const DISCOUNTED: f64 = 0.12;
const DISCOUNTS: [i64; 4] = [5, 10, 15, 20];

/// Figures of the plan, in cents.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The least that a piece costs; `items_min` of them reach the smallest order value.
    pub(crate) lowest: i64,
    /// The most that a piece costs, with room for the others that an order holds at least.
    pub(crate) highest: i64,
    value_max: i64,
    items_min: u32,
    items_max: u32,
    tax_rate: f64,
    shipping: Vec<Cents>,
}

impl Figures {
    pub(crate) fn new(plan: &CommercePlan) -> Self {
        let value_min = cents(plan.value_min).max(1);
        let value_max = cents(plan.value_max).max(value_min);
        let each = |items: u32| (value_min + i64::from(items) - 1) / i64::from(items);
        // Where values and number of items cannot both be had, the values win.
        let items_min = (1..=plan.items_min.max(1))
            .rev()
            .find(|items| i64::from(*items) * each(*items) <= value_max)
            .unwrap_or(1);
        let lowest = each(items_min);
        Self {
            lowest,
            highest: value_max - i64::from(items_min - 1) * lowest,
            value_max,
            items_min,
            items_max: plan.items_max.max(items_min),
            tax_rate: plan.tax_rate,
            shipping: plan
                .shipping_rates
                .iter()
                .map(|rate| Cents(cents(*rate)))
                .collect(),
        }
    }

    /// What ends up in the basket: products by number and pieces, of what was `seen`, which is never empty.
    pub(crate) fn basket(
        &self,
        products: &Products,
        seen: &[usize],
        stream: &mut Stream,
    ) -> Vec<(usize, u32)> {
        let wanted = self.pieces(stream);
        let cheapest = products.get(products.cheapest).price();
        let mut basket: Vec<(usize, u32)> = Vec::new();
        let mut left = self.value_max;
        for piece in 1..=wanted {
            let last = basket.last().map(|(at, _)| *at);
            let drawn = *stream.pick(seen);
            let again = stream.chance(SAME_AGAIN);
            let chosen = last.filter(|_| again).unwrap_or(drawn);
            // What must still come into the basket must have room in it.
            let due = i64::from(self.items_min.saturating_sub(piece)) * cheapest;
            let room = left - due;
            let fits = |at: &usize| products.get(*at).price() <= room;
            let others = [chosen, drawn].into_iter().chain(seen.iter().copied());
            // Only what must be in the basket is recommended to it.
            let recommended = (piece <= self.items_min).then_some(products.cheapest);
            let found = others.chain(recommended).find(fits);
            // Where no second piece has room, there is one: a price is never above the largest value.
            let Some(at) = found.or_else(|| (piece == 1).then_some(chosen)) else {
                break;
            };
            left -= products.get(at).price();
            match basket.iter_mut().find(|(known, _)| *known == at) {
                Some((_, pieces)) => *pieces += 1,
                None => basket.push((at, 1)),
            }
        }
        basket
    }

    fn pieces(&self, stream: &mut Stream) -> u32 {
        let single = stream.chance(SINGLE_PIECE);
        let mut pieces = self.items_min;
        if pieces == 1 && !single {
            pieces = 2;
        }
        while (pieces > 1 || self.items_min > 1)
            && pieces < self.items_max
            && stream.chance(ONE_MORE)
        {
            pieces += 1;
        }
        pieces.min(self.items_max)
    }

    /// The order of a basket.
    pub(crate) fn order(&self, id: String, items: Vec<Item>, stream: &mut Stream) -> Order {
        let subtotal = total(&items);
        let percent = *stream.pick(&DISCOUNTS);
        let discount = if stream.chance(DISCOUNTED) {
            (subtotal * percent + 50) / 100
        } else {
            0
        };
        let tax = ((subtotal - discount) as f64 * self.tax_rate).round() as i64;
        let shipping = if self.shipping.is_empty() {
            Cents(0)
        } else {
            *stream.pick(&self.shipping)
        };
        Order {
            id,
            revenue: Cents(subtotal - discount + tax + shipping.0),
            subtotal: Cents(subtotal),
            tax: Cents(tax),
            shipping,
            discount: Cents(discount),
            items,
        }
    }
}

/// The cart with these items.
pub(crate) fn cart(items: Vec<Item>) -> Cart {
    Cart {
        total: Cents(total(&items)),
        items,
    }
}

/// The lines of a basket.
pub(crate) fn items(products: &Products, basket: &[(usize, u32)]) -> Vec<Item> {
    let item = |&(at, pieces): &(usize, u32)| Product::item(products.get(at), pieces);
    basket.iter().map(item).collect()
}

fn total(items: &[Item]) -> i64 {
    let line = |item: &Item| item.price.0 * i64::from(item.quantity);
    items.iter().map(line).sum()
}

fn cents(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}

#[cfg(test)]
mod tests;
