//! Keeping an overall share while it differs between groups.
//!
//! For: "47 % of all visits bounce, those from social networks more often". Not for: drawing. Invariant: with the groups'
//! weights the overall share is the one that was asked for, as far as it can be had at all.

/// Probability of each group, in proportion to its factor, so that together they make `share` of the whole; none above `most`.
/// Groups are given as (weight, factor); weights sum to 1.
pub(crate) fn spread(share: f64, groups: &[(f64, f64)], most: f64) -> Vec<f64> {
    let at = |scale: f64| {
        groups
            .iter()
            .map(move |&(_, factor)| (scale * factor).min(most))
    };
    let total = |scale: f64| {
        let parts = at(scale)
            .zip(groups)
            .map(|(chance, &(weight, _))| chance * weight);
        parts.sum::<f64>()
    };
    if share <= 0.0 {
        return vec![0.0; groups.len()];
    }
    // The total grows with the scale until every group with a factor is at its most.
    let mut high = 1.0;
    while total(high) < share && high < 1e9 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if total(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(high).collect()
}

/// How the columns share out each row, so that with the rows' weights each column comes to its share, and a column is as
/// much more frequent in a row as `leaning` says. Weights and shares sum to 1; leanings are above 0.
pub(crate) fn fit<const COLUMNS: usize>(
    rows: &[f64],
    columns: &[f64; COLUMNS],
    leaning: impl Fn(usize, usize) -> f64,
) -> Vec<[f64; COLUMNS]> {
    let mut table: Vec<[f64; COLUMNS]> = (0..rows.len())
        .map(|row| std::array::from_fn(|column| columns[column] * leaning(row, column)))
        .collect();
    // Alternately right in the columns and in the rows; this converges fast (iterative proportional fitting).
    for _ in 0..40 {
        for column in 0..COLUMNS {
            let sum: f64 = table
                .iter()
                .zip(rows)
                .map(|(row, weight)| row[column] * weight)
                .sum();
            if sum > 0.0 {
                table
                    .iter_mut()
                    .for_each(|row| row[column] *= columns[column] / sum);
            }
        }
        for row in &mut table {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|cell| *cell /= sum);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_differ_and_the_whole_is_met() {
        let groups = [(0.5, 1.0), (0.3, 2.0), (0.2, 0.5)];
        let chances = spread(0.47, &groups, 1.0);
        let whole: f64 = chances
            .iter()
            .zip(&groups)
            .map(|(chance, group)| chance * group.0)
            .sum();
        assert!((whole - 0.47).abs() < 1e-9, "{whole}");
        assert!((chances[1] / chances[0] - 2.0).abs() < 1e-9);
        assert_eq!(spread(0.0, &groups, 1.0), [0.0; 3]);
        // All there is.
        let all = spread(1.0, &groups, 1.0);
        assert!(all.iter().all(|chance| (1.0 - chance) < 1e-9), "{all:?}");
    }

    #[test]
    fn columns_come_to_their_shares_and_lean_to_their_rows() {
        let rows = [0.7, 0.3];
        let columns = [0.5, 0.3, 0.2];
        let table = fit(&rows, &columns, |row, column| {
            if row == 1 && column == 1 { 3.0 } else { 1.0 }
        });
        for (column, share) in columns.iter().enumerate() {
            let whole = table[0][column] * rows[0] + table[1][column] * rows[1];
            assert!((whole - share).abs() < 1e-9, "{whole}");
        }
        assert!(table[1][1] > 1.5 * table[0][1]);
        assert!(
            table
                .iter()
                .all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-9)
        );
    }
}
