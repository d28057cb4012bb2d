//! Orders.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Orders.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Commerce")]
pub struct Commerce {
    /// Share of visits that end in an order, 0 to 1.
    #[schemars(
        title = "Orders",
        extend("x-env" = "ECOMMERCE_PROBABILITY", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub order: f64,
    /// Share of visits that put something into the cart, 0 to 1. Not set: so many that three of four carts are
    /// abandoned. Believable visitors alone have carts.
    #[schemars(
        title = "Carts",
        extend(
            "x-env" = "ECOMMERCE_CART_PROBABILITY",
            "x-widget" = "probability",
            "x-advanced" = true
        )
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart: Option<f64>,
    /// Share of visits that look at a product, 0 to 1. Not set: 0.42, or more where the carts need it.
    #[schemars(
        title = "Product views",
        extend(
            "x-env" = "ECOMMERCE_PRODUCT_VIEW_PROBABILITY",
            "x-widget" = "probability",
            "x-advanced" = true
        )
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_view: Option<f64>,
    /// Smallest order value, 0.01 to 1,000,000, in the site's currency.
    #[schemars(
        title = "Smallest order",
        extend("x-env" = "ECOMMERCE_ORDER_VALUE_MIN")
    )]
    #[validate(range(min = 0.01, max = 1_000_000.0))]
    pub value_min: f64,
    /// Largest order value, 0.01 to 1,000,000, in the site's currency.
    #[schemars(
        title = "Largest order",
        extend("x-env" = "ECOMMERCE_ORDER_VALUE_MAX")
    )]
    #[validate(range(min = 0.01, max = 1_000_000.0))]
    pub value_max: f64,
    /// Fewest items of an order, 1 to 100; most orders hold just one.
    #[schemars(
        title = "Fewest items",
        extend("x-env" = "ECOMMERCE_ITEMS_MIN", "x-unit" = "items")
    )]
    #[validate(range(min = 1, max = 100))]
    pub items_min: u32,
    /// Most items of an order, 1 to 100.
    #[schemars(
        title = "Most items",
        extend("x-env" = "ECOMMERCE_ITEMS_MAX", "x-unit" = "items")
    )]
    #[validate(range(min = 1, max = 100))]
    pub items_max: u32,
    /// Tax as a share of the subtotal, 0 to 1.
    #[schemars(
        title = "Tax rate",
        extend("x-env" = "ECOMMERCE_TAX_RATE", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub tax_rate: f64,
    /// Shipping costs to draw from, each 0 or more. In the environment: `0,5.99,9.99`.
    #[schemars(
        title = "Shipping costs",
        inner(range(min = 0.0, max = 1_000_000.0)),
        extend("x-env" = "ECOMMERCE_SHIPPING_RATES")
    )]
    #[validate(length(min = 1, max = 50))]
    pub shipping_rates: Vec<f64>,
    /// ISO 4217 code of the site's currency, three capitals. Matomo takes no currency with a hit: it
    /// must agree with the setting of the site.
    #[schemars(title = "Currency", extend("x-env" = "ECOMMERCE_CURRENCY"))]
    pub currency: String,
}

impl Default for Commerce {
    fn default() -> Self {
        Self {
            order: 0.02,
            cart: None,
            product_view: None,
            value_min: 15.99,
            value_max: 299.99,
            items_min: 1,
            items_max: 5,
            tax_rate: 0.10,
            shipping_rates: vec![0.0, 5.99, 9.99, 15.99],
            currency: "SEK".to_owned(),
        }
    }
}
