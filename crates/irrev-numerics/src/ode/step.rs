//! One step: its matrices, its prediction, and the estimate of its error.
//!
//! The error is measured by the defect that u leaves at the beginning of the step, h f(t, x) − u′(0), damped by
//! (λ − h J)⁻¹ with the real λ. It is of order s + 1 in h, while the state at the end is right to order 2s − 1. Between the
//! nodes the interpolation has order s + 1 too, but its error is not damped by stiffness and is watched on its own.
//!
//! Source: Hairer and Wanner, *Solving Ordinary Differential Equations II* (1996), IV.8.

use std::sync::Arc;

use num_complex::Complex64;

use super::collocation::Collocation;
use super::event::Curve;
use super::jacobian::Jacobian;
use super::newton::Iteration;
use super::options::Scale;
use super::problem::{Point, Problem};
use super::pulse::Pulse;
use super::system::finite_rate;
use super::{Failure, Options, Statistics, System};
use crate::linalg::Factor;

/// How a step ended.
pub(super) enum Attempt<E: std::error::Error + 'static> {
    /// The equations are solved.
    Solved {
        /// Error in units of the tolerance.
        error: f64,
        /// Rate at which the iterations converged.
        contraction: f64,
        /// Iterations done.
        iterations: usize,
    },
    /// The iterations do not converge; try this fraction of the width.
    Unsolved(f64),
    /// A function was undefined at some stage.
    Undefined(Failure<E>),
}

/// A solved step: its end, its displacements at the nodes, and the local errors of its integrals.
pub(super) struct Piece {
    pub(super) time: f64,
    pub(super) state: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) q: Vec<f64>,
    pub(super) errors: Vec<f64>,
}

/// Displacements and integrals of a step, put aside while others are tried.
pub(super) struct Solution {
    pub(super) z: Vec<f64>,
    q: Vec<f64>,
    magnitudes: Vec<f64>,
    errors: Vec<f64>,
}

/// Method, matrices and memory of the steps.
pub(super) struct Stepper<'a, S: System> {
    pub(super) problem: &'a Problem<'a, S>,
    pub(super) options: &'a Options,
    pub(super) method: Arc<Collocation>,
    pub(super) statistics: Statistics,
    jacobian: Jacobian,
    /// Factors of λ − h J and the h they belong to.
    pub(super) factors: Option<(f64, Factor<f64>, Vec<Factor<Complex64>>)>,
    /// Displacements of the state at the nodes, node by node.
    pub(super) z: Vec<f64>,
    /// Displacements of the integrals at the nodes.
    pub(super) q: Vec<f64>,
    /// ∫|q| over the step.
    pub(super) magnitudes: Vec<f64>,
    /// Local error of each integral.
    pub(super) quadrature_errors: Vec<f64>,
    pub(super) right: Vec<f64>,
    pub(super) real: Vec<f64>,
    pub(super) complex: Vec<Complex64>,
    pub(super) correction: Vec<f64>,
    pub(super) stage: Vec<f64>,
    pub(super) accepted: Vec<f64>,
    pub(super) integrands: Vec<f64>,
    /// θ/(1 − θ) of the last step: what a correction says of the error left after it.
    pub(super) remainder: f64,
}

/// Contraction assumed before any was measured.
const UNKNOWN_REMAINDER: f64 = 1.0;

impl<'a, S: System> Stepper<'a, S> {
    pub(super) fn new(problem: &'a Problem<'a, S>, options: &'a Options, method: Collocation) -> Self {
        let (n, s, m) = (problem.system.dimension(), method.stages(), problem.integrals);
        Self {
            jacobian: Jacobian::new(problem.system.jacobian_kind(), n),
            problem,
            options,
            method: Arc::new(method),
            statistics: Statistics::default(),
            factors: None,
            z: vec![0.0; s * n],
            q: vec![0.0; s * m],
            magnitudes: vec![0.0; m],
            quadrature_errors: vec![0.0; m],
            right: vec![0.0; s * n],
            real: vec![0.0; n],
            complex: vec![Complex64::ZERO; n],
            correction: vec![0.0; s * n],
            stage: vec![0.0; n],
            accepted: vec![0.0; n],
            integrands: vec![0.0; s * m],
            remainder: UNKNOWN_REMAINDER,
        }
    }

