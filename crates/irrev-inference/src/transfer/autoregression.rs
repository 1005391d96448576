//! Vector autoregressions: covariances, and transfer entropies with finite and with endless pasts.
//!
//! z_{t+1} = Σ_h A_h z_{t+1−h} + e, e normal with covariance Q. As a process of first order on (z_t, …, z_{t−p+1}) with matrix F, its covariance is Σ F^k Q F^{kᵀ} and
//! that at lag h is F^h times it. With the source unseen, the least error of predicting all else from its whole past is the fixed point of the
//! discrete Riccati equation
//!
//! ```text
//! P = F [P − P Cᵀ (C P Cᵀ)⁻¹ C P] Fᵀ + Q,
//! ```
//!
//! so that TE = ½ ln [(P)_{xx}/Q_{xx}] for the endless past.
//!
//! Source: Barnett and Seth, Phys. Rev. E 91, 040101 (2015).

use irrev_numerics::linalg::{LinearSolver, Matrix};
use irrev_numerics::tolerance::{Convergence, StopReason};

use crate::error::{Error, Result};

/// Doublings after which a process that forgets has forgotten: 2⁶⁰ steps.
const DOUBLINGS: usize = 60;
/// Most steps of the Riccati equation.
const STEPS: usize = 100_000;
/// Relative change at which the Riccati equation stands still, in units of the size.
const STILL: f64 = 4.0 * f64::EPSILON;

/// A stable vector autoregression.
///
/// ```
/// use irrev_inference::transfer::VectorAutoregression;
/// use irrev_numerics::linalg::Matrix;
/// let a = Matrix::from_columns(2, vec![0.5, 0.0, 0.3, 0.7]);          // x' = 0.5 x + 0.3 y, y' = 0.7 y
/// let pair = VectorAutoregression::new(vec![a], Matrix::identity(2))?;
/// assert!((pair.transfer_entropy(0, 1, 1, 1)? - 0.07276307813077).abs() < 1e-12);
/// assert!((pair.full_history_transfer_entropy(0, 1)? - 0.07256794210799).abs() < 1e-12);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VectorAutoregression {
    lags: Vec<Matrix>,
    noise: Matrix,
    /// F, all lags as one step.
    step: Matrix,
    /// Covariance of (z_t, …, z_{t−p+1}).
    covariance: Matrix,
}

impl VectorAutoregression {
    /// The process with these matrices A_1, A_2, … and this covariance of the noise.
    ///
    /// # Errors
    /// [`Error::Size`] for matrices of different sizes; [`Error::Domain`] if the process does not forget, or the noise has no positive variance.
    pub fn new(lags: Vec<Matrix>, noise: Matrix) -> Result<Self> {
        let (d, p) = (noise.rows(), lags.len());
        Error::require("number of lags", p as f64, p > 0 && d > 0, "at least 1")?;
        for matrix in lags.iter().chain([&noise]) {
            if matrix.rows() != d || matrix.columns() != d {
                return Err(Error::Size {
                    what: "matrix of an autoregression",
                    found: matrix.rows().max(matrix.columns()),
                    expected: d,
                });
            }
        }
        for i in 0..d {
            let v = noise[(i, i)];
            Error::require(
                "variance of the noise",
                v,
                v > 0.0 && v.is_finite(),
                "a positive number",
            )?;
        }
        let step = Matrix::from_fn(d * p, d * p, |i, j| {
            if i < d {
                lags[j / d][(i, j % d)]
            } else {
                f64::from(u8::from(i - d == j))
            }
        });
        let wide = widened(&noise, d * p);
        let covariance = stationary_covariance(&step, &wide)?;
        Ok(Self {
            lags,
            noise,
            step,
            covariance,
        })
    }

