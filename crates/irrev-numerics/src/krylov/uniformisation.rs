//! exp(W t) p for a Markov generator by uniformisation: only non-negative numbers are added.
//!
//! With q ≥ max |Wᵢᵢ| the matrix P = I + W/q is stochastic and exp(W t) p = Σ_k e^{−qt}(qt)ᵏ/k! Pᵏ p. Nothing is
//! subtracted, probability and positivity are kept, and the error is the neglected Poisson mass. Since P is a contraction
//! in ‖·‖₁, ‖P^{k+1}p − Pᵏp‖₁ never grows: once it is δ, all later terms are within δ times the number of steps left, which
//! lets the sum stop early with a bound.
//!
//! Sources: Jensen, Skand. Aktuarietidskr. 36, 87 (1953); Fox and Glynn, Commun. ACM 31, 440 (1988).

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::run::Run;
use crate::sum::{blocked_sum, compensated_sum};
use crate::tolerance::{Convergence, StopReason, Tolerance};

/// States handled by one parallel task.
const STATES_PER_TASK: usize = 8192;

/// Steps between two tests for stationarity and cancellation.
const STEPS_PER_CHECK: usize = 16;

/// Poisson probabilities e^{−λ}λᵏ/k! for k in first..first+len, whose neglected mass is below `neglected`.
///
/// Computed outwards from the mode and normalised, so that no factor over- or underflows at any λ ≥ 0.
#[must_use]
pub fn poisson_weights(lambda: f64, neglected: f64) -> (usize, Vec<f64>) {
    if lambda == 0.0 {
        return (0, vec![1.0]);
    }
    let mode = lambda.floor();
    // relative to the mode the weights sum to about √(2πλ); beyond k a tail is below w_k/(1 − ratio of neighbours)
    let negligible =
        (0.25 * neglected * (std::f64::consts::TAU * lambda).sqrt().max(1.0)).max(f64::MIN_POSITIVE);
    let mut down = Vec::new();
    let (mut k, mut w) = (mode, 1.0_f64);
    while k > 0.0 {
        w *= k / lambda;
        k -= 1.0;
        if w < negligible * (1.0 - k / lambda) {
            break;
        }
        down.push(w);
    }
    let first = mode as usize - down.len();
    let mut weights: Vec<f64> = down.into_iter().rev().collect();
    let (mut k, mut w) = (mode, 1.0_f64);
    loop {
        weights.push(w);
        k += 1.0;
        let ratio = lambda / k;
        w *= ratio;
        if ratio < 1.0 && w < negligible * (1.0 - ratio) {
            break;
        }
    }
    let total = compensated_sum(weights.iter().copied());
    for w in &mut weights {
        *w /= total;
    }
    (first, weights)
}

/// A generator prepared for uniformisation: incoming transition probabilities by state, and the rate q.
#[derive(Debug, Clone)]
pub struct Uniformised {
    rate: f64,
    start: Vec<usize>,
    source: Vec<u32>,
    probability: Vec<f64>,
    stay: Vec<f64>,
}

impl Uniformised {
    /// Prepares the generator with the given jumps (from, to, rate ≥ 0); parallel jumps add up.
    ///
    /// # Errors
    /// [`Error::Length`] for a state out of range, [`Error::NotFinite`] for a rate that is not finite.
    pub fn new(states: usize, jumps: &[(usize, usize, f64)]) -> Result<Self> {
        let mut exit = vec![0.0; states];
        let mut start = vec![0; states + 1];
        for (index, &(from, to, rate)) in jumps.iter().enumerate() {
            if from.max(to) >= states || u32::try_from(states).is_err() {
                return Err(Error::Length {
                    what: "state index",
                    found: from.max(to),
                    expected: states,
                });
            }
            if !(rate.is_finite() && rate >= 0.0) {
                return Err(Error::NotFinite {
                    what: "rate",
                    index,
                    value: rate,
                });
            }
            exit[from] += rate;
            start[to + 1] += 1;
        }
        for i in 0..states {
            start[i + 1] += start[i];
        }
        let rate = exit.iter().copied().fold(0.0, f64::max);
        let mut next = start.clone();
        let mut source = vec![0; jumps.len()];
        let mut probability = vec![0.0; jumps.len()];
        for &(from, to, k) in jumps {
            source[next[to]] = from as u32;
            probability[next[to]] = if rate == 0.0 { 0.0 } else { k / rate };
            next[to] += 1;
        }
        let stay = exit
            .iter()
            .map(|e| {
                if rate == 0.0 {
                    1.0
                } else {
                    ((rate - e) / rate).max(0.0)
                }
            })
            .collect();
        Ok(Self {
            rate,
            start,
            source,
            probability,
            stay,
        })
    }

    /// Uniformisation rate q: the largest exit rate.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Steps (products with P) that exp(W t) needs at most.
    #[must_use]
    pub fn steps(&self, t: f64) -> f64 {
        let lambda = self.rate * t;
        lambda + 9.0 * lambda.sqrt() + 30.0
    }

