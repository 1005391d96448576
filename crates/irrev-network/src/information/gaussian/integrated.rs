//! Integrated information Φ_G of a linear process: what is lost if every variable follows only itself.
//!
//! ```text
//! Φ_G = min over diagonal A' of ½ ln det M/det Q,   M = Q + (A − A') S (A − A')ᵀ,
//! ```
//!
//! the divergence of the process from those in which z_k' depends on z_k alone, up to noise. With R = A − A', N = M⁻¹ and T = N R S the gradient by a'_i is
//! −T_ii, and the Hessian N_ij (S − SRᵀNRS)_ij − T_ij T_ji. Where it is not positive definite, its eigenvalues enter Newton's step by their size.
//!
//! The function may have several minima: it is minimised from several starts. Φ_G is at most the stochastic interaction and the information between past and future.
//!
//! Source: Oizumi, Tsuchiya and Amari, PNAS 113, 14817 (2016).

use irrev_numerics::linalg::{LinearSolver, Matrix, SymmetricSpectrum, symmetric_eigen};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::sum::inner_product;
use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason, Tolerance};

use super::divergence::log_determinant;
use super::riccati::{conjugated, difference, sum};
use super::vector_autoregression::VectorAutoregression;
use crate::error::Result;

/// Eigenvalues of the Hessian below this part of the largest are flat directions.
const FLAT: f64 = 1e-10;

/// A gradient that rounding may leave, which at a minimum costs the value its square.
const ROUNDING: f64 = 1e-8;

/// What must be left of the gradient at most, where the value no longer changes, for a step to be progress.
const PROGRESS: f64 = 0.9;

/// How Φ_G is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntegratedOptions {
    /// Random starts beside the diagonal of A, zero, and the regression of each variable on itself; default 5.
    pub random_starts: usize,
    /// Accepted gradient, each a' in units of its variable's spread (default 1e-12); `max_iterations` Newton steps a start (default 200).
    pub tolerance: Tolerance,
}

impl Default for IntegratedOptions {
    fn default() -> Self {
        Self {
            random_starts: 5,
            tolerance: Tolerance {
                relative: 1e-12,
                absolute: 0.0,
                max_iterations: 200,
            },
        }
    }
}

/// Integrated information and what bounds it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IntegratedInformation {
    /// Φ_G, in nats per step: the least that was found.
    pub value: f64,
    /// The diagonal of A' there.
    pub diagonal: Vec<f64>,
    /// Newton steps of that start, and the gradient left.
    pub convergence: Convergence,
    /// Least eigenvalue of the Hessian there, in units of each variable's spread: positive at a minimum.
    pub curvature: f64,
    /// Starts that ended at this value (within 1e-9), of how many that converged.
    pub agreeing: (usize, usize),
    /// Stochastic interaction of the variables ≥ Φ_G.
    pub stochastic_interaction: f64,
    /// Information between past and future ≥ Φ_G.
    pub past_future_information: f64,
}

/// Φ_G of a process with every variable a part of its own.
///
/// ```
/// use irrev_network::information::gaussian::{VectorAutoregression, integrated_information};
/// use irrev_numerics::linalg::Matrix;
/// let a = Matrix::from_columns(2, vec![0.6, -0.35, 0.25, 0.5]);
/// let q = Matrix::from_columns(2, vec![1.0, 0.0, 0.0, 0.5]);
/// let phi = integrated_information(&VectorAutoregression::new(a, q)?, &Default::default(), &Default::default())?;
/// assert!((phi.value - 0.18512711256755152).abs() < 1e-13);
/// assert!((phi.diagonal[0] - 0.5449878649620576).abs() < 1e-7 && phi.value < phi.stochastic_interaction);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Not converged from any start.
pub fn integrated_information(
    process: &VectorAutoregression,
    options: &IntegratedOptions,
    run: &Run<'_>,
) -> Result<IntegratedInformation> {
    let n = process.dimension();
    let (a, s) = (&process.transition, &process.covariance);
    let forward = a.times(s);
    let regression: Vec<f64> = (0..n).map(|k| forward[(k, k)] / s[(k, k)]).collect();
    let mut starts: Vec<Vec<f64>> = vec![
        (0..n).map(|k| a[(k, k)]).collect(),
        vec![0.0; n],
        regression.clone(),
    ];
    for index in 0..options.random_starts {
        let mut stream = Stream::new(run.seed, Purpose::Search, index as u64);
        starts.push(regression.iter().map(|a| a + stream.normal()).collect());
    }
    let mut found: Vec<Minimum> = Vec::new();
    let mut failure = None;
    for start in &starts {
        run.report(found.len() as f64 / starts.len() as f64, "integrated information")?;
        match descend(process, start, options.tolerance) {
            Ok(minimum) => found.push(minimum),
            Err(error) => failure = Some(error),
        }
    }
    let converged = found.len();
    let values: Vec<f64> = found.iter().map(|minimum| minimum.value).collect();
    let best = found.into_iter().min_by(|x, y| x.value.total_cmp(&y.value));
    let (Some(best), parts) = (best, (0..n).map(|k| vec![k]).collect::<Vec<_>>()) else {
        return Err(failure.unwrap_or(crate::Error::NoStates));
    };
    let agreeing = values.iter().filter(|v| **v <= best.value + 1e-9).count();
    Ok(IntegratedInformation {
        value: best.value,
        diagonal: best.diagonal,
        convergence: best.convergence,
        curvature: best.curvature,
        agreeing: (agreeing, converged),
        stochastic_interaction: process.stochastic_interaction(&parts)?,
        past_future_information: process.past_future_information()?,
    })
}

