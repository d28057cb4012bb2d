use super::*;

fn mix(engaged: f64) -> Mix {
    Mix {
        engaged,
        channels: vec![
            ("search", 0.45),
            ("direct", 0.25),
            ("social", 0.1),
            ("email", 0.2),
        ],
        devices: [0.38, 0.6, 0.02],
        returning: 0.3,
    }
}

fn plan(order: f64, cart: Option<f64>, product_view: Option<f64>) -> CommercePlan {
    CommercePlan {
        order,
        cart,
        product_view,
        value_min: 15.99,
        value_max: 299.99,
        items_min: 1,
        items_max: 5,
        tax_rate: 0.1,
        shipping_rates: vec![0.0],
        currency: "SEK".to_owned(),
    }
}

/// Shares of all visits that the odds come to, computed and not drawn.
fn expected(odds: &Odds, mix: &Mix) -> Chain {
    let mut sum = Chain {
        view: 0.0,
        cart: 0.0,
        order: 0.0,
    };
    for (device, share) in mix.devices.iter().enumerate() {
        for (channel, of) in &mix.channels {
            for (returning, loyal) in [(false, 1.0 - mix.returning), (true, mix.returning)] {
                let weight = share * of * loyal * mix.engaged;
                let chain = odds.of(device, channel, returning);
                assert!(
                    0.0 <= chain.order && chain.order <= chain.cart + 1e-12,
                    "{chain:?}"
                );
                assert!(
                    chain.cart <= chain.view + 1e-12 && chain.view <= 1.0,
                    "{chain:?}"
                );
                sum.view += weight * chain.view;
                sum.cart += weight * chain.cart;
                sum.order += weight * chain.order;
            }
        }
    }
    sum.view += (1.0 - mix.engaged) * odds.bounced_view;
    sum
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

#[test]
fn the_chances_come_to_the_shares_of_the_plan() {
    for engaged in [0.3, 0.55, 0.9, 1.0] {
        for (order, cart, view) in [
            (0.02, None, None),
            (0.02, Some(0.07), Some(0.42)),
            (0.1, None, None),
            (0.25, Some(0.25), Some(0.3)),
            (0.0, Some(0.1), None),
        ] {
            let mix = mix(engaged);
            let shares = expected(&Odds::new(&plan(order, cart, view), &mix), &mix);
            let told = format!("{engaged} {order} {cart:?} {view:?}: {shares:?}");
            assert!(same(shares.order, order), "{told}");
            assert!(cart.is_none_or(|cart| same(shares.cart, cart)), "{told}");
            assert!(view.is_none_or(|view| same(shares.view, view)), "{told}");
        }
    }
}

#[test]
fn by_default_the_chain_is_that_of_published_shops() {
    let mix = mix(0.55);
    let shares = expected(&Odds::new(&plan(0.02, None, None), &mix), &mix);
    assert!(same(shares.view, 0.42), "{shares:?}");
    assert!((0.06..=0.08).contains(&shares.cart), "{shares:?}");
    assert!(
        (0.7..=0.75).contains(&(1.0 - shares.order / shares.cart)),
        "{shares:?}"
    );
}

#[test]
fn phones_order_about_half_as_often_and_leave_more_carts() {
    let odds = Odds::new(&plan(0.02, None, None), &mix(0.55));
    let desktop = odds.of(0, "search", false);
    let phone = odds.of(1, "search", false);
    assert!(
        (0.5..=0.6).contains(&(phone.order / desktop.order)),
        "{phone:?} {desktop:?}"
    );
    assert!(phone.order / phone.cart < desktop.order / desktop.cart);
}

#[test]
fn nobody_looks_at_products_where_nothing_is_to_be_sold() {
    let mix = mix(0.55);
    let odds = Odds::new(&plan(0.0, None, None), &mix);
    assert_eq!(
        (odds.bounced_view, odds.of(0, "search", true).view),
        (0.0, 0.0)
    );
}
