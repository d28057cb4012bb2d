//! What Matomo is told in single cases.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tracking::{
    Action, Cart, Cents, Content, Dimension, Goal, Hit, Identity, Item, LocalTime, Order,
    PageTimings, PageView, PageViewId, Shown, ShownProduct,
};

fn hit_with(ip: Option<Ipv4Addr>) -> Hit {
    let identity = Identity::new(1, 1, "UA".into(), "en".into(), "1x1".into(), ip);
    let page = PageView::plain(
        "https://shop.example/".into(),
        "Shop".into(),
        None,
        PageViewId::from_bits(1),
    );
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

fn tea_pot() -> Item {
    Item {
        sku: "S\"1".into(),
        name: "Tea & pot".into(),
        categories: Arc::new(["Kitchen".into()]),
        price: Cents(1800),
        quantity: 2,
    }
}

/// The parameters that are the hit's own.
fn own(page: PageView, action: Action) -> String {
    let identity = Identity::new(1, 1, "UA".into(), "en".into(), "1x1".into(), None);
    let local = LocalTime {
        hour: 23,
        minute: 59,
        second: 1,
    };
    let hit = Hit::new(Arc::new(identity), Arc::new(page), local, action);
    let own = hit.params(None).into_iter().skip(7);
    let lines = own.map(|(name, value)| format!("{name}={value}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_order_tells_all_its_figures() {
    let order = Order {
        id: "A1".into(),
        revenue: Cents(4599),
        subtotal: Cents(3600),
        tax: Cents(400),
        shipping: Cents(599),
        discount: Cents(0),
        items: vec![tea_pot()],
    };
    let page = hit_with(None).page().clone();
    insta::assert_snapshot!(
        own(page, Action::Order(Arc::new(order))),
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

fn page() -> PageView {
    hit_with(None).page().clone()
}

#[test]
fn a_discount_is_told_and_several_categories_are_a_list() {
    let order = Order {
        id: "A2".into(),
        revenue: Cents(1550),
        subtotal: Cents(1800),
        tax: Cents(0),
        shipping: Cents(0),
        discount: Cents(250),
        items: vec![Item {
            categories: Arc::new(["Home".into(), "Kitchen".into()]),
            quantity: 1,
            ..tea_pot()
        }],
    };
    let told = own(page(), Action::Order(Arc::new(order)));
    assert!(told.contains("\nec_dt=2.50\n"), "{told}");
    let item = r#"["S\"1","Tea & pot",["Home","Kitchen"],18.0,1]"#;
    assert!(told.ends_with(&format!("ec_items=[{item}]")), "{told}");
}

#[test]
fn a_cart_has_a_total_and_items_but_no_number() {
    let cart = Cart {
        total: Cents(3600),
        items: vec![tea_pot()],
    };
    let told = own(page(), Action::Cart(Arc::new(cart)));
    let cart = r#"idgoal=0
revenue=36.00
ec_items=[["S\"1","Tea & pot","Kitchen",18.0,2]]"#;
    assert!(
        told.ends_with(cart) && !told.contains("ec_id="),
        "Matomo would take it for an order: {told}"
    );
    let emptied = Cart {
        total: Cents(0),
        items: Vec::new(),
    };
    let told = own(page(), Action::Cart(Arc::new(emptied)));
    assert!(told.ends_with("revenue=0.00\nec_items=[]"), "{told}");
}

#[test]
fn a_page_says_what_it_shows_how_fast_it_came_and_its_dimensions() {
    let product = ShownProduct {
        sku: "T-1".into(),
        name: "Tea pot".into(),
        categories: Arc::new(["Home".into(), "Kitchen".into()]),
        price: Cents(1800),
    };
    let page = PageView {
        shows: Some(Shown::Product(Arc::new(product))),
        timings: Some(PageTimings {
            network: 20,
            server: 180,
            transfer: 15,
            dom_processing: 300,
            dom_completion: 900,
            on_load: u32::MAX,
        }),
        dimensions: Some(Arc::new([
            Dimension::new(1, "gold".into()),
            Dimension::new(12, "shop & home".into()),
        ])),
        ..page()
    };
    insta::assert_snapshot!(
        own(page.clone(), Action::PageView),
        @r#"
    url=https://shop.example/
    action_name=Shop
    _pks=T-1
    _pkn=Tea pot
    _pkc=["Home","Kitchen"]
    _pkp=18.00
    pf_net=20
    pf_srv=180
    pf_tfr=15
    pf_dm1=300
    pf_dm2=900
    pf_onl=16777215
    pv_id=100000
    h=23
    m=59
    s=1
    dimension1=gold
    dimension12=shop & home
    "#
    );
    let on_it = own(page, Action::Outlink("https://other.example/".into()));
    for once in ["_pks", "pf_net", "action_name"] {
        assert!(!on_it.contains(once), "{once} belongs to the opening");
    }
    assert!(on_it.contains("dimension1=gold"), "{on_it}");
}

#[test]
fn the_page_of_a_category_names_no_product() {
    let shows = |categories: &[&str]| {
        let categories = categories.iter().map(|name| Arc::from(*name)).collect();
        let shows = Some(Shown::Categories(categories));
        own(PageView { shows, ..page() }, Action::PageView)
    };
    assert!(shows(&["Kitchen"]).contains("\n_pkc=Kitchen\n"));
    let two = shows(&["Home", "Kitchen"]);
    assert!(two.contains("\n_pkc=[\"Home\",\"Kitchen\"]\n"), "{two}");
    assert!(!two.contains("_pks") && !two.contains("_pkn") && !two.contains("_pkp"));
}

#[test]
fn a_goal_may_have_a_value_of_its_own() {
    let goal = |revenue| own(page(), Action::Goal(Goal { id: 3, revenue }));
    assert!(goal(None).ends_with("\nidgoal=3"));
    assert!(goal(Some(Cents(500))).ends_with("\nidgoal=3\nrevenue=5.00"));
}

#[test]
fn content_is_seen_and_used_under_one_name() {
    let content = Arc::new(Content {
        name: "Summer sale".into(),
        piece: "/banner.jpg".into(),
        target: Some("https://shop.example/sale".into()),
    });
    let seen = own(page(), Action::Impression(content.clone()));
    let used = own(
        page(),
        Action::Interaction {
            content,
            interaction: "click".into(),
        },
    );
    let both = "c_n=Summer sale\nc_p=/banner.jpg\nc_t=https://shop.example/sale";
    assert!(seen.ends_with(&format!("{both}\nca=1")), "{seen}");
    assert!(
        used.ends_with(&format!("{both}\nc_i=click\nca=1")),
        "{used}"
    );
}
