//! Reading the tables of `data/`: lines of fields between tabs, `#` comments.
//!
//! Invariant: the tables are part of the program and tested, so a line that does not fit is a defect of
//! the program, not an error of its user.

use rand::distr::weighted::WeightedIndex;

use crate::streams::Stream;

/// The rows of a table of `N` columns.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            fields
                .try_into()
                .expect("each row of a committed table has all columns")
        })
}

/// A number of a table.
pub(crate) fn number(field: &str) -> f64 {
    field.parse().expect("the tables' numbers are numbers")
}

/// A field that may be empty.
pub(crate) fn optional(field: &str) -> Option<&str> {
    (!field.is_empty()).then_some(field)
}

/// Things of different frequency, in whole parts: one draw and a search, the same on any machine.
#[derive(Debug, Clone)]
pub(crate) struct Shares<T> {
    items: Vec<T>,
    /// Sum of the parts up to and with each item; ascending.
    up_to: Vec<u64>,
}

impl<T> Shares<T> {
    /// Items without a part are left out; `None` when nothing is left.
    pub(crate) fn new(items: impl IntoIterator<Item = (u64, T)>) -> Option<Self> {
        let mut sum = 0;
        let (up_to, items): (Vec<u64>, Vec<T>) = items
            .into_iter()
            .filter(|(part, _)| 0 < *part)
            .map(|(part, item)| {
                sum += part;
                (sum, item)
            })
            .unzip();
        (0 < sum).then_some(Self { items, up_to })
    }

    /// Of a committed table.
    pub(crate) fn of_table(items: impl IntoIterator<Item = (u64, T)>) -> Self {
        Self::new(items).expect("the tables' shares are positive")
    }

    pub(crate) fn pick(&self, stream: &mut Stream) -> &T {
        let sum = self.up_to[self.up_to.len() - 1];
        let place = stream.between(0, sum - 1);
        &self.items[self.up_to.partition_point(|up_to| *up_to <= place)]
    }

    #[cfg(test)]
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

/// A list of `share thing; share thing`.
pub(crate) fn shares(field: &'static str) -> impl Iterator<Item = (u64, &'static str)> {
    field.split("; ").map(|each| {
        let (share, thing) = each.split_once(' ').expect("a share and a thing");
        (part(share), thing)
    })
}

/// A share of a table, in whole parts.
pub(crate) fn part(field: &str) -> u64 {
    field.parse().expect("the tables' shares are whole numbers")
}

/// Things of different frequency.
#[derive(Debug, Clone)]
pub(crate) struct Weighted<T> {
    items: Vec<T>,
    index: WeightedIndex<f64>,
}

impl<T> Weighted<T> {
    /// `None` without a positive finite sum of weights.
    pub(crate) fn new(items: impl IntoIterator<Item = (f64, T)>) -> Option<Self> {
        let (weights, items): (Vec<f64>, Vec<T>) = items.into_iter().unzip();
        let index = WeightedIndex::new(weights).ok()?;
        Some(Self { items, index })
    }

    /// Of a committed table.
    pub(crate) fn of_table(items: impl IntoIterator<Item = (f64, T)>) -> Self {
        Self::new(items).expect("the tables' weights are positive")
    }

    pub(crate) fn pick(&self, stream: &mut Stream) -> &T {
        &self.items[stream.sample(&self.index)]
    }

    #[cfg(test)]
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Purpose, Streams};

    #[test]
    fn things_come_by_their_shares_and_never_without_one() {
        let shares = Shares::new([(3, 'a'), (0, 'b'), (1, 'c')]).unwrap();
        let mut stream = Streams::new("test", &[]).stream(0, Purpose::Place);
        let mut found = [0; 3];
        for _ in 0..10_000 {
            found[usize::from(*shares.pick(&mut stream) as u8 - b'a')] += 1;
        }
        assert!((7300..7700).contains(&found[0]), "{found:?}");
        assert_eq!(found[1], 0);
        assert!(Shares::<char>::new([(0, 'a')]).is_none());
    }
}
