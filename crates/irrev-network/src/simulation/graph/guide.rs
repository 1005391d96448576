//! The guide of tilted dynamics: h(x, s) = [e^{sW(χ)ᵀ} e^b](x), by exponentials of the backward tilted generator.
//!
//! Only ratios of h matter, so it is scaled to a largest entry of 1 at every step. The dense exponential adds and multiplies non-negative
//! numbers only; beyond 400 states a Krylov space takes its place. Errors of h cost effective samples, never correctness.

use irrev_numerics::krylov::exponential_action;
use irrev_numerics::linalg::{Matrix, metzler_exponential};
use irrev_numerics::{Run, SparseMatrix, Tolerance};

use super::tilted::{Guide, Tilt};
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};

/// Up to this many states the backward exponential is dense.
const DENSE: usize = 400;

/// Relaxation of the eigenvector ends when it changes by less than this, relative: far below what costs effective samples.
const STEADY: f64 = 1e-9;

/// Most steps on the way to the eigenvector.
const MOST_STEPS: usize = 60;

/// A guide this many times smaller than its largest entry is raised to it: the ratio of two rates must stay within range.
pub(super) const SMALLEST_GUIDE: f64 = 1e-200;

/// The jumps of the process as (jump, from, to, rate, weight).
pub(super) fn weighted_jumps<'k>(
    kinetics: &'k MarkovJump,
    weights: &'k [f64],
) -> impl Iterator<Item = (usize, usize, usize, f64, f64)> + 'k {
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let edges = kinetics
        .network()
        .edges()
        .iter()
        .zip(rates)
        .zip(weights)
        .enumerate();
    edges
        .flat_map(|(e, ((edge, (f, b)), w))| {
            [
                (2 * e, edge.from, edge.to, *f, *w),
                (2 * e + 1, edge.to, edge.from, *b, -*w),
            ]
        })
        .filter(|jump| jump.3 > 0.0)
}

/// The backward tilted evolution h ↦ e^{δ W(χ)ᵀ} h.
pub(super) enum Backward {
    Dense(Matrix),
    Sparse(SparseMatrix),
}

impl Backward {
    pub(super) fn new(kinetics: &MarkovJump, tilt: &Tilt) -> Result<Self> {
        let exit = kinetics.exit_rates();
        let n = exit.len();
        let mut triplets: Vec<(usize, usize, f64)> =
            exit.iter().enumerate().map(|(i, e)| (i, i, -e)).collect();
        for (jump, from, to, rate, weight) in weighted_jumps(kinetics, &tilt.weights) {
            let value = rate * (tilt.chi * weight).exp();
            if !value.is_finite() {
                let edge = &kinetics.network().edges()[jump / 2].name;
                return Err(Error::Domain {
                    what: format!("tilted rate of \"{edge}\" at χ = {}", tilt.chi),
                    value,
                    expected: "a number within range",
                });
            }
            triplets.push((from, to, value));
        }
        if n > DENSE {
            return Ok(Self::Sparse(SparseMatrix::from_triplets(n, n, &triplets)?));
        }
        let mut dense = Matrix::zeros(n, n);
        for (i, j, value) in triplets {
            dense[(i, j)] += value;
        }
        Ok(Self::Dense(dense))
    }

    /// The guides of the intervals in the order of time, and h(x, T) for the start.
    pub(super) fn guides(
        &self,
        tilt: &Tilt,
        horizon: f64,
        run: &Run<'_>,
    ) -> Result<(Vec<Vec<f64>>, Vec<f64>)> {
        let highest = tilt.end.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        crate::require(
            "largest final tilt",
            highest,
            highest.is_finite(),
            "a finite number",
        )?;
        let last: Vec<f64> = tilt.end.iter().map(|b| (b - highest).exp()).collect();
        let Guide::Intervals(count) = tilt.guide else {
            let eigenvector = self.steady(&last, horizon, run)?;
            return Ok((vec![eigenvector.clone()], eigenvector));
        };
        crate::require("number of intervals", count as f64, count >= 1, "at least 1")?;
        let step = self.step(0.5 * horizon / count as f64);
        let mut guides = vec![Vec::new(); count];
        let mut h = positive(last);
        for j in (0..count).rev() {
            run.report(1.0 - j as f64 / count as f64, "guide of tilted dynamics")?;
            let middle = step.apply(&h, run)?;
            h = step.apply(&middle, run)?;
            guides[j] = middle;
        }
        Ok((guides, h))
    }

    /// The dominant left eigenvector of W(χ): evolution over times that double until it stands still.
    ///
    /// A large sparse network steps on at its own pace instead; an eigenvector not quite reached costs effective samples only.
    fn steady(&self, from: &[f64], horizon: f64, run: &Run<'_>) -> Result<Vec<f64>> {
        let mut h = positive(from.to_vec());
        let mut step = self.step(horizon / 1024.0);
        for done in 0..MOST_STEPS {
            run.report(done as f64 / MOST_STEPS as f64, "guide of tilted dynamics")?;
            let next = step.apply(&h, run)?;
            let change = next
                .iter()
                .zip(&h)
                .map(|(a, b)| (a / b - 1.0).abs())
                .fold(0.0, f64::max);
            h = next;
            if change < STEADY && done > 10 {
                break;
            }
            step = match step {
                Step::Dense(e) => Step::Dense(scaled(e.times(&e))),
                sparse @ Step::Sparse(..) => sparse,
            };
        }
        Ok(h)
    }

    fn step(&self, time: f64) -> Step<'_> {
        match self {
            Self::Dense(a) => {
                // repeated squares, scaled on the way, neither overflow nor vanish
                let squarings = (time * a.norm_one() / 64.0).log2().ceil().clamp(0.0, 1000.0) as i32;
                let short = metzler_exponential(a, time / 2f64.powi(squarings));
                Step::Dense((0..squarings).fold(scaled(short), |e, _| scaled(e.times(&e))))
            }
            Self::Sparse(a) => Step::Sparse(a, time),
        }
    }
}

/// Scaled to a largest entry of 1.
fn scaled(e: Matrix) -> Matrix {
    let largest = e.data().iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    e.scaled(largest.recip())
}

/// One prepared step of the backward evolution.
enum Step<'a> {
    Dense(Matrix),
    Sparse(&'a SparseMatrix, f64),
}

impl Step<'_> {
    fn apply(&self, h: &[f64], run: &Run<'_>) -> Result<Vec<f64>> {
        let moved = match self {
            Self::Dense(e) => e.apply_to(h),
            Self::Sparse(a, time) => {
                let tolerance = Tolerance {
                    relative: 1e-10,
                    max_iterations: 10_000_000,
                    ..Tolerance::default()
                };
                exponential_action(*a, h, *time, tolerance, run)?.vector
            }
        };
        Ok(positive(moved))
    }
}

/// Scaled to a largest entry of 1 and kept above [`SMALLEST_GUIDE`]; only ratios matter.
fn positive(mut h: Vec<f64>) -> Vec<f64> {
    let largest = h.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    for x in &mut h {
        *x = (*x / largest).max(SMALLEST_GUIDE);
    }
    h
}