    /// One step y = P x, and sum += weight · y in the same sweep (no sweep of the sum for weight 0).
    fn step(&self, x: &[f64], y: &mut [f64], sum: &mut [f64], weight: f64) {
        let block = |first: usize, y: &mut [f64], sum: &mut [f64]| {
            let last = first + y.len();
            let rows = self.start[first..=last]
                .windows(2)
                .zip(&self.stay[first..last])
                .zip(&x[first..last]);
            for (((range, stay), own), (out, s)) in rows.zip(y.iter_mut().zip(sum)) {
                let (source, probability) = (
                    &self.source[range[0]..range[1]],
                    &self.probability[range[0]..range[1]],
                );
                let mut value = stay * own;
                for (&from, &p) in source.iter().zip(probability) {
                    value += p * x[from as usize];
                }
                *out = value;
                if weight != 0.0 {
                    *s += weight * value;
                }
            }
        };
        if x.len() <= 2 * STATES_PER_TASK {
            block(0, y, sum);
        } else {
            y.par_chunks_mut(STATES_PER_TASK)
                .zip(sum.par_chunks_mut(STATES_PER_TASK))
                .enumerate()
                .for_each(|(b, (y, sum))| block(b * STATES_PER_TASK, y, sum));
        }
    }

    /// exp(W t) p for p ≥ 0 and t ≥ 0, with ‖error‖₁ ≤ absolute + relative · ‖p‖₁ by the neglected Poisson mass.
    ///
    /// The result is non-negative and its sum is that of p to rounding (the weights are normalised). `residual` in the
    /// record is the bound on the neglected part.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; [`Error::NotConverged`] if more than `tolerance.max_iterations` steps are needed.
    pub fn evolve(
        &self,
        p: &[f64],
        t: f64,
        tolerance: Tolerance,
        run: &Run<'_>,
    ) -> Result<(Vec<f64>, Convergence)> {
        let n = self.stay.len();
        if p.len() != n {
            return Err(Error::Length {
                what: "distribution",
                found: p.len(),
                expected: n,
            });
        }
        let mass = blocked_sum(n, |i| p[i].abs());
        let target = tolerance.target(mass);
        let neglected = if mass > 0.0 {
            (0.1 * target / mass).clamp(1e-290, 1e-2)
        } else {
            1e-290
        };
        let (first, weights) = poisson_weights(self.rate * t, neglected);
        let last = first + weights.len() - 1;
        let mut sum = vec![0.0; n];
        if first == 0 {
            for (s, p) in sum.iter_mut().zip(p) {
                *s = weights[0] * p;
            }
        }
        let mut tail: f64 = 1.0 - if first == 0 { weights[0] } else { 0.0 };
        let (mut x, mut y) = (p.to_vec(), vec![0.0; n]);
        for k in 1..=last {
            if k > tolerance.max_iterations {
                let convergence = Convergence {
                    iterations: k,
                    residual: tail * mass,
                    target,
                    reason: StopReason::IterationLimit,
                };
                return Err(Error::NotConverged {
                    what: "uniformisation",
                    convergence,
                });
            }
            let weight = if k >= first { weights[k - first] } else { 0.0 };
            self.step(&x, &mut y, &mut sum, weight);
            tail -= weight;
            if k % STEPS_PER_CHECK == 0 {
                run.report(k as f64 / last as f64, "master equation")?;
                let change = blocked_sum(n, |i| (y[i] - x[i]).abs());
                let bound = change * (last - k) as f64;
                if bound <= 0.1 * target {
                    for (s, v) in sum.iter_mut().zip(&y) {
                        *s += tail.max(0.0) * v;
                    }
                    let reason = StopReason::Converged;
                    let residual = bound + neglected * mass;
                    return Ok((
                        sum,
                        Convergence {
                            iterations: k,
                            residual,
                            target,
                            reason,
                        },
                    ));
                }
            }
            std::mem::swap(&mut x, &mut y);
        }
        let reason = StopReason::Converged;
        Ok((
            sum,
            Convergence {
                iterations: last,
                residual: neglected * mass,
                target,
                reason,
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_weights_have_the_right_mean_over_ten_decades() {
        for lambda in [1e-3, 0.5, 1.0, 37.2, 1e3, 1e6] {
            let (first, weights) = poisson_weights(lambda, 1e-15);
            let mean = compensated_sum(weights.iter().enumerate().map(|(i, w)| w * (first + i) as f64));
            assert!((mean / lambda - 1.0).abs() < 1e-12, "{lambda}: {mean}");
        }
    }

    #[test]
    fn two_states_relax_exponentially_and_stop_early_at_the_stationary_state() {
        let w = Uniformised::new(2, &[(0, 1, 2.0), (1, 0, 1.0)]).unwrap();
        let tolerance = Tolerance {
            max_iterations: 10_000_000,
            ..Tolerance::relative(1e-13)
        };
        for t in [0.0, 0.1, 3.0, 1e6] {
            let (p, record) = w.evolve(&[1.0, 0.0], t, tolerance, &Run::default()).unwrap();
            let exact = 1.0 / 3.0 + 2.0 / 3.0 * (-3.0 * t).exp();
            assert!((p[0] - exact).abs() < 1e-13 && (p[0] + p[1] - 1.0).abs() < 4e-16);
            assert!(record.iterations < 1000 && record.converged());
        }
    }
}
