//! Which visitor and which visit a hit belongs to.
//!
//! Follows the measured rules of Matomo 5.2: `uid`, then `cid`, then `_id` name the visitor; an
//! unknown `_id` (or `uid`) and a hit without any fall back to a fingerprint of the browser seen
//! within 30 minutes, a `cid` never does. A visit ends after 30 minutes without a hit, at midnight
//! of the site and on `new_visit=1`. A change of campaign does not split a visit.
//!
//! Invariant: the counts of visits and visitors are exact as long as `forgotten` is zero.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use sha1::{Digest, Sha1};

use crate::{
    params::Params,
    remembered::Remembered,
    rules::{Booking, Kind, Sender},
};

/// A visit ends after this many seconds without a hit (Matomo's default).
const VISIT_GAP: i64 = 1_800;
/// A visit ends after this many hits (Matomo's default).
const VISIT_HITS: u32 = 10_000;
/// Visitors remembered; when full the one seen first is forgotten, and counts as new if it returns.
/// Some 100 MB when full.
const VISITORS_KEPT: usize = 500_000;
/// Fingerprints remembered; when full the oldest is forgotten and no longer found.
const FINGERPRINTS_KEPT: usize = 200_000;
/// Visits remembered of one visitor, the latest ones; an older one is no longer continued.
const VISITS_KEPT: usize = 16;

/// Visitor parameters that a fingerprint is made of, besides user agent, address and language.
const FEATURES: [&str; 8] = ["fla", "java", "qt", "realp", "pdf", "wma", "ag", "cookie"];

/// A site and the 16 hexadecimal digits of a visitor id.
pub(crate) type VisitorKey = (u32, u64);

/// How a hit names its visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    /// `cid`: exactly this visitor.
    Forced(u64),
    /// `uid`: the visitor is derived from it.
    User(u64),
    /// `_id`: this visitor if known, else whom the fingerprint finds.
    Cookie(u64),
    /// Only the fingerprint.
    Unnamed,
}

impl Identity {
    /// Reads who the hit says it is.
    pub(crate) fn of(params: &Params) -> Self {
        if let Some(user) = params.filled("uid") {
            let digest = Sha1::digest(user.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            return Self::User(u64::from_be_bytes(first));
        }
        // A `cid` that is not hexadecimal names nobody, and hides an `_id`.
        if let Some(id) = params.filled("cid") {
            return parse_id(id).map_or(Self::Unnamed, Self::Forced);
        }
        params
            .filled("_id")
            .and_then(parse_id)
            .map_or(Self::Unnamed, Self::Cookie)
    }

    fn id(self) -> Option<u64> {
        match self {
            Self::Forced(id) | Self::User(id) | Self::Cookie(id) => Some(id),
            Self::Unnamed => None,
        }
    }
}

/// The first 16 characters as hexadecimal digits.
fn parse_id(text: &str) -> Option<u64> {
    let digits = text.get(..16)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u64::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// What a browser looks like on one site on one day.
pub(crate) fn fingerprint(params: &Params, sender: &Sender, booking: &Booking) -> u64 {
    let mut hash = DefaultHasher::new();
    (
        booking.site,
        booking.address,
        booking.time.div_euclid(86_400),
    )
        .hash(&mut hash);
    params.filled("ua").unwrap_or(&sender.agent).hash(&mut hash);
    params
        .filled("lang")
        .unwrap_or(&sender.language)
        .hash(&mut hash);
    for feature in FEATURES {
        params.flag(feature).hash(&mut hash);
    }
    hints(params).hash(&mut hash);
    hash.finish()
}

/// What client hints add to a fingerprint, which knows system and browser, not models: the system, and the browser with
/// its full version (`Tracker\Settings::getConfigId`). What is no JSON object says nothing.
fn hints(params: &Params) -> [Option<String>; 2] {
    let told: Option<serde_json::Map<String, serde_json::Value>> = params
        .filled("uadata")
        .and_then(|hints| serde_json::from_str(hints).ok());
    ["platform", "fullVersionList"].map(|name| Some(told.as_ref()?.get(name)?.to_string()))
}

/// The day that a moment in Unix seconds has in a time zone.
pub(crate) fn day_in(zone: Tz, time: i64) -> NaiveDate {
    let moment = DateTime::from_timestamp(time, 0).unwrap_or_default();
    moment.with_timezone(&zone).date_naive()
}

/// Where a hit was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) visitor: u64,
    pub(crate) visit: u64,
    /// The visitor had a later hit already.
    pub(crate) went_back: bool,
}

#[derive(Debug, Clone, Copy)]
struct Visit {
    id: u64,
    last: i64,
    hits: u32,
    user: Option<u64>,
}

#[derive(Debug, Default)]
struct Visitor {
    visits: Vec<Visit>,
    latest_hit: i64,
}

/// All visits known.
#[derive(Debug)]
pub(crate) struct Visits {
    zone: Tz,
    visitors: Remembered<VisitorKey, Visitor>,
    fingerprints: Remembered<u64, (VisitorKey, u64)>,
    visitor_count: u64,
    visit_count: u64,
    unnamed_count: u64,
}

impl Visits {
    /// None yet, of sites in this time zone.
    pub(crate) fn new(zone: Tz) -> Self {
        Self {
            zone,
            visitors: Remembered::new(VISITORS_KEPT),
            fingerprints: Remembered::new(FINGERPRINTS_KEPT),
            visitor_count: 0,
            visit_count: 0,
            unnamed_count: 0,
        }
    }

