//! What is set up for the site in Matomo: goals and custom dimensions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What is set up for the site in Matomo. Matomo refuses a goal that the site has not, and leaves out a dimension
/// that it does not know.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Goals and dimensions")]
pub struct Site {
    /// Goals that visits reach, each once in a visit. A goal that Matomo recognises by itself, by the address of a page
    /// for instance, does not belong here: it would count twice.
    #[schemars(title = "Goals", extend("x-env" = "GOALS", "x-advanced" = true))]
    #[validate(length(max = 100), nested)]
    pub goals: Vec<Goal>,
    /// Custom dimensions and where their values come from.
    #[schemars(
        title = "Custom dimensions",
        extend("x-env" = "CUSTOM_DIMENSIONS", "x-advanced" = true)
    )]
    #[validate(length(max = 100), nested)]
    pub dimensions: Vec<Dimension>,
}

/// A goal of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Its number in Matomo, 1 to 1,000,000.
    #[schemars(title = "Goal number")]
    #[validate(range(min = 1, max = 1_000_000))]
    pub id: u32,
    /// What it is called, for people.
    #[schemars(title = "Name")]
    #[validate(length(max = 100))]
    pub name: String,
    /// What has to happen in a visit.
    #[schemars(title = "When")]
    pub when: GoalWhen,
    /// With `page` a part of the page's address, with `event` of the event's category or action.
    #[schemars(title = "Matching")]
    #[validate(length(max = 1000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// Share of the visits in which it happens that reach the goal, above 0 and up to 1; not given, all do.
    #[schemars(title = "Share", extend("exclusiveMinimum" = 0))]
    #[validate(range(exclusive_min = 0.0, max = 1.0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// What reaching it is worth, 0 to 1,000,000; not given, what Matomo has for the goal, and with `order` the order's.
    #[schemars(title = "Revenue")]
    #[validate(range(min = 0.0, max = 1_000_000.0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
}

/// What has to happen for a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GoalWhen {
    /// Any visit of two pages or more; it is reached on the last one.
    Engaged,
    /// A page is opened whose address holds what `matching` says.
    Page,
    /// An event happens whose category or action holds what `matching` says.
    Event,
    /// The site's own search is used.
    Search,
    /// A file is downloaded.
    Download,
    /// A link to another site is followed.
    Outlink,
    /// The page of a product is opened.
    Product,
    /// Something is put into the cart.
    Cart,
    /// An order is placed.
    Order,
}

/// A custom dimension of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its number in Matomo, 1 to 200.
    #[schemars(title = "Dimension number")]
    #[validate(range(min = 1, max = 200))]
    pub id: u8,
    /// Its scope in Matomo.
    #[schemars(title = "Scope")]
    pub scope: DimensionScope,
    /// Where its values come from.
    #[schemars(title = "From")]
    pub from: DimensionSource,
    /// With `values`: the values and their weights, `gold:1, silver:3`. A value alone has the weight 1; weights need not
    /// sum to 1. Matomo keeps 250 characters of a value.
    #[schemars(title = "Values")]
    #[validate(length(max = 10_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<String>,
}

/// What a custom dimension belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DimensionScope {
    /// The visit: told by each of its hits.
    Visit,
    /// The action: each page has its own value.
    Action,
}

/// Where the values of a custom dimension come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DimensionSource {
    /// From `values`: with scope `visit` a person keeps a value, with scope `action` a page does.
    Values,
    /// How loyal the visitor is: `new`, `occasional`, `regular`, `core`.
    Loyalty,
    /// Whether the visitor is signed in: `yes`, `no`.
    SignedIn,
    /// The first part of the page's path, `home` without one; scope `action` alone.
    Section,
}
