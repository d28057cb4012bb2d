use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::streams::{Purpose, Streams};

fn plan() -> CommercePlan {
    CommercePlan {
        order: 0.02,
        cart: None,
        product_view: None,
        value_min: 15.99,
        value_max: 299.99,
        items_min: 1,
        items_max: 5,
        tax_rate: 0.1,
        shipping_rates: vec![0.0, 5.99, 9.99, 15.99],
        currency: "SEK".to_owned(),
    }
}

/// Orders of visits that saw three products each.
fn orders(plan: &CommercePlan, count: u64) -> Vec<Order> {
    let figures = Figures::new(plan);
    let products = Products::new(&[], figures.lowest, figures.highest);
    let streams = Streams::new("test", &[]);
    let order = |ordinal| {
        let mut walk = streams.stream(ordinal, Purpose::ShopProducts);
        let seen = [0; 3].map(|_| products.pick(&mut walk));
        let mut stream = streams.stream(ordinal, Purpose::ShopBasket);
        let basket = figures.basket(&products, &seen, &mut stream);
        figures.order(String::new(), items(&products, &basket), &mut stream)
    };
    (0..count).map(order).collect()
}

fn adds_up(order: &Order) -> bool {
    let lines = order
        .items
        .iter()
        .map(|item| item.price.0 * i64::from(item.quantity));
    lines.sum::<i64>() == order.subtotal.0
        && order.revenue.0 + order.discount.0 == order.subtotal.0 + order.tax.0 + order.shipping.0
}

fn pieces(order: &Order) -> u32 {
    order.items.iter().map(|item| item.quantity).sum()
}

#[test]
fn values_lean_to_the_right_and_some_lie_far_above_the_mean() {
    let orders = orders(&plan(), 20_000);
    let mut values: Vec<_> = orders.iter().map(|order| order.subtotal.0).collect();
    values.sort_unstable();
    let at = |share: f64| values[(share * values.len() as f64) as usize];
    let mean = values.iter().sum::<i64>() / values.len() as i64;
    assert!(at(0.5) * 10 < mean * 9, "median {} mean {mean}", at(0.5));
    assert!(at(0.99) > 3 * mean, "p99 {} mean {mean}", at(0.99));
    assert!(values[0] >= 1_599 && values[values.len() - 1] <= 29_999);
}

#[test]
fn one_piece_is_most_frequent_and_more_are_ever_rarer() {
    let mut counts = BTreeMap::new();
    for order in orders(&plan(), 20_000) {
        *counts.entry(pieces(&order)).or_insert(0) += 1;
    }
    let counts: Vec<i32> = counts.into_values().collect();
    assert_eq!(counts.len(), 5, "{counts:?}");
    assert!((11_500..13_500).contains(&counts[0]), "{counts:?}");
    assert!(
        counts[..4].is_sorted_by(|one, next| one > next),
        "{counts:?}"
    );
}

#[test]
fn some_orders_have_a_discount() {
    let orders = orders(&plan(), 10_000);
    let with = orders.iter().filter(|order| order.discount.0 > 0).count();
    // 12 % ± 0.33 %; four deviations.
    assert!((1_070..1_330).contains(&with), "{with}");
    assert!(
        orders
            .iter()
            .all(|order| order.discount.0 * 5 <= order.subtotal.0 + 5)
    );
}

#[test]
fn a_range_of_values_that_is_almost_one_value_is_met() {
    let plan = CommercePlan {
        value_min: 248.634,
        value_max: 248.6611,
        items_min: 2,
        items_max: 2,
        ..plan()
    };
    for order in orders(&plan, 200) {
        assert!((24_863..=24_866).contains(&order.subtotal.0), "{order:?}");
    }
}

proptest! {
    #[test]
    fn every_order_adds_up_and_lies_within_the_plans_values(
        value_min in 0.01..500.0f64,
        span in 0.0..2_000.0f64,
        items_min in 1..6u32,
        more in 0..6u32,
        tax_rate in 0.0..0.5f64,
    ) {
        let plan = CommercePlan {
            value_min,
            value_max: value_min + span,
            items_min,
            items_max: items_min + more,
            tax_rate,
            ..plan()
        };
        let (low, high) = (cents(plan.value_min), cents(plan.value_max));
        for order in orders(&plan, 40) {
            prop_assert!(adds_up(&order), "{order:?}");
            prop_assert!(low <= order.subtotal.0 && order.subtotal.0 <= high, "{low} {high} {order:?}");
            prop_assert!(!order.items.is_empty() && pieces(&order) <= plan.items_max, "{order:?}");
        }
    }
}
