//! Networks with few couplings: maximum likelihood less λ Σ_j |J_ij|, along a path of λ.
//!
//! Böhning's bound, −Hessian ≤ C = ⟨x xᵀ⟩ for every unit, makes each step the minimum of a quadratic form with the shared matrix C plus the penalty, found by
//! coordinate descent; the objective grows with every step. A momentum that starts anew when it points downhill shortens the way. Fields are free. The
//! path begins at the smallest λ at which all couplings vanish, and each network starts the next.
//!
//! The result fulfils, up to the tolerance, ∂L/∂J_ij = λ sign J_ij where J_ij ≠ 0 and |∂L/∂J_ij| ≤ λ elsewhere.
//!
//! Sources: D. Böhning and B. G. Lindsay, Ann. Inst. Stat. Math. 40, 641 (1988); J. Friedman, T. Hastie and R. Tibshirani, J. Stat. Softw. 33, 1 (2010); B.
//! O'Donoghue and E. Candès, Found. Comput. Math. 15, 715 (2015) for the restart.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Convergence, StopReason};

use super::likelihood::Fit;
use super::scores::{Depth, scores};
use super::transitions::{Blocks, Correlations, Transitions};
use crate::error::{Error, Result};

/// How sparse networks are fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparseOptions {
    /// Largest violation of the conditions above that is accepted, in units of the slope; default 1e-8.
    pub tolerance: f64,
    /// Passes over the data per λ after which the method gives up; default 2000.
    pub max_passes: usize,
}

impl Default for SparseOptions {
    fn default() -> Self {
        Self {
            tolerance: 1e-8,
            max_passes: 2000,
        }
    }
}

/// A network with the penalty λ Σ_j |J_ij|.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SparseFit {
    /// λ.
    pub penalty: f64,
    /// Number of couplings that are not zero, those of units to themselves included.
    pub couplings: usize,
    /// The network; its field `penalty` is 0, as it has no quadratic penalty, and its residual is the largest violation.
    pub fit: Fit,
}

/// Largest λ of interest: at and above it all couplings are zero. max_ij |⟨s_i' s_j⟩ − ⟨s_i'⟩⟨s_j⟩|.
fn largest_penalty(found: &Correlations) -> f64 {
    let n = found.means_before.len();
    let slope = |k: usize| {
        let (i, j) = (k / n, k % n);
        (found.delayed[(i, j)] - found.means_after[i] * found.means_before[j]).abs()
    };
    (0..n * n).map(slope).fold(0.0, f64::max)
}

/// λ from the smallest with no coupling at all down to `lowest` times it, evenly in the logarithm.
///
/// # Errors
/// [`Error::Domain`] unless `lowest` is between 0 and 1 and there are at least two steps; those of the data.
pub fn sparse_penalties(transitions: &Transitions<'_>, steps: usize, lowest: f64) -> Result<Vec<f64>> {
    Error::require("the number of penalties", steps as f64, steps >= 2, "at least 2")?;
    Error::require(
        "the lowest penalty",
        lowest,
        lowest > 0.0 && lowest < 1.0,
        "a part between 0 and 1 of the largest",
    )?;
    transitions.require("a path of penalties", 2)?;
    let top = largest_penalty(&transitions.correlations());
    Ok((0..steps)
        .map(|k| top * lowest.powf(k as f64 / (steps - 1) as f64))
        .collect())
}

/// Minimum of ½ (w − v)ᵀ C (w − v) + λ Σ_{j ≥ 1} |w_j| by coordinate descent from w.
fn quadratic_step(design: &Matrix, target: &[f64], penalty: f64, w: &mut [f64], accuracy: f64) {
    let p = w.len();
    // C (v − w)
    let mut rest = design.apply_to(
        &target
            .iter()
            .zip(w.iter())
            .map(|(v, w)| v - w)
            .collect::<Vec<_>>(),
    );
    for _ in 0..100 * p {
        let mut largest = 0.0_f64;
        for j in 0..p {
            let wanted = w[j] + rest[j];
            // spins are ±1: the diagonal of C is one
            let next = if j == 0 {
                wanted
            } else {
                wanted.signum() * (wanted.abs() - penalty).max(0.0)
            };
            let step = next - w[j];
            if step != 0.0 {
                w[j] = next;
                rest.iter_mut()
                    .zip(design.column(j))
                    .for_each(|(r, c)| *r -= step * c);
                largest = largest.max(step.abs());
            }
        }
        if largest <= accuracy {
            break;
        }
    }
}

/// Largest violation of the optimality conditions of one unit.
fn violation(slope: &[f64], w: &[f64], penalty: f64) -> f64 {
    let coupling = |(g, w): (&f64, &f64)| {
        if *w == 0.0 {
            (g.abs() - penalty).max(0.0)
        } else {
            (g - penalty * w.signum()).abs()
        }
    };
    let couplings = slope[1..].iter().zip(&w[1..]).map(coupling);
    couplings.fold(slope[0].abs(), f64::max)
}

/// One unit: where it is, where it was, and its momentum.
struct Unit {
    w: Vec<f64>,
    ahead: Vec<f64>,
    momentum: f64,
    violation: f64,
}