    /// Evaluates the Jacobian at a point.
    pub(super) fn linearise(&mut self, at: &Point, scale: &Scale<'_>) -> Result<(), Failure<S::Error>> {
        let rates = self
            .jacobian
            .refresh(self.problem.system, at.time, &at.state, &at.rate, scale)?;
        self.statistics.rates += rates;
        self.statistics.jacobians += 1;
        self.factors = None;
        Ok(())
    }

    /// Starts the iterations from rest.
    pub(super) fn predict_rest(&mut self) {
        self.z.fill(0.0);
    }

    /// Starts the iterations from an earlier polynomial u: zᵢ = u(from + cᵢ share) − u(from).
    pub(super) fn predict(&mut self, earlier: &[f64], from: f64, share: f64) {
        let (n, s) = (self.stage.len(), self.method.stages());
        let (mut base, mut basis) = (vec![0.0; s], vec![0.0; s]);
        self.method.basis(from, &mut base);
        for i in 0..s {
            self.method.basis(from + self.method.nodes[i] * share, &mut basis);
            let target = &mut self.z[i * n..(i + 1) * n];
            target.fill(0.0);
            for ((b, a), stage) in basis.iter().zip(&base).zip(earlier.chunks_exact(n)) {
                for (z, u) in target.iter_mut().zip(stage) {
                    *z += (b - a) * u;
                }
            }
        }
    }

    /// Tries the step from a point to `end`, starting from the prediction in z.
    pub(super) fn attempt(
        &mut self,
        from: &Point,
        end: f64,
        scale: &Scale<'_>,
        magnitudes: &[f64],
        pulse: &mut Pulse<'_>,
    ) -> Result<Attempt<S::Error>, Failure<S::Error>> {
        let h = end - from.time;
        if !self.factorise(h) {
            return Ok(Attempt::Unsolved(0.5));
        }
        let (contraction, iterations) = match self.iterate(from, end, scale, pulse)? {
            Iteration::Converged {
                contraction,
                iterations,
            } => (contraction, iterations),
            Iteration::Diverged(fraction) => {
                self.remainder = UNKNOWN_REMAINDER;
                return Ok(Attempt::Unsolved(fraction));
            }
            Iteration::Undefined(failure) => return Ok(Attempt::Undefined(failure)),
        };
        if let Err(failure) = self.integrate(from, end) {
            return Ok(Attempt::Undefined(failure));
        }
        let error = self
            .error(from, h, scale)
            .max(self.quadrature_error(from, h, magnitudes));
        Ok(Attempt::Solved {
            error,
            contraction,
            iterations,
        })
    }

    /// What the state gains over the step just solved.
    pub(super) fn gain(&self) -> &[f64] {
        &self.z[self.z.len() - self.stage.len()..]
    }

    /// The step just solved, from a point to `time`.
    pub(super) fn piece(&self, from: &Point, time: f64) -> Piece {
        Piece {
            time,
            state: from.state.iter().zip(self.gain()).map(|(x, z)| x + z).collect(),
            z: self.z.clone(),
            q: self.q.clone(),
            errors: self.quadrature_errors.clone(),
        }
    }

    /// A step of no width.
    pub(super) fn nothing(&self, from: &Point) -> Piece {
        Piece {
            time: from.time,
            state: from.state.clone(),
            z: vec![0.0; self.z.len()],
            q: vec![0.0; self.q.len()],
            errors: vec![0.0; self.quadrature_errors.len()],
        }
    }

    /// The step just solved as a curve.
    pub(super) fn curve<'b>(&'b self, from: &'b Point, end: f64) -> Curve<'b> {
        Curve {
            method: &self.method,
            start: from.time,
            width: end - from.time,
            state: &from.state,
            stages: &self.z,
        }
    }

    /// Copies the step just solved.
    pub(super) fn solution(&self) -> Solution {
        Solution {
            z: self.z.clone(),
            q: self.q.clone(),
            magnitudes: self.magnitudes.clone(),
            errors: self.quadrature_errors.clone(),
        }
    }

