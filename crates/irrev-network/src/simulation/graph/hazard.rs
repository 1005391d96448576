//! Integrated hazards of rates that depend on time, and their inversion.
//!
//! A trajectory that enters state x at t leaves it at the T with ∫_t^T r_x ds = ε, ε exponential with mean 1. The rates of leaving, r_x,
//! are expanded once in Chebyshev polynomials on panels that are bisected until integral (Gauss–Kronrod) and expansion are known
//! to 10⁻¹²; then each inversion is a few evaluations of a polynomial. Nowhere are rates held constant over a step.
//!
//! Source: Trefethen, Approximation Theory and Approximation Practice (SIAM, 2013), ch. 3 and 19.

use std::f64::consts::PI;

use irrev_numerics::quadrature::{panel_integral, panel_nodes};
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run};

use crate::error::Result;

/// Accuracy of integrated hazards on a panel: relative, and absolute in proportion to its share of the protocol.
const ACCURACY: f64 = 1e-12;

/// Nodes of a panel.
const NODES: usize = 15;

/// A law that needs more panels is not smooth enough; its jumps belong in the list of breaks.
const MOST_PANELS: usize = 200_000;

/// Newton and bisection steps of one inversion: bisection alone would need 53.
const MOST_STEPS: usize = 80;

/// ∫ r_x from the panel's beginning as Chebyshev coefficients in u ∈ [−1, 1].
type Coefficients = [f64; NODES + 1];

/// Integrated rates of leaving every state over the whole protocol.
pub(super) struct Hazards {
    breaks: Vec<f64>,
    states: usize,
    coefficients: Vec<Coefficients>,
}

impl Hazards {
    /// Expands the rates of leaving that `exit(t, out)` writes, between the breaks (ascending, at least two).
    pub(super) fn new(
        breaks: &[f64],
        states: usize,
        run: &Run<'_>,
        mut exit: impl FnMut(f64, &mut [f64]) -> Result<()>,
    ) -> Result<Self> {
        let span = breaks[breaks.len() - 1] - breaks[0];
        let transform = chebyshev_from_nodes();
        let mut waiting: Vec<(f64, f64)> = breaks.windows(2).rev().map(|p| (p[0], p[1])).collect();
        let mut made = Self {
            breaks: vec![breaks[0]],
            states,
            coefficients: Vec::new(),
        };
        let mut rates = vec![0.0; states];
        let mut samples = vec![[0.0; NODES]; states];
        while let Some((from, to)) = waiting.pop() {
            run.report((from - breaks[0]) / span, "integrated hazards")?;
            for (i, node) in panel_nodes().iter().enumerate() {
                exit(from + (to - from) * node, &mut rates)?;
                for (sample, rate) in samples.iter_mut().zip(&rates) {
                    sample[i] = *rate;
                }
            }
            let width = to - from;
            let panel: Vec<(Coefficients, f64)> =
                samples.iter().map(|s| expansion(s, width, &transform)).collect();
            let excess = panel.iter().map(|(c, error)| error / total(c).max(width / span));
            let excess = excess.fold(0.0, f64::max);
            if excess <= ACCURACY {
                made.breaks.push(to);
                made.coefficients.extend(panel.iter().map(|p| p.0));
                run.require_memory("integrated hazards", 128 * made.coefficients.len() as u64)?;
                continue;
            }
            let middle = 0.5 * (from + to);
            let panels = made.breaks.len() + waiting.len();
            if panels > MOST_PANELS || !(middle > from && middle < to) {
                let convergence = Convergence {
                    iterations: panels,
                    residual: excess,
                    target: ACCURACY,
                    reason: StopReason::IterationLimit,
                };
                return Err(NumericsError::NotConverged {
                    what: "integrated hazards (name the times at which the rates jump)",
                    convergence,
                }
                .into());
            }
            waiting.push((middle, to));
            waiting.push((from, middle));
        }
        Ok(made)
    }

    /// The time T > t at which ∫_t^T r_x ds reaches `hazard`; `None` if that is beyond the end.
    pub(super) fn leaving(&self, state: usize, t: f64, hazard: f64) -> Option<f64> {
        let mut k = self
            .breaks
            .partition_point(|b| *b <= t)
            .clamp(1, self.breaks.len() - 1)
            - 1;
        let at = |k: usize| &self.coefficients[k * self.states + state];
        let (from, to) = (self.breaks[k], self.breaks[k + 1]);
        let mut u = (2.0 * (t - from) / (to - from) - 1.0).clamp(-1.0, 1.0);
        let mut wanted = hazard + evaluate(at(k), u).0;
        while wanted >= total(at(k)) {
            wanted -= total(at(k));
            k += 1;
            u = -1.0;
            if k + 1 == self.breaks.len() {
                return None;
            }
        }
        let u = inverse(at(k), wanted, u);
        let (from, to) = (self.breaks[k], self.breaks[k + 1]);
        Some((from + 0.5 * (u + 1.0) * (to - from)).max(t))
    }
}

/// The u ≥ `low` at which an increasing expansion reaches a value: Newton's steps, kept within a shrinking bracket.
fn inverse(c: &Coefficients, wanted: f64, low: f64) -> f64 {
    let (mut low, mut high) = (low, 1.0);
    let mut u = 0.5 * (low + high);
    for _ in 0..MOST_STEPS {
        let (value, slope) = evaluate(c, u);
        let difference = value - wanted;
        if difference > 0.0 {
            high = u
        } else {
            low = u
        }
        let newton = u - difference / slope;
        let next = if newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
        if (next - u).abs() <= 2.0 * f64::EPSILON {
            return next;
        }
        u = next;
    }
    u
}

