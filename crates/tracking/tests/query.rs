//! Queries against a decoder that shares nothing with the encoder.

use std::net::Ipv4Addr;
use std::sync::Arc;

use proptest::prelude::*;
use tracking::{
    Action, BulkBody, Cents, Event, Hit, Identity, Item, Kind, LocalTime, Order, PageView,
    PageViewId, Search,
};

/// Parses a query as a server does: split at `&` and the first `=`, `%XX` is a byte, the bytes are UTF-8.
fn decode(query: &str) -> Vec<(String, String)> {
    let text = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            match (first, tail) {
                (b'%', [high, low, after @ ..]) => {
                    let digits = [*high, *low];
                    let digits = std::str::from_utf8(&digits).expect("two digits");
                    bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                    rest = after;
                }
                (b'+', _) => bytes.push(b' '),
                (byte, _) => bytes.push(*byte),
            }
        }
        String::from_utf8(bytes).expect("valid UTF-8")
    };
    query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a name and a value");
            (text(name), text(value))
        })
        .collect()
}

fn written(hit: &Hit, cdt_s: Option<i64>) -> String {
    let mut query = String::new();
    hit.write_query(cdt_s, &mut query);
    query
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "https://[a-z]{1,12}\\.example/[a-zåäö日本%&=?#+/ ]{0,40}",
    ]
}

fn any_order() -> impl Strategy<Value = Order> {
    let item = (any_text(), any_text(), any_text(), 0..1_000_000i64, 1..9u32).prop_map(
        |(sku, name, category, price, quantity)| Item {
            sku: sku.into(),
            name: name.into(),
            category: category.into(),
            price: Cents(price),
            quantity,
        },
    );
    let amounts = (
        0..10_000_000i64,
        0..10_000_000i64,
        0..100_000i64,
        0..10_000i64,
    );
    (any_text(), amounts, prop::collection::vec(item, 0..6)).prop_map(
        |(id, (revenue, subtotal, tax, shipping), items)| Order {
            id,
            revenue: Cents(revenue),
            subtotal: Cents(subtotal),
            tax: Cents(tax),
            shipping: Cents(shipping),
            items,
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
    ]
}

fn any_hit() -> impl Strategy<Value = Hit> {
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
    let page = (
        any_text(),
        any_text(),
        prop::option::of(any_text()),
        any::<u64>(),
    )
        .prop_map(|(url, title, referrer, bits)| PageView {
            url: url.into(),
            title: title.into(),
            referrer: referrer.map(Into::into),
            id: PageViewId::from_bits(bits),
        });
    let local = (0..24u8, 0..60u8, 0..60u8).prop_map(|(hour, minute, second)| LocalTime {
        hour,
        minute,
        second,
    });
    (identity, page, local, any_action()).prop_map(|(identity, page, local, action)| {
        Hit::new(Arc::new(identity), Arc::new(page), local, action)
    })
}

proptest! {
    #[test]
    fn a_written_query_reads_as_the_parameters(hit in any_hit(), cdt in prop::option::of(any::<i64>())) {
        let params: Vec<_> = hit
            .params(cdt)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        prop_assert_eq!(decode(&written(&hit, cdt)), params);
    }

    #[test]
    fn a_query_needs_no_escaping_in_json(hit in any_hit()) {
        let query = written(&hit, None);
        prop_assert_eq!(serde_json::to_string(&query).unwrap(), format!("\"{query}\""));
        let mut bulk = BulkBody::new();
        bulk.push(&hit, None);
        let (_, body) = bulk.finish(None).body.expect("a bulk has a body");
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        prop_assert_eq!(json["requests"][0].as_str(), Some(&*format!("?{query}")));
    }

    #[test]
    fn every_hit_has_what_matomo_needs_and_each_parameter_once(hit in any_hit()) {
        let params = hit.params(Some(1));
        let mut names: Vec<_> = params.iter().map(|(name, _)| *name).collect();
        for needed in ["idsite", "rec", "cid", "ua", "lang", "res", "url", "pv_id", "h", "m", "s"] {
            prop_assert!(names.contains(&needed), "{needed}");
        }
        prop_assert!(!names.contains(&"token_auth") && !names.contains(&"send_image"));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), count);
        prop_assert_eq!(hit.visitor_id().len(), 16);
        prop_assert_eq!(names.contains(&"ping"), hit.kind() == Kind::Ping);
    }
}

fn hit_with(ip: Option<Ipv4Addr>) -> Hit {
    let identity = Identity::new(1, 1, "UA".into(), "en".into(), "1x1".into(), ip);
    let page = PageView {
        url: "https://shop.example/".into(),
        title: "Shop".into(),
        referrer: None,
        id: PageViewId::from_bits(1),
    };
    let local = LocalTime {
        hour: 0,
        minute: 0,
        second: 0,
    };
    Hit::new(Arc::new(identity), Arc::new(page), local, Action::PageView)
}

#[test]
fn a_token_is_needed_for_an_address_and_for_the_day_before() {
    let now = 1_800_000_000;
    let plain = hit_with(None);
    assert!(!plain.needs_token(None, now));
    assert!(!plain.needs_token(Some(now), now));
    assert!(!plain.needs_token(Some(now - 23 * 3600), now));
    assert!(plain.needs_token(Some(now - 24 * 3600), now));
    assert!(
        plain.needs_token(Some(now - 24 * 3600 + 60), now),
        "a minute is no margin"
    );
    let with_address = hit_with(Some(Ipv4Addr::new(84, 1, 2, 3)));
    assert!(with_address.needs_token(None, now));
    assert_eq!(
        with_address
            .params(None)
            .iter()
            .find(|(name, _)| *name == "cip"),
        Some(&("cip", "84.1.2.3".to_owned()))
    );
}

#[test]
fn an_order_tells_all_its_figures() {
    let order = Order {
        id: "A1".into(),
        revenue: Cents(4599),
        subtotal: Cents(3600),
        tax: Cents(400),
        shipping: Cents(599),
        items: vec![Item {
            sku: "S\"1".into(),
            name: "Tea & pot".into(),
            category: "Kitchen".into(),
            price: Cents(1800),
            quantity: 2,
        }],
    };
    let hit = {
        let base = hit_with(None);
        let identity = Identity::new(1, 1, "UA".into(), "en".into(), "1x1".into(), None);
        let local = LocalTime {
            hour: 23,
            minute: 59,
            second: 1,
        };
        let action = Action::Order(Arc::new(order));
        Hit::new(
            Arc::new(identity),
            Arc::new(base.page().clone()),
            local,
            action,
        )
    };
    let own: Vec<_> = hit.params(None).into_iter().skip(7).collect();
    insta::assert_snapshot!(
        own.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n"),
        @r#"
    url=https://shop.example/
    pv_id=100000
    h=23
    m=59
    s=1
    idgoal=0
    ec_id=A1
    revenue=45.99
    ec_st=36.00
    ec_tx=4.00
    ec_sh=5.99
    ec_items=[["S\"1","Tea & pot","Kitchen",18.0,2]]
    "#
    );
}

#[test]
fn kinds_have_stable_names() {
    let names = Kind::ALL.map(Kind::as_str);
    assert_eq!(
        names,
        [
            "pageview", "event", "search", "outlink", "download", "order", "ping"
        ]
    );
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
