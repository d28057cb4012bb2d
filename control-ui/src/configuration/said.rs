//! Numbers as a person would say them: two digits, and the unit that fits.

use std::time::Duration;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// A number with two digits that count, and commas between groups of three: `0.58`, `2.9`, `110,000`, `4 million`.
pub(crate) fn number(value: f64) -> String {
    let rounded = two_digits(value);
    if rounded >= 1e6 {
        let (part, name) = match rounded {
            1e12.. => (rounded / 1e12, "trillion"),
            1e9.. => (rounded / 1e9, "billion"),
            _ => (rounded / 1e6, "million"),
        };
        return format!("{} {name}", grouped(two_digits(part)));
    }
    grouped(rounded)
}

/// A whole number with commas, every digit said.
pub(super) fn exact(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 visit`, `20 visits`; the noun is said in the singular.
pub(super) fn count(value: u64, noun: &str) -> String {
    format!(
        "{} {noun}{}",
        exact(value),
        if value == 1 { "" } else { "s" }
    )
}

/// `90 seconds`, `36 minutes`, `1.5 hours`, `12 days`.
pub(super) fn time(seconds: f64) -> String {
    let (amount, unit) = match seconds {
        s if s < 100.0 => (s, "second"),
        s if s < 100.0 * MINUTE => (s / MINUTE, "minute"),
        s if s < 72.0 * HOUR => (s / HOUR, "hour"),
        s if s < 730.0 * DAY => (s / DAY, "day"),
        s => (s / DAY / 365.0, "year"),
    };
    let text = number(amount);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} {unit}{plural}")
}

/// A duration that somebody set, in the unit that it comes out even in.
pub(super) fn set_time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let even = |unit: f64| seconds >= unit && (seconds / unit * 100.0).fract() == 0.0;
    let (amount, unit) = match seconds {
        _ if even(HOUR) => (seconds / HOUR, "hour"),
        _ if even(MINUTE) => (seconds / MINUTE, "minute"),
        _ => (seconds, "second"),
    };
    let plural = if amount == 1.0 { "" } else { "s" };
    format!("{amount} {unit}{plural}")
}

/// `0.58 visits a second`, or `one visit every 86 seconds` where that says more.
pub(super) fn rate(per_second: f64, noun: &str) -> String {
    if per_second > 0.0 && per_second < 0.2 {
        return format!("one {noun} every {}", time(1.0 / per_second));
    }
    let text = number(per_second);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} {noun}{plural} a second")
}

fn two_digits(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    // Written and read again, so that 0.58 is 0.58 and not the nearest sum of powers of two.
    format!("{value:.1e}").parse().unwrap_or(value)
}

fn grouped(value: f64) -> String {
    if value >= 1_000.0 {
        // Two digits of a number below a million: exact.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and a million"
        )]
        return exact(value as u64);
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_with_two_digits() {
        for (value, said) in [
            (0.0, "0"),
            (0.5787, "0.58"),
            (2.94, "2.9"),
            (3.02, "3"),
            (11.6, "12"),
            (254.0, "250"),
            (4_649.0, "4,600"),
            (111_234.0, "110,000"),
            (996_000.0, "1 million"),
            (40_600_000.0, "41 million"),
            (1.26e10, "13 billion"),
        ] {
            assert_eq!(number(value), said, "{value}");
        }
    }

    #[test]
    fn times_are_said_in_the_unit_that_fits() {
        for (seconds, said) in [
            (1.0, "1 second"),
            (86.4, "86 seconds"),
            (2_160.0, "36 minutes"),
            (9_000.0, "2.5 hours"),
            (864_000.0, "10 days"),
        ] {
            assert_eq!(time(seconds), said);
        }
        for (seconds, said) in [
            (3_600, "1 hour"),
            (5_400, "1.5 hours"),
            (60, "1 minute"),
            (45, "45 seconds"),
            (604_800, "168 hours"),
        ] {
            assert_eq!(set_time(Duration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn slow_rates_are_said_by_their_distance() {
        assert_eq!(rate(0.5787, "visit"), "0.58 visits a second");
        assert_eq!(rate(1.0, "visit"), "1 visit a second");
        assert_eq!(
            rate(1_000.0 / 86_400.0, "visit"),
            "one visit every 86 seconds"
        );
    }
}
