//! Orders: what is bought, at prices that fit the plan.
//!
//! For: orders whose figures agree. Not for: whether a visit orders. Invariants: a product costs the same in
//! all orders of a run; the subtotal is the sum of prices times quantities and lies within the plan's
//! order values; revenue = subtotal + tax + shipping, all exact to the cent.

use std::sync::Arc;

use config::CommercePlan;
use tracking::{Cents, Item, Order};

use crate::streams::{Purpose, Stream, Streams};
use crate::table::{number, rows};

const PRODUCTS: &str = include_str!("../../data/products.tsv");

/// Share of orders with a single item, if the plan allows one and more (as in the Python original).
const SINGLE_ITEM: f64 = 0.6;

/// A shop, priced for a plan.
#[derive(Debug)]
pub(crate) struct Shop {
    /// Cheapest first; the first costs `lowest`.
    products: Vec<Product>,
    lowest: i64,
    value_max: i64,
    items_min: u64,
    items_max: u64,
    tax_rate: f64,
    shipping: Vec<Cents>,
    ids: Streams,
}

#[derive(Debug)]
struct Product {
    sku: Arc<str>,
    name: Arc<str>,
    categories: Arc<[Arc<str>]>,
    price: i64,
}

impl Shop {
    /// `ids` are the streams that make order ids unique for the run.
    pub(crate) fn new(plan: &CommercePlan, ids: Streams) -> Self {
        let value_min = ((plan.value_min * 100.0).round() as i64).max(1);
        let value_max = ((plan.value_max * 100.0).round() as i64).max(value_min);
        // So many items of the cheapest product reach the smallest value without passing the largest.
        // Where both cannot be had, the range of values wins over the number of items.
        let items_min = (1..=i64::from(plan.items_min.max(1)))
            .rev()
            .find(|items| items * each(value_min, *items) <= value_max)
            .unwrap_or(1);
        let lowest = each(value_min, items_min);
        let items_max = i64::from(plan.items_max)
            .min(value_max / lowest)
            .max(items_min);
        let highest = value_max - (items_min - 1) * lowest;
        Self {
            products: priced(lowest, highest),
            lowest,
            value_max,
            items_min: items_min as u64,
            items_max: items_max as u64,
            tax_rate: plan.tax_rate,
            shipping: plan.shipping_rates.iter().copied().map(cents).collect(),
            ids,
        }
    }

    /// The order of visit `ordinal`; what is in it comes from `stream`.
    pub(crate) fn order(&self, ordinal: u64, stream: &mut Stream) -> Order {
        let items = self.cart(stream);
        let subtotal = items
            .iter()
            .map(|item| item.price.0 * i64::from(item.quantity))
            .sum();
        let tax = (subtotal as f64 * self.tax_rate).round() as i64;
        let shipping = if self.shipping.is_empty() {
            Cents(0)
        } else {
            *stream.pick(&self.shipping)
        };
        Order {
            id: format!("{:016x}", self.ids.stream(ordinal, Purpose::OrderId).bits()),
            revenue: Cents(subtotal + tax + shipping.0),
            subtotal: Cents(subtotal),
            tax: Cents(tax),
            shipping,
            discount: Cents(0),
            items,
        }
    }

    fn cart(&self, stream: &mut Stream) -> Vec<Item> {
        let single = stream.chance(SINGLE_ITEM);
        let pieces = if self.items_min > 1 {
            stream.between(self.items_min, self.items_max)
        } else if single || self.items_max == 1 {
            1
        } else {
            stream.between(2, self.items_max)
        };
        let mut cart: Vec<Item> = Vec::new();
        let mut left = self.value_max;
        for others in (0..pieces as i64).rev() {
            // Leaves room for the pieces that follow, so there is always something to choose from.
            let budget = left - others * self.lowest;
            let affordable = self
                .products
                .partition_point(|product| product.price <= budget);
            let product = &self.products[stream.index(affordable)];
            left -= product.price;
            match cart.iter_mut().find(|item| item.sku == product.sku) {
                Some(item) => item.quantity += 1,
                None => cart.push(product.item()),
            }
        }
        cart
    }
}

impl Product {
    fn item(&self) -> Item {
        Item {
            sku: self.sku.clone(),
            name: self.name.clone(),
            categories: self.categories.clone(),
            price: Cents(self.price),
            quantity: 1,
        }
    }
}

/// What each of `items` costs at least, so that together they reach `value`.
fn each(value: i64, items: i64) -> i64 {
    (value + items - 1) / items
}

fn cents(amount: f64) -> Cents {
    Cents((amount * 100.0).round() as i64)
}

/// The products of the table, their relative prices stretched over `lowest..=highest`.
fn priced(lowest: i64, highest: i64) -> Vec<Product> {
    let mut table: Vec<_> = rows(PRODUCTS)
        .map(|[category, sku, name, price]| (number(price), category, sku, name))
        .collect();
    table.sort_by(|one, other| one.0.total_cmp(&other.0));
    let cheapest = table[0].0;
    let span = table[table.len() - 1].0 - cheapest;
    table
        .into_iter()
        .map(|(price, category, sku, name)| {
            let share = (price - cheapest) / span;
            Product {
                sku: sku.into(),
                name: name.into(),
                categories: Arc::new([category.into()]),
                price: lowest + (share * (highest - lowest) as f64).round() as i64,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
