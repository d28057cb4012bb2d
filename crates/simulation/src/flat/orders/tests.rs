use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn plan() -> CommercePlan {
    CommercePlan {
        order: 0.05,
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

fn orders(plan: &CommercePlan, count: u64) -> Vec<Order> {
    let streams = Streams::new("test", &[]);
    let shop = Shop::new(plan, streams.clone());
    (0..count)
        .map(|ordinal| shop.order(ordinal, &mut streams.stream(ordinal, Purpose::Order)))
        .collect()
}

fn pieces(order: &Order) -> u32 {
    order.items.iter().map(|item| item.quantity).sum()
}

proptest! {
    #[test]
    fn the_figures_of_an_order_agree_in_any_plan(
        (min, more) in (1..50_000i64, 0..50_000i64),
        (items_min, more_items) in (1..30u32, 0..30u32),
        tax_rate in 0.0..=1.0f64,
        shipping in prop::collection::vec(0..10_000i64, 0..4),
    ) {
        let plan = CommercePlan {
            value_min: min as f64 / 100.0,
            value_max: (min + more) as f64 / 100.0,
            items_min,
            items_max: items_min + more_items,
            tax_rate,
            shipping_rates: shipping.iter().map(|&rate| rate as f64 / 100.0).collect(),
            ..plan()
        };
        for order in orders(&plan, 20) {
            let sum: i64 = order.items.iter().map(|i| i.price.0 * i64::from(i.quantity)).sum();
            prop_assert_eq!(order.subtotal.0, sum);
            prop_assert!((min..=min + more).contains(&sum), "{}", sum);
            let tax = sum as f64 * tax_rate;
            prop_assert!((order.tax.0 as f64 - tax).abs() <= 0.5);
            prop_assert!(shipping.contains(&order.shipping.0) || shipping.is_empty());
            prop_assert_eq!(order.revenue.0, sum + order.tax.0 + order.shipping.0);
            prop_assert!((1..=plan.items_max).contains(&pieces(&order)));
            prop_assert!(order.items.iter().all(|item| 0 < item.price.0));
        }
    }
}

#[test]
fn there_are_50_products_in_5_categories_within_the_plans_prices() {
    let shop = Shop::new(&plan(), Streams::new("test", &[]));
    assert_eq!(shop.products.len(), 50);
    let mut categories: BTreeMap<_, u32> = BTreeMap::new();
    for product in &shop.products {
        *categories.entry(&*product.categories[0]).or_default() += 1;
        assert!((1599..=29_999).contains(&product.price));
    }
    assert_eq!(categories.values().copied().collect::<Vec<_>>(), [10; 5]);
    assert!(shop.products.is_sorted_by_key(|product| product.price));
}

#[test]
fn a_product_costs_the_same_in_every_order() {
    let mut prices = BTreeMap::new();
    for item in orders(&plan(), 2000)
        .into_iter()
        .flat_map(|order| order.items)
    {
        let price = item.price;
        assert_eq!(*prices.entry(item.sku).or_insert(price), price);
    }
    assert_eq!(prices.len(), 50);
}

#[test]
fn three_orders_in_five_have_one_item_and_the_others_up_to_the_most() {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for order in orders(&plan(), 10_000) {
        *counts.entry(pieces(&order)).or_default() += 1;
    }
    assert!((5800..6200).contains(&counts[&1]), "{counts:?}");
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn an_item_can_be_bought_twice_in_one_order() {
    let repeated = orders(&plan(), 5000);
    let items = repeated.iter().flat_map(|order| &order.items);
    assert!(items.into_iter().any(|item| 1 < item.quantity));
    for order in &repeated {
        let mut skus: Vec<_> = order.items.iter().map(|item| &item.sku).collect();
        skus.sort();
        skus.dedup();
        assert_eq!(skus.len(), order.items.len(), "a product has one line");
    }
}

#[test]
fn the_least_number_of_items_is_kept_where_the_values_allow_it() {
    let plan = CommercePlan {
        items_min: 3,
        items_max: 4,
        ..plan()
    };
    assert!(
        orders(&plan, 500)
            .iter()
            .all(|order| (3..=4).contains(&pieces(order)))
    );
    let tight = CommercePlan {
        value_min: 0.01,
        value_max: 0.02,
        ..plan
    };
    assert!(orders(&tight, 500).iter().all(|order| pieces(order) <= 2));
}
