//! Integrals ∫ q(t, x) dt over a step: Radau quadrature of the stages, and its error.
//!
//! They do not act back on x, so that no equation is solved for them. Their error is that of the state's estimate: the
//! defect at the start of the step of the polynomial through the integrands at the nodes.

use super::problem::Point;
use super::step::Stepper;
use super::{Failure, System};

impl<S: System> Stepper<'_, S> {
    /// Integrands at the nodes and the integrals up to each.
    pub(super) fn integrate(&mut self, from: &Point, end: f64) -> Result<(), Failure<S::Error>> {
        let (n, s, m) = (self.stage.len(), self.method.stages(), self.problem.integrals);
        let h = end - from.time;
        if m == 0 {
            return Ok(());
        }
        for i in 0..s {
            for ((x, start), z) in self.stage.iter_mut().zip(&from.state).zip(&self.z[i * n..]) {
                *x = start + z;
            }
            let time = self.stage_time(i, from.time, end);
            self.problem
                .integrand(time, &self.stage, &mut self.integrands[i * m..(i + 1) * m])?;
        }
        for k in 0..m {
            let sample = |i: usize| self.integrands[i * m + k];
            for i in 0..s - 1 {
                self.q[i * m + k] = h
                    * (0..s)
                        .map(|j| self.method.integral[i * s + j] * sample(j))
                        .sum::<f64>();
            }
            self.q[(s - 1) * m + k] = h * (0..s).map(|j| self.method.weights[j] * sample(j)).sum::<f64>();
            self.magnitudes[k] = h
                * (0..s)
                    .map(|j| self.method.weights[j] * sample(j).abs())
                    .sum::<f64>();
        }
        Ok(())
    }

    /// Largest local error of an integral in units of its tolerance; `magnitudes` are ∫|q| up to here.
    pub(super) fn quadrature_error(&mut self, from: &Point, h: f64, magnitudes: &[f64]) -> f64 {
        let m = self.problem.integrals;
        let mut worst: f64 = 0.0;
        for (k, before) in magnitudes.iter().enumerate() {
            let samples = self.integrands.iter().skip(k).step_by(m);
            let extrapolated: f64 = self
                .method
                .value_at_start
                .iter()
                .zip(samples)
                .map(|(l, q)| l * q)
                .sum();
            let error = (h / self.method.real * (from.integrand[k] - extrapolated)).abs();
            self.quadrature_errors[k] = error;
            let size = before + self.magnitudes[k];
            let accepted = self.options.integral + self.options.relative * size;
            if error > 0.0 {
                worst = worst.max(error / accepted.max(f64::MIN_POSITIVE));
            }
        }
        worst
    }
}
