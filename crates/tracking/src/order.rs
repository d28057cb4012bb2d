//! Carts and orders as Matomo's ecommerce tracking takes them.
//!
//! Invariant: amounts are whole cents inside the program, so sums are exact, and decimal numbers with
//! a dot on the wire. Matomo has no currency parameter: the currency is a setting of the site.

use std::sync::Arc;

use crate::query::Sink;

/// An amount of money in hundredths of the currency unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// An order, complete: Matomo takes missing items as removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Unique for the site; Matomo books a repeated id once (`ec_id`).
    pub id: String,
    /// What the customer pays: subtotal, tax and shipping, less the discount (`revenue`).
    pub revenue: Cents,
    /// Sum of the items (`ec_st`).
    pub subtotal: Cents,
    /// Tax (`ec_tx`).
    pub tax: Cents,
    /// Shipping (`ec_sh`).
    pub shipping: Cents,
    /// What is taken off (`ec_dt`); 0 is not told.
    pub discount: Cents,
    /// The whole cart (`ec_items`).
    pub items: Vec<Item>,
}

/// A cart, complete as it is after a change; without items it was emptied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Sum of the items (`revenue`).
    pub total: Cents,
    /// All that is in it (`ec_items`).
    pub items: Vec<Item>,
}

/// One line of a cart or an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Article number.
    pub sku: Arc<str>,
    /// Name of the product.
    pub name: Arc<str>,
    /// Its categories, up to five.
    pub categories: Arc<[Arc<str>]>,
    /// Price of one piece.
    pub price: Cents,
    /// Number of pieces, at least 1.
    pub quantity: u32,
}

impl Order {
    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        sink.string("ec_id", &self.id);
        sink.string("revenue", &self.revenue.to_string());
        sink.string("ec_st", &self.subtotal.to_string());
        sink.string("ec_tx", &self.tax.to_string());
        sink.string("ec_sh", &self.shipping.to_string());
        if self.discount != Cents(0) {
            sink.string("ec_dt", &self.discount.to_string());
        }
        sink.string("ec_items", &items_json(&self.items));
    }
}

impl Cart {
    pub(crate) fn each_param(&self, sink: &mut impl Sink) {
        sink.string("revenue", &self.total.to_string());
        sink.string("ec_items", &items_json(&self.items));
    }
}

/// The items as Matomo wants them: a JSON list of `[sku, name, category, price, quantity]`.
fn items_json(items: &[Item]) -> String {
    let lines = items.iter().map(|item| {
        serde_json::json!([
            &*item.sku,
            &*item.name,
            categories_json(&item.categories),
            // Nearest double of a decimal with two places: prints as that decimal again.
            item.price.0 as f64 / 100.0,
            item.quantity,
        ])
    });
    serde_json::Value::from_iter(lines).to_string()
}

/// One category is a word, several are a list.
pub(crate) fn categories_json(categories: &[Arc<str>]) -> serde_json::Value {
    match categories {
        [one] => (&**one).into(),
        several => several.iter().map(|category| &**category).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_two_places() {
        for (cents, text) in [(0, "0.00"), (5, "0.05"), (1999, "19.99"), (-250, "-2.50")] {
            assert_eq!(Cents(cents).to_string(), text);
        }
    }

    #[test]
    fn every_amount_prints_in_json_as_it_was_meant() {
        for cents in 0..200_000 {
            let item = Item {
                sku: "S".into(),
                name: "N".into(),
                categories: Arc::new(["C".into()]),
                price: Cents(cents),
                quantity: 2,
            };
            let text = Cents(cents).to_string();
            let shortest = text.strip_suffix('0').unwrap_or(&text);
            let json = format!(r#"[["S","N","C",{shortest},2]]"#);
            assert_eq!(items_json(&[item]), json);
        }
    }
}
