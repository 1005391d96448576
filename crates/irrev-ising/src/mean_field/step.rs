//! One step of a mean-field theory.

use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use super::products::{Products, variance};
use super::self_consistent::reacting_tanh;
use super::{Expansion, MeanFieldState, correlated_fields, pairwise};
use crate::error::{Error, Result};
use crate::network::KineticIsing;

/// Means and correlations one step later. A few products of N × N matrices; [`Expansion::Pairwise`] solves 4 N² scalar equations more.
///
/// Correlations that diverge are returned as they are: look at [`MeanFieldState::excess_correlation`].
///
/// # Errors
/// [`Error::Size`] if state and network differ; [`Error::Domain`] by [`Expansion::Previous`] for local fields that spread over more than 64 temperatures; too
/// little memory; cancellation.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing, mean_field::{Expansion, MeanFieldState, step}};
/// use irrev_numerics::Run;
/// let one_way = Couplings::from_rows(&[vec![0.0, 0.0], vec![0.5, 0.0]])?;
/// let network = KineticIsing::new(one_way, vec![0.0; 2], 1.0)?;
/// let next = step(&network, Expansion::Naive, &MeanFieldState::independent(&[0.6, 0.0])?, &Run::default())?;
/// assert_eq!(next.magnetizations[1], 0.3_f64.tanh());
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn step(
    network: &KineticIsing,
    expansion: Expansion,
    before: &MeanFieldState,
    run: &Run<'_>,
) -> Result<MeanFieldState> {
    let n = network.spins();
    if before.magnetizations.len() != n {
        return Err(Error::Size {
            what: "a mean-field state",
            found: before.magnetizations.len(),
            expected: n,
        });
    }
    run.require_memory("a step of a mean-field theory", 8 * 8 * (n * n) as u64)?;
    let products = Products::new(network, before);
    let variances: Vec<f64> = before.magnetizations.iter().map(|m| variance(*m)).collect();
    let (magnetizations, mut equal_time, delayed) = match expansion {
        Expansion::Naive => {
            let m = means(&products, |_| 0.0);
            let d = response(&products.couplings, &m, |j, l| j * variances[l]);
            (m, Matrix::zeros(n, n), d)
        }
        Expansion::ThoulessAndersonPalmer => {
            let v = products.independent_covariance(&variances);
            let m = means(&products, |i| v[(i, i)]);
            let d = reacting_response(&products.couplings, &m, before, |i, l| {
                products.couplings[(i, l)] * variances[l]
            });
            (m.clone(), scaled_by_variances(&v, &m), d)
        }
        Expansion::CurrentFirst => {
            let m = means(&products, |_| 0.0);
            let driven = products.driven(before);
            let d = Matrix::from_fn(n, n, |i, l| variance(m[i]) * driven[(i, l)]);
            (m, Matrix::zeros(n, n), d)
        }
        Expansion::CurrentSecond => {
            let driven = products.driven(before);
            let v = products.field_covariance(&driven);
            let m = means(&products, |i| v[(i, i)]);
            let d = reacting_response(&products.couplings, &m, before, |i, l| driven[(i, l)]);
            (m.clone(), scaled_by_variances(&v, &m), d)
        }
        Expansion::Previous => correlated_fields::step(&products, before, &variances, run)?,
        Expansion::Pairwise => pairwise::step(&products, before, run)?,
    };
    for (i, m) in magnetizations.iter().enumerate() {
        equal_time[(i, i)] = variance(*m);
    }
    Ok(MeanFieldState {
        magnetizations,
        previous_magnetizations: before.magnetizations.clone(),
        equal_time,
        delayed,
    })
}

/// m_i = tanh(θ_i − m_i v_i).
fn means(products: &Products, reaction: impl Fn(usize) -> f64) -> Vec<f64> {
    let fields = products.mean_fields.iter().enumerate();
    fields
        .map(|(i, theta)| reacting_tanh(*theta, reaction(i)))
        .collect()
}

/// a_i f(J_il, l).
fn response(couplings: &Matrix, m: &[f64], f: impl Fn(f64, usize) -> f64) -> Matrix {
    Matrix::from_fn(m.len(), m.len(), |i, l| variance(m[i]) * f(couplings[(i, l)], l))
}

/// a_i driven_il (1 + 2 J_il m_i m'_l).
fn reacting_response(
    couplings: &Matrix,
    m: &[f64],
    before: &MeanFieldState,
    driven: impl Fn(usize, usize) -> f64,
) -> Matrix {
    Matrix::from_fn(m.len(), m.len(), |i, l| {
        variance(m[i]) * driven(i, l) * (1.0 + 2.0 * couplings[(i, l)] * m[i] * before.magnetizations[l])
    })
}

/// a_i a_k V_ik.
fn scaled_by_variances(v: &Matrix, m: &[f64]) -> Matrix {
    Matrix::from_fn(m.len(), m.len(), |i, k| {
        variance(m[i]) * variance(m[k]) * v[(i, k)]
    })
}
