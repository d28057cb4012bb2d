//! Orders and what leads to them: figures in order, shares that fit into one another.

use super::Conversion;
use crate::plan::CommercePlan;
use crate::problem::{Problem, path, quoted};
use crate::sections::{Behaviour, Commerce};

impl Conversion<'_> {
    pub(super) fn commerce(&mut self, given: &Commerce) -> CommercePlan {
        self.ordered(
            ("/commerce/value_min", given.value_min),
            ("/commerce/value_max", given.value_max),
        );
        self.ordered(
            ("/commerce/items_min", given.items_min.into()),
            ("/commerce/items_max", given.items_max.into()),
        );
        self.steps_of_a_purchase(given);
        let code = &given.currency;
        if !(code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())) {
            self.problem(
                Problem::new(
                    "/commerce/currency",
                    "invalid_currency",
                    format!("{} is not an ISO 4217 code", quoted(code)),
                )
                .hint("write three capitals, such as SEK, EUR or USD"),
            );
        }
        CommercePlan {
            order: given.order,
            cart: given.cart,
            product_view: given.product_view,
            value_min: given.value_min,
            value_max: given.value_max,
            items_min: given.items_min,
            items_max: given.items_max,
            tax_rate: given.tax_rate,
            shipping_rates: given.shipping_rates.clone(),
            currency: given.currency.clone(),
        }
    }

    /// An order takes two page views: visits of one page cannot hold it.
    pub(super) fn orders_fit(&mut self, behaviour: &Behaviour, commerce: &Commerce) {
        let pages = (behaviour.page_views_min, behaviour.page_views_max);
        let longer = match pages {
            (2.., _) => 1.0,
            (_, max) => 1.0 - 1.0 / f64::from(max.max(1)),
        };
        let pointers = ["/commerce/order", "/behaviour/page_views_min"];
        if commerce.order > longer && self.sound(&pointers) {
            let message = format!(
                "{} of the visits cannot order: an order takes two page views, which {longer:.2} \
                 of the visits have",
                commerce.order
            );
            self.warning(
                Problem::new(pointers[0], "does_not_fit", message)
                    .hint("lower it, or raise behaviour.page_views_min to 2"),
            );
        }
    }

    /// Whoever orders has a cart, and whoever has a cart has seen a product.
    fn steps_of_a_purchase(&mut self, given: &Commerce) {
        let order = ("/commerce/order", Some(given.order), "orders");
        let cart = ("/commerce/cart", given.cart, "carts");
        let view = (
            "/commerce/product_view",
            given.product_view,
            "product views",
        );
        for (later, earlier) in [(order, cart), (cart, view), (order, view)] {
            // With carts given, orders are compared with them.
            if later.0 == order.0 && earlier.0 == view.0 && given.cart.is_some() {
                continue;
            }
            let (Some(share), Some(limit)) = (later.1, earlier.1) else {
                continue;
            };
            if share > limit && self.sound(&[later.0, earlier.0]) {
                let message = format!(
                    "{limit} of the visits have {} and {share} have {}, but there is none without the other",
                    earlier.2, later.2
                );
                let hint = format!(
                    "raise it to {share} or more, lower {}, or leave this one to follow",
                    path(later.0)
                );
                self.problem(Problem::new(earlier.0, "does_not_fit", message).hint(hint));
            }
        }
    }
}
