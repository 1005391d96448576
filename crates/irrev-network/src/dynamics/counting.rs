//! Full counting statistics of currents in the stationary state.
//!
//! A current counts w_e for every forward and −w_e for every backward jump of edge e. Its scaled cumulant generating function is the
//! largest eigenvalue λ(χ) of the tilted generator W(χ), whose jumps carry e^{±χ w}. Cumulants are derivatives at χ = 0,
//! computed exactly by perturbation theory with the group inverse of W: no differences, no sampling.
//!
//! For w = ln(k⁺/k⁻), the entropy delivered to the medium, λ(χ) = λ(−1 − χ) (Gallavotti and Cohen).
//!
//! Sources: Lebowitz and Spohn, J. Stat. Phys. 95, 333 (1999); Koza, J. Phys. A 32, 7637 (1999); for the eigenvalue: Noda, Numer.
//! Math. 17, 382 (1971).

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::krylov::exponential_action;
use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::sum::CompensatedSum;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run, SparseMatrix, Tolerance};

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::scaling::{exponent_towards, scaled};
use crate::state::Distribution;

/// Up to this many states the group inverse and the eigenvalue are computed densely.
const DENSE: usize = 48;

/// Up to this many states Noda's iteration factorises the tilted generator densely.
const DENSE_TILTED: usize = 800;

/// Largest order of a cumulant.
const MAX_ORDER: usize = 8;

/// Scaled cumulants c_n = lim κ_n(t)/t of a current.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScaledCumulants {
    /// c₁ (mean rate), c₂ (variance rate = twice the diffusion coefficient), c₃, … in (unit of the weight)ⁿ per time.
    pub values: Vec<f64>,
}

/// λ(χ) with its certified bracket.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ScaledGeneratingFunction {
    /// Tilt χ.
    pub chi: f64,
    /// Scaled cumulant generating function lim ln⟨e^{χ X}⟩/t, in 1/time.
    pub value: f64,
    /// Lower and upper bound (Collatz and Wielandt) from the computed positive eigenvector.
    pub bracket: (f64, f64),
    /// Iterations and the width of the bracket.
    pub convergence: Convergence,
}

/// Counting statistics of one stationary process: factorised once, asked about many currents.
pub struct CountingStatistics<'a> {
    kinetics: &'a MarkovJump,
    stationary: Distribution,
    group_inverse: GroupInverse,
}

/// Solves W y = r for Σ r = 0 with Σ y = 0.
enum GroupInverse {
    /// The last state grounded; rates times 2^exponent.
    Dense {
        factor: AbsorbingFactor,
        exponent: i32,
    },
    Sparse(Box<irrev_numerics::elimination::GeneratorFactor>),
}

/// Prepares counting statistics around the stationary state of an irreducible process.
///
/// # Errors
/// [`Error::SeveralClosedClasses`]; [`Error::NotPositive`] if some states are transient.
pub fn counting_statistics(kinetics: &MarkovJump) -> Result<CountingStatistics<'_>> {
    let stationary = kinetics.stationary_distribution()?;
    CountingStatistics::around(kinetics, stationary)
}

impl<'a> CountingStatistics<'a> {
    /// As [`counting_statistics`], with the stationary distribution already known.
    ///
    /// # Errors
    /// [`Error::NotPositive`] if some states are transient.
    pub fn around(kinetics: &'a MarkovJump, stationary: Distribution) -> Result<Self> {
        let n = kinetics.network().states().len();
        if let Some(state) = stationary.probabilities().iter().position(|p| *p == 0.0) {
            let state = kinetics.network().states()[state].clone();
            return Err(Error::NotPositive {
                quantity: "counting statistics",
                state,
                value: 0.0,
            });
        }
        let group_inverse = if n <= DENSE {
            let mut rates = Matrix::zeros(n - 1, n - 1);
            let mut leak = vec![0.0; n - 1];
            let largest = kinetics.jumps().map(|jump| jump.2).fold(0.0, f64::max);
            let exponent = exponent_towards(0, largest);
            for (from, to, rate) in kinetics.jumps() {
                let rate = scaled(rate, exponent);
                match (from == n - 1, to == n - 1) {
                    (true, _) => {}
                    (false, true) => leak[from] += rate,
                    (false, false) => rates[(to, from)] += rate,
                }
            }
            GroupInverse::Dense {
                factor: AbsorbingFactor::new(rates, leak)?,
                exponent,
            }
        } else {
            let pairs: Vec<_> = kinetics
                .network()
                .edges()
                .iter()
                .map(|e| (e.from, e.to))
                .collect();
            let plan = EliminationPlan::new(n, &pairs, &PlanOptions::default())?;
            GroupInverse::Sparse(Box::new(plan.generator(
                kinetics.forward_rate(),
                kinetics.backward_rate(),
                Threads::Shared,
            )?))
        };
        Ok(Self {
            kinetics,
            stationary,
            group_inverse,
        })
    }

    /// The stationary distribution.
    #[must_use]
    pub fn stationary_distribution(&self) -> &Distribution {
        &self.stationary
    }

