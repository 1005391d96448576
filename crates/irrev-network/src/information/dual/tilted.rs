//! The distribution nearest to equilibrium with given means.
//!
//! Among all p with ⟨r_m⟩ = η_m, D(p‖p_eq), the entropy produced in relaxing to equilibrium, is least for q ∝ p_eq e^{θ·r}, and its least value is
//!
//! ```text
//! φ(η) = max_θ [θ·η − ln⟨e^{θ·r}⟩_eq],
//! ```
//!
//! a concave problem. It is solved in observables that are counted from η and whitened at equilibrium, so that neither their units nor their
//! correlations matter, by Newton's method with shortened steps.
//!
//! η must lie in the convex hull of the values r(s). Outside, some direction d has d·r(s) < d·η in every state: the normal of a hyperplane that separates
//! them. On the boundary, only the states of a face can be occupied, and θ is infinite across it.
//!
//! Source: Ohga and Ito, arXiv:2112.11008 (2021).

use irrev_numerics::linalg::{LinearSolver, Matrix, least_norm, symmetric_eigen};
use irrev_numerics::special::log_sum_exp;
use irrev_numerics::sum::{compensated_sum, inner_product};
use irrev_numerics::{Convergence, Error as NumericsError, StopReason, Tolerance};

use super::simplex::boltzmann;
use crate::error::{Error, Result};
use crate::state::Distribution;

/// A direction in which the observables' variance is below this part of the largest is one in which they do not vary.
const RANK: f64 = 1e-14;

/// A state with less than this probability is taken to be off the face that others fill.
const OFF_THE_FACE: f64 = 1e-8;

/// Accepted error of what is on a face or a hyperplane, relative to the spread of the observables.
const ON_THE_FACE: f64 = 1e-12;

/// Observables and the means they are to have.
#[derive(Debug, Clone, PartialEq)]
pub struct TiltedProblem {
    /// Energy of every state.
    pub energies: Vec<f64>,
    /// β > 0.
    pub inverse_temperature: f64,
    /// r_m: one list of values per observable, one value per state.
    pub observables: Vec<Vec<f64>>,
    /// η_m: the mean of each.
    pub means: Vec<f64>,
}

/// What is added to the covariance, relative to the gradient that is left: nothing in the end.
const DAMPING: f64 = 1e-8;

/// How the dual is climbed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TiltedOptions {
    /// Accepted distance of the means from η in units of their spread at equilibrium: relative (default 1e-13); `max_iterations` Newton steps (default 500).
    pub tolerance: Tolerance,
}

impl Default for TiltedOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance {
                relative: 1e-13,
                absolute: 0.0,
                max_iterations: 500,
            },
        }
    }
}

/// A tilted equilibrium.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TiltedEquilibrium {
    /// θ, one per observable, in 1/(its unit); of least norm (in the observables' units of spread) where observables are dependent.
    pub theta: Vec<f64>,
    /// ψ(θ) = ln⟨e^{θ·r}⟩_eq.
    pub psi: f64,
    /// φ(η) = D(q‖p_eq): the least entropy production of a relaxation from these means, in nats.
    pub least_entropy_production: f64,
    /// θ·η − ψ(θ): by duality no distribution with these means has a smaller D, whatever the accuracy of θ.
    pub lower_bound: f64,
    /// q.
    pub distribution: Distribution,
    /// Covariance of the observables in q: ∂²ψ/∂θ².
    pub metric_theta: Matrix,
    /// Number of independent observables.
    pub rank: usize,
    /// Newton steps, and the distance of q's means from η in units of the spread at equilibrium.
    pub convergence: Convergence,
}

/// Means on the boundary of the hull.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OnTheBoundary {
    /// d: every state has d·r ≤ d·η, those of the face with equality.
    pub normal: Vec<f64>,
    /// The states that may be occupied.
    pub face: Vec<usize>,
    /// How far d·r of the nearest state off the face lies below d·η.
    pub gap: f64,
    /// The tilted equilibrium on the face; its θ stands for the limit of θ + t d, t → ∞.
    pub on_the_face: TiltedEquilibrium,
}

