//! Proportions of the hours of a day and the days of a week, such that their mean is 1.

/// Quarters of an hour in a day. Clocks differ by quarters of an hour, so a quarter has one rate everywhere.
pub(crate) const QUARTERS: usize = 96;

/// The rate in each quarter of an hour, drawn straight from the middle of one hour to that of the next. An hour of 0
/// stays 0 throughout.
pub(crate) fn quarters(hours: &[f64; 24]) -> [f64; QUARTERS] {
    let rate = |quarter: usize| {
        if hours[quarter / 4] == 0.0 {
            return 0.0;
        }
        // In eighths of an hour, from the middle of the hour before.
        let eighths = quarter * 2 + 1 + 4;
        let (before, after) = ((eighths / 8 + 23) % 24, (eighths / 8) % 24);
        let part = (eighths % 8) as f64 / 8.0;
        hours[before] * (1.0 - part) + hours[after] * part
    };
    levelled(std::array::from_fn(rate))
}

/// The same proportions with a mean of 1; all 0 stays so.
pub(crate) fn levelled<const N: usize>(rates: [f64; N]) -> [f64; N] {
    let sum: f64 = rates.iter().sum();
    let scale = if sum > 0.0 { N as f64 / sum } else { 0.0 };
    rates.map(|rate| rate * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_go_from_the_middle_of_one_hour_to_the_next_and_around_midnight() {
        let mut hours = [1.0; 24];
        (hours[0], hours[23]) = (5.0, 3.0);
        let rates = quarters(&hours);
        let unit = rates[40];
        let seen: Vec<f64> = [0, 1, 2, 94, 95]
            .map(|quarter| rates[quarter] / unit)
            .to_vec();
        let expected = [4.25, 4.75, 4.5, 3.25, 3.75];
        for (seen, expected) in seen.iter().zip(expected) {
            assert!((seen - expected).abs() < 1e-9, "{seen} {expected}");
        }
        assert!((rates.iter().sum::<f64>() - 96.0).abs() < 1e-9);
    }

    #[test]
    fn an_hour_of_nothing_stays_empty() {
        let mut hours = [1.0; 24];
        hours[3] = 0.0;
        assert_eq!(quarters(&hours)[12..16], [0.0; 4]);
    }
}