    pub(crate) fn visitor_count(&self) -> u64 {
        self.visitor_count
    }

    pub(crate) fn visit_count(&self) -> u64 {
        self.visit_count
    }

    /// Visitors no longer remembered, so that the counts may be too high.
    pub(crate) fn forgotten(&self) -> u64 {
        self.visitors.forgotten()
    }

    /// Places a hit; nothing for a ping whose visit is over.
    pub(crate) fn place(
        &mut self,
        identity: Identity,
        fingerprint: u64,
        forced_new: bool,
        booking: &Booking,
    ) -> Option<Place> {
        let found = self.find(identity, fingerprint, booking);
        let running = found.and_then(|(_, visit)| visit).filter(|visit| {
            !forced_new
                && visit.last > booking.time - VISIT_GAP
                && day_in(self.zone, visit.last) == day_in(self.zone, booking.time)
                && visit.hits < VISIT_HITS
        });
        if running.is_none() && booking.kind == Kind::Ping {
            return None;
        }
        let key = match (found, identity.id()) {
            (Some((key, _)), _) => key,
            (None, Some(id)) => (booking.site, id),
            (None, None) => (booking.site, self.next_unnamed()),
        };
        let user = match identity {
            Identity::User(id) => Some(id),
            _ => None,
        };
        let next_id = self.visit_count + 1;
        let (visitor, is_new) = self.visitors.entry(key);
        self.visitor_count += u64::from(is_new);
        let went_back = !is_new && booking.time < visitor.latest_hit;
        visitor.latest_hit = if is_new {
            booking.time
        } else {
            visitor.latest_hit.max(booking.time)
        };
        let slot = running.and_then(|run| visitor.visits.iter_mut().find(|v| v.id == run.id));
        let visit = match slot {
            Some(visit) => {
                visit.last = visit.last.max(booking.time);
                visit.hits += 1;
                visit.user = visit.user.or(user);
                visit.id
            }
            None => {
                self.visit_count += 1;
                if visitor.visits.len() == VISITS_KEPT {
                    visitor.visits.remove(0);
                }
                // Most visitors come once: room for one visit, not for the usual four.
                visitor.visits.reserve_exact(1);
                visitor.visits.push(Visit {
                    id: next_id,
                    last: booking.time,
                    hits: 1,
                    user,
                });
                next_id
            }
        };
        *self.fingerprints.entry(fingerprint).0 = (key, visit);
        Some(Place {
            visitor: key.1,
            visit,
            went_back,
        })
    }

    /// The visitor that a hit belongs to, and the visit that it might continue.
    fn find(
        &self,
        identity: Identity,
        fingerprint: u64,
        booking: &Booking,
    ) -> Option<(VisitorKey, Option<Visit>)> {
        let ahead = booking.time + VISIT_GAP;
        if let Some(id) = identity.id() {
            let key = (booking.site, id);
            if let Some(visitor) = self.visitors.get(&key) {
                let seen = visitor.visits.iter().filter(|visit| visit.last <= ahead);
                return Some((key, seen.max_by_key(|visit| visit.last).copied()));
            }
        }
        if matches!(identity, Identity::Forced(_)) {
            return None;
        }
        let &(key, visit) = self.fingerprints.get(&fingerprint)?;
        let visit = *self
            .visitors
            .get(&key)?
            .visits
            .iter()
            .find(|known| known.id == visit)?;
        let in_reach = (booking.time - VISIT_GAP..=ahead).contains(&visit.last);
        let same_user = match identity {
            Identity::User(id) => visit.user.is_none_or(|user| user == id),
            _ => true,
        };
        (in_reach && same_user).then_some((key, Some(visit)))
    }

    /// An id for somebody who has none: spread out, so that it looks like one and never repeats.
    fn next_unnamed(&mut self) -> u64 {
        self.unnamed_count += 1;
        self.unnamed_count.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

#[cfg(test)]
mod tests;
