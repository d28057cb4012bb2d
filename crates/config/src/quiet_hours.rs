//! Times of the day in which no visit starts.
//!
//! For: reading them as a person writes them, and asking whether a minute of the day is one of them. Not for: time
//! zones; whoever asks knows what the clocks of the run's zone show. Days of 23 and 25 hours need no rule of their
//! own that way: what counts is what the clock on the wall shows.
//! Invariant: at least a minute of the day is left.

use crate::problem::{Problem, quoted};

const MINUTES_A_DAY: u16 = 24 * 60;

/// Most ranges; one for each hour. More are refused.
const MAX_RANGES: usize = 24;

/// Times of the day in which no visit starts, by the clock of the run's time zone. Empty by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuietHours {
    /// From a minute of the day up to, not including, another; one that ends before it begins crosses midnight.
    ranges: Vec<(u16, u16)>,
}

impl QuietHours {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether the minute, 0 to 1439 from midnight, is quiet.
    #[must_use]
    pub fn covers(&self, minute: u16) -> bool {
        self.ranges.iter().any(|&(from, to)| match from < to {
            true => (from..to).contains(&minute),
            false => from <= minute || minute < to,
        })
    }

    /// Minutes of a day of 24 hours that are not quiet; at least 1.
    #[must_use]
    pub fn minutes_left(&self) -> u16 {
        let left = (0..MINUTES_A_DAY).filter(|minute| !self.covers(*minute));
        u16::try_from(left.count()).unwrap_or(MINUTES_A_DAY)
    }

    /// Reads ranges such as `22:00-06:00, 12:00-13:00`. Problems have neither pointer nor origin.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        if MAX_RANGES < parts.len() {
            let message = format!("{} ranges are above the limit of {MAX_RANGES}", parts.len());
            return Err(Problem::new("", "above_limit", message).hint("join some of them"));
        }
        let ranges = parts.into_iter().map(range).collect::<Result<_, _>>()?;
        let quiet = Self { ranges };
        if quiet.minutes_left() == 0 {
            let message = "the quiet hours cover the whole day, so no visit would ever start";
            return Err(Problem::new("", "no_time_left", message)
                .hint("leave a part of the day out of them"));
        }
        Ok(quiet)
    }
}

fn range(text: &str) -> Result<(u16, u16), Problem> {
    let wrong = |why: &str| {
        Problem::new("", "invalid_range", format!("{} {why}", quoted(text)))
            .hint("write times of the day like 22:00-06:00, several with commas between them")
    };
    let (from, to) = text
        .split_once(['-', '–'])
        .ok_or_else(|| wrong("is not a range of times"))?;
    let (Some(from), Some(to)) = (minute(from.trim()), minute(to.trim())) else {
        return Err(wrong("is not a range of times from 00:00 to 24:00"));
    };
    if from == to {
        return Err(wrong("begins where it ends"));
    }
    // 24:00 is the end of a day; as a beginning it is the next day's 00:00.
    Ok((from % MINUTES_A_DAY, to))
}

/// `HH:MM` in minutes from midnight, 00:00 to 24:00.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, most: u16| {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|n: &u16| plain && *n <= most)
    };
    let minute = number(hours, 24)? * 60 + number(minutes, 59).filter(|_| minutes.len() == 2)?;
    Some(minute).filter(|minute| *minute <= MINUTES_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_may_cross_midnight_and_end_with_the_day() {
        let quiet = QuietHours::read("22:00-06:00, 12:00 - 13:30,6:15–6:16").unwrap();
        for (minute, expected) in [
            (0, true),
            (6 * 60 - 1, true),
            (6 * 60, false),
            (6 * 60 + 15, true),
            (6 * 60 + 16, false),
            (12 * 60, true),
            (13 * 60 + 30, false),
            (22 * 60, true),
            (MINUTES_A_DAY - 1, true),
        ] {
            assert_eq!(quiet.covers(minute), expected, "{minute}");
        }
        assert_eq!(quiet.minutes_left(), MINUTES_A_DAY - 8 * 60 - 90 - 1);
        let late = QuietHours::read("23:00-24:00").unwrap();
        assert!(late.covers(MINUTES_A_DAY - 1) && !late.covers(0));
        assert_eq!(QuietHours::read(" ").unwrap(), QuietHours::default());
    }

    #[test]
    fn what_is_no_range_is_refused_with_an_example() {
        let many = vec!["01:00-02:00"; MAX_RANGES + 1].join(",");
        for (text, code) in [
            ("22-6", "invalid_range"),
            ("22:00", "invalid_range"),
            ("22:00-25:00", "invalid_range"),
            ("24:01-01:00", "invalid_range"),
            ("22:0-23:00", "invalid_range"),
            ("+1:00-02:00", "invalid_range"),
            ("08:00-08:00", "invalid_range"),
            ("22:00-06:00,", "invalid_range"),
            ("00:00-24:00", "no_time_left"),
            ("12:00-00:00, 00:00-12:00", "no_time_left"),
            (&many, "above_limit"),
        ] {
            let problem = QuietHours::read(text).unwrap_err();
            assert_eq!(problem.code, code, "{text}");
            assert!(problem.hint.is_some(), "{text}");
        }
    }
}
