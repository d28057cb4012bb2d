//! Visitors: who makes a visit.
//!
//! For: a person's id, country, language, device and address. Not for: what the person does. Invariant: all
//! of it is a function of the population and the person's number, so that runs which share a
//! population share its people, device and all. For now every visit is made by a new person.

use std::sync::Arc;

use tracking::Identity;

use super::devices::Devices;
use super::places::{Place, Places};
use crate::SimulationError;
use crate::streams::{Purpose, Streams};
use crate::visit::Visitor;

/// The people of a population.
#[derive(Debug)]
pub(crate) struct Visitors {
    streams: Streams,
    places: Places,
    devices: Devices,
    site_id: u32,
    countries_on: bool,
}

/// A person, as Matomo and as people get to see them.
pub(crate) struct Person<'a> {
    pub(crate) identity: Arc<Identity>,
    pub(crate) visitor: Visitor,
    pub(crate) place: &'a Place,
}

impl Visitors {
    pub(crate) fn new(
        population: &str,
        weights: &[(String, f64)],
        site_id: u32,
        countries_on: bool,
    ) -> Result<Self, SimulationError> {
        Ok(Self {
            streams: Streams::new("people", &[population.as_bytes()]),
            places: Places::new(weights)?,
            devices: Devices::new(),
            site_id,
            countries_on,
        })
    }

    /// The person's id, evenly spread over 64 bits.
    pub(crate) fn id(&self, person: u64) -> u64 {
        self.streams.stream(person, Purpose::Identity).bits()
    }

    pub(crate) fn person(&self, person: u64) -> Person<'_> {
        let mut stream = self.streams.stream(person, Purpose::Place);
        let place = self.places.pick(&mut stream);
        let language = place.languages.pick(&mut stream);
        let (device, screen) = self
            .devices
            .pick(&mut self.streams.stream(person, Purpose::Device));
        let address = self
            .countries_on
            .then(|| place.address(&mut self.streams.stream(person, Purpose::Address)));
        let identity = Identity::new(
            self.site_id,
            self.id(person),
            device.user_agent.clone(),
            language.clone(),
            screen.clone(),
            address,
        );
        Person {
            visitor: Visitor {
                id: identity.visitor_id().to_owned(),
                country: self.countries_on.then(|| place.country.to_owned()),
                device: device.kind.to_owned(),
                browser: device.browser.to_owned(),
                os: device.os.to_owned(),
                returning: false,
            },
            identity: Arc::new(identity),
            place,
        }
    }
}
