//! Who the visitors are: devices, addresses, places.

use crate::support::{TOKEN, check_env, check_toml, find};

#[test]
fn shares_of_devices_that_do_not_sum_are_named_with_the_sum_and_the_way_out() {
    let checked = check_toml("[audience]\ndesktop = 0.5\n");

    assert!(checked.plan.is_none());
    let problem = find(&checked.problems, "/audience/desktop", "shares_not_one").to_string();
    for part in [
        "1.120, not 1",
        "desktop (0.5)",
        "smartphone (0.6)",
        "tablet (0.02)",
    ] {
        assert!(problem.contains(part), "{part} in {problem}");
    }
}

#[test]
fn shares_of_devices_may_be_rounded() {
    let checked =
        check_toml("[audience]\ndesktop = 0.3333\nsmartphone = 0.3333\ntablet = 0.3333\n");

    let plan = checked.plan.expect("a plan");
    assert!((plan.audience.devices.tablet - 0.3333).abs() < 1e-9);
}

#[test]
fn a_place_is_sent_with_visitor_countries_only() {
    let without_token = check_toml("[audience]\nlocation = true\n");
    find(
        &without_token.problems,
        "/audience/location",
        "needs_countries",
    );

    let with_token = check_env(&[("MATOMO_TOKEN_AUTH", TOKEN), ("SEND_LOCATION", "true")]);
    let plan = with_token.plan.expect("a plan");
    assert!(plan.audience.location && !plan.audience.mask_last_octet);
}

#[test]
fn the_environment_says_the_same() {
    let checked = check_env(&[
        ("DESKTOP_SHARE", "0.9"),
        ("SMARTPHONE_SHARE", "0.1"),
        ("TABLET_SHARE", "0"),
        ("IPV6_SHARE", "1"),
        ("MASK_LAST_OCTET", "true"),
    ]);

    let audience = checked.plan.expect("a plan").audience;
    assert!((audience.devices.desktop - 0.9).abs() < 1e-9);
    assert!((audience.ipv6 - 1.0).abs() < 1e-9);
    assert!(audience.mask_last_octet);
}
