//! What was recorded: exact totals, and the latest hits in full.
//!
//! Books what [`crate::rules`] lets through and places it with [`crate::visits`]; decides nothing
//! about answers.
//!
//! Invariant: `hits` is the sum of `by_kind` and grows by exactly one for each recorded hit. Totals
//! stay exact when hits are dropped to keep within the bound.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::{
    params::Params,
    remembered::Remembered,
    rules::{Booking, Exclusion, Kind, Refusal, Sender},
    visits::{Identity, Visits, day_in, fingerprint},
};

/// Hits kept in full unless `--max-hits-kept` says otherwise; the oldest are dropped when full.
/// At about half a kilobyte each this is some 100 MB.
pub(crate) const DEFAULT_HITS_KEPT: usize = 200_000;
/// The most hits one answer of `/ledger/hits` holds; a larger limit is cut to this.
const HITS_PER_ANSWER: usize = 10_000;
/// Hits in one answer when no limit is asked for.
const HITS_PER_ANSWER_DEFAULT: usize = 100;
/// Order numbers remembered; when full the oldest is forgotten and would be booked again.
const ORDERS_KEPT: usize = 200_000;

/// Kinds of refusals remembered, a few for each site; when full the oldest is forgotten.
const FAILURES_KEPT: usize = 1_000;

/// How a hit travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Transport {
    /// Any method without a body other than POST.
    Get,
    /// POST with the parameters in the URL, as a browser's sendBeacon does.
    Beacon,
    /// POST with a form as its body.
    Form,
    /// POST of many hits as JSON.
    Bulk,
}

/// What was found out about a hit before it was booked.
pub(crate) struct Arrival<'a> {
    pub(crate) params: &'a Params,
    pub(crate) sender: &'a Sender,
    pub(crate) transport: Transport,
    /// Unix milliseconds at which the request was there.
    pub(crate) at_ms: i64,
}

#[derive(Debug)]
struct Hit {
    at_ms: i64,
    time: i64,
    kind: Kind,
    transport: Transport,
    visitor: u64,
    visit: u64,
    params: Box<str>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Totals {
    hits: u64,
    by_kind: [u64; Kind::ALL.len()],
    by_transport: [u64; 4],
    revenue_millionths: i128,
    excluded: u64,
    excluded_by: [u64; 9],
    refused: u64,
    refused_by: [u64; 6],
    entries_dropped: u64,
    out_of_order: u64,
    days_went_back: u64,
    time_disbelieved: u64,
    address_unreadable: u64,
}

/// The book of the practice target.
#[derive(Debug)]
pub(crate) struct Ledger {
    kept: usize,
    zone: Tz,
    totals: Totals,
    hits: VecDeque<Hit>,
    visits: Visits,
    /// The latest day that a hit was booked on, in the sites' time zone.
    latest_day: NaiveDate,
    orders: Remembered<(u32, String), ()>,
    /// Site and number of each kind of refusal that Matomo notes.
    failures: Remembered<(i64, u8), ()>,
}

impl Ledger {
    /// An empty ledger that keeps this many hits in full, of sites in this time zone.
    pub(crate) fn new(kept: usize, zone: Tz) -> Self {
        Self {
            kept,
            zone,
            totals: Totals::default(),
            hits: VecDeque::new(),
            visits: Visits::new(zone),
            latest_day: NaiveDate::MIN,
            orders: Remembered::new(ORDERS_KEPT),
            failures: Remembered::new(FAILURES_KEPT),
        }
    }

    /// Forgets everything.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.kept, self.zone);
    }

    /// Books a hit. A ping too late for its visit and an order booked before are left out.
    pub(crate) fn book(&mut self, booking: Booking, arrival: &Arrival<'_>) {
        let Arrival {
            params,
            sender,
            transport,
            at_ms,
        } = *arrival;
        let fingerprint = fingerprint(params, sender, &booking);
        let identity = Identity::of(params);
        let new_visit = params.flag("new_visit");
        let Some(place) = self
            .visits
            .place(identity, fingerprint, new_visit, &booking)
        else {
            return self.exclude(Exclusion::PingWithoutVisit);
        };
        if let Some(number) = booking.order
            && !self.orders.entry((booking.site, number)).1
        {
            return self.exclude(Exclusion::RepeatedOrder);
        }
        let totals = &mut self.totals;
        totals.hits += 1;
        totals.by_kind[booking.kind as usize] += 1;
        totals.by_transport[transport as usize] += 1;
        totals.revenue_millionths += i128::from(booking.revenue_millionths);
        totals.out_of_order += u64::from(place.went_back);
        let day = day_in(self.zone, booking.time);
        totals.days_went_back += u64::from(day < self.latest_day);
        self.latest_day = self.latest_day.max(day);
        totals.time_disbelieved += u64::from(booking.time_disbelieved);
        totals.address_unreadable += u64::from(booking.address_unreadable);
        if self.kept == 0 {
            return;
        }
        if self.hits.len() == self.kept {
            self.hits.pop_front();
        }
        self.hits.push_back(Hit {
            at_ms,
            time: booking.time,
            kind: booking.kind,
            transport,
            visitor: place.visitor,
            visit: place.visit,
            params: params.encoded_without_token().into(),
        });
    }

    /// Counts a hit that was left out though answered as tracked.
    pub(crate) fn exclude(&mut self, why: Exclusion) {
        self.totals.excluded += 1;
        self.totals.excluded_by[why as usize] += 1;
    }