/// Value and derivative in u, by the recurrences of T and U.
fn evaluate(c: &Coefficients, u: f64) -> (f64, f64) {
    let (mut t0, mut t1) = (1.0, u);
    let (mut u0, mut u1) = (1.0, 2.0 * u);
    let (mut value, mut slope) = (c[0] + c[1] * u, c[1]);
    for (j, c) in c.iter().enumerate().skip(2) {
        (t0, t1) = (t1, 2.0 * u * t1 - t0);
        value += c * t1;
        slope += j as f64 * c * u1;
        (u0, u1) = (u1, 2.0 * u * u1 - u0);
    }
    (value, slope)
}

/// Integral over the whole panel: every T_j(1) is 1.
fn total(c: &Coefficients) -> f64 {
    c.iter().sum()
}

/// Coefficients of the integral, and its error: that of the quadrature and what the last coefficients leave open.
fn expansion(rates: &[f64; NODES], width: f64, transform: &[[f64; NODES]; NODES]) -> (Coefficients, f64) {
    let mut c = [0.0; NODES + 2];
    for (c, row) in c.iter_mut().zip(transform) {
        *c = row.iter().zip(rates).map(|(t, r)| t * r).sum();
    }
    let tail = width * (c[NODES - 1].abs() + c[NODES - 2].abs());
    // rounding of the samples cannot be reduced by bisection
    let rounding = 4.0 * f64::EPSILON * width * rates.iter().copied().fold(0.0, f64::max);
    let error = (panel_integral(width, rates).1.max(tail) - rounding).max(0.0);
    let mut integral = [0.0; NODES + 1];
    integral[1] = c[0] - 0.5 * c[2];
    for j in 2..=NODES {
        integral[j] = 0.5 * (c[j - 1] - c[j + 1]) / j as f64;
    }
    integral.iter_mut().for_each(|b| *b *= 0.5 * width);
    // zero at u = −1, where T_j = (−1)^j
    integral[0] = (1..=NODES)
        .map(|j| if j % 2 == 1 { integral[j] } else { -integral[j] })
        .sum();
    (integral, error)
}

/// Matrix from values at the quadrature nodes to Chebyshev coefficients, through barycentric interpolation at Chebyshev's points.
fn chebyshev_from_nodes() -> [[f64; NODES]; NODES] {
    let nodes = panel_nodes().map(|x| 2.0 * x - 1.0);
    let weights: [f64; NODES] = std::array::from_fn(|i| {
        let others = nodes.iter().enumerate().filter(|(j, _)| *j != i);
        others.map(|(_, x)| 0.5 / (nodes[i] - x)).product()
    });
    let mut matrix = [[0.0; NODES]; NODES];
    for k in 0..NODES {
        let angle = PI * (k as f64 + 0.5) / NODES as f64;
        let at = angle.cos();
        // the middle point is common to both sets, up to rounding
        let coincident = nodes.iter().position(|x| (x - at).abs() < 1e-14);
        let mut basis: [f64; NODES] = std::array::from_fn(|i| match coincident {
            Some(j) => f64::from(u8::from(i == j)),
            None => weights[i] / (at - nodes[i]),
        });
        let sum: f64 = basis.iter().sum();
        basis.iter_mut().for_each(|b| *b /= sum);
        for (j, row) in matrix.iter_mut().enumerate() {
            let factor = if j == 0 { 1.0 } else { 2.0 } / NODES as f64 * (j as f64 * angle).cos();
            for (entry, b) in row.iter_mut().zip(&basis) {
                *entry += factor * b;
            }
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_times_invert_the_integrated_rate_to_twelve_digits() {
        // r = 1 + 0.9 sin 3t: ∫ = t − 0.3 (cos 3t − 1)
        let integral = |t: f64| t - 0.3 * ((3.0 * t).cos() - 1.0);
        let run = Run::default();
        let hazards = Hazards::new(&[0.0, 20.0], 1, &run, |t, out| {
            out[0] = 1.0 + 0.9 * (3.0 * t).sin();
            Ok(())
        })
        .unwrap();
        for i in 0..200 {
            let (t, hazard) = (f64::from(i) * 0.05, 1e-3 * 1.05f64.powi(i));
            match hazards.leaving(0, t, hazard) {
                Some(end) => {
                    let got = integral(end) - integral(t);
                    assert!(
                        (got - hazard).abs() < 2e-12 * hazard.max(1.0),
                        "{t} {hazard}: {got}"
                    );
                }
                None => assert!(hazard > integral(20.0) - integral(t) - 1e-11),
            }
        }
    }

    #[test]
    fn rates_that_jump_are_exact_with_breaks_and_refused_without() {
        let run = Run::default();
        let step = |t: f64, out: &mut [f64]| {
            out[0] = if t < 1.0 / 3.0 { 0.0 } else { 5.0 };
            Ok(())
        };
        let hazards = Hazards::new(&[0.0, 1.0 / 3.0, 1.0], 1, &run, step).unwrap();
        assert_eq!(hazards.breaks.len(), 3);
        assert!((hazards.leaving(0, 0.1, 1.0).unwrap() - (1.0 / 3.0 + 0.2)).abs() < 1e-14);
        assert_eq!(hazards.leaving(0, 0.0, 10.0 / 3.0 + 1e-9), None);
        let refused = Hazards::new(&[0.0, 1.0], 1, &run, step)
            .err()
            .unwrap()
            .to_string();
        assert!(refused.contains("times at which the rates jump"), "{refused}");
    }
}
