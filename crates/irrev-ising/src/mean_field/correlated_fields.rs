//! Plefka\[t−1\]: local fields are normal, and correlated because spins listen to the same senders.
//!
//! With tanh(θ_i + √Δ_i z) = Σ_n a_n^i He_n(z)/√n! the mean of a product over two normal numbers of correlation ρ is Σ_n ρⁿ a_n^i a_n^k (Mehler). The a_n come from
//! one set of nodes, and what the sum leaves out is at most |ρ|^{M+1} times the root of what both expansions leave of their variances: where that is not
//! small the double integral is summed.

use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use rayon::prelude::*;

use super::MeanFieldState;
use super::products::Products;
use crate::error::{Error, Result};
use crate::response::sech_squared;

/// Terms of the expansion.
const TERMS: usize = 48;

/// What the expansion may leave out.
const NEGLIGIBLE: f64 = 1e-13;

/// Fields may spread over so many temperatures: the work of a double integral grows with its square.
const WIDEST: f64 = 64.0;

/// Normal numbers further out than this do not count.
const REACH: f64 = 9.5;

/// Largest step of the trapezoid rule.
const STEP: f64 = 0.12;

/// Nodes and weights of the trapezoid rule for functions of tanh(θ + width z): analytic up to π/(2 width) from the axis.
fn nodes(width: f64) -> Vec<(f64, f64)> {
    let step = STEP.min(std::f64::consts::PI.powi(2) / (36.0 * width.max(f64::MIN_POSITIVE)));
    let half = (REACH / step).ceil() as i64;
    let density = step / std::f64::consts::TAU.sqrt();
    (-half..=half)
        .map(|k| {
            let z = k as f64 * step;
            (z, density * (-0.5 * z * z).exp())
        })
        .collect()
}

/// One spin's field: θ and √Δ, with the coefficients of tanh and what they leave of ⟨tanh²⟩.
struct Expanded {
    theta: f64,
    width: f64,
    coefficients: Vec<f64>,
    mean_slope: f64,
    rest: f64,
}

impl Expanded {
    fn new(theta: f64, width: f64) -> Self {
        let mut coefficients = vec![0.0; TERMS];
        let (mut square, mut mean_slope) = (0.0, 0.0);
        for (z, weight) in nodes(width) {
            let x = theta + width * z;
            let t = x.tanh();
            square += weight * t * t;
            mean_slope += weight * sech_squared(x);
            // normalised Hermite polynomials: √(n+1) h_{n+1} = z h_n − √n h_{n−1}
            let (mut last, mut here) = (0.0, 1.0);
            for (n, a) in coefficients.iter_mut().enumerate() {
                *a += weight * t * here;
                let next = (z * here - (n as f64).sqrt() * last) / ((n + 1) as f64).sqrt();
                (last, here) = (here, next);
            }
        }
        let rest = square - coefficients.iter().map(|a| a * a).sum::<f64>();
        Self {
            theta,
            width,
            coefficients,
            mean_slope,
            rest: rest.max(f64::EPSILON * square),
        }
    }

    fn mean(&self) -> f64 {
        self.coefficients[0]
    }
}

/// ⟨tanh x_i tanh x_k⟩ − ⟨tanh x_i⟩⟨tanh x_k⟩ over normal fields of correlation ρ.
fn covariance(a: &Expanded, b: &Expanded, correlation: f64) -> f64 {
    let left_out = correlation.abs().powi(TERMS as i32) * (a.rest * b.rest).sqrt();
    if left_out <= NEGLIGIBLE {
        let terms = a.coefficients.iter().zip(&b.coefficients).skip(1).rev();
        return correlation * terms.fold(0.0, |sum, (x, y)| sum * correlation + x * y);
    }
    // x_k = θ_k + √Δ_k (ρ z + √(1 − ρ²) z')
    let rest = ((1.0 - correlation) * (1.0 + correlation)).max(0.0).sqrt();
    let inner = nodes(b.width * rest);
    let terms = nodes(a.width.max(b.width)).into_iter().map(|(z, weight)| {
        let center = b.theta + b.width * correlation * z;
        let conditional: f64 = inner
            .iter()
            .map(|(y, w)| w * (center + b.width * rest * y).tanh())
            .sum();
        weight * ((a.theta + a.width * z).tanh() - a.mean()) * conditional
    });
    terms.sum()
}

/// Means, equal-time correlations (the diagonal is left to the caller) and delayed correlations.
pub(super) fn step(
    products: &Products,
    before: &MeanFieldState,
    variances: &[f64],
    run: &Run<'_>,
) -> Result<(Vec<f64>, Matrix, Matrix)> {
    let n = variances.len();
    let delta = products.independent_covariance(variances);
    let widest = (0..n).fold(0.0_f64, |widest, i| widest.max(delta[(i, i)].max(0.0).sqrt()));
    Error::require(
        "the spread of local fields in Plefka[t−1], in temperatures",
        widest,
        widest <= WIDEST,
        "at most 64",
    )?;
    let spins: Vec<Expanded> = products
        .mean_fields
        .par_iter()
        .enumerate()
        .map(|(i, theta)| Expanded::new(*theta, delta[(i, i)].max(0.0).sqrt()))
        .collect();
    run.report(0.0, "mean field")?;
    let rows: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|i| {
            (0..i)
                .map(|k| {
                    let scale = (delta[(i, i)] * delta[(k, k)]).sqrt();
                    let correlation = if scale > 0.0 {
                        (delta[(i, k)] / scale).clamp(-1.0, 1.0)
                    } else {
                        0.0
                    };
                    covariance(&spins[i], &spins[k], correlation)
                })
                .collect()
        })
        .collect();
    let equal_time = Matrix::from_fn(n, n, |i, k| if i == k { 0.0 } else { rows[i.max(k)][i.min(k)] });
    let driven = products.driven(before);
    let delayed = Matrix::from_fn(n, n, |i, l| spins[i].mean_slope * driven[(i, l)]);
    Ok((spins.iter().map(Expanded::mean).collect(), equal_time, delayed))
}
