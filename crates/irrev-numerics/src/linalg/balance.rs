//! Balancing: a diagonal D for which D⁻¹ A D has rows and columns of one size.
//!
//! Eigenvalues come out with errors ε ‖A‖ times their condition, and scales that differ from species to species spoil both. The usual
//! sweeps (Osborne; Parlett and Reinsch) equalise one row and column after another, which carries a scale along a chain of n only in some
//! n² sweeps. They begin here with the D that makes A symmetric in size along a spanning forest of its pairs a_ij, a_ji ≠ 0: for a chain or
//! a tree, and wherever the products of the entries round every cycle are equal both ways, that is already the answer.
//!
//! Sources: Osborne, J. ACM 7, 338 (1960); Parlett and Reinsch, Numer. Math. 13, 293 (1969).

use super::Matrix;

/// Most sweeps; each changes less than the one before.
const SWEEPS: usize = 20;

/// A row is scaled if that makes row and column together smaller than this part of what they were.
const GAIN: f64 = 0.95;

/// Largest binary exponent of the scales, so that no quotient overflows.
const LARGEST_EXPONENT: f64 = 500.0;

/// Diagonal of D.
pub(super) fn balancing(a: &Matrix) -> Vec<f64> {
    let n = a.rows();
    let ones = vec![1.0; n];
    let forest = along_forest(a);
    let (start, size) = match (off_diagonal(a, &forest), off_diagonal(a, &ones)) {
        (scaled, plain) if scaled < plain => (forest, scaled),
        (_, plain) => (ones, plain),
    };
    let swept = sweeps(a, start.clone());
    if off_diagonal(a, &swept) < size {
        swept
    } else {
        start
    }
}

/// Σ |a_ij d_j/d_i| off the diagonal.
fn off_diagonal(a: &Matrix, scale: &[f64]) -> f64 {
    let column = |j: usize| {
        let sizes = a.column(j).iter().zip(scale).enumerate();
        sizes
            .filter(|(i, (v, _))| *i != j && **v != 0.0)
            .map(|(_, (v, d))| (v * (scale[j] / d)).abs())
            .sum::<f64>()
    };
    let total = (0..a.rows()).map(column).sum::<f64>();
    // a sum that overflows is never the smaller one
    if total.is_finite() { total } else { f64::INFINITY }
}

/// d with |a_ij d_j/d_i| ≈ |a_ji d_i/d_j| along a spanning forest.
fn along_forest(a: &Matrix) -> Vec<f64> {
    let n = a.rows();
    let mut exponent: Vec<Option<f64>> = vec![None; n];
    let mut queue = std::collections::VecDeque::new();
    for root in 0..n {
        if exponent[root].is_some() {
            continue;
        }
        exponent[root] = Some(0.0);
        queue.push_back(root);
        let mut tree = vec![root];
        while let Some(i) = queue.pop_front() {
            let here = exponent[i].unwrap_or(0.0);
            for (j, &down) in a.column(i).iter().enumerate() {
                let up = a[(i, j)];
                if j != i && down != 0.0 && up != 0.0 && exponent[j].is_none() {
                    exponent[j] = Some(here + 0.5 * (down.abs().log2() - up.abs().log2()));
                    queue.push_back(j);
                    tree.push(j);
                }
            }
        }
        // the scale of a whole tree is free: its middle is put at one
        let values = tree.iter().filter_map(|k| exponent[*k]);
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
        for k in tree {
            exponent[k] = exponent[k].map(|e| e - 0.5 * (low + high));
        }
    }
    let power = |e: f64| e.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT).exp2();
    exponent.iter().map(|e| power(e.unwrap_or(0.0))).collect()
}

fn sweeps(a: &Matrix, mut scale: Vec<f64>) -> Vec<f64> {
    let n = a.rows();
    // places off the diagonal, by row and by column
    let mut by_row: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
    let mut by_column: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
    for (j, column) in by_column.iter_mut().enumerate() {
        for (i, &v) in a.column(j).iter().enumerate() {
            if i != j && v != 0.0 {
                by_row[i].push((j, v.abs()));
                column.push((i, v.abs()));
            }
        }
    }
    for _ in 0..SWEEPS {
        let mut changed = false;
        for k in 0..n {
            let row: f64 = by_row[k].iter().map(|(j, v)| v * (scale[*j] / scale[k])).sum();
            let column: f64 = by_column[k].iter().map(|(i, v)| v * (scale[k] / scale[*i])).sum();
            if !(row > 0.0 && column > 0.0 && row.is_finite() && column.is_finite()) {
                continue;
            }
            // multiplying d_k by a power of two f, without rounding, makes the row row/f and the column column·f
            let factor = (0.5 * (row.log2() - column.log2())).round().exp2();
            let within = (scale[k] * factor).log2().abs() <= LARGEST_EXPONENT;
            if within && row / factor + column * factor < GAIN * (row + column) {
                scale[k] *= factor;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    scale
}

#[cfg(test)]
mod tests {
    use super::super::eigenvalues;
    use super::*;

    #[test]
    fn a_long_driven_chain_keeps_its_spectrum() {
        // hopping at 1 and 1/2 between absorbing ends: −3/2 + √2 cos(kπ/(n+1)); unbalanced, rounding moves the leading one from −0.086 to
        // about −0.02
        let n = 400;
        let chain = Matrix::from_fn(n, n, |i, j| match (i, j) {
            (i, j) if i == j => -1.5,
            (i, j) if i == j + 1 => 1.0,
            (i, j) if j == i + 1 => 0.5,
            _ => 0.0,
        });
        let values = eigenvalues(&chain).unwrap().values;
        for (k, value) in values.iter().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64;
            let expected = -1.5 + 2.0_f64.sqrt() * angle.cos();
            // symmetric after scaling, so that errors are ε ‖A‖ times at most n or so
            assert!(
                (value.re - expected).abs() < 1e-11 && value.im.abs() < 1e-11,
                "{k}: {value} {expected}"
            );
        }
    }

    #[test]
    fn a_balanced_matrix_and_a_triangular_one_are_left_alone() {
        let symmetric = Matrix::from_fn(5, 5, |i, j| ((i * j) as f64).cos());
        assert_eq!(balancing(&symmetric), [1.0; 5]);
        let triangular = Matrix::from_fn(3, 3, |i, j| if i <= j { 1.0 } else { 0.0 });
        let spectrum = eigenvalues(&triangular).unwrap().values;
        assert!(spectrum.iter().all(|v| (v.re - 1.0).abs() < 1e-12));
    }
}
