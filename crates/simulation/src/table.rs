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