    /// y with W y = r and Σ y = 0, refined once.
    fn solve(&self, r: &[f64]) -> Result<Vec<f64>> {
        // right-hand sides sum to zero by construction; what rounding left is removed, and refinement is done here
        let unchecked = SolveOptions {
            imbalance_tolerance: f64::INFINITY,
            refinement_steps: 0,
        };
        let mut y = vec![0.0; r.len()];
        for _ in 0..2 {
            let wy = self.apply_generator(&y);
            let left: Vec<f64> = r.iter().zip(&wy).map(|(r, w)| r - w).collect();
            let step = match &self.group_inverse {
                GroupInverse::Dense { factor, exponent } => {
                    let negative: Vec<f64> = left[..left.len() - 1]
                        .iter()
                        .map(|v| -scaled(*v, *exponent))
                        .collect();
                    let mut step = factor.solve(&negative);
                    step.push(0.0);
                    step
                }
                GroupInverse::Sparse(factor) => factor.solve(&left, &unchecked)?.values,
            };
            for (y, s) in y.iter_mut().zip(&step) {
                *y += s;
            }
            let total: f64 = y.iter().copied().collect::<CompensatedSum>().value();
            for (y, p) in y.iter_mut().zip(self.stationary.probabilities()) {
                *y -= total * p;
            }
        }
        Ok(y)
    }

    fn apply_generator(&self, y: &[f64]) -> Vec<f64> {
        let mut out = vec![CompensatedSum::default(); y.len()];
        for (from, to, rate) in self.kinetics.jumps() {
            out[from].add(-rate * y[from]);
            out[to].add(rate * y[from]);
        }
        out.iter().map(CompensatedSum::value).collect()
    }

    /// W_k y: the jumps alone, each weighted by (±w)ᵏ.
    fn apply_weighted(&self, weights: &[f64], k: i32, y: &[f64]) -> Vec<f64> {
        let mut out = vec![CompensatedSum::default(); y.len()];
        let rates = self
            .kinetics
            .forward_rate()
            .iter()
            .zip(self.kinetics.backward_rate());
        for ((edge, (f, b)), w) in self.kinetics.network().edges().iter().zip(rates).zip(weights) {
            if *w != 0.0 {
                out[edge.to].add(w.powi(k) * f * y[edge.from]);
                out[edge.from].add((-w).powi(k) * b * y[edge.to]);
            }
        }
        out.iter().map(CompensatedSum::value).collect()
    }

    /// Scaled cumulants c₁ … c_order of the current with the given weight per forward jump of each edge.
    ///
    /// Exact up to rounding: with r(χ) the tilted eigenvector, Σ r = 1, the derivatives obey
    /// λ_n = Σ_{k=1}^n C(n,k) 1ᵀW_k r_{n−k} and W r_n = −Σ_k C(n,k)(W_k − λ_k) r_{n−k}.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Domain`] for an order outside 1..=8 or a weight that is not finite.
    pub fn scaled_cumulants(&self, weights: &[f64], order: usize) -> Result<ScaledCumulants> {
        self.kinetics.network().check_weights(weights)?;
        let in_range = (1..=MAX_ORDER).contains(&order);
        crate::require(
            "order of cumulants",
            order as f64,
            in_range,
            "an order from 1 to 8",
        )?;
        let mut vectors = vec![self.stationary.probabilities().to_vec()];
        let mut values: Vec<f64> = Vec::with_capacity(order);
        for n in 1..=order {
            let mut choose = 1.0;
            let mut lambda = CompensatedSum::default();
            let mut source = vec![CompensatedSum::default(); vectors[0].len()];
            for k in 1..=n {
                choose *= (n - k + 1) as f64 / k as f64;
                let r = &vectors[n - k];
                let image = self.apply_weighted(weights, k as i32, r);
                for (s, image) in source.iter_mut().zip(&image) {
                    s.add(-choose * image);
                }
                for image in image {
                    lambda.add(choose * image);
                }
            }
            // the terms with λ_k, k < n, sum to zero over the states because Σ r_{n−k} = 0
            let lambda = lambda.value();
            if !lambda.is_finite() {
                let what = format!("scaled cumulant {n} of these weights");
                return Err(Error::Domain {
                    what,
                    value: lambda,
                    expected: "a number within range; rescale the weights",
                });
            }
            // a variance is not negative; where a current cannot accumulate, rounding may leave it so
            values.push(if n == 2 { lambda.max(0.0) } else { lambda });
            if n == order {
                break;
            }
            let mut choose = 1.0;
            for k in 1..=n {
                choose *= (n - k + 1) as f64 / k as f64;
                for (s, r) in source.iter_mut().zip(&vectors[n - k]) {
                    s.add(choose * values[k - 1] * r);
                }
            }
            let source: Vec<f64> = source.iter().map(CompensatedSum::value).collect();
            vectors.push(self.solve(&source)?);
        }
        Ok(ScaledCumulants { values })
    }

    /// Scaled cumulants of the entropy delivered to the medium, weights ln(k⁺/k⁻), in natsⁿ per time.
    ///
    /// # Errors
    /// [`Error::OneWay`]; as [`Self::scaled_cumulants`].
    pub fn entropy_cumulants(&self, order: usize) -> Result<ScaledCumulants> {
        self.kinetics
            .require_both_ways("the cumulants of the entropy production")?;
        self.scaled_cumulants(&self.kinetics.medium_entropy_change(), order)
    }

