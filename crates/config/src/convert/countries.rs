//! Visitor countries: on, off, and their weights.

use super::Conversion;
use crate::plan::{AudiencePlan, DeviceShares};
use crate::problem::{Problem, quoted};
use crate::sections::{Audience, Countries, CountryWeight, Load};

/// How far shares that make a whole may miss it, for people who round.
const SHARES_MAY_MISS: f64 = 0.001;
/// The word that stands for a mix of further countries.
const OTHERS: &str = "others";
/// The mix behind `others`; a country that has a weight of its own is left out of it.
const FURTHER: [&str; 12] = [
    "IT", "ES", "PL", "CH", "AT", "BE", "NO", "DK", "FI", "IN", "MX", "IE",
];

impl Conversion<'_> {
    pub(super) fn audience(
        &mut self,
        given: &Audience,
        load: &Load,
        has_token: bool,
    ) -> AudiencePlan {
        let countries = self.countries(given.countries, has_token);
        if given.location {
            self.location_has_countries(countries);
        }
        AudiencePlan {
            countries,
            weights: self.weights(&given.weights),
            devices: self.devices(given),
            ipv6: given.ipv6,
            mask_last_octet: given.mask_last_octet,
            location: given.location,
            population: given.population.clone(),
            returning: given.returning,
            signed_in: given.signed_in,
            people_since: self.people_since(given, load),
            seed: given.seed,
        }
    }

    fn countries(&mut self, wish: Countries, has_token: bool) -> Countries {
        let pointer = "/audience/countries";
        let way_out = "set targets[0].token_auth (MATOMO_TOKEN_AUTH)";
        match wish {
            Countries::On if !has_token => {
                self.problem(
                    Problem::new(
                        pointer,
                        "needs_token",
                        "visitor countries need the target's token",
                    )
                    .hint(format!("{way_out}, or set this to auto or off")),
                );
                Countries::Off
            }
            Countries::Auto if !has_token => {
                self.warning(
                    Problem::new(
                        pointer,
                        "countries_off",
                        "without a token all visitors come from the loader's own address",
                    )
                    .hint(format!("{way_out}, or set this to off to agree")),
                );
                Countries::Off
            }
            decided => decided,
        }
    }

    fn location_has_countries(&mut self, countries: Countries) {
        if countries == Countries::Off {
            let message =
                "a visitor's place is sent with visitor countries only, and these are off";
            self.problem(Problem::new("/audience/location", "needs_countries", message).hint(
                "set audience.countries to auto or on and give targets[0].token_auth, or set this to false",
            ));
        }
    }

    fn devices(&mut self, given: &Audience) -> DeviceShares {
        let shares = DeviceShares {
            desktop: given.desktop,
            smartphone: given.smartphone,
            tablet: given.tablet,
        };
        let sum = shares.desktop + shares.smartphone + shares.tablet;
        if SHARES_MAY_MISS < (sum - 1.0).abs() {
            let message =
                format!("the shares of desktops, smartphones and tablets make {sum:.3}, not 1");
            self.problem(
                Problem::new("/audience/desktop", "shares_not_one", message).hint(format!(
                    "change desktop ({}), smartphone ({}) or tablet ({}) so that together they make 1",
                    shares.desktop, shares.smartphone, shares.tablet
                )),
            );
        }
        shares
    }

    fn weights(&mut self, given: &[CountryWeight]) -> Vec<(String, f64)> {
        let mut weights: Vec<(String, f64)> = Vec::new();
        let mut others = 0.0;
        for (at, entry) in given.iter().enumerate() {
            let pointer = format!("/audience/weights/{at}/country");
            let country = entry.country.to_ascii_uppercase();
            if entry.country.eq_ignore_ascii_case(OTHERS) {
                others += entry.weight;
            } else if !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase())) {
                let message = format!("{} is not a country code", quoted(&entry.country));
                self.problem(
                    Problem::new(&pointer, "invalid_country", message)
                        .hint("write two letters, such as SE, or others"),
                );
            } else if weights.iter().any(|(known, _)| *known == country) {
                self.problem(
                    Problem::new(
                        &pointer,
                        "duplicate_country",
                        format!("{country} occurs twice"),
                    )
                    .hint("keep one of its weights"),
                );
            } else {
                weights.push((country, entry.weight));
            }
        }
        let further: Vec<_> = FURTHER
            .into_iter()
            .filter(|country| weights.iter().all(|(known, _)| known != country))
            .collect();
        if others > 0.0 {
            let each = others / further.len().max(1) as f64;
            weights.extend(
                further
                    .into_iter()
                    .map(|country| (country.to_owned(), each)),
            );
        }
        weights
    }
}
