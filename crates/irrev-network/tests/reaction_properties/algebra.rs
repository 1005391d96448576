//! Weighted least squares on whole-number rows against the normal equations in twice the precision.

use irrev_numerics::linalg::WeightedLeastSquares;
use irrev_testing::extended::DoubleDouble;
use irrev_testing::random::{cases, rates};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::EPS;

type Extended = Vec<Vec<DoubleDouble>>;

/// Solves A x = b for a symmetric positive matrix by elimination; `None` where a pivot has lost its digits, that is where A is singular.
fn solved(mut a: Extended, mut b: Vec<DoubleDouble>) -> Option<Vec<f64>> {
    let n = b.len();
    let diagonal: Vec<f64> = (0..n).map(|i| a[i][i].value()).collect();
    for k in 0..n {
        if !(a[k][k].value() > 1e-28 * diagonal[k]) {
            return None;
        }
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            for j in k..n {
                a[i][j] = a[i][j] - factor * a[k][j];
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
    #![proptest_config(cases(500))]

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
        // χ ε max|f| with Stewart's χ, which no weights can exceed: 1e4 for these rows; 32 digits leave the reference good to 1e-32 · 10²⁰
        let largest = targets.iter().fold(0.0_f64, |m, f| m.max(f.abs()));
        for (g, e) in x.iter().zip(&expected) {
            prop_assert!((g - e).abs() <= 1e4 * EPS * largest, "{g:e} {e:e}: {:e}", (g - e).abs());
        }
    }
}
