//! Plefka2\[t\]: every pair keeps its own coupling.

use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use rayon::prelude::*;

use super::MeanFieldState;
use super::products::{Products, transposed};
use super::self_consistent::reacting_tanh;
use crate::error::Result;

/// tanh of the field of a spin given that another is +1, and given that it is −1.
fn given(theta: f64, coupling: f64, mean: f64, reaction: f64) -> (f64, f64) {
    let tanh = |s: f64| reacting_tanh(theta + coupling * (s - mean), reaction);
    (tanh(1.0), tanh(-1.0))
}

/// Means, equal-time correlations (the diagonal is left to the caller) and delayed correlations.
pub(super) fn step(
    products: &Products,
    before: &MeanFieldState,
    run: &Run<'_>,
) -> Result<(Vec<f64>, Matrix, Matrix)> {
    let n = before.magnetizations.len();
    let (j, theta, earlier) = (&products.couplings, &products.mean_fields, &before.magnetizations);
    let driven = products.driven(before);
    let v = products.field_covariance(&driven);
    // M_jl = Σ_n D'_jn J_ln, so that W_il = Σ_{j≠l} J_ij M_jl
    let reaching = before.delayed.times(&transposed(j));
    let all_reaching = j.times(&reaching);
    run.report(0.0, "mean field")?;
    // column l holds what follows from keeping s_l(t−1)
    let columns: Vec<Vec<(f64, f64)>> = (0..n)
        .into_par_iter()
        .map(|l| {
            let (up, down) = (0.5 * (1.0 + earlier[l]), 0.5 * (1.0 - earlier[l]));
            (0..n)
                .map(|i| {
                    let own = j[(i, l)];
                    let coupling = own + all_reaching[(i, l)] - own * reaching[(l, l)];
                    let reaction =
                        v[(i, i)] - 2.0 * own * driven[(i, l)] + own * own * before.equal_time[(l, l)];
                    let (plus, minus) = given(theta[i], coupling, earlier[l], reaction);
                    let mean = up * plus + down * minus;
                    (mean, up * plus - down * minus - mean * earlier[l])
                })
                .collect()
        })
        .collect();
    let means: Vec<f64> = (0..n)
        .map(|i| columns.iter().map(|column| column[i].0).sum::<f64>() / n as f64)
        .collect();
    let delayed = Matrix::from_fn(n, n, |i, l| columns[l][i].1);
    let conditioned: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|k| {
            let m = means[k];
            (0..n)
                .map(|i| {
                    let (plus, minus) = given(theta[i], v[(i, k)], m, v[(i, i)]);
                    0.5 * (1.0 + m) * plus * (1.0 - m) - 0.5 * (1.0 - m) * minus * (1.0 + m)
                })
                .collect()
        })
        .collect();
    let equal_time = Matrix::from_fn(n, n, |i, k| 0.5 * (conditioned[k][i] + conditioned[i][k]));
    Ok((means, equal_time, delayed))
}
