//! Properties 19 to 21: the way to an order, what orders hold, and who gets how far. Goals and custom dimensions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use simulation::Visit;
use tracking::{Action, Cart, Item, Kind, Order, Shown, ShownProduct};

use crate::plan;
use crate::reading::{VISITS, counts, mean, near, share, top_tenth, visits_of};

fn products(visit: &Visit) -> Vec<&ShownProduct> {
    let opened = visit
        .hits
        .iter()
        .filter(|hit| hit.hit.kind() == Kind::ProductView);
    let shown = opened.filter_map(|hit| match &hit.hit.page().shows {
        Some(Shown::Product(product)) => Some(&**product),
        _ => None,
    });
    shown.collect()
}

fn carts(visit: &Visit) -> Vec<&Cart> {
    let carts = visit.hits.iter().filter_map(|hit| match hit.hit.action() {
        Action::Cart(cart) => Some(&**cart),
        _ => None,
    });
    carts.collect()
}

fn order(visit: &Visit) -> Option<&Order> {
    visit.hits.iter().find_map(|hit| match hit.hit.action() {
        Action::Order(order) => Some(&**order),
        _ => None,
    })
}

fn sees(visit: &Visit) -> bool {
    !products(visit).is_empty()
}

fn has_cart(visit: &Visit) -> bool {
    !carts(visit).is_empty()
}

fn orders(visit: &Visit) -> bool {
    order(visit).is_some()
}

/// A shop where a tenth of the visits order, so that kinds of visits can be told apart.
fn busy() -> Vec<Visit> {
    visits_of(&plan(&json!({"commerce": {"order": 0.1}})), VISITS)
}

#[test]
fn property_19_by_default_the_chain_is_that_of_published_shops() {
    let visits = visits_of(&plan(&json!({})), 2 * VISITS);
    let (seen, carts, ordered) = (
        share(&visits, sees),
        share(&visits, has_cart),
        share(&visits, orders),
    );
    // Four deviations of 16,000 visits: 1.6, 0.8, 0.5 points; the published ranges are wider.
    near("visits that see a product", seen, 0.42, 0.03);
    near("visits with a cart", carts, 0.077, 0.010);
    near("visits that order", ordered, 0.02, 0.005);
    near("carts that are left", 1.0 - ordered / carts, 0.74, 0.06);
}

#[test]
fn property_19_the_shares_are_those_of_the_plan() {
    let commerce = json!({"order": 0.05, "cart": 0.12, "product_view": 0.5});
    let visits = visits_of(&plan(&json!({"commerce": commerce})), VISITS);
    // Four deviations of 8,000 visits.
    near("visits that order", share(&visits, orders), 0.05, 0.010);
    near("visits with a cart", share(&visits, has_cart), 0.12, 0.015);
    near("visits that see a product", share(&visits, sees), 0.5, 0.03);
}

#[test]
fn property_19_a_phone_orders_about_half_as_often() {
    // Not `busy`: where a tenth of the visits order, kinds of visits must be more alike.
    let visits = visits_of(&plan(&json!({"commerce": {"order": 0.03}})), 2 * VISITS);
    let of = |device: &str| {
        let of = visits.iter().filter(|visit| visit.visitor.device == device);
        mean(of.map(|visit| f64::from(u8::from(orders(visit)))))
    };
    // About 200 orders on each side: the ratio is known to 0.05, four deviations.
    let ratio = of("smartphone") / of("desktop");
    near("orders, phone to desktop", ratio, 0.53, 0.2);
}

#[test]
fn property_16_channels_order_unequally() {
    let visits = busy();
    let of = |channel: &str| {
        let of = visits.iter().filter(|visit| visit.channel == channel);
        mean(of.map(|visit| f64::from(u8::from(orders(visit)))))
    };
    // Who is on the way to the shop against who was shown something: 2.8 times by the table, bounces apart.
    assert!(
        of("direct") > 1.6 * of("social"),
        "{} {}",
        of("direct"),
        of("social")
    );
}

