//! People: who makes a visit.
//!
//! For: new and returning visitors, and what is stable about a person. Not for: when visits begin ([`crate::time`]) or
//! what happens in one ([`crate::journeys`]). Invariant: all of it is a function of the population, the plan and the
//! visit's place in time, so that nothing has to be remembered.

mod crowds;
mod permutation;

use std::sync::Arc;

use config::RunPlan;
use tracking::{Identity, IdentityParts};

use crate::arrivals::Arrival;
use crate::devices::{Device, Devices};
use crate::places::{Place, Places};
use crate::streams::{Purpose, Streams};
use crate::time::{self, DayNumber, Days, Rates, WINDOWS};
use crate::visit::Visitor;
use crate::{Keys, SimulationError};
use crowds::{Crowds, Who};

/// Where a visit stands among those that begin in the same cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) day: DayNumber,
    /// Below [`WINDOWS`].
    pub(crate) window: usize,
    /// From 0, in the order of time.
    pub(crate) index: u64,
}

/// Which person: the stream index of everything that is stable about one. Below 2^56.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PersonKey(pub(crate) u64);

/// Bits of a person's number in the cell of the first visit.
const NUMBER_BITS: u32 = 36;

impl PersonKey {
    /// The person of a number among those whose first visit falls into a cell. `begins` says that the run begins in
    /// that cell, the rest of which may hold another run's people.
    fn of(day: DayNumber, window: usize, number: u64, begins: bool) -> Self {
        let cell = u64::try_from(day).unwrap_or(0) * WINDOWS as u64 + window as u64;
        Self((cell << 1 | u64::from(begins)) << NUMBER_BITS | number)
    }

    /// The person of a visit outside of all cells, such as a trial's.
    fn apart(ordinal: u64) -> Self {
        Self(ordinal)
    }
}

/// How loyal a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// What is drawn for a visit, not for a person.
    visits: Streams,
    crowds: Crowds,
    days: Arc<Days>,
    signed_in: SignedIn,
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
        let places = Places::new(&plan.audience)?;
        let seed = keys.seed.to_le_bytes();
        let streams = Streams::new("days", &[&seed]);
        let clocks = places.all().iter().map(|place| (place.weight, place.zone));
        let rates = Rates::new(
            &plan.load,
            clocks.collect(),
            keys.origin_ms,
            streams.clone(),
        );
        let days = Arc::new(Days::new(plan, rates, keys.origin_ms, streams));
        let since = plan.audience.people_since.map(time::number);
        Ok(Self {
            streams: Streams::new("people", &[keys.population.as_bytes()]),
            visits: Streams::new("visits", &[&seed]),
            crowds: Crowds::new(Arc::clone(&days), plan.audience.returning, since),
            days,
            signed_in: SignedIn::new(plan.audience.signed_in),
            places,
            devices: Devices::new(&plan.audience),
            site_id,
            countries_on,
            location: plan.audience.location,
        })
    }

    /// How many visits begin when.
    pub(crate) fn days(&self) -> &Arc<Days> {
        &self.days
    }

    /// Evenly spread over 64 bits.
    pub(crate) fn id(&self, person: PersonKey) -> u64 {
        self.streams.stream(person.0, Purpose::Identity).bits()
    }

    /// Who makes the visit.
    pub(crate) fn who(&self, arrival: &Arrival) -> Who {
        match arrival.slot {
            Some(slot) => self.crowds.who(slot),
            None => Who::apart(arrival.ordinal),
        }
    }

    /// Where the person is: likelier there where the person's usual hours are busy ones.
    fn place(&self, who: &Who) -> &Place {
        let mut stream = self.streams.stream(who.key.0, Purpose::Place);
        match who.home {
            Some((day, window)) => {
                let rates = &self.days.day(day).rates;
                &self.places.all()[rates.place(window, stream.unit())]
            }
            None => self.places.pick(&mut stream),
        }
    }

    /// The spike that brought the visit: none brings back who was there before.
    fn spike(&self, arrival: &Arrival, who: &Who) -> Option<usize> {
        let rates = &self.days.rates;
        if rates.spikes() == 0 || who.days_since_last.is_some() || arrival.slot.is_none() {
            return None;
        }
        let surge = rates.surge(arrival.at_ms);
        let mut draw = self.visits.stream(arrival.ordinal, Purpose::Spike);
        let part = draw.unit() * (1.0 + surge) * who.new_share;
        let mut sum = 0.0;
        (0..rates.spikes()).find(|spike| {
            sum += rates.surge_of(*spike, arrival.at_ms);
            part < sum
        })
    }

    /// Who makes the visit, with all that is stable about them.
    pub(crate) fn person(&self, arrival: &Arrival) -> Person<'_> {
        let who = self.who(arrival);
        let key = who.key;
        let place = self.place(&who);
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
        let signed_in = self
            .streams
            .stream(key.0, Purpose::SignedIn)
            .chance(self.signed_in.chance(who.tier));
        // All that Matomo is told of a visitor's id, so that no two people share a name.
        let user_id = signed_in.then(|| format!("user-{:016x}", self.id(key)).as_str().into());
        let identity = Identity::of(IdentityParts {
            site_id: self.site_id,
            visitor: self.id(key),
            user_id,
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
                returning: who.days_since_last.is_some(),
            },
            identity: Arc::new(identity),
            visiting: Visiting {
                ordinal: arrival.ordinal,
                person: key,
                returning: who.days_since_last.is_some(),
                days_since_last: who.days_since_last,
                tier: who.tier,
                signed_in,
                place,
                device,
                start_ms: arrival.at_ms,
                local_hour: local.hour,
                weekend: local.weekend,
                spike: self.spike(arrival, &who),
            },
        }
    }
}

/// How many people of a tier are signed in.
///
/// Loyal people are so more often. Of all visits, people of the three tiers make about 0.25, 0.26 and 0.49, by which the
/// chances below make the share of visits that is asked for.
#[derive(Debug, Clone, Copy)]
struct SignedIn(f64);

impl SignedIn {
    /// Chances at this share of the visits; less is in proportion, more goes on straight to all.
    const AT: f64 = 0.45;
    const CHANCES: [f64; 3] = [1.0, 0.45, 0.17];

    fn new(share: f64) -> Self {
        Self(share)
    }

    fn chance(self, tier: Tier) -> f64 {
        let chance = Self::CHANCES[match tier {
            Tier::Core => 0,
            Tier::Regular => 1,
            Tier::Rest => 2,
        }];
        match self.0 <= Self::AT {
            true => chance * self.0 / Self::AT,
            false => chance + (1.0 - chance) * (self.0 - Self::AT) / (1.0 - Self::AT),
        }
    }
}