/// Means that no distribution has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutOfReach {
    /// d: every state has d·r < d·η.
    pub normal: Vec<f64>,
    /// d·η − max d·r > 0.
    pub gap: f64,
    /// The state whose d·r comes nearest.
    pub nearest_state: usize,
}

/// What became of the means.
#[derive(Debug, Clone, PartialEq)]
pub enum Tilted {
    /// They lie inside the hull.
    Interior(TiltedEquilibrium),
    /// They lie on its boundary.
    Boundary(OnTheBoundary),
    /// They lie outside.
    OutOfReach(OutOfReach),
}

impl Tilted {
    /// φ(η): +∞ out of reach.
    #[must_use]
    pub fn least_entropy_production(&self) -> f64 {
        match self {
            Self::Interior(found) => found.least_entropy_production,
            Self::Boundary(found) => found.on_the_face.least_entropy_production,
            Self::OutOfReach(_) => f64::INFINITY,
        }
    }
}

/// The distribution of least D(p‖p_eq) with the given means, or a hyperplane that separates them from all that can be.
///
/// ```
/// use irrev_network::information::dual::{Tilted, TiltedProblem, tilted_equilibrium};
/// let problem = |mean: f64| TiltedProblem {
///     energies: vec![0.0, 0.0], inverse_temperature: 1.0, observables: vec![vec![0.0, 1.0]], means: vec![mean],
/// };
/// let Tilted::Interior(found) = tilted_equilibrium(&problem(0.8), &Default::default())? else { panic!() };
/// assert!((found.theta[0] - 4.0_f64.ln()).abs() < 1e-12);
/// let Tilted::Boundary(corner) = tilted_equilibrium(&problem(1.0), &Default::default())? else { panic!() };
/// assert!(corner.face == [1] && (corner.on_the_face.least_entropy_production - 2.0_f64.ln()).abs() < 1e-12);
/// let Tilted::OutOfReach(no) = tilted_equilibrium(&problem(1.5), &Default::default())? else { panic!() };
/// assert!(no.normal[0] > 0.0 && (no.gap / no.normal[0] - 0.5).abs() < 1e-12 && no.nearest_state == 1);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::NoStates`]; [`Error::Domain`] for a number that is not finite or β ≤ 0; not converged.
pub fn tilted_equilibrium(problem: &TiltedProblem, options: &TiltedOptions) -> Result<Tilted> {
    let states = problem.energies.len();
    if states == 0 {
        return Err(Error::NoStates);
    }
    let equilibrium = boltzmann(&problem.energies, problem.inverse_temperature, states)?;
    if problem.means.len() != problem.observables.len() {
        return Err(Error::Length {
            what: "means",
            found: problem.means.len(),
            expected: problem.observables.len(),
        });
    }
    for (m, observable) in problem.observables.iter().enumerate() {
        if observable.len() != states {
            return Err(Error::Length {
                what: "an observable",
                found: observable.len(),
                expected: states,
            });
        }
        for &value in observable.iter().chain(&problem.means[m..=m]) {
            let what = format!("a value or the mean of observable {m}");
            crate::require(&what, value, value.is_finite(), "a finite number")?;
        }
    }
    let all: Vec<usize> = (0..states).collect();
    Dual::new(problem, equilibrium.probabilities(), &all)?.solve(options)
}

/// The dual on some states: z(s) = Vᵀ scale (r(s) − η), in which the observables are independent at equilibrium.
struct Dual<'a> {
    problem: &'a TiltedProblem,
    equilibrium: &'a [f64],
    states: &'a [usize],
    /// ln p_eq of the states.
    logarithms: Vec<f64>,
    /// r(s) − η in units of the spread, observables × states.
    centred: Matrix,
    /// Spread of every observable over the states; 1 for one that does not vary.
    spread: Vec<f64>,
    /// From whitened to centred coordinates: columns are directions, divided by their spread.
    directions: Matrix,
    /// z, rank × states.
    whitened: Matrix,
    /// The part of η (in units of spread) across all directions in which the states differ.
    across: Vec<f64>,
}

