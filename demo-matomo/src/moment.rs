//! When a hit happened, as far as it may say so itself (`cdt`, `cdo`).
//!
//! Invariant: a time that Matomo would not believe (in the future, older than twenty years, not a
//! time) is not an error; the hit is booked at the moment of the request.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::params::Params;

/// Older than this many seconds, a hit's own time needs a token (Matomo 5.2's default).
const FREE_SECONDS: i64 = 86_400;
/// Older than this many seconds, a hit's own time is not believed (Matomo 5.2: 20 × 365 days).
const BELIEVED_SECONDS: i64 = 20 * 365 * 86_400;

/// What the hit says about its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Nothing: the moment of the request counts.
    Unsaid,
    /// Something that is not believed: the moment of the request counts, silently.
    Disbelieved,
    /// Unix seconds, recent enough to be taken from anybody.
    Recent(i64),
    /// Unix seconds, so old that a token is needed.
    Old(i64),
}

impl Moment {
    /// Reads `cdt` and `cdo` at the moment `now` (Unix seconds).
    pub(crate) fn of(params: &Params, now: i64) -> Self {
        let offset = params.int("cdo").unwrap_or(0);
        let said = match params.filled("cdt").filter(|text| *text != "0") {
            Some(text) => parse(text),
            None if offset != 0 => Some(now),
            None => return Self::Unsaid,
        };
        let Some(time) = said.and_then(|time| time.checked_sub(offset.saturating_abs())) else {
            return Self::Disbelieved;
        };
        if time > now || time <= now - BELIEVED_SECONDS {
            Self::Disbelieved
        } else if now - time < FREE_SECONDS {
            Self::Recent(time)
        } else {
            Self::Old(time)
        }
    }
}

/// Unix seconds, or a date and time in UTC with or without `T` and zone.
fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(seconds);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp());
    }
    for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
            return Some(time.and_utc().timestamp());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-10 12:00:00 UTC.
    const NOW: i64 = 1_773_144_000;

    #[test]
    fn each_way_of_saying_a_time_is_read_as_in_matomo() {
        let hour_ago = Moment::Recent(NOW - 3_600);
        for (query, expected) in [
            ("", Moment::Unsaid),
            ("cdt=", Moment::Unsaid),
            ("cdt=1773140400", hour_ago),
            ("cdt=2026-03-10+11:00:00", hour_ago),
            ("cdt=2026-03-10T11:00:00Z", hour_ago),
            ("cdt=2026-03-10T12:00:00%2B01:00", hour_ago),
            ("cdo=3600", hour_ago),
            ("cdo=-3600", hour_ago),
            ("cdt=2026-03-10+11:30:00&cdo=1800", hour_ago),
            ("cdt=2026-03-10+12:00:00", Moment::Recent(NOW)),
            ("cdt=2026-03-10+12:00:30", Moment::Disbelieved),
            ("cdt=2026-03-09+13:00:00", Moment::Recent(NOW - 23 * 3_600)),
            ("cdt=2026-03-09+12:00:01", Moment::Recent(NOW - 86_399)),
            ("cdt=2026-03-09+12:00:00", Moment::Old(NOW - 86_400)),
            ("cdo=90000", Moment::Old(NOW - 90_000)),
            ("cdt=2006-03-20+12:00:00", Moment::Old(NOW - 7_295 * 86_400)),
            ("cdt=2005-01-01+00:00:00", Moment::Disbelieved),
            ("cdt=yesterday-ish", Moment::Disbelieved),
            ("cdt=-9223372036854775808&cdo=9", Moment::Disbelieved),
        ] {
            assert_eq!(Moment::of(&Params::parse(query), NOW), expected, "{query}");
        }
    }
}