#[test]
fn property_20_order_values_lean_to_the_right_and_one_piece_is_most_frequent() {
    let visits = busy();
    let orders: Vec<_> = visits.iter().filter_map(order).collect();
    let mut values: Vec<_> = orders.iter().map(|order| order.subtotal.0).collect();
    values.sort_unstable();
    let mean = values.iter().sum::<i64>() / values.len() as i64;
    assert!(
        values[values.len() / 2] * 10 < mean * 9,
        "median below the mean"
    );
    assert!(
        values[values.len() * 98 / 100] * 10 > mean * 25,
        "some lie far above it"
    );
    let pieces = counts(orders.iter().map(|order| pieces(&order.items)));
    let most = pieces.iter().max_by_key(|(_, count)| **count);
    assert_eq!(most.map(|(pieces, _)| *pieces), Some(1), "{pieces:?}");
}

fn pieces(items: &[Item]) -> u32 {
    items.iter().map(|item| item.quantity).sum()
}

#[test]
fn property_20_few_products_make_most_of_the_sales() {
    let visits = busy();
    let bought = visits
        .iter()
        .filter_map(order)
        .flat_map(|order| &order.items);
    let sales = counts(bought.map(|item| item.sku.clone()));
    // Zipf over 400 products: the top tenth of those sold at all takes well over a third, evenly it would be a tenth.
    assert!(top_tenth(&sales) > 0.35, "{}", top_tenth(&sales));
}

#[test]
fn property_20_a_product_costs_the_same_wherever_it_is_seen_or_sold() {
    let mut prices = BTreeMap::new();
    for visit in &busy() {
        let seen = products(visit)
            .into_iter()
            .map(|product| (&product.sku, product.price));
        let held = carts(visit).into_iter().flat_map(|cart| &cart.items);
        let sold = order(visit).into_iter().flat_map(|order| &order.items);
        let sold = held.chain(sold).map(|item| (&item.sku, item.price));
        for (sku, price) in seen.chain(sold) {
            assert_eq!(*prices.entry(sku.clone()).or_insert(price), price, "{sku}");
        }
    }
    assert!(prices.len() > 100, "{}", prices.len());
}

#[test]
fn property_20_orders_add_up_and_are_numbered_once() {
    let visits = busy();
    let mut ids = BTreeSet::new();
    for order in visits.iter().filter_map(order) {
        let lines = order
            .items
            .iter()
            .map(|item| item.price.0 * i64::from(item.quantity));
        assert_eq!(lines.sum::<i64>(), order.subtotal.0);
        let parts = order.subtotal.0 - order.discount.0 + order.tax.0 + order.shipping.0;
        assert_eq!(parts, order.revenue.0);
        assert!(ids.insert(order.id.clone()), "{}", order.id);
    }
    assert!(ids.len() > 500, "{}", ids.len());
}

#[test]
fn property_21_nobody_orders_without_a_cart_or_has_one_without_a_product() {
    let visits = busy();
    for visit in &visits {
        let (products, carts, order) = (products(visit), carts(visit), order(visit));
        let seen: BTreeSet<_> = products.iter().map(|product| &product.sku).collect();
        for item in carts.iter().flat_map(|cart| &cart.items) {
            assert!(
                seen.contains(&item.sku),
                "visit {}: {item:?}",
                visit.ordinal
            );
        }
        let Some(order) = order else { continue };
        let last = carts
            .last()
            .unwrap_or_else(|| panic!("visit {} has no cart", visit.ordinal));
        assert_eq!(
            sorted(&last.items),
            sorted(&order.items),
            "visit {}",
            visit.ordinal
        );
    }
    let shrinks = |visit: &Visit| {
        carts(visit)
            .windows(2)
            .any(|two| two[1].total < two[0].total)
    };
    let grows = |visit: &Visit| {
        carts(visit)
            .windows(2)
            .any(|two| two[0].total < two[1].total)
    };
    assert!(visits.iter().any(shrinks) && visits.iter().any(grows));
}