    /// Least-squares fit of `order` lags to series of equal length (means are taken off); the noise is the residuals' covariance.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::TooFew`] (four samples for each coefficient of a row); a singular fit; those of [`Self::new`].
    pub fn fit(series: &[&[f64]], order: usize) -> Result<Self> {
        Error::require(
            "order of the autoregression",
            order as f64,
            order > 0,
            "at least 1",
        )?;
        let d = series.len();
        let length = series.first().map_or(0, |s| s.len());
        if let Some(other) = series.iter().find(|s| s.len() != length) {
            return Err(Error::Size {
                what: "series of an autoregression",
                found: other.len(),
                expected: length,
            });
        }
        let needed = 4 * d.max(1) * order;
        let samples = length.saturating_sub(order);
        if samples < needed || d == 0 {
            return Err(Error::TooFew {
                what: "fitting an autoregression",
                unit: "samples",
                found: samples,
                needed,
            });
        }
        let column = |i: usize, lag: usize| {
            let part = &series[i][order - lag..][..samples];
            let mean = part.iter().sum::<f64>() / samples as f64;
            part.iter().map(|x| x - mean).collect::<Vec<f64>>()
        };
        let past: Vec<Vec<f64>> = (0..d * order).map(|k| column(k % d, k / d + 1)).collect();
        let past = Matrix::from_columns(samples, past.concat());
        let solver = LinearSolver::new(past.gram())?;
        let transposed = past.transposed();
        let mut rows = Vec::new();
        let mut residuals = Vec::new();
        for i in 0..d {
            let next = column(i, 0);
            let row = solver.solve(&transposed.apply_to(&next))?.x;
            let fitted = past.apply_to(&row);
            residuals.extend(next.iter().zip(&fitted).map(|(a, b)| a - b));
            rows.push(row);
        }
        let lags = (0..order)
            .map(|h| Matrix::from_fn(d, d, |i, j| rows[i][h * d + j]))
            .collect();
        let noise = Matrix::from_columns(samples, residuals).gram();
        Self::new(lags, noise.scaled((samples as f64).recip()))
    }

    /// The matrices A_1, A_2, ….
    #[must_use]
    pub fn lags(&self) -> &[Matrix] {
        &self.lags
    }

    /// Covariance Q of the noise.
    #[must_use]
    pub fn noise(&self) -> &Matrix {
        &self.noise
    }

    /// Stationary covariance of z_t.
    #[must_use]
    pub fn covariance(&self) -> Matrix {
        let d = self.noise.rows();
        Matrix::from_fn(d, d, |i, j| self.covariance[(i, j)])
    }

    fn require_components(&self, target: usize, source: usize) -> Result<()> {
        let d = self.noise.rows();
        for (what, place) in [("target", target), ("source", source)] {
            Error::require(what, place as f64, place < d, "a component of the autoregression")?;
        }
        Error::require(
            "source",
            source as f64,
            source != target,
            "another component than the target",
        )
    }

    /// Transfer entropy source → target with k steps of the target's past and l of the source's, in nats per step; other components are not conditioned on.
    ///
    /// # Errors
    /// [`Error::Domain`] for components that are not there or empty histories.
    pub fn transfer_entropy(&self, target: usize, source: usize, k: usize, l: usize) -> Result<f64> {
        self.require_components(target, source)?;
        Error::require(
            "length of a history",
            k.min(l) as f64,
            k.min(l) > 0,
            "at least 1 step",
        )?;
        let mut at_lag = vec![self.covariance.clone()];
        for h in 0..k.max(l) {
            at_lag.push(self.step.times(&at_lag[h]));
        }
        // z_i(−a) and z_j(−b)
        let covariance = |(i, a): (usize, usize), (j, b): (usize, usize)| match b.checked_sub(a) {
            Some(h) => at_lag[h][(i, j)],
            None => at_lag[a - b][(j, i)],
        };
        let mut own: Vec<(usize, usize)> = (1..=k).map(|lag| (target, lag)).collect();
        let without = conditional_variance((target, 0), &own, &covariance)?;
        own.extend((1..=l).map(|lag| (source, lag)));
        let with = conditional_variance((target, 0), &own, &covariance)?;
        Ok(0.5 * (without / with).ln())
    }

