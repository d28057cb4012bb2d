//! Moments: how long each page is looked at, and when what happens on it happens.
//!
//! For: moments from the first page view on, and pings. Not for: which hits there are. Invariants: hits are at least a
//! second apart, because Matomo books whole seconds, and less than half an hour, because Matomo would begin a new visit;
//! a visit of several pages takes no less and no longer than the plan allows, unless one of these two forbids it.

use std::time::Duration;

use config::BehaviourPlan;

use super::persona::Persona;
use crate::quantiles::Quantiles;
use crate::site::Kind;
use crate::streams::{Purpose, Stream, Streams};

/// Shape of the times on pages: below 1, so that who has stayed for long stays on (Liu, White, Dumais 2010).
const SHAPE: f64 = 0.7;
/// Least time between two hits.
const STEP_MS: i64 = 1000;
/// Most time on a page beside the steps. With the few things that can happen on a page the gap stays well below Matomo's
/// 1800 s.
const DWELL_MAX_MS: i64 = 1_700_000;
/// Share of bounces whose stay is told by a ping, if it was long enough, while heart beats are off.
const PINGED_BOUNCES: f64 = 0.5;
const PINGED_BOUNCE_MS: i64 = 10_000;

/// How long pages are looked at.
#[derive(Debug)]
pub(crate) struct Dwell {
    times: Quantiles,
    shortest_ms: i64,
    longest_ms: i64,
    heartbeat_ms: Option<i64>,
}

/// When one page is opened, what happens on it, and when its visitor is last known to be there.
#[derive(Debug, Default)]
pub(crate) struct Stay {
    pub(crate) opened_ms: i64,
    /// Of each thing that happens on the page.
    pub(crate) deeds_ms: Vec<i64>,
    pub(crate) ping_ms: Option<i64>,
}

impl Dwell {
    pub(crate) fn new(plan: &BehaviourPlan) -> Self {
        let ms = |duration: Duration| duration.as_millis() as i64;
        Self {
            times: Quantiles::weibull(SHAPE, ms(plan.dwell) as f64),
            shortest_ms: ms(plan.visit_duration_min),
            longest_ms: ms(plan.visit_duration_max),
            heartbeat_ms: plan.heartbeat.map(ms),
        }
    }

    /// The stays on the pages of a visit, each of which has so many things that happen.
    pub(crate) fn stays(
        &self,
        ordinal: u64,
        persona: Persona,
        pages: &[(Kind, u8)],
        streams: &Streams,
    ) -> Vec<Stay> {
        let mut stream = streams.stream(ordinal, Purpose::Dwell);
        // A ping as a page is left comes a second before the next page is opened.
        let gap = if self.heartbeat_ms.is_some() {
            STEP_MS
        } else {
            0
        };
        let steps = |deeds: u8| (i64::from(deeds) + 1) * STEP_MS + gap;
        let mut spares: Vec<i64> = pages
            .iter()
            .map(|&(kind, deeds)| (self.time(kind, persona, &mut stream) - steps(deeds)).max(0))
            .collect();
        // One page may be left at once, however short a visit may be.
        let shortest_ms = if pages.len() > 1 { self.shortest_ms } else { 0 };
        let stepped = pages.iter().map(|&(_, deeds)| steps(deeds)).sum();
        self.bound(&mut spares, stepped, shortest_ms);
        let pinged = || {
            streams
                .stream(ordinal, Purpose::Pings)
                .chance(PINGED_BOUNCES)
        };
        let mut opened_ms = 0;
        let mut stays = Vec::with_capacity(pages.len());
        for (at, (&spare, &(_, deeds))) in spares.iter().zip(pages).enumerate() {
            let next_ms = opened_ms + steps(deeds) + spare;
            let left_ms = next_ms - gap;
            let last = at + 1 == pages.len();
            let told = self.ping(left_ms - opened_ms, last, pages.len() > 1, pinged);
            stays.push(Stay {
                opened_ms,
                deeds_ms: within(opened_ms, deeds.into(), spare, &mut stream),
                ping_ms: told.then_some(left_ms),
            });
            opened_ms = next_ms;
        }
        stays
    }

    fn time(&self, kind: Kind, persona: Persona, stream: &mut Stream) -> i64 {
        let time = f64::from(self.times.draw(stream.bits())) * interest(kind) * persona.patience();
        (time as i64).min(DWELL_MAX_MS)
    }

    /// Stretches or shortens the visit to the plan's bounds. `steps` is what it takes beside the times to spare.
    fn bound(&self, spares: &mut [i64], steps: i64, shortest_ms: i64) {
        let total: i64 = spares.iter().sum();
        let wanted = (total + steps).clamp(shortest_ms, self.longest_ms.max(shortest_ms)) - steps;
        if wanted == total || total == 0 {
            return;
        }
        for spare in spares {
            let scaled = i128::from(*spare) * i128::from(wanted.max(0)) / i128::from(total);
            *spare = (scaled as i64).min(DWELL_MAX_MS);
        }
    }

    /// Whether a ping tells that the visitor was there until the end of a stay of this length.
    fn ping(&self, stay_ms: i64, last: bool, several: bool, pinged: impl Fn() -> bool) -> bool {
        match self.heartbeat_ms {
            Some(heartbeat_ms) => stay_ms >= heartbeat_ms,
            None => last && (several || (stay_ms >= PINGED_BOUNCE_MS && pinged())),
        }
    }
}

/// How much longer a page of this kind is looked at than others. The mean over all pages is about 1.
fn interest(kind: Kind) -> f64 {
    match kind {
        Kind::Home | Kind::Category => 0.8,
        Kind::Listing | Kind::Cart => 0.9,
        Kind::Product | Kind::Article => 1.15,
        Kind::Results => 0.6,
        Kind::Checkout => 1.4,
        Kind::Thanks => 0.5,
    }
}

/// When things happen on a page that is opened at `begin_ms`; they share `spare_ms` beside their steps.
fn within(begin_ms: i64, deeds: i64, spare_ms: i64, stream: &mut Stream) -> Vec<i64> {
    let mut used = 0;
    (1..=deeds)
        .map(|nth| {
            // Each gets a part of what is left, so that there is always some left to look at the page.
            let part = (spare_ms - used) as f64 * stream.unit() * 0.8;
            used += part as i64;
            begin_ms + nth * STEP_MS + used
        })
        .collect()
}