struct Minimum {
    value: f64,
    diagonal: Vec<f64>,
    curvature: f64,
    convergence: Convergence,
}

/// The function and its derivatives at a diagonal, in units in which a step of each variable is its spread.
struct Local {
    value: f64,
    gradient: Vec<f64>,
    hessian: Matrix,
}

fn local(process: &VectorAutoregression, diagonal: &[f64]) -> Result<Local> {
    let n = process.dimension();
    let (s, q) = (&process.covariance, &process.noise);
    let r = Matrix::from_fn(n, n, |i, j| {
        process.transition[(i, j)] - if i == j { diagonal[i] } else { 0.0 }
    });
    let m = sum(q, &conjugated(&r, s));
    let inverse = LinearSolver::new(m.clone())?
        .solve_matrix(&Matrix::identity(n))?
        .symmetrised();
    let rs = r.times(s);
    let t = inverse.times(&rs);
    let left = difference(s, &rs.transposed().times(&t)).symmetrised();
    // a unit of a'_i is that in which the noise of z_i carries away as much as its spread does
    let unit = |i: usize| (q[(i, i)] / s[(i, i)]).sqrt();
    let hessian = Matrix::from_fn(n, n, |i, j| {
        (inverse[(i, j)] * left[(i, j)] - t[(i, j)] * t[(j, i)]) * unit(i) * unit(j)
    });
    let of_noise = log_determinant("the least variance of the noise Q", q)?;
    Ok(Local {
        value: 0.5 * (log_determinant("the variance of what is left", &m)? - of_noise),
        gradient: (0..n).map(|i| -t[(i, i)] * unit(i)).collect(),
        hessian,
    })
}

/// H⁻¹ g with the sizes of H's eigenvalues, none below a small part of the largest.
fn newton(axes: &SymmetricSpectrum, gradient: &[f64]) -> Vec<f64> {
    let largest = axes.values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let mut step = vec![0.0; gradient.len()];
    for (k, value) in axes.values.iter().enumerate() {
        let axis = axes.vectors.column(k);
        let along = inner_product(axis, gradient) / value.abs().max(FLAT * largest);
        step.iter_mut().zip(axis).for_each(|(s, v)| *s += along * v);
    }
    step
}

fn descend(process: &VectorAutoregression, start: &[f64], tolerance: Tolerance) -> Result<Minimum> {
    let n = start.len();
    let unit = |i: usize| (process.noise[(i, i)] / process.covariance[(i, i)]).sqrt();
    let mut diagonal = start.to_vec();
    let mut at = local(process, &diagonal)?;
    let mut convergence = Convergence {
        iterations: 0,
        residual: f64::INFINITY,
        target: tolerance.target(1.0),
        reason: StopReason::Converged,
    };
    loop {
        convergence.residual = irrev_numerics::operator::norm(&at.gradient);
        let axes = symmetric_eigen(&at.hessian)?;
        let least = axes.values.first().copied().unwrap_or(0.0);
        if convergence.converged() {
            return Ok(Minimum {
                value: at.value,
                diagonal,
                curvature: least,
                convergence,
            });
        }
        if convergence.iterations == tolerance.max_iterations {
            convergence.reason = StopReason::IterationLimit;
            break;
        }
        convergence.iterations += 1;
        let step = newton(&axes, &at.gradient);
        let slope: f64 = -step.iter().zip(&at.gradient).map(|(s, g)| s * g).sum::<f64>();
        let mut length = 1.0_f64;
        let next = loop {
            let moved: Vec<f64> = (0..n).map(|i| diagonal[i] - length * step[i] * unit(i)).collect();
            let there = local(process, &moved)?;
            let smaller = irrev_numerics::operator::norm(&there.gradient) < PROGRESS * convergence.residual;
            // close to the minimum the value no longer changes, and the gradient decides
            let level = (there.value - at.value).abs() <= 8.0 * f64::EPSILON * (1.0 + at.value.abs());
            let falls = !level && there.value <= at.value + 1e-4 * length * slope;
            if falls || (level && smaller) {
                break Some((moved, there));
            }
            length *= 0.5;
            if length < 1e-12 {
                break None;
            }
        };
        match next {
            Some((moved, there)) => (diagonal, at) = (moved, there),
            None => {
                convergence.reason = StopReason::Rounding;
                convergence.target = convergence.target.max(ROUNDING);
                if convergence.converged() {
                    return Ok(Minimum {
                        value: at.value,
                        diagonal,
                        curvature: least,
                        convergence,
                    });
                }
                break;
            }
        }
    }
    Err(NumericsError::NotConverged {
        what: "integrated information",
        convergence,
    }
    .into())
}
