//! Hits of every kind, with every text and figure.

use std::net::Ipv4Addr;
use std::sync::Arc;

use proptest::prelude::*;
use tracking::{
    Action, Cart, Cents, Content, Dimension, Event, Goal, Hit, Identity, Item, LocalTime, Order,
    PageTimings, PageView, PageViewId, Search, Shown, ShownProduct,
};

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "https://[a-z]{1,12}\\.example/[a-zåäö日本%&=?#+/ ]{0,40}",
    ]
}

fn any_categories() -> impl Strategy<Value = Arc<[Arc<str>]>> {
    prop::collection::vec(any_text().prop_map(Arc::from), 0..=5).prop_map(Arc::from)
}

fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let item = (
        any_text(),
        any_text(),
        any_categories(),
        0..1_000_000i64,
        1..9u32,
    )
        .prop_map(|(sku, name, categories, price, quantity)| Item {
            sku: sku.into(),
            name: name.into(),
            categories,
            price: Cents(price),
            quantity,
        });
    prop::collection::vec(item, 0..6)
}

fn any_order() -> impl Strategy<Value = Order> {
    let amounts = (
        0..10_000_000i64,
        0..10_000_000i64,
        0..100_000i64,
        0..10_000i64,
        0..5_000i64,
    );
    (any_text(), amounts, any_items()).prop_map(
        |(id, (revenue, subtotal, tax, shipping, discount), items)| Order {
            id,
            revenue: Cents(revenue),
            subtotal: Cents(subtotal),
            tax: Cents(tax),
            shipping: Cents(shipping),
            discount: Cents(discount),
            items,
        },
    )
}

fn any_content() -> impl Strategy<Value = Arc<Content>> {
    (any_text(), any_text(), prop::option::of(any_text())).prop_map(|(name, piece, target)| {
        Arc::new(Content {
            name: name.into(),
            piece: piece.into(),
            target: target.map(Into::into),
        })
    })
}

fn any_page() -> impl Strategy<Value = PageView> {
    let product = (any_text(), any_text(), any_categories(), 0..1_000_000i64).prop_map(
        |(sku, name, categories, price)| {
            Shown::Product(Arc::new(ShownProduct {
                sku: sku.into(),
                name: name.into(),
                categories,
                price: Cents(price),
            }))
        },
    );
    let shows = prop_oneof![product, any_categories().prop_map(Shown::Categories)];
    let timings = any::<[u32; 6]>().prop_map(|ms| PageTimings {
        network: ms[0],
        server: ms[1],
        transfer: ms[2],
        dom_processing: ms[3],
        dom_completion: ms[4],
        on_load: ms[5],
    });
    let dimensions = prop::collection::btree_map(1..=200u8, any_text(), 0..4).prop_map(|all| {
        all.into_iter()
            .map(|(number, value)| Dimension::new(number, value.into()))
            .collect()
    });
    let plain = (
        any_text(),
        any_text(),
        prop::option::of(any_text()),
        any::<u64>(),
    );
    let more = (
        prop::option::of(shows),
        prop::option::of(timings),
        prop::option::of(dimensions),
    );
    (plain, more).prop_map(
        |((url, title, referrer, bits), (shows, timings, dimensions))| PageView {
            url: url.into(),
            title: title.into(),
            referrer: referrer.map(Into::into),
            id: PageViewId::from_bits(bits),
            shows,
            timings,
            dimensions,
        },
    )
}

fn any_action() -> impl Strategy<Value = Action> {
    let event = (
        any_text(),
        any_text(),
        prop::option::of(any_text()),
        prop::option::of(-1e9..1e9f64),
    )
        .prop_map(|(category, action, name, value)| {
            Action::Event(Arc::new(Event {
                category: category.into(),
                action: action.into(),
                name: name.map(Into::into),
                value,
            }))
        });
    let search = (any_text(), prop::option::of(any_text()), any::<u32>()).prop_map(
        |(keyword, category, results)| {
            Action::Search(Arc::new(Search {
                keyword: keyword.into(),
                category: category.map(Into::into),
                results,
            }))
        },
    );
    prop_oneof![
        Just(Action::PageView),
        Just(Action::Ping),
        event,
        search,
        any_text().prop_map(|url| Action::Outlink(url.into())),
        any_text().prop_map(|url| Action::Download(url.into())),
        any_order().prop_map(|order| Action::Order(Arc::new(order))),
        (0..1_000_000i64, any_items()).prop_map(|(total, items)| {
            let total = Cents(total);
            Action::Cart(Arc::new(Cart { total, items }))
        }),
        (1..99u32, prop::option::of(0..99_999i64)).prop_map(|(id, revenue)| {
            let revenue = revenue.map(Cents);
            Action::Goal(Goal { id, revenue })
        }),
        any_content().prop_map(Action::Impression),
        (any_content(), any_text()).prop_map(|(content, interaction)| Action::Interaction {
            content,
            interaction: interaction.into(),
        }),
    ]
}

pub(crate) fn any_hit() -> impl Strategy<Value = Hit> {
    let identity = (
        any::<u32>(),
        any::<u64>(),
        any_text(),
        any_text(),
        any_text(),
        prop::option::of(any::<u32>().prop_map(Ipv4Addr::from_bits)),
    )
        .prop_map(|(site, visitor, ua, lang, res, ip)| {
            Identity::new(site, visitor, ua.into(), lang.into(), res.into(), ip)
        });
    let local = (0..24u8, 0..60u8, 0..60u8).prop_map(|(hour, minute, second)| LocalTime {
        hour,
        minute,
        second,
    });
    (identity, any_page(), local, any_action()).prop_map(|(identity, page, local, action)| {
        Hit::new(Arc::new(identity), Arc::new(page), local, action)
    })
}