/// Climbs from given networks to the optimum at λ; returns passes.
fn climb(
    blocks: &Blocks<'_>,
    design: &Matrix,
    inverse: &Matrix,
    penalty: f64,
    units: &mut [Unit],
    options: &SparseOptions,
) -> Result<usize> {
    let p = design.rows();
    for unit in units.iter_mut() {
        unit.ahead = unit.w.clone();
        unit.momentum = 1.0;
        unit.violation = f64::INFINITY;
    }
    for pass in 1..=options.max_passes {
        let open: Vec<usize> = (0..units.len())
            .filter(|i| units[*i].violation > options.tolerance)
            .collect();
        if open.is_empty() {
            return Ok(pass - 1);
        }
        let weights = Matrix::from_fn(open.len(), p, |k, j| units[open[k]].ahead[j]);
        let found = scores(blocks, &weights, &open, Depth::Slope);
        for (k, i) in open.into_iter().enumerate() {
            let unit = &mut units[i];
            let slope: Vec<f64> = (0..p).map(|j| found.gradient[(k, j)]).collect();
            unit.violation = violation(&slope, &unit.ahead, penalty);
            if unit.violation <= options.tolerance {
                unit.w = unit.ahead.clone();
                continue;
            }
            let shift = inverse.apply_to(&slope);
            let target: Vec<f64> = unit.ahead.iter().zip(&shift).map(|(w, d)| w + d).collect();
            let mut next = unit.ahead.clone();
            quadratic_step(design, &target, penalty, &mut next, 0.1 * options.tolerance);
            // momentum against the way just taken starts anew
            let against: f64 = (0..p)
                .map(|j| (unit.ahead[j] - next[j]) * (next[j] - unit.w[j]))
                .sum();
            let momentum = 0.5 * (1.0 + (1.0 + 4.0 * unit.momentum * unit.momentum).sqrt());
            let carried = if against > 0.0 {
                0.0
            } else {
                (unit.momentum - 1.0) / momentum
            };
            unit.momentum = if against > 0.0 { 1.0 } else { momentum };
            // zeros stay zeros, so that the support is seen
            let leap = |j: usize| {
                if next[j] == 0.0 {
                    0.0
                } else {
                    next[j] + carried * (next[j] - unit.w[j])
                }
            };
            unit.ahead = (0..p).map(leap).collect();
            unit.w = next;
        }
    }
    let residual = units.iter().map(|unit| unit.violation).fold(0.0, f64::max);
    Err(Error::Numerics(irrev_numerics::Error::NotConverged {
        what: "sparse couplings",
        convergence: Convergence {
            iterations: options.max_passes,
            residual,
            target: options.tolerance,
            reason: StopReason::IterationLimit,
        },
    }))
}

/// Networks along a path of penalties λ, in the order given; falling ones are fastest.
///
/// # Errors
/// [`DataError::Constant`](super::DataError::Constant), [`DataError::Dependent`](super::DataError::Dependent), [`DataError::TooShort`](super::DataError::TooShort);
/// [`Error::Domain`] for a penalty that is not positive; a numerical error if passes run out.
///
/// ```
/// use irrev_ising::inference::{Coding, Raster, SparseOptions, sparse_path, sparse_penalties};
/// let activity: Vec<u8> = (0..3000_u32).map(|k| (k.wrapping_mul(2654435761) >> 17 & 1) as u8).collect();
/// let raster = Raster::from_array(&activity, 1000, 3, Coding::ZeroOne)?;
/// let transitions = raster.transitions()?;
/// let path = sparse_path(&transitions, &sparse_penalties(&transitions, 5, 0.01)?, &SparseOptions::default())?;
/// assert_eq!(path[0].couplings, 0);
/// assert!(path[4].couplings > 0 && path[4].fit.log_likelihood > path[0].fit.log_likelihood);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn sparse_path(
    transitions: &Transitions<'_>,
    penalties: &[f64],
    options: &SparseOptions,
) -> Result<Vec<SparseFit>> {
    for &penalty in penalties {
        Error::require(
            "a penalty",
            penalty,
            penalty > 0.0 && penalty.is_finite(),
            "a positive number",
        )?;
    }
    Error::require(
        "the tolerance",
        options.tolerance,
        options.tolerance > 0.0,
        "a positive number",
    )?;
    let n = transitions.units();
    transitions.require("a sparse network", n + 2)?;
    let correlations = transitions.correlations();
    correlations.require_changes()?;
    let design = correlations.design();
    let inverse = super::likelihood::shared_factor(&design)?.inverse();
    let blocks = transitions.blocks();
    let start = |i: usize| {
        let mut w = vec![0.0; n + 1];
        w[0] = correlations.means_after[i].atanh();
        Unit {
            ahead: w.clone(),
            w,
            momentum: 1.0,
            violation: f64::INFINITY,
        }
    };
    let mut units: Vec<Unit> = (0..n).map(start).collect();
    let mut path = Vec::with_capacity(penalties.len());
    for &penalty in penalties {
        let passes = climb(&blocks, &design, &inverse, penalty, &mut units, options)?;
        let weights: Vec<Vec<f64>> = units.iter().map(|unit| unit.w.clone()).collect();
        let convergence = Convergence {
            iterations: passes,
            residual: units.iter().map(|unit| unit.violation).fold(0.0, f64::max),
            target: options.tolerance,
            reason: StopReason::Converged,
        };
        path.push(SparseFit {
            penalty,
            couplings: weights
                .iter()
                .flat_map(|w| &w[1..])
                .filter(|x| **x != 0.0)
                .count(),
            fit: Fit::at(&blocks, &weights, 0.0, convergence),
        });
    }
    Ok(path)
}