impl<'a> Dual<'a> {
    fn new(problem: &'a TiltedProblem, equilibrium: &'a [f64], states: &'a [usize]) -> Result<Self> {
        let (m, n) = (problem.means.len(), states.len());
        let spread: Vec<f64> = problem
            .observables
            .iter()
            .zip(&problem.means)
            .map(|(r, eta)| {
                let values = || states.iter().map(|&s| r[s]);
                let widest =
                    values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
                let distance = values().fold(0.0_f64, |most, r| most.max((r - eta).abs()));
                [widest, distance, 1.0]
                    .into_iter()
                    .find(|size| *size > 0.0)
                    .unwrap_or(1.0)
            })
            .collect();
        let centred = Matrix::from_fn(m, n, |a, s| {
            (problem.observables[a][states[s]] - problem.means[a]) / spread[a]
        });
        // which directions vary at all is a matter of the states, not of how probable they are at equilibrium
        let middle: Vec<f64> = (0..m)
            .map(|a| compensated_sum((0..n).map(|s| centred[(a, s)])) / n as f64)
            .collect();
        let covariance = Matrix::from_fn(m, m, |a, b| {
            compensated_sum((0..n).map(|s| (centred[(a, s)] - middle[a]) * (centred[(b, s)] - middle[b])))
                / n as f64
        });
        let spectrum = symmetric_eigen(&covariance)?;
        let floor = RANK * spectrum.values.last().copied().unwrap_or(0.0);
        let kept: Vec<usize> = (0..m).rev().filter(|&k| spectrum.values[k] > floor).collect();
        let directions = Matrix::from_fn(m, kept.len(), |a, k| {
            spectrum.vectors[(a, kept[k])] / spectrum.values[kept[k]].sqrt()
        });
        let whitened = directions.transposed().times(&centred);
        // what is left of the middle of the states, seen from η, across all directions that vary
        let mut across = middle;
        for &k in &kept {
            let along = inner_product(spectrum.vectors.column(k), &across);
            for (x, v) in across.iter_mut().zip(spectrum.vectors.column(k)) {
                *x -= along * v;
            }
        }
        Ok(Self {
            problem,
            equilibrium,
            states,
            logarithms: states.iter().map(|&s| equilibrium[s].ln()).collect(),
            centred,
            spread,
            directions,
            whitened,
            across,
        })
    }

    fn solve(&self, options: &TiltedOptions) -> Result<Tilted> {
        let norm = irrev_numerics::operator::norm(&self.across);
        if norm > ON_THE_FACE {
            // the states lie in a plane that η is not in
            let normal = self.across.iter().map(|x| -x / norm).collect();
            return self.out_of_reach(normal);
        }
        let rank = self.whitened.rows();
        let mut theta = vec![0.0; rank];
        let mut at = self.evaluate(&theta);
        let mut convergence = Convergence {
            iterations: 0,
            residual: f64::INFINITY,
            target: options.tolerance.target(1.0),
            reason: StopReason::Converged,
        };
        loop {
            let height = self.height(&theta);
            if rank > 0 && height < -ON_THE_FACE * irrev_numerics::operator::norm(&theta) {
                return self.out_of_reach(self.in_units_of_spread(&theta));
            }
            convergence.residual = irrev_numerics::operator::norm(&at.gradient);
            if convergence.residual <= convergence.target {
                return self.reached(&theta, &at, convergence, options);
            }
            if convergence.iterations == options.tolerance.max_iterations {
                convergence.reason = StopReason::IterationLimit;
                return Err(NumericsError::NotConverged {
                    what: "tilted equilibrium",
                    convergence,
                }
                .into());
            }
            convergence.iterations += 1;
            // where few states are left the covariance vanishes: a little of the gradient's own direction keeps the step finite
            let damping = DAMPING * convergence.residual;
            let damped = Matrix::from_fn(rank, rank, |a, b| {
                at.covariance[(a, b)] + if a == b { damping } else { 0.0 }
            });
            let step = LinearSolver::new(damped)?.solve(&at.gradient)?.x;
            let slope = -inner_product(&step, &at.gradient);
            let mut length = 1.0_f64;
            loop {
                let moved: Vec<f64> = theta.iter().zip(&step).map(|(t, s)| t - length * s).collect();
                let next = self.evaluate(&moved);
                // close to the top, where the value no longer changes, the gradient decides
                let falls = next.value <= at.value + 1e-4 * length * slope
                    || (next.value <= at.value + 4.0 * f64::EPSILON * (1.0 + at.value.abs())
                        && irrev_numerics::operator::norm(&next.gradient) < convergence.residual);
                if falls {
                    (theta, at) = (moved, next);
                    break;
                }
                length *= 0.5;
                if length < 1e-12 {
                    // no step helps any more: what is left is rounding
                    convergence.reason = StopReason::Rounding;
                    convergence.target = convergence.target.max(1e-9);
                    if convergence.converged() {
                        return self.reached(&theta, &at, convergence, options);
                    }
                    return Err(NumericsError::NotConverged {
                        what: "tilted equilibrium",
                        convergence,
                    }
                    .into());
                }
            }
        }
    }

