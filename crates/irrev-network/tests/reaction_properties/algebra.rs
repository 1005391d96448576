//! Weighted least squares on whole-number rows against the normal equations in twice the precision.

use irrev_numerics::linalg::WeightedLeastSquares;
use irrev_testing::extended::DoubleDouble;
use irrev_testing::random::{cases, rates};
use proptest::collection::vec;
use proptest::prelude::*;

use super::EPS;

type Extended = Vec<Vec<DoubleDouble>>;

/// Solves A x = b for a symmetric positive matrix by elimination; `None` where a pivot has lost its digits, that is where A is singular.
fn solved(mut a: Extended, mut b: Vec<DoubleDouble>) -> Option<Vec<f64>> {
    let n = b.len();
    let diagonal: Vec<f64> = (0..n).map(|i| a[i][i].value()).collect();
    for k in 0..n {
        if !(a[k][k].value() > 1e-28 * diagonal[k]) {
            return None;
        }
        let (above, below) = a.split_at_mut(k + 1);
        let pivot = &above[k];
        for (row, i) in below.iter_mut().zip(k + 1..) {
            let factor = row[k] / pivot[k];
            for (entry, p) in row.iter_mut().zip(pivot) {
                *entry = *entry - factor * *p;
            }
            b[i] = b[i] - factor * b[k];
        }
    }
    for k in (0..n).rev() {
        for j in k + 1..n {
            b[k] = b[k] - a[k][j] * b[j];
        }
        b[k] = b[k] / a[k][k];
    }
    Some(b.into_iter().map(DoubleDouble::value).collect())
}

/// The minimiser of Σ w (a·x − f)², from the normal equations in 32 digits.
fn reference(rows: &[Vec<i64>], weights: &[f64], targets: &[f64]) -> Option<Vec<f64>> {
    let n = rows[0].len();
    let mut normal: Extended = vec![vec![DoubleDouble::ZERO; n]; n];
    let mut right = vec![DoubleDouble::ZERO; n];
    for ((row, w), f) in rows.iter().zip(weights).zip(targets) {
        for i in 0..n {
            let scaled = DoubleDouble::from(*w) * (row[i] as f64).into();
            for j in 0..n {
                normal[i][j] = normal[i][j] + scaled * (row[j] as f64).into();
            }
            right[i] = right[i] + scaled * (*f).into();
        }
    }
    solved(normal, right)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 1_000_000, ..cases(500) })]

    #[test]
    fn least_squares_are_good_to_rounding_over_twenty_decades_of_weights(
        (rows, weights, targets) in (1..=5_usize, 1..=12_usize).prop_flat_map(|(n, m)| {
            (vec(vec(-3..=3_i64, n), m), vec(rates(20.0), m), vec(-10.0..10.0_f64, m))
        })
    ) {
        let n = rows[0].len();
        let sparse: Vec<Vec<(usize, f64)>> = rows.iter().map(|row| {
            row.iter().enumerate().filter(|(_, a)| **a != 0).map(|(c, a)| (c, *a as f64)).collect()
        }).collect();
        let problem = WeightedLeastSquares::new(sparse, n).unwrap();
        prop_assume!(problem.null_space().rank == n);
        let x = problem.solve(&weights, &targets, &vec![0.0; n]).unwrap().unwrap().x;
        let Some(expected) = reference(&rows, &weights, &targets) else {
            return Err(TestCaseError::reject("singular to 28 digits"));
        };
        // whatever the weights, x is a mean of solutions of five of the rows: cofactors of at most 6⁴ (Hadamard), five of them, over a determinant
        // of at least 1, and a dozen roundings. The gradient is summed in twice the precision, so that strong rows leave ε² of their weight
        // where weak ones decide
        let largest = targets.iter().fold(0.0_f64, |m, f| m.max(f.abs()));
        let spread = weights.iter().fold(0.0_f64, |m, w| m.max(*w)) / weights.iter().fold(f64::INFINITY, |m, w| m.min(*w));
        let allowed = 1e5 * EPS * largest * (1.0 + EPS * spread);
        for (g, e) in x.iter().zip(&expected) {
            prop_assert!((g - e).abs() <= allowed, "{g:e} {e:e}: {:e}", (g - e).abs());
        }
    }
}