    /// Counts a hit that was refused, for a site if it named one.
    pub(crate) fn refuse(&mut self, why: Refusal, site: Option<i64>) {
        if let (Some(site), Some(failure)) = (site, failure(why)) {
            self.failures.entry((site, failure));
        }
        self.totals.refused += 1;
        self.totals.refused_by[why as usize] += 1;
    }

    /// Counts entries of a bulk that were dropped without being counted in the answer.
    pub(crate) fn drop_entries(&mut self, count: u64) {
        self.totals.entries_dropped += count;
    }

    /// What Matomo calls tracking failures: site and number of each kind.
    pub(crate) fn failures(&self) -> impl Iterator<Item = (i64, u8)> {
        self.failures.keys().copied()
    }

    fn dropped(&self) -> u64 {
        self.totals.hits - self.hits.len() as u64
    }

    /// The totals as JSON, without what is counted outside the ledger.
    pub(crate) fn summary(&self) -> Map<String, Value> {
        let totals = &self.totals;
        let by_kind = named(&Kind::ALL, &totals.by_kind);
        let summary = json!({
            "hits": totals.hits,
            "visits": self.visits.visit_count(),
            "visitors": self.visits.visitor_count(),
            "by_kind": by_kind,
            "revenue": revenue(totals.revenue_millionths),
            "excluded": totals.excluded,
            "excluded_by": named(&EXCLUSIONS, &totals.excluded_by),
            "refused": totals.refused,
            "refused_by": named(&REFUSALS, &totals.refused_by),
            "by_transport": named(&TRANSPORTS, &totals.by_transport),
            "out_of_order": totals.out_of_order,
            "days_went_back": totals.days_went_back,
            "time_disbelieved": totals.time_disbelieved,
            "address_unreadable": totals.address_unreadable,
            "entries_dropped": totals.entries_dropped,
            "dropped_from_ledger": self.dropped(),
            "visitors_forgotten": self.visits.forgotten(),
        });
        match summary {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// Hits from `offset` on, counted from the first one ever recorded. Dropped ones are skipped,
    /// and the answer names the offset it really starts at.
    pub(crate) fn page(&self, offset: Option<u64>, limit: Option<usize>) -> Value {
        let dropped = self.dropped();
        let offset = offset.unwrap_or(0).clamp(dropped, self.totals.hits);
        let limit = limit
            .unwrap_or(HITS_PER_ANSWER_DEFAULT)
            .min(HITS_PER_ANSWER);
        let skipped = usize::try_from(offset - dropped).unwrap_or(usize::MAX);
        let hits: Vec<Value> = (offset..)
            .zip(self.hits.iter().skip(skipped).take(limit))
            .map(|(n, hit)| hit.to_json(n))
            .collect();
        json!({
            "total": self.totals.hits,
            "offset": offset,
            "dropped": dropped,
            "hits": hits,
        })
    }
}

impl Hit {
    fn to_json(&self, n: u64) -> Value {
        let at = DateTime::from_timestamp_millis(self.at_ms).unwrap_or_default();
        let time = DateTime::from_timestamp(self.time, 0).unwrap_or_default();
        let mut params = Map::new();
        for (name, value) in form_urlencoded::parse(self.params.as_bytes()) {
            params.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        json!({
            "n": n,
            "at": at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "time": time.to_rfc3339_opts(SecondsFormat::Secs, true),
            "kind": self.kind,
            "visitor": format!("{:016x}", self.visitor),
            "visit": self.visit,
            "transport": self.transport,
            "params": params,
        })
    }
}

const TRANSPORTS: [Transport; 4] = [
    Transport::Get,
    Transport::Beacon,
    Transport::Form,
    Transport::Bulk,
];

const EXCLUSIONS: [Exclusion; 9] = [
    Exclusion::NotToRecord,
    Exclusion::RobotAgent,
    Exclusion::RobotAddress,
    Exclusion::SpamReferrer,
    Exclusion::Empty,
    Exclusion::ItemsNotAList,
    Exclusion::PingWithoutVisit,
    Exclusion::RepeatedOrder,
    Exclusion::Fault,
];

const REFUSALS: [Refusal; 6] = [
    Refusal::UnknownSite,
    Refusal::NeedsToken,
    Refusal::BadVisitorId,
    Refusal::UnknownGoal,
    Refusal::NegativeTiming,
    Refusal::NothingToLog,
];

/// The number under which Matomo notes a refusal; most it does not note.
fn failure(why: Refusal) -> Option<u8> {
    match why {
        Refusal::UnknownSite => Some(1),
        Refusal::NeedsToken => Some(2),
        _ => None,
    }
}

/// Counts under the names of what they count.
fn named<T: Serialize>(names: &[T], counts: &[u64]) -> Value {
    let pairs = names.iter().zip(counts).filter_map(|(name, count)| {
        let Ok(Value::String(name)) = serde_json::to_value(name) else {
            return None;
        };
        Some((name, Value::from(*count)))
    });
    Value::Object(pairs.collect())
}

/// Summed in whole millionths, so that a thousand prices add up to the cent.
#[expect(
    clippy::cast_precision_loss,
    reason = "shown as a JSON number, exact up to 2^53 millionths"
)]
fn revenue(millionths: i128) -> f64 {
    millionths as f64 / 1e6
}

#[cfg(test)]
mod tests;