    /// λ(χ) of the current with the given weights; its bracket is within 1e-12 of the largest rate, or an error follows.
    ///
    /// Noda's inverse iteration on the tilted generator, factorised without subtraction through the Doob transform of the current
    /// vector; beyond 800 states, powers of its exponential.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`]; not converged; cancelled.
    pub fn scaled_generating_function(
        &self,
        weights: &[f64],
        chi: f64,
        run: &Run<'_>,
    ) -> Result<ScaledGeneratingFunction> {
        self.kinetics.network().check_weights(weights)?;
        crate::require("tilt χ", chi, chi.is_finite(), "a finite number")?;
        let rates = self
            .kinetics
            .forward_rate()
            .iter()
            .zip(self.kinetics.backward_rate());
        let mut jumps = Vec::with_capacity(2 * weights.len());
        for ((edge, (&f, &b)), w) in self.kinetics.network().edges().iter().zip(rates).zip(weights) {
            for (from, to, rate, weight) in [(edge.from, edge.to, f, *w), (edge.to, edge.from, b, -*w)] {
                let tilted = rate * (chi * weight).exp();
                if !tilted.is_finite() {
                    let what = format!("tilted rate of \"{}\" at χ = {chi}", edge.name);
                    return Err(Error::Domain {
                        what,
                        value: tilted,
                        expected: "a number within range",
                    });
                }
                if tilted > 0.0 {
                    jumps.push((from, to, tilted));
                }
            }
        }
        largest_eigenvalue(&jumps, &self.kinetics.exit_rates(), chi, run)
    }
}

/// Largest eigenvalue of the Metzler matrix A with the given off-diagonal jumps (from, to, value) and diagonal −exit.
fn largest_eigenvalue(
    jumps: &[(usize, usize, f64)],
    exit: &[f64],
    chi: f64,
    run: &Run<'_>,
) -> Result<ScaledGeneratingFunction> {
    let n = exit.len();
    let size = exit.iter().copied().fold(0.0, f64::max);
    let target = 1e-12 * size;
    let mut x = vec![1.0; n];
    let mut best = (f64::NEG_INFINITY, f64::INFINITY);
    let most = 400;
    // left eigenvector: sums over the jumps out of a state, so that the Doob transform conserves probability
    for iterations in 0..most {
        run.report(
            iterations as f64 / most as f64,
            "scaled cumulant generating function",
        )?;
        let mut ax: Vec<f64> = x.iter().zip(exit).map(|(x, e)| -e * x).collect();
        for &(from, to, value) in jumps {
            ax[from] += value * x[to];
        }
        let ratios = || ax.iter().zip(&x).map(|(a, x)| a / x);
        best.0 = ratios().fold(f64::INFINITY, f64::min).max(best.0);
        best.1 = ratios().fold(f64::NEG_INFINITY, f64::max).min(best.1);
        let (low, high) = best;
        let width = high - low;
        if width <= target {
            let convergence = Convergence {
                iterations,
                residual: width,
                target,
                reason: StopReason::Converged,
            };
            return Ok(ScaledGeneratingFunction {
                chi,
                value: 0.5 * (low + high),
                bracket: best,
                convergence,
            });
        }
        if n <= DENSE_TILTED {
            // Doob transform: rates A_to,from x_to/x_from leak μ − (Ax)/x ≥ 0, so (μ − A) is an absorbing generator
            let mut rates = Matrix::zeros(n, n);
            for &(from, to, value) in jumps {
                rates[(to, from)] += value * x[to] / x[from];
            }
            // a hair above the upper bound keeps the matrix regular at convergence
            let mu = high + 0.01 * target;
            let leak: Vec<f64> = ratios().map(|r| (mu - r).max(0.0)).collect();
            let grown = AbsorbingFactor::new(rates, leak)?.solve_transpose(&vec![1.0; n]);
            for (x, g) in x.iter_mut().zip(grown) {
                *x *= g;
            }
        } else {
            let mut triplets: Vec<_> = jumps.to_vec();
            triplets.extend(exit.iter().enumerate().map(|(i, e)| (i, i, -e - low)));
            let a = SparseMatrix::from_triplets(n, n, &triplets)?;
            let tolerance = Tolerance {
                relative: 1e-14,
                max_iterations: 1_000_000,
                ..Tolerance::default()
            };
            let time = (10.0 / width).min(1000.0 / size);
            x = exponential_action(&a, &x, time, tolerance, run)?.vector;
        }
        let largest = x.iter().copied().fold(0.0, f64::max);
        for x in &mut x {
            *x = (*x / largest).max(f64::MIN_POSITIVE);
        }
    }
    let convergence = Convergence {
        iterations: most,
        residual: best.1 - best.0,
        target,
        reason: StopReason::IterationLimit,
    };
    Err(NumericsError::NotConverged {
        what: "scaled cumulant generating function",
        convergence,
    }
    .into())
}
