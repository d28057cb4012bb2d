//! Wall clocks: what a moment is called in a time zone.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use tracking::LocalTime;

/// A moment as people of a place feel it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    /// 0 to 23.
    pub(crate) hour: u8,
    /// Saturday or Sunday.
    pub(crate) weekend: bool,
}

/// The hour on the wall at `time_ms`, and whether it is the weekend there.
pub(crate) fn local(zone: Tz, time_ms: i64) -> Local {
    let seconds = time_ms.div_euclid(1000) + offset_s(zone, time_ms);
    Local {
        hour: (seconds.rem_euclid(86_400) / 3600) as u8,
        // The epoch began on a Thursday.
        weekend: matches!(seconds.div_euclid(86_400).rem_euclid(7), 2 | 3),
    }
}

/// How far the zone's clocks are ahead of UTC at `time_ms`, in seconds.
pub(crate) fn offset_s(zone: Tz, time_ms: i64) -> i64 {
    let utc = DateTime::from_timestamp_millis(time_ms).unwrap_or_default();
    let offset = zone.offset_from_utc_datetime(&utc.naive_utc());
    i64::from(offset.fix().local_minus_utc())
}

/// The wall clock at `time_ms`, `offset_s` ahead of UTC.
pub(crate) fn local_time(time_ms: i64, offset_s: i64) -> LocalTime {
    let second_of_day = (time_ms.div_euclid(1000) + offset_s).rem_euclid(86_400);
    LocalTime {
        hour: (second_of_day / 3600) as u8,
        minute: (second_of_day / 60 % 60) as u8,
        second: (second_of_day % 60) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_time_is_whole_and_wraps_at_midnight() {
        let clock = |time_ms, offset_s| {
            let LocalTime {
                hour,
                minute,
                second,
            } = local_time(time_ms, offset_s);
            (hour, minute, second)
        };
        assert_eq!(clock(0, 0), (0, 0, 0));
        assert_eq!(clock(86_399_999, 0), (23, 59, 59));
        assert_eq!(clock(86_399_999, 1), (0, 0, 0));
        assert_eq!(clock(0, -1), (23, 59, 59));
        assert_eq!(clock(3_661_000, 5 * 3600 + 1800), (6, 31, 1));
    }

    #[test]
    fn an_hour_and_a_weekend_are_those_of_the_zone() {
        // Sunday, 1 March 2026, 20:30 UTC.
        let at_ms = 1_772_397_000_000;
        let told = |zone: Tz| (local(zone, at_ms).hour, local(zone, at_ms).weekend);
        assert_eq!(told(Tz::UTC), (20, true));
        assert_eq!(told(Tz::Asia__Tokyo), (5, false));
        assert_eq!(told(Tz::America__Los_Angeles), (12, true));
    }
}