    /// Makes an earlier step the one just solved.
    pub(super) fn restore(&mut self, solution: Solution) {
        let Solution {
            z,
            q,
            magnitudes,
            errors,
        } = solution;
        (self.z, self.q, self.magnitudes, self.quadrature_errors) = (z, q, magnitudes, errors);
    }

    /// Iterations after which a step is given up.
    pub(super) fn iteration_limit(&self) -> usize {
        7 + (5 * (self.method.stages() - 3)) / 2
    }

    fn factorise(&mut self, h: f64) -> bool {
        if matches!(&self.factors, Some((width, ..)) if *width == h) {
            return true;
        }
        self.statistics.factorisations += 1 + self.method.pairs.len();
        let Some(real) = self.jacobian.shifted(self.method.real, h) else {
            return false;
        };
        let mut pairs = Vec::with_capacity(self.method.pairs.len());
        for &value in &self.method.pairs {
            let Some(factor) = self.jacobian.shifted(value, h) else {
                return false;
            };
            pairs.push(factor);
        }
        self.factors = Some((h, real, pairs));
        true
    }

    pub(super) fn stage_time(&self, i: usize, from: f64, end: f64) -> f64 {
        if i + 1 == self.method.stages() {
            end
        } else {
            from + self.method.nodes[i] * (end - from)
        }
    }

    /// Error of the interpolation on the step just solved, in units of the tolerance, judged from the polynomial of the
    /// step before. Stiffness damps the estimate at the end of a step, but not what happens between its nodes.
    pub(super) fn interpolation_error(&self, earlier: &[f64], ratio: f64) -> f64 {
        let (n, s) = (self.stage.len(), self.method.stages());
        let (mut basis, mut base) = (vec![0.0; s], vec![0.0; s]);
        self.method.basis(1.0 + ratio, &mut basis);
        self.method.basis(1.0, &mut base);
        let mut missed: Vec<f64> = self.gain().iter().map(|z| -z).collect();
        for ((b, a), stage) in basis.iter().zip(&base).zip(earlier.chunks_exact(n)) {
            for (out, u) in missed.iter_mut().zip(stage) {
                *out += (b - a) * u;
            }
        }
        self.method.interpolation_share(ratio) * largest_ratio(&missed, &self.accepted)
    }

    /// Local error in units of the tolerance.
    fn error(&mut self, from: &Point, h: f64, scale: &Scale<'_>) -> f64 {
        let n = self.stage.len();
        let Some((_, real, _)) = &self.factors else {
            return f64::INFINITY;
        };
        scale.write(&from.state, &self.z[self.z.len() - n..], &mut self.accepted);
        let slope = &mut self.correction[..n];
        slope.fill(0.0);
        for (d, z) in self.method.slope_at_start.iter().zip(self.z.chunks_exact(n)) {
            for (out, z) in slope.iter_mut().zip(z) {
                *out += d * z;
            }
        }
        for ((out, f), slope) in self.real.iter_mut().zip(&from.rate).zip(slope.iter()) {
            *out = h * f - slope;
        }
        real.solve(&mut self.real);
        let error = largest_ratio(&self.real, &self.accepted);
        if error < 1.0 {
            return error;
        }
        // a stiff transient that the step rightly passes over is damped once more
        for ((x, start), error) in self.stage.iter_mut().zip(&from.state).zip(&self.real) {
            *x = start + error;
        }
        self.statistics.rates += 1;
        if finite_rate(self.problem.system, from.time, &self.stage, &mut self.real).is_err() {
            return error;
        }
        for (out, slope) in self.real.iter_mut().zip(slope.iter()) {
            *out = h * *out - slope;
        }
        real.solve(&mut self.real);
        largest_ratio(&self.real, &self.accepted)
    }
}

/// max |valueᵢ|/acceptedᵢ, the accepted errors repeated for every stage; not finite if a value is not.
pub(super) fn largest_ratio(values: &[f64], accepted: &[f64]) -> f64 {
    let mut worst: f64 = 0.0;
    for stage in values.chunks_exact(accepted.len()) {
        for (value, accepted) in stage.iter().zip(accepted) {
            let ratio = value.abs() / accepted;
            if !(ratio <= worst) {
                worst = ratio;
            }
            if worst.is_nan() {
                return f64::INFINITY;
            }
        }
    }
    worst
}
