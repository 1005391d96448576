//! Pictures of matrices between units.

use irrev_numerics::linalg::Matrix;
use irrev_report::{Axis, Heatmap};

/// A matrix with the first unit in the upper left corner, rows for the later unit (to) and columns for the earlier one (from).
pub(super) fn matrix(labels: &[String], value: Axis, entry: impl Fn(usize, usize) -> f64) -> Heatmap {
    let rows: Vec<Vec<f64>> = (0..labels.len())
        .rev()
        .map(|i| (0..labels.len()).map(|j| entry(i, j)).collect())
        .collect();
    let upwards: Vec<String> = labels.iter().rev().cloned().collect();
    Heatmap::new(
        Axis::new("from unit", ""),
        labels.to_vec(),
        Axis::new("to unit", ""),
        upwards,
        value,
        rows,
    )
    .diverging()
}

/// Pairs (to, from) row by row, as columns of a table.
pub(super) fn pairs(labels: &[String]) -> (Vec<String>, Vec<String>) {
    let all = labels
        .iter()
        .flat_map(|to| labels.iter().map(move |from| (to.clone(), from.clone())));
    all.unzip()
}

/// Entries row by row, as a column of a table.
pub(super) fn entries(matrix: &Matrix) -> Vec<f64> {
    let n = matrix.rows();
    (0..n * n).map(|k| matrix[(k / n, k % n)]).collect()
}