    /// Transfer entropy source → target given the endless past of all components, in nats per step.
    ///
    /// # Errors
    /// [`Error::Domain`] for components that are not there; [`irrev_numerics::Error::NotConverged`] where memory lasts longer than 100 000 steps.
    pub fn full_history_transfer_entropy(&self, target: usize, source: usize) -> Result<f64> {
        self.require_components(target, source)?;
        let (d, n) = (self.noise.rows(), self.step.rows());
        let seen: Vec<usize> = (0..d).filter(|&i| i != source).collect();
        let wide = widened(&self.noise, n);
        let step_back = self.step.transposed();
        let mut error = self.covariance.clone();
        let mut change = f64::INFINITY;
        for _ in 0..STEPS {
            // what is seen now is known exactly
            let inner = Matrix::from_fn(seen.len(), seen.len(), |i, j| error[(seen[i], seen[j])]);
            let crossed = Matrix::from_fn(seen.len(), n, |i, j| error[(seen[i], j)]);
            let gain = LinearSolver::new(inner)?.solve_matrix(&crossed)?;
            let known = crossed.transposed().times(&gain);
            let left = Matrix::from_fn(n, n, |i, j| error[(i, j)] - known[(i, j)]).symmetrised();
            let moved = self.step.times(&left).times(&step_back);
            let next = Matrix::from_fn(n, n, |i, j| moved[(i, j)] + wide[(i, j)]);
            let size = next.data().iter().fold(0.0_f64, |a, b| a.max(b.abs()));
            change = next
                .data()
                .iter()
                .zip(error.data())
                .fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()))
                / size;
            error = next;
            if change <= STILL {
                let (with, without) = (self.noise[(target, target)], error[(target, target)]);
                return Ok(0.5 * (without / with).ln().max(0.0));
            }
        }
        Err(Error::Numerics(irrev_numerics::Error::NotConverged {
            what: "discrete Riccati equation",
            convergence: Convergence {
                iterations: STEPS,
                residual: change,
                target: STILL,
                reason: StopReason::IterationLimit,
            },
        }))
    }
}

/// The noise acts on the newest step only.
fn widened(noise: &Matrix, n: usize) -> Matrix {
    let d = noise.rows();
    Matrix::from_fn(n, n, |i, j| if i < d && j < d { noise[(i, j)] } else { 0.0 })
}

/// Σ F^k Q F^{kᵀ} by doubling: only positive semidefinite matrices are added.
fn stationary_covariance(step: &Matrix, noise: &Matrix) -> Result<Matrix> {
    let (mut sum, mut power) = (noise.clone(), step.clone());
    for _ in 0..DOUBLINGS {
        let added = power.times(&sum).times(&power.transposed());
        let next = Matrix::from_fn(sum.rows(), sum.rows(), |i, j| sum[(i, j)] + added[(i, j)]).symmetrised();
        if next == sum {
            return Ok(sum);
        }
        if next.data().iter().any(|x| !x.is_finite()) {
            break;
        }
        sum = next;
        power = power.times(&power);
    }
    Err(Error::Domain {
        what: "memory of the autoregression",
        value: power.norm_one(),
        expected: "matrices whose powers vanish: the process must be stable",
    })
}

/// Variance of a normal variable given others: the last pivot of Cholesky's factor.
fn conditional_variance(
    of: (usize, usize),
    given: &[(usize, usize)],
    covariance: &impl Fn((usize, usize), (usize, usize)) -> f64,
) -> Result<f64> {
    let variables: Vec<(usize, usize)> = given.iter().copied().chain([of]).collect();
    let n = variables.len();
    let mut factor = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[(i, k)] * factor[(j, k)]).sum();
            let rest = covariance(variables[i], variables[j]) - known;
            if i == j {
                let whole = covariance(variables[i], variables[i]);
                Error::require(
                    "share of a variance that the past does not fix",
                    rest / whole,
                    rest > 16.0 * n as f64 * f64::EPSILON * whole,
                    "a positive number: shorten the histories",
                )?;
                factor[(i, i)] = rest.sqrt();
            } else {
                factor[(i, j)] = rest / factor[(j, j)];
            }
        }
    }
    Ok(factor[(n - 1, n - 1)].powi(2))
}
