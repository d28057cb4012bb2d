//! Who the visitors of a run are.

use chrono::NaiveDate;

use crate::sections::Countries;

/// Who the visitors are.
#[derive(Clone, Debug)]
pub struct AudiencePlan {
    /// Whether visitors come from different countries. `Auto` only when there is a token to prove.
    pub countries: Countries,
    /// Country (ISO 3166-1, two capitals) and its weight: above 0, not necessarily summing to 1,
    /// each country once, in the order given.
    pub weights: Vec<(String, f64)>,
    /// With what they come.
    pub devices: DeviceShares,
    /// Share of IPv6 addresses where a country has any, 0 to 1.
    pub ipv6: f64,
    /// Whether addresses are told without their last octet.
    pub mask_last_octet: bool,
    /// Whether places are told beside addresses.
    pub location: bool,
    /// The population's key; `None`: people of the run's own.
    pub population: Option<String>,
    /// Share of visits by returning people, 0 to 0.9.
    pub returning: f64,
    /// Share of visits of people who are signed in, 0 to 1.
    pub signed_in: f64,
    /// The population's first day; `None`: the run's.
    pub people_since: Option<NaiveDate>,
    /// The seed; `None`: the program draws one.
    pub seed: Option<u64>,
}

/// Shares of the types of devices, 0 to 1; together 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeviceShares {
    /// Desktop and notebook computers.
    pub desktop: f64,
    /// Smartphones.
    pub smartphone: f64,
    /// Tablets.
    pub tablet: f64,
}
