//! Newton's method for averages of exponentials of currents.

use irrev_numerics::Run;
use irrev_numerics::linalg::vectorised;
use irrev_numerics::tolerance::{Convergence, StopReason};

use super::family::Currents;
use super::moments::{MomentOptions, Moments, Products, StrideSums};
use super::optimum::{Independent, independent, optimum};
use super::passes::{project, summed};
use super::series::Series;
use super::tile::{LENGTH, Tile, add_products, add_sums};
use super::variational::{Maximum, Objective};
use crate::error::{Error, Result};

/// Decrement relative to the value per step at which a maximum counts as found.
const FOUND: f64 = 1e-13;
/// Halvings of a step of Newton's method.
const HALVINGS: usize = 40;
/// Part of the rise foreseen at the start of a step that must be met.
const ARMIJO: f64 = 1e-4;

/// The quadratic solution θ = 2C⁻¹m, from which Newton's method starts.
pub(super) struct Start {
    pub(super) theta: Vec<f64>,
    pub(super) independent: Independent,
}

impl Start {
    pub(super) fn over(
        parts: &[Series<'_>],
        currents: &Currents,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        let single = MomentOptions {
            strides: vec![1],
            products: Products::Plain,
        };
        let mut total: Vec<f64> = Vec::new();
        for part in parts {
            let own = Moments::of(part, currents.clone(), &single, run)?
                .blocks()
                .total();
            total.resize(own.len(), 0.0);
            total.iter_mut().zip(&own).for_each(|(total, own)| *total += own);
        }
        let number = currents.len();
        let sums = StrideSums::of(&total, 0, number).ok_or(Error::TooFew {
            what: "a variational bound",
            unit: "steps",
            found: 0,
            needed: 2,
        })?;
        let means = sums.means();
        let covariance = sums.covariance(&means);
        let independent = independent(&covariance, number, tolerance);
        let theta = optimum(&means, &covariance, &independent).map_or_else(
            || vec![0.0; number],
            |found| found.direction.iter().map(|x| 2.0 * x).collect(),
        );
        Ok(Self { theta, independent })
    }
}

/// Data, currents, and which of these are independent.
pub(super) struct Problem<'a> {
    pub(super) parts: Vec<Series<'a>>,
    pub(super) currents: &'a Currents,
    pub(super) independent: &'a Independent,
}

/// Sums with weights e^{−y − shift}; the shift keeps the largest weight at 1.
struct Tilted {
    steps: f64,
    linear: f64,
    shift: f64,
    partition: f64,
    currents: Vec<f64>,
    products: Vec<f64>,
}

impl Tilted {
    fn new(number: usize) -> Self {
        Self {
            steps: 0.0,
            linear: 0.0,
            shift: f64::NEG_INFINITY,
            partition: 0.0,
            currents: vec![0.0; number],
            products: vec![0.0; number * (number + 1) / 2],
        }
    }

    /// Brings the sums to a larger shift.
    fn raise(&mut self, shift: f64) {
        if shift <= self.shift {
            return;
        }
        let factor = (self.shift - shift).exp();
        self.partition *= factor;
        self.currents.iter_mut().for_each(|x| *x *= factor);
        self.products.iter_mut().for_each(|x| *x *= factor);
        self.shift = shift;
    }

    /// The steps of a tile, whose values are used up.
    fn add(&mut self, tile: &mut Tile, count: usize, theta: &[f64]) {
        project(tile, theta);
        let exponents = &mut tile.weights[..count];
        let largest = exponents.iter().fold(f64::NEG_INFINITY, |most, y| most.max(-y));
        self.raise(largest);
        self.steps += count as f64;
        for y in exponents.iter_mut() {
            self.linear += *y;
            let weight = (-*y - self.shift).exp();
            self.partition += weight;
            *y = weight.sqrt();
        }
        let Tile { values, weights, .. } = tile;
        let (products, currents) = (&mut self.products, &mut self.currents);
        vectorised(
            #[inline(always)]
            || {
                // √w g for Σ w g gᵀ, and once more √w for Σ w g
                scale(values, weights);
                add_products(values, products);
                scale(values, weights);
                add_sums(values, currents);
            },
        );
    }

    fn join(&mut self, mut other: Self) {
        let shift = self.shift.max(other.shift);
        self.raise(shift);
        other.raise(shift);
        self.steps += other.steps;
        self.linear += other.linear;
        self.partition += other.partition;
        let pairs = self.currents.iter_mut().zip(&other.currents);
        pairs.for_each(|(sum, term)| *sum += term);
        let pairs = self.products.iter_mut().zip(&other.products);
        pairs.for_each(|(sum, term)| *sum += term);
    }
}

/// Multiplies every column by the same factors.
#[inline(always)]
fn scale(values: &mut [f64], factors: &[f64]) {
    for column in values.chunks_exact_mut(LENGTH) {
        for (g, factor) in column.iter_mut().zip(factors) {
            *g *= factor;
        }
    }
}

/// Value, gradient and curvature at a θ, per step.
struct Found {
    value: f64,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
}

