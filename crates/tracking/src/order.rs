//! Orders as Matomo's ecommerce tracking takes them.
//!
//! Invariant: amounts are whole cents inside the program, so sums are exact, and decimal numbers with
//! a dot on the wire. Matomo has no currency parameter: the currency is a setting of the site.

use std::sync::Arc;

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
    /// What the customer pays: subtotal, tax and shipping (`revenue`).
    pub revenue: Cents,
    /// Sum of the items (`ec_st`).
    pub subtotal: Cents,
    /// Tax (`ec_tx`).
    pub tax: Cents,
    /// Shipping (`ec_sh`).
    pub shipping: Cents,
    /// The whole cart (`ec_items`).
    pub items: Vec<Item>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Article number.
    pub sku: Arc<str>,
    /// Name of the product.
    pub name: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// Price of one piece.
    pub price: Cents,
    /// Number of pieces, at least 1.
    pub quantity: u32,
}

impl Order {
    /// The cart as Matomo wants it: a JSON list of `[sku, name, category, price, quantity]`.
    pub(crate) fn items_json(&self) -> String {
        let lines = self.items.iter().map(|item| {
            serde_json::json!([
                &*item.sku,
                &*item.name,
                &*item.category,
                // Nearest double of a decimal with two places: prints as that decimal again.
                item.price.0 as f64 / 100.0,
                item.quantity,
            ])
        });
        serde_json::Value::from_iter(lines).to_string()
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
            let order = Order {
                id: String::new(),
                revenue: Cents(0),
                subtotal: Cents(0),
                tax: Cents(0),
                shipping: Cents(0),
                items: vec![Item {
                    sku: "S".into(),
                    name: "N".into(),
                    category: "C".into(),
                    price: Cents(cents),
                    quantity: 2,
                }],
            };
            let text = Cents(cents).to_string();
            let shortest = text.strip_suffix('0').unwrap_or(&text);
            let json = format!(r#"[["S","N","C",{shortest},2]]"#);
            assert_eq!(order.items_json(), json);
        }
    }
}