    /// ln Σ p_eq e^{θ·z}, the weights q, and the first two derivatives by θ.
    fn evaluate(&self, theta: &[f64]) -> Evaluation {
        let (rank, n) = (self.whitened.rows(), self.states.len());
        let exponents: Vec<f64> = (0..n)
            .map(|s| self.logarithms[s] + inner_product(theta, self.whitened.column(s)))
            .collect();
        let value = log_sum_exp(&exponents);
        let weights: Vec<f64> = exponents.iter().map(|e| (e - value).exp()).collect();
        let gradient: Vec<f64> = (0..rank)
            .map(|k| compensated_sum((0..n).map(|s| weights[s] * self.whitened[(k, s)])))
            .collect();
        let covariance = Matrix::from_fn(rank, rank, |a, b| {
            compensated_sum((0..n).map(|s| {
                weights[s] * (self.whitened[(a, s)] - gradient[a]) * (self.whitened[(b, s)] - gradient[b])
            }))
        });
        Evaluation {
            value,
            weights,
            gradient,
            covariance,
        }
    }

    /// max θ·z over the states.
    fn height(&self, theta: &[f64]) -> f64 {
        (0..self.states.len())
            .map(|s| inner_product(theta, self.whitened.column(s)))
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// States that the tilt has emptied though equilibrium fills them as much as others.
    fn emptied(&self, weights: &[f64]) -> Vec<bool> {
        weights
            .iter()
            .zip(self.states)
            .map(|(q, &s)| *q < OFF_THE_FACE * self.equilibrium[s].min(1.0))
            .collect()
    }

    fn in_units_of_spread(&self, theta: &[f64]) -> Vec<f64> {
        self.directions.apply_to(theta)
    }

    /// A direction in units of spread as one of the observables.
    fn of_observables(&self, direction: &[f64]) -> Vec<f64> {
        direction.iter().zip(&self.spread).map(|(d, s)| d / s).collect()
    }

    /// Certificate for a direction (in units of spread) with d·(r − η) < 0 in every state.
    ///
    /// # Errors
    /// Singular if rounding leaves no room between η and the hull.
    fn out_of_reach(&self, direction: Vec<f64>) -> Result<Tilted> {
        let below = |s: usize| inner_product(&direction, self.centred.column(s));
        let nearest = (0..self.states.len()).max_by(|&a, &b| below(a).total_cmp(&below(b)));
        let nearest = nearest.unwrap_or(0);
        let gap = -below(nearest);
        if !(gap > 0.0) {
            return Err(NumericsError::Singular {
                what: "hyperplane between the means and what can be reached",
                residual: -gap,
            }
            .into());
        }
        Ok(Tilted::OutOfReach(OutOfReach {
            gap,
            nearest_state: self.states[nearest],
            normal: self.of_observables(&direction),
        }))
    }

    /// What the top of the dual is: a point, or the limit of a direction in which states empty, one e-fold a step.
    fn reached(
        &self,
        theta: &[f64],
        at: &Evaluation,
        convergence: Convergence,
        options: &TiltedOptions,
    ) -> Result<Tilted> {
        let emptied = self.emptied(&at.weights);
        if emptied.iter().any(|e| *e)
            && let Some(boundary) = self.on_the_boundary(theta, &emptied, options)?
        {
            return Ok(Tilted::Boundary(boundary));
        }
        self.interior(theta, at, convergence).map(Tilted::Interior)
    }

    /// The face of the states that are not emptied, if a hyperplane through η holds it and has the others on one side.
    fn on_the_boundary(
        &self,
        theta: &[f64],
        emptied: &[bool],
        options: &TiltedOptions,
    ) -> Result<Option<OnTheBoundary>> {
        let rank = self.whitened.rows();
        let on: Vec<usize> = (0..emptied.len()).filter(|&s| !emptied[s]).collect();
        // d is θ without what varies on the face
        let face = Matrix::from_fn(rank, on.len(), |k, s| self.whitened[(k, on[s])]);
        let along = least_norm(&face, theta, ON_THE_FACE)?;
        let shadow = face.apply_to(&along.x);
        let normal: Vec<f64> = theta.iter().zip(&shadow).map(|(t, s)| t - s).collect();
        let size = irrev_numerics::operator::norm(&normal);
        if !(size > 0.0) {
            return Ok(None);
        }
        let below = |s: usize| inner_product(&normal, self.whitened.column(s)) / size;
        let flat = on.iter().all(|&s| below(s).abs() <= ON_THE_FACE);
        let gap = (0..emptied.len())
            .filter(|&s| emptied[s])
            .map(|s| -below(s))
            .fold(f64::INFINITY, f64::min);
        if !flat || gap <= ON_THE_FACE {
            return Ok(None);
        }
        let face: Vec<usize> = on.iter().map(|&s| self.states[s]).collect();
        let restricted = Dual::new(self.problem, self.equilibrium, &face)?.solve(options)?;
        let Tilted::Interior(on_the_face) = restricted else {
            return Ok(None);
        };
        let direction: Vec<f64> = normal.iter().map(|x| x / size).collect();
        Ok(Some(OnTheBoundary {
            normal: self.of_observables(&self.in_units_of_spread(&direction)),
            face,
            gap,
            on_the_face,
        }))
    }

    fn interior(
        &self,
        theta: &[f64],
        at: &Evaluation,
        convergence: Convergence,
    ) -> Result<TiltedEquilibrium> {
        let theta = self.of_observables(&self.in_units_of_spread(theta));
        let mut q = vec![0.0; self.equilibrium.len()];
        for (&s, &weight) in self.states.iter().zip(&at.weights) {
            q[s] = weight;
        }
        let distribution = Distribution::from_weights(q);
        let q = distribution.probabilities();
        let m = theta.len();
        let observables = &self.problem.observables;
        let mean: Vec<f64> = observables.iter().map(|r| inner_product(r, q)).collect();
        let covariance = |a: usize, b: usize| {
            let product = |&s: &usize| q[s] * (observables[a][s] - mean[a]) * (observables[b][s] - mean[b]);
            compensated_sum(self.states.iter().map(product))
        };
        let tilt = inner_product(&theta, &self.problem.means);
        let equilibrium = Distribution::new(self.equilibrium.to_vec())?;
        Ok(TiltedEquilibrium {
            psi: at.value + tilt,
            least_entropy_production: distribution.relative_entropy(&equilibrium)?,
            lower_bound: -at.value,
            metric_theta: Matrix::from_fn(m, m, covariance),
            rank: self.whitened.rows(),
            distribution,
            theta,
            convergence,
        })
    }
}

struct Evaluation {
    value: f64,
    weights: Vec<f64>,
    gradient: Vec<f64>,
    covariance: Matrix,
}
