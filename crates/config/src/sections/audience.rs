//! Who the visitors are.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Who the visitors are.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Audience")]
pub struct Audience {
    /// Whether visitors come from different countries, which needs the target's token. `auto` is on
    /// once the token is proven, else off; `on` without a token is an error. In the environment `true`
    /// and `false` stand for `on` and `off`.
    #[schemars(
        title = "Visitor countries",
        extend(
            "x-env" = "RANDOMIZE_VISITOR_COUNTRIES",
            "x-aliases" = {
                "true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"
            }
        )
    )]
    pub countries: Countries,
    /// Countries and their weights, which need not sum to 1; `others` stands for a mix of further
    /// countries. In the environment: `US:0.35,DE:0.1,others:0.15`.
    #[schemars(
        title = "Country weights",
        extend("x-env" = "VISITOR_COUNTRIES", "x-advanced" = true)
    )]
    #[validate(length(min = 1, max = 250), nested)]
    pub weights: Vec<CountryWeight>,
    /// Share of the visitors who come with a desktop or notebook computer, 0 to 1; with those of smartphones and
    /// tablets it makes 1.
    #[schemars(
        title = "Desktops",
        extend("x-env" = "DESKTOP_SHARE", "x-group" = "Devices")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub desktop: f64,
    /// Share of the visitors who come with a smartphone, 0 to 1.
    #[schemars(
        title = "Smartphones",
        extend("x-env" = "SMARTPHONE_SHARE", "x-group" = "Devices")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub smartphone: f64,
    /// Share of the visitors who come with a tablet, 0 to 1.
    #[schemars(
        title = "Tablets",
        extend("x-env" = "TABLET_SHARE", "x-group" = "Devices")
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub tablet: f64,
    /// Share of the visitors whose address is an IPv6 address, 0 to 1, in countries where there are any.
    #[schemars(
        title = "IPv6",
        extend("x-env" = "IPV6_SHARE", "x-group" = "Addresses", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub ipv6: f64,
    /// Whether the last octet of an IPv4 address and the last eight bytes of an IPv6 address are sent as
    /// zero, for a Matomo that must not receive whole addresses.
    #[schemars(
        title = "Without the last octet",
        extend("x-env" = "MASK_LAST_OCTET", "x-group" = "Addresses", "x-advanced" = true)
    )]
    pub mask_last_octet: bool,
    /// Whether a visitor's country, region, city and coordinates are sent as well, for a Matomo without an
    /// address database. Needs visitor countries, hence the target's token.
    #[schemars(
        title = "Send the place",
        extend("x-env" = "SEND_LOCATION", "x-group" = "Addresses", "x-advanced" = true)
    )]
    pub location: bool,
    /// Key that decides who the visitors are: runs with the same key share their people. Not set, a
    /// run has people of its own. At most 128 characters.
    #[schemars(
        title = "Population",
        extend("x-env" = "POPULATION", "x-advanced" = true)
    )]
    #[validate(length(max = 128))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// Share of the visits that people make who were there before, 0 to 0.9, once the population is old enough to have
    /// such people: on its first day there are none but those who come twice that day.
    #[schemars(
        title = "Visits of returning visitors",
        extend("x-env" = "RETURNING_VISITORS", "x-widget" = "probability")
    )]
    #[validate(range(min = 0.0, max = 0.9))]
    pub returning: f64,
    /// Share of the visits in which somebody is signed in, 0 to 1. Who is signed in is so in all visits, and Matomo is
    /// told a user name.
    #[schemars(
        title = "Signed in",
        extend("x-env" = "SIGNED_IN_VISITORS", "x-widget" = "probability", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 1.0))]
    pub signed_in: f64,
    /// The population's first day, YYYY-MM-DD, when an earlier run with the same population and like settings made its
    /// visits: from then on there are people who may come back. Not set, it is the run's own first day.
    #[schemars(
        title = "People since",
        extend("x-env" = "PEOPLE_SINCE", "x-widget" = "date", "x-advanced" = true)
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people_since: Option<NaiveDate>,
    /// Number that makes the same run again, 0 to 9,007,199,254,740,991; not set, a new one is drawn.
    #[schemars(
        title = "Seed",
        extend("x-env" = "SEED", "x-advanced" = true)
    )]
    #[validate(range(min = 0, max = 9_007_199_254_740_991_u64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl Default for Audience {
    fn default() -> Self {
        let weights = [
            ("US", 0.35),
            ("DE", 0.10),
            ("GB", 0.08),
            ("CA", 0.06),
            ("FR", 0.06),
            ("AU", 0.05),
            ("NL", 0.05),
            ("JP", 0.04),
            ("SE", 0.03),
            ("BR", 0.03),
            ("others", 0.15),
        ];
        Self {
            countries: Countries::Auto,
            weights: weights
                .map(|(country, weight)| CountryWeight {
                    country: country.to_owned(),
                    weight,
                })
                .to_vec(),
            desktop: 0.38,
            smartphone: 0.60,
            tablet: 0.02,
            ipv6: 0.45,
            mask_last_octet: false,
            location: false,
            population: None,
            returning: 0.33,
            signed_in: 0.1,
            people_since: None,
            seed: None,
        }
    }
}

/// A country and how many of the visitors come from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CountryWeight {
    /// ISO 3166-1 code, two letters, or `others`.
    #[schemars(title = "Country")]
    pub country: String,
    /// Share of the visitors relative to the other weights, above 0 and up to 1,000,000.
    // schemars does not read `exclusive_min`, hence the keyword beside it.
    #[schemars(title = "Weight", extend("exclusiveMinimum" = 0))]
    #[validate(range(exclusive_min = 0.0, max = 1_000_000.0))]
    pub weight: f64,
}

/// Whether visitors come from different countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Countries {
    /// Decided when the run starts: on once the token is proven, else off.
    Auto,
    /// Visitors come from the countries below; needs a token.
    On,
    /// Matomo sees the address of the loader alone.
    Off,
}
