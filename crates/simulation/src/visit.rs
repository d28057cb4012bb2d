//! A visit: one visitor's timed hits.
//!
//! For: putting who, what and when together. Invariant: Matomo is never told a time that lies in its future:
//! live hits are sent at their moment, back-dated ones have happened a minute before they are sent.

use std::sync::Arc;

use chrono_tz::Tz;
use config::Pacing;
use serde::Serialize;
use tracking::{Hit, Identity};

use crate::arrivals::Arrival;
use crate::journeys::Step;
use crate::streams::{Purpose, Streams};
use crate::wall_clock::{local_time, offset_s};

/// How far in the past a back-dated hit lies when it is sent, at least. Matomo books a `cdt` that is a
/// second ahead of its own clock at "now" (measured on 5.2).
const BACK_DATED_MS: i64 = 60_000;

/// One visitor's ordered hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Number of the visit in the run, from 0, in plan order.
    pub ordinal: u64,
    /// Whose visit it is.
    pub visitor: Visitor,
    /// Where it comes from: `direct`, `search`, `social`, `websites`, `ai_assistants`, `campaigns` or `email`.
    pub channel: &'static str,
    /// What kind of visit it is; empty in the flat model, which knows one kind.
    pub persona: &'static str,
    /// What the visitor does: at least a page view, times strictly ascending by a second or more.
    pub hits: Vec<TimedHit>,
}

/// A person with a device, for people to read; the hits hold the same in Matomo's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visitor {
    /// The id that Matomo is told (`cid`), sixteen hexadecimal digits.
    pub id: String,
    /// ISO 3166-1 code; `None` when visitors have no addresses of their own, since Matomo then takes
    /// the loader's country for theirs.
    pub country: Option<String>,
    /// `desktop`, `smartphone` or `tablet`.
    pub device: String,
    /// Name of the browser.
    pub browser: String,
    /// Name of the operating system.
    pub os: String,
    /// Whether the person was there before.
    pub returning: bool,
}

/// A hit and its moments, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedHit {
    /// When to send it.
    pub send_at_ms: i64,
    /// When it happened, as Matomo should book it.
    pub time_ms: i64,
    /// The `cdt` to send, in Unix seconds: set in a backfill and in compressed pacing, where `time_ms` lies in the past.
    pub cdt_s: Option<i64>,
    /// What is sent.
    pub hit: Hit,
}

/// Gives the steps of a visit their moments and their visitor.
pub(crate) fn timed_hits(
    arrival: &Arrival,
    pacing: Pacing,
    identity: &Arc<Identity>,
    zone: Tz,
    mut steps: Vec<Step>,
    streams: &Streams,
) -> Vec<TimedHit> {
    let past = arrival.ends_ms;
    if let Some(ends_ms) = past {
        steps.retain(|step| arrival.at_ms + step.at_ms < ends_ms);
    }
    let sends = match pacing {
        Pacing::Live => None,
        // A past day has no pauses: its hits leave as fast as allowed.
        Pacing::Compressed { .. } if past.is_some() => None,
        Pacing::Compressed {
            pause_min,
            pause_max,
        } => {
            let mut stream = streams.stream(arrival.ordinal, Purpose::Pauses);
            let (min, max) = (pause_min.as_millis() as u64, pause_max.as_millis() as u64);
            let mut at = arrival.at_ms;
            let pauses = steps.iter().enumerate().map(|(nth, _)| {
                if nth > 0 {
                    at += stream.between(min, max) as i64;
                }
                at
            });
            Some(pauses.collect::<Vec<_>>())
        }
    };
    // Back-dated so far that each hit, not only the last, has happened a minute before it is sent.
    let start_ms = match &sends {
        None => arrival.at_ms,
        Some(sends) => {
            let slack = sends
                .iter()
                .zip(&steps)
                .map(|(send, step)| send - step.at_ms)
                .min();
            slack.unwrap_or(arrival.at_ms) - BACK_DATED_MS
        }
    };
    let first_offset = offset_s(zone, start_ms);
    let last_offset = steps
        .last()
        .map_or(first_offset, |last| offset_s(zone, start_ms + last.at_ms));
    let step_to_hit = |(nth, step): (usize, Step)| {
        let time_ms = start_ms + step.at_ms;
        // The clocks change at most once in a visit; then each hit looks for itself.
        let offset_s = if first_offset == last_offset {
            first_offset
        } else {
            offset_s(zone, time_ms)
        };
        let local = local_time(time_ms, offset_s);
        TimedHit {
            send_at_ms: sends.as_ref().map_or(time_ms, |sends| sends[nth]),
            time_ms,
            cdt_s: (sends.is_some() || past.is_some()).then(|| time_ms.div_euclid(1000)),
            hit: Hit::new(identity.clone(), step.page, local, step.action),
        }
    };
    steps.into_iter().enumerate().map(step_to_hit).collect()
}
