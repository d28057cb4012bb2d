//! People: who makes a visit.
//!
//! For: new and returning visitors, and what is stable about a person. Not for: when visits begin ([`crate::time`]) or
//! what happens in one ([`crate::journeys`]). Invariant: all of it is a function of the population, the plan and the
//! visit's place in time, so that nothing has to be remembered.

use std::sync::Arc;

use config::RunPlan;
use tracking::{Identity, IdentityParts};

use crate::arrivals::Arrival;
use crate::devices::{Device, Devices};
use crate::places::{Place, Places};
use crate::streams::{Purpose, Streams};
use crate::visit::Visitor;
use crate::{Keys, SimulationError};

/// Where a visit stands among those that begin in the same three hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {}

/// Which person: the stream index of everything that is stable about one. Below 2^56.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PersonKey(pub(crate) u64);

/// How loyal a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "nobody comes back yet")]
pub(crate) enum Tier {
    /// Comes once, or seldom again.
    Rest,
    /// Comes now and then.
    Regular,
    /// One of the few who make most of the returning visits.
    Core,
}

/// Who visits, why and when: what journeys are made of.
#[derive(Debug, Clone, Copy)]
#[expect(
    dead_code,
    reason = "the seam between people and journeys, which do not read all of it yet"
)]
pub(crate) struct Visiting<'a> {
    /// Number of the visit in the run: the stream index of what is the visit's own.
    pub(crate) ordinal: u64,
    /// The stream index of what is the person's own.
    pub(crate) person: PersonKey,
    /// Whether the person was there before.
    pub(crate) returning: bool,
    /// Days since the visit before, 0 on the same day; `None` at the first visit.
    pub(crate) days_since_last: Option<u16>,
    /// How loyal the person is.
    pub(crate) tier: Tier,
    /// Whether the person is signed in, from the visit's first hit on.
    pub(crate) signed_in: bool,
    /// Where the person is.
    pub(crate) place: &'a Place,
    /// With what.
    pub(crate) device: &'a Device,
    /// When the visit begins, in milliseconds since the Unix epoch.
    pub(crate) start_ms: i64,
    /// The hour on the visitor's wall clock, 0 to 23.
    pub(crate) local_hour: u8,
    /// Whether it is Saturday or Sunday for the visitor.
    pub(crate) weekend: bool,
    /// Index of the plan's spike that this visit belongs to.
    pub(crate) spike: Option<usize>,
}

/// A visit's person, as journeys, Matomo and people get to see them.
pub(crate) struct Person<'a> {
    pub(crate) visiting: Visiting<'a>,
    pub(crate) identity: Arc<Identity>,
    pub(crate) visitor: Visitor,
}

/// The people of a population.
#[derive(Debug)]
pub(crate) struct People {
    streams: Streams,
    places: Places,
    devices: Devices,
    site_id: u32,
    countries_on: bool,
    location: bool,
}

impl People {
    pub(crate) fn new(
        plan: &RunPlan,
        keys: &Keys,
        site_id: u32,
        countries_on: bool,
    ) -> Result<Self, SimulationError> {
        Ok(Self {
            streams: Streams::new("people", &[keys.population.as_bytes()]),
            places: Places::new(&plan.audience)?,
            devices: Devices::new(&plan.audience),
            site_id,
            countries_on,
            location: plan.audience.location,
        })
    }

    /// Evenly spread over 64 bits.
    pub(crate) fn id(&self, person: PersonKey) -> u64 {
        self.streams.stream(person.0, Purpose::Identity).bits()
    }

    /// Who makes the visit.
    pub(crate) fn key(&self, arrival: &Arrival) -> PersonKey {
        PersonKey(arrival.ordinal)
    }

    /// Who makes the visit, with all that is stable about them.
    pub(crate) fn person(&self, arrival: &Arrival) -> Person<'_> {
        let key = self.key(arrival);
        let place = self
            .places
            .pick(&mut self.streams.stream(key.0, Purpose::Place));
        let stream = |purpose| self.streams.stream(key.0, purpose);
        let language = place.language(&mut stream(Purpose::Language));
        let device = self
            .devices
            .pick(place.country, &mut stream(Purpose::Equipment));
        let address = self
            .countries_on
            .then(|| self.places.address(place, &mut stream(Purpose::Network)));
        let location = (self.countries_on && self.location)
            .then(|| place.location(&mut stream(Purpose::City)).clone());
        let identity = Identity::of(IdentityParts {
            site_id: self.site_id,
            visitor: self.id(key),
            user_id: None,
            user_agent: device.user_agent.clone(),
            hints: device.hints.clone(),
            language: language.clone(),
            resolution: device.screen.clone(),
            features: device.features,
            ip: address,
            location,
        });
        let local = place.local(arrival.at_ms);
        Person {
            visitor: Visitor {
                id: identity.visitor_id().to_owned(),
                country: self.countries_on.then(|| place.country.to_owned()),
                device: device.kind.as_str().to_owned(),
                browser: device.browser.to_owned(),
                os: device.os.to_owned(),
                returning: false,
            },
            identity: Arc::new(identity),
            visiting: Visiting {
                ordinal: arrival.ordinal,
                person: key,
                returning: false,
                days_since_last: None,
                tier: Tier::Rest,
                signed_in: false,
                place,
                device,
                start_ms: arrival.at_ms,
                local_hour: local.hour,
                weekend: local.weekend,
                spike: None,
            },
        }
    }
}
