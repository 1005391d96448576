//! Moments of a table and the coordinates dual to them.
//!
//! A cell of a table is a tuple of labels, and so is a moment: M(u) is the probability of the labels u on the axes with u_k ≠ 0, whatever the other
//! axes do, and M(0) is the total. The natural parameter θ(u) belongs to the same indicator: ln q(x) = Σ θ(u) over all u that x agrees with. Going from
//! one to the other is one pass along every axis, O(axes · cells). The order of u is the number of axes it names.

use super::joint::strides;

/// The shape of a table, with the labels of every cell.
pub(super) struct Shape {
    sizes: Vec<usize>,
    strides: Vec<usize>,
    cells: usize,
}

impl Shape {
    pub(super) fn new(sizes: &[usize]) -> Self {
        Self {
            strides: strides(sizes),
            sizes: sizes.to_vec(),
            cells: sizes.iter().product(),
        }
    }

    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    pub(super) fn stride(&self, axis: usize) -> usize {
        self.strides[axis]
    }

    pub(super) fn label(&self, cell: usize, axis: usize) -> usize {
        cell / self.strides[axis] % self.sizes[axis]
    }

    pub(super) fn order(&self, moment: usize) -> usize {
        (0..self.sizes.len())
            .filter(|&k| self.label(moment, k) != 0)
            .count()
    }

    /// Along every axis, f(the entry with label 0, the others).
    fn along(&self, values: &mut [f64], f: impl Fn(&mut f64, &mut f64)) {
        for (&stride, &size) in self.strides.iter().zip(&self.sizes) {
            for block in values.chunks_exact_mut(stride * size) {
                let (zero, others) = block.split_at_mut(stride);
                for other in others.chunks_exact_mut(stride) {
                    for (z, o) in zero.iter_mut().zip(other) {
                        f(z, o);
                    }
                }
            }
        }
    }

    /// Probabilities of cells to moments.
    pub(super) fn moments(&self, values: &mut [f64]) {
        self.along(values, |zero, other| *zero += *other);
    }

    /// Moments to probabilities of cells.
    pub(super) fn cells_of_moments(&self, values: &mut [f64]) {
        self.along(values, |zero, other| *zero -= *other);
    }

    /// Logarithms of cells to natural parameters; also a gradient in cells to one in moments.
    pub(super) fn natural(&self, values: &mut [f64]) {
        self.along(values, |zero, other| *other -= *zero);
    }

    /// Natural parameters to logarithms of cells.
    pub(super) fn cells_of_natural(&self, values: &mut [f64]) {
        self.along(values, |zero, other| *other += *zero);
    }

    /// Both of two moments as one; `None` if they name different labels on an axis, so that no cell has both.
    fn union(&self, u: usize, v: usize) -> Option<usize> {
        let mut joined = 0;
        for (axis, stride) in self.strides.iter().enumerate() {
            let label = match (self.label(u, axis), self.label(v, axis)) {
                (a, 0) => a,
                (0, b) => b,
                (a, b) if a == b => a,
                _ => return None,
            };
            joined += label * stride;
        }
        Some(joined)
    }

    /// Covariances of indicators under the table with the given moments, by columns.
    pub(super) fn covariance(&self, features: &[usize], moments: &[f64]) -> Vec<f64> {
        let n = features.len();
        let mut matrix = vec![0.0; n * n];
        for (j, &v) in features.iter().enumerate() {
            for (i, &u) in features.iter().enumerate().skip(j) {
                let both = self.union(u, v).map_or(0.0, |w| moments[w]);
                matrix[j * n + i] = both - moments[u] * moments[v];
            }
        }
        matrix
    }

    /// Second derivatives of Σ f(cell) in moments, from the second derivatives f'' of the cells, by columns.
    ///
    /// A cell depends on a moment with the product over the axes of −1 or 1 at label 0 and at its own; where both moments name the same label these add up,
    /// elsewhere only label 0 counts.
    pub(super) fn curvature(&self, features: &[usize], mut second: Vec<f64>) -> Vec<f64> {
        self.cells_of_natural(&mut second);
        let n = features.len();
        let mut matrix = vec![0.0; n * n];
        for (j, &v) in features.iter().enumerate() {
            for (i, &u) in features.iter().enumerate().skip(j) {
                let (mut shared, mut sign) = (0, 1.0);
                for (axis, stride) in self.strides.iter().enumerate() {
                    match (self.label(u, axis), self.label(v, axis)) {
                        (0, 0) => {}
                        (0, _) | (_, 0) => sign = -sign,
                        (a, b) if a == b => shared += a * stride,
                        _ => {}
                    }
                }
                matrix[j * n + i] = sign * second[shared];
            }
        }
        matrix
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_undo_each_other_and_moments_are_marginals() {
        let shape = Shape::new(&[2, 3]);
        let cells = [0.1, 0.2, 0.05, 0.3, 0.15, 0.2];
        let mut values = cells.to_vec();
        shape.moments(&mut values);
        // row 0: total, columns 1 and 2; row 1: the row, its cells
        for (got, expected) in values.iter().zip([1.0, 0.35, 0.25, 0.65, 0.15, 0.2]) {
            assert!((got - expected).abs() < 1e-15);
        }
        shape.cells_of_moments(&mut values);
        shape.natural(&mut values);
        shape.cells_of_natural(&mut values);
        for (got, expected) in values.iter().zip(cells) {
            assert!((got - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn curvature_is_the_second_derivative_in_moments() {
        let shape = Shape::new(&[2, 3]);
        let second = [1.0, 0.5, 2.0, 3.0, 0.25, 1.5];
        let features: Vec<usize> = (1..6).collect();
        let matrix = shape.curvature(&features, second.to_vec());
        for (j, &v) in features.iter().enumerate() {
            for (i, &u) in features.iter().enumerate().skip(j) {
                let direction = |f: usize| {
                    let mut unit = vec![0.0; 6];
                    unit[f] = 1.0;
                    shape.cells_of_moments(&mut unit);
                    unit
                };
                let (a, b) = (direction(u), direction(v));
                let expected: f64 = (0..6).map(|z| a[z] * second[z] * b[z]).sum();
                assert!((matrix[j * 5 + i] - expected).abs() < 1e-14);
            }
        }
    }
}