fn sorted(items: &[Item]) -> BTreeMap<&str, u32> {
    items
        .iter()
        .map(|item| (&*item.sku, item.quantity))
        .collect()
}

#[test]
fn property_22_who_orders_sees_more_pages_than_who_browses() {
    let visits = busy();
    let opened = |visit: &Visit| {
        visit
            .hits
            .iter()
            .filter(|hit| hit.hit.kind().opens_a_page())
            .count() as f64
    };
    let engaged = |visit: &&Visit| opened(visit) > 1.0;
    let buyers = mean(visits.iter().filter(|visit| orders(visit)).map(opened));
    let others = mean(
        visits
            .iter()
            .filter(engaged)
            .filter(|visit| !has_cart(visit))
            .map(opened),
    );
    assert!(buyers > others + 1.0, "{buyers} {others}");
}

#[test]
fn a_goal_is_reached_once_in_a_visit_by_the_share_that_was_asked_for() {
    let goals = json!([
        {"id": 1, "name": "Any search", "when": "search", "share": 0.5},
        {"id": 2, "name": "Order", "when": "order"},
    ]);
    let document = json!({
        "site": {"goals": goals},
        "commerce": {"order": 0.1},
        "behaviour": {"search": 0.3},
    });
    let visits = visits_of(&plan(&document), VISITS);
    let reached = |visit: &Visit, id: u32| {
        let goals = visit.hits.iter().filter(|hit| match hit.hit.action() {
            Action::Goal(goal) => goal.id == id,
            _ => false,
        });
        goals.count()
    };
    assert!(visits.iter().all(|visit| reached(visit, 1) <= 1));
    // Half of the 0.3, four deviations.
    near(
        "goal 1",
        share(&visits, |visit| reached(visit, 1) == 1),
        0.15,
        0.03,
    );
    assert!(
        visits
            .iter()
            .all(|visit| reached(visit, 2) == usize::from(orders(visit)))
    );
    for visit in &visits {
        let ascend = visit
            .hits
            .windows(2)
            .all(|two| two[1].time_ms - two[0].time_ms >= 1000);
        assert!(ascend, "visit {}", visit.ordinal);
    }
}

#[test]
fn a_person_keeps_a_dimension_and_a_page_keeps_its_own() {
    let dimensions = json!([
        {"id": 1, "scope": "visit", "from": "values", "values": "gold:1, silver:3"},
        {"id": 2, "scope": "visit", "from": "signed_in"},
        {"id": 5, "scope": "action", "from": "values", "values": "ada:1, bo:1, cy:1"},
    ]);
    let visits = visits_of(&plan(&json!({"site": {"dimensions": dimensions}})), 2_000);
    let mut of_people = BTreeMap::new();
    let mut of_pages = BTreeMap::new();
    let mut gold = 0;
    for visit in &visits {
        for timed in &visit.hits {
            let params: BTreeMap<_, _> = timed.hit.params(timed.cdt_s).into_iter().collect();
            let told = |name: &str| params.get(name).cloned();
            if timed.hit.kind() == Kind::Ping {
                assert_eq!(told("dimension1"), None);
                continue;
            }
            let (person, author) = (told("dimension1").unwrap(), told("dimension5").unwrap());
            assert!(told("dimension2").is_some());
            let known = of_people
                .entry(visit.visitor.id.clone())
                .or_insert_with(|| {
                    gold += usize::from(person == "gold");
                    person.clone()
                });
            assert_eq!(*known, person);
            let url = timed.hit.page().url.as_str().to_owned();
            assert_eq!(
                *of_pages.entry(url).or_insert_with(|| author.clone()),
                author
            );
        }
    }
    // A quarter, four deviations of at least a thousand people.
    near("gold", gold as f64 / of_people.len() as f64, 0.25, 0.055);
}
