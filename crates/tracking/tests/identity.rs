//! What Matomo is told of a visitor, name by name.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use tracking::{
    Action, Features, Hit, Identity, IdentityParts, LocalTime, Location, PageView, PageViewId,
};

fn known() -> IdentityParts {
    IdentityParts {
        site_id: 7,
        visitor: 0xab,
        user_id: Some("anna".into()),
        user_agent: "UA".into(),
        hints: Some(r#"{"mobile":false,"platform":"Windows"}"#.into()),
        language: "sv-SE,sv;q=0.9".into(),
        resolution: "1920x1080".into(),
        features: Features {
            cookie: true,
            pdf: true,
        },
        ip: Some(IpAddr::V6(Ipv6Addr::new(0x2a00, 0x1028, 0, 0, 0, 0, 0, 9))),
        location: Some(Location {
            country: "se".into(),
            region: Some("AB".into()),
            city: "Stockholm".into(),
            latitude: "59.33".into(),
            longitude: "18.05".into(),
        }),
    }
}

fn told(parts: IdentityParts) -> (Vec<(&'static str, String)>, Hit) {
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
    let identity = Arc::new(Identity::of(parts));
    let hit = Hit::new(identity, Arc::new(page), local, Action::PageView);
    let mut params = hit.params(None);
    params.retain(|(name, _)| !["rec", "apiv", "url", "pv_id", "h", "m", "s"].contains(name));
    (params, hit)
}

#[test]
fn all_that_is_known_of_a_visitor_is_told() {
    let (params, hit) = told(known());
    assert!(hit.needs_token(None, 0));
    let expected = [
        ("idsite", "7"),
        ("cid", "00000000000000ab"),
        ("uid", "anna"),
        ("ua", "UA"),
        ("uadata", r#"{"mobile":false,"platform":"Windows"}"#),
        ("lang", "sv-SE,sv;q=0.9"),
        ("res", "1920x1080"),
        ("cookie", "1"),
        ("pdf", "1"),
        ("cip", "2a00:1028::9"),
        ("country", "se"),
        ("region", "AB"),
        ("city", "Stockholm"),
        ("lat", "59.33"),
        ("long", "18.05"),
        ("action_name", "Shop"),
    ];
    assert_eq!(
        params,
        expected.map(|(name, value)| (name, value.to_owned()))
    );
}

#[test]
fn a_visitor_without_address_and_place_needs_no_token() {
    let (params, hit) = told(IdentityParts {
        user_id: None,
        hints: None,
        features: Features::default(),
        ip: None,
        location: None,
        ..known()
    });
    assert!(!hit.needs_token(None, 0));
    let names: Vec<_> = params.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["idsite", "cid", "ua", "lang", "res", "action_name"]);
}

#[test]
fn a_place_alone_needs_a_token() {
    let (_, hit) = told(IdentityParts {
        ip: None,
        ..known()
    });
    assert!(hit.needs_token(None, 0));
}