impl Problem<'_> {
    fn at(&self, theta: &[f64], means: &[f64], objective: Objective) -> Found {
        let number = self.currents.len();
        let mut sums = Tilted::new(number);
        for part in &self.parts {
            let add = |sum: &mut Tilted, tile: &mut Tile, count: usize| sum.add(tile, count, theta);
            for task in summed(part, self.currents, || Tilted::new(number), add) {
                sums.join(task);
            }
        }
        let linear = sums.linear / sums.steps;
        match objective {
            Objective::MaximumEntropy => {
                let each = 1.0 / sums.partition;
                let tilted: Vec<f64> = sums.currents.iter().map(|x| each * x).collect();
                let mut curvature = Vec::with_capacity(sums.products.len());
                let mut place = 0;
                for k in 0..number {
                    for l in 0..=k {
                        curvature.push(each * sums.products[place] - tilted[k] * tilted[l]);
                        place += 1;
                    }
                }
                Found {
                    value: linear - sums.shift - (sums.partition / sums.steps).ln(),
                    gradient: means.iter().zip(&tilted).map(|(m, t)| m + t).collect(),
                    curvature,
                }
            }
            Objective::Neep => {
                let each = sums.shift.exp() / sums.steps;
                Found {
                    value: linear - each * sums.partition + 1.0,
                    gradient: means
                        .iter()
                        .zip(&sums.currents)
                        .map(|(m, t)| m + each * t)
                        .collect(),
                    curvature: sums.products.iter().map(|x| each * x).collect(),
                }
            }
        }
    }

    fn means(&self) -> Vec<f64> {
        let number = self.currents.len();
        let mut total = vec![0.0; number];
        let mut steps = 0;
        for part in &self.parts {
            let add = |sum: &mut Vec<f64>, tile: &mut Tile, _: usize| add_sums(&tile.values, sum);
            for task in summed(part, self.currents, || vec![0.0; number], add) {
                total.iter_mut().zip(&task).for_each(|(total, own)| *total += own);
            }
            steps += part.steps();
        }
        total.iter().map(|x| x / steps as f64).collect()
    }
}

/// Newton's method on its way.
pub(super) struct Ascent {
    objective: Objective,
    means: Vec<f64>,
    theta: Vec<f64>,
    found: Found,
    iterations: usize,
    residual: f64,
    stuck: bool,
}

impl Ascent {
    pub(super) fn new(problem: &Problem<'_>, objective: Objective, theta: Vec<f64>) -> Self {
        let means = problem.means();
        let zero = vec![0.0; theta.len()];
        let mut found = problem.at(&theta, &means, objective);
        let mut theta = theta;
        // a start that exponentials do not bear
        if !(found.value > 0.0) {
            found = problem.at(&zero, &means, objective);
            theta = zero;
        }
        Self {
            objective,
            means,
            theta,
            found,
            iterations: 0,
            residual: f64::INFINITY,
            stuck: false,
        }
    }

    pub(super) fn theta(&self) -> &[f64] {
        &self.theta
    }

    pub(super) fn unfinished(&self, most: usize) -> bool {
        self.residual > FOUND && !self.stuck && self.iterations < most
    }

    /// One step along C_w⁻¹ ∇, halved until the objective rises as it should.
    pub(super) fn advance(&mut self, problem: &Problem<'_>) {
        self.iterations += 1;
        let Found {
            value,
            gradient,
            curvature,
        } = &self.found;
        let Some(newton) = optimum(gradient, curvature, problem.independent) else {
            self.stuck = true;
            return;
        };
        self.residual = newton.quotient / value.abs().max(f64::MIN_POSITIVE);
        if self.residual <= FOUND {
            // the last step, whose rise is known to third order
            let steps = self.theta.iter_mut().zip(&newton.direction);
            steps.for_each(|(x, step)| *x += step);
            self.found.value += 0.5 * newton.quotient;
            return;
        }
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let steps = self.theta.iter().zip(&newton.direction);
            let trial: Vec<f64> = steps.map(|(x, step)| x + length * step).collect();
            let found = problem.at(&trial, &self.means, self.objective);
            if found.value >= value + ARMIJO * length * newton.quotient {
                (self.theta, self.found) = (trial, found);
                return;
            }
            length *= 0.5;
        }
        // what is left is rounding
        self.stuck = true;
    }

    pub(super) fn into_maximum(self, step: f64) -> Result<Maximum> {
        /// Decrement relative to the value that rounding of the sums may leave.
        const ROUNDING: f64 = 1e-9;
        let convergence = Convergence {
            iterations: self.iterations,
            residual: self.residual,
            target: FOUND,
            reason: match (self.residual <= FOUND, self.stuck) {
                (true, _) => StopReason::Converged,
                (false, true) => StopReason::Rounding,
                (false, false) => StopReason::IterationLimit,
            },
        };
        if self.residual > ROUNDING {
            return Err(irrev_numerics::Error::NotConverged {
                what: "variational bound on the entropy production",
                convergence,
            }
            .into());
        }
        Ok(Maximum {
            value: self.found.value / step,
            coefficients: self.theta,
            convergence,
        })
    }
}
