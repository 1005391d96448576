//! The cells around the nodes of a grid.

use irrev_landscape::axes::Axis;

/// Where the cells of the nodes begin and end.
pub(super) fn edges(axis: &Axis) -> Vec<f64> {
    let n = axis.nodes();
    let (first, h) = (axis.node(0), axis.spacing());
    if axis.is_circle() {
        return (0..=n).map(|k| first + (k as f64 - 0.5) * h).collect();
    }
    let middle = |k: usize| 0.5 * (axis.node(k - 1) + axis.node(k));
    std::iter::once(first)
        .chain((1..n).map(middle))
        .chain(std::iter::once(axis.node(n - 1)))
        .collect()
}
