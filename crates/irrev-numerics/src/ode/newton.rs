//! The equations of a step: D z = h f at every node, solved by simplified Newton iterations.
//!
//! With J frozen, the correction of z obeys (D ⊗ 1 − h ⊗ J) Δz = h f − D z; in the modes of D this falls apart into
//! one real and (s − 1)/2 complex systems with the matrices λ − h J. The iterations end when what they leave, judged by
//! their contraction, is a small part of the tolerance.
//!
//! Source: Hairer and Wanner, *Solving Ordinary Differential Equations II* (1996), IV.8.

use num_complex::Complex64;

use super::options::Scale;
use super::problem::Point;
use super::pulse::Pulse;
use super::step::{Stepper, largest_ratio};
use super::system::finite_rate;
use super::{Failure, System};

/// How the iterations ended.
pub(super) enum Iteration<E: std::error::Error + 'static> {
    /// With this contraction and so many iterations.
    Converged { contraction: f64, iterations: usize },
    /// Not: the step should be this fraction as wide.
    Diverged(f64),
    /// The rate was undefined at a node.
    Undefined(Failure<E>),
}

impl<S: System> Stepper<'_, S> {
    /// Simplified Newton iterations on z.
    pub(super) fn iterate(
        &mut self,
        from: &Point,
        end: f64,
        scale: &Scale<'_>,
        pulse: &mut Pulse<'_>,
    ) -> Result<Iteration<S::Error>, Failure<S::Error>> {
        let relative = self.options.relative;
        // Hairer and Wanner's rules: the iterations leave a small part of the tolerance, unless rounding is larger
        let target = (10.0 * f64::EPSILON / relative).max(relative.sqrt().min(0.03));
        let rounding = 4.0 * f64::EPSILON / relative;
        let limit = self.iteration_limit();
        self.remainder = self.remainder.max(f64::EPSILON).powf(0.8);
        let (mut contraction, mut ratio, mut before) = (0.0, 0.0, 0.0);
        for k in 1..=limit {
            pulse.beat(from.time)?;
            if let Err(failure) = self.right_hand_side(from, end) {
                return Ok(Iteration::Undefined(failure));
            }
            self.correct();
            let size = self.apply_correction(from, scale);
            if !size.is_finite() {
                return Ok(Iteration::Diverged(0.25));
            }
            if k > 1 {
                let now = size / before;
                contraction = if k == 2 { now } else { (now * ratio).sqrt() };
                ratio = now;
                if size > rounding {
                    if contraction >= 0.99 {
                        return Ok(Iteration::Diverged(0.5));
                    }
                    self.remainder = contraction / (1.0 - contraction);
                    let ahead = self.remainder * size * contraction.powi((limit - k) as i32) / target;
                    if ahead >= 1.0 {
                        let power = -1.0 / (4 + limit - k) as f64;
                        return Ok(Iteration::Diverged(0.8 * ahead.clamp(1e-4, 20.0).powf(power)));
                    }
                }
            }
            before = size;
            if self.remainder * size <= target || size <= rounding {
                return Ok(Iteration::Converged {
                    contraction,
                    iterations: k,
                });
            }
        }
        Ok(Iteration::Diverged(0.5))
    }

    /// h f − D z at every node.
    fn right_hand_side(&mut self, from: &Point, end: f64) -> Result<(), Failure<S::Error>> {
        let (n, s) = (self.stage.len(), self.method.stages());
        let h = end - from.time;
        for i in 0..s {
            for ((x, start), z) in self.stage.iter_mut().zip(&from.state).zip(&self.z[i * n..]) {
                *x = start + z;
            }
            let time = self.stage_time(i, from.time, end);
            let out = &mut self.right[i * n..(i + 1) * n];
            self.statistics.rates += 1;
            finite_rate(self.problem.system, time, &self.stage, out)?;
            for value in out.iter_mut() {
                *value *= h;
            }
            for (d, z) in self.method.derivative[i * s..(i + 1) * s]
                .iter()
                .zip(self.z.chunks_exact(n))
            {
                for (out, z) in out.iter_mut().zip(z) {
                    *out -= d * z;
                }
            }
        }
        Ok(())
    }

    /// Solves for the correction, mode by mode.
    fn correct(&mut self) {
        let n = self.stage.len();
        let Some((_, real, pairs)) = &self.factors else {
            return;
        };
        let (row, column) = &self.method.real_mode;
        self.real.fill(0.0);
        for (r, stage) in row.iter().zip(self.right.chunks_exact(n)) {
            for (out, value) in self.real.iter_mut().zip(stage) {
                *out += r * value;
            }
        }
        real.solve(&mut self.real);
        for (c, out) in column.iter().zip(self.correction.chunks_exact_mut(n)) {
            for (out, w) in out.iter_mut().zip(&self.real) {
                *out = c * w;
            }
        }
        for (factor, (row, column)) in pairs.iter().zip(&self.method.pair_modes) {
            self.complex.fill(Complex64::ZERO);
            for (r, stage) in row.iter().zip(self.right.chunks_exact(n)) {
                for (out, value) in self.complex.iter_mut().zip(stage) {
                    *out += r * value;
                }
            }
            factor.solve(&mut self.complex);
            // the conjugate mode adds the conjugate
            for (c, out) in column.iter().zip(self.correction.chunks_exact_mut(n)) {
                for (out, w) in out.iter_mut().zip(&self.complex) {
                    *out += 2.0 * (c.re * w.re - c.im * w.im);
                }
            }
        }
    }

    /// Adds the correction to z and returns its largest component in units of the tolerance.
    fn apply_correction(&mut self, from: &Point, scale: &Scale<'_>) -> f64 {
        let n = self.stage.len();
        for (z, d) in self.z.iter_mut().zip(&self.correction) {
            *z += d;
        }
        scale.write(&from.state, &self.z[self.z.len() - n..], &mut self.accepted);
        largest_ratio(&self.correction, &self.accepted)
    }
}
