//! Statistics of currents and of the entropy production over a finite interval, exactly.
//!
//! Moments of a current X over [0, t] follow from derivatives of the tilted evolution: with G_k the vector of k-th moments resolved by final
//! state, Ġ₁ = W G₁ + W₁G₀ and Ġ₂ = W G₂ + 2W₁G₁ + W₂G₀, one linear system of three blocks. The total entropy production
//! Σ = S_medium + ln p₀(x₀) − ln p_t(x_t) combines them with the two boundary terms; ⟨e^{−Σ}⟩ comes from the generator tilted
//! at −1 and is 1 unless p₀ vanishes somewhere (absolute irreversibility).
//!
//! Sources: Seifert, Phys. Rev. Lett. 95, 040602 (2005); Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014).

use irrev_numerics::krylov::{exponential_action, poisson_weights};
use irrev_numerics::linalg::{Matrix, exponential, metzler_exponential};
use irrev_numerics::special::x_ln_x;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{LinearOperator, Run, Tolerance};

use super::counting::counting_statistics;
use super::evolution::Evolution;
use super::spectrum::relaxation_spectrum;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Up to this many states the block system is exponentiated densely.
const DENSE: usize = 60;

/// Accuracy of the exponentials, relative.
const ACCURACY: f64 = 1e-13;

/// Mean and variance of a current over [0, t].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CurrentMoments {
    /// ⟨X⟩, in the unit of the weights.
    pub mean: f64,
    /// Var X.
    pub variance: f64,
}

/// Statistics of the total entropy production over [0, t].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct EntropyMoments {
    /// ⟨Σ⟩ ≥ 0, in nats; +∞ if a jump has no reverse.
    pub mean: f64,
    /// Var Σ, in nats².
    pub variance: f64,
    /// ⟨e^{−Σ}⟩ over trajectories that start where p₀ > 0: 1, or less under absolute irreversibility.
    pub integral_fluctuation: f64,
    /// 1 − ⟨e^{−Σ}⟩: weight of the reversed trajectories that end where p₀ = 0.
    pub missing_weight: f64,
    /// Standard deviation of e^{−Σ}.
    pub integral_fluctuation_sd: f64,
}

/// Probabilities of an integer count over [0, t].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CountDistribution {
    /// Smallest count listed.
    pub first: i64,
    /// P(first), P(first + 1), … in sequence.
    pub probabilities: Vec<f64>,
}

impl CountDistribution {
    /// P(N = n), 0 outside the range listed.
    #[must_use]
    pub fn probability(&self, n: i64) -> f64 {
        usize::try_from(n - self.first)
            .ok()
            .and_then(|i| self.probabilities.get(i).copied())
            .unwrap_or(0.0)
    }
}

/// The three-block operator (G₀, G₁, G₂) ↦ time derivative.
struct Moments<'a> {
    kinetics: &'a MarkovJump,
    weights: &'a [f64],
    /// Stationary mean rate, taken off the current so that its moments stay small.
    drift: f64,
}

impl LinearOperator for Moments<'_> {
    fn dimension(&self) -> usize {
        3 * self.kinetics.network().states().len()
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        let n = self.kinetics.network().states().len();
        y.fill(0.0);
        let rates = self
            .kinetics
            .forward_rate()
            .iter()
            .zip(self.kinetics.backward_rate());
        for ((edge, (f, b)), w) in self
            .kinetics
            .network()
            .edges()
            .iter()
            .zip(rates)
            .zip(self.weights)
        {
            for (from, to, rate, w) in [(edge.from, edge.to, *f, *w), (edge.to, edge.from, *b, -*w)] {
                let (g0, g1, g2) = (rate * x[from], rate * x[n + from], rate * x[2 * n + from]);
                y[from] -= g0;
                y[to] += g0;
                y[n + from] -= g1;
                y[n + to] += g1 + w * g0;
                y[2 * n + from] -= g2;
                y[2 * n + to] += g2 + 2.0 * w * g1 + w * w * g0;
            }
        }
        for i in 0..n {
            y[n + i] -= self.drift * x[i];
            y[2 * n + i] -= 2.0 * self.drift * x[n + i];
        }
    }
}

/// Prepared moments of X − drift · t: applies exp(horizon · blocks) to several initial vectors.
///
/// Beyond many relaxation times nothing is left of the start, and the moments grow linearly: they are computed at a horizon, from
/// where the variance goes on growing at its scaled cumulant. A longer exponential would only gather rounding.
struct MomentsAt<'a> {
    blocks: Moments<'a>,
    horizon: f64,
    /// drift · t.
    mean_from_drift: f64,
    /// Growth of the variance between the horizon and t.
    variance_beyond: f64,
    dense: Option<Matrix>,
}

/// Relaxation times after which e^{−t/τ} is below rounding by far, also times the powers of t that Jordan blocks bring.
const FORGOTTEN: f64 = 80.0;

impl<'a> MomentsAt<'a> {
    fn new(kinetics: &'a MarkovJump, weights: &'a [f64], t: f64, run: &Run<'_>) -> Result<Self> {
        let n = kinetics.network().states().len();
        let (mut drift, mut growth, mut horizon) = (0.0, 0.0, t);
        // a process without a unique positive stationary state has no drift to take off
        if let Some(statistics) = counting_statistics(kinetics).ok().filter(|_| n <= DENSE) {
            let cumulants = statistics.scaled_cumulants(weights, 2)?.values;
            (drift, growth) = (cumulants[0], cumulants[1]);
            let gap = relaxation_spectrum(kinetics, run)?.spectral_gap;
            if gap > 0.0 {
                horizon = t.min(FORGOTTEN / gap);
            }
        }
        let blocks = Moments {
            kinetics,
            weights,
            drift,
        };
        let dense = (n <= DENSE).then(|| {
            let mut unit = vec![0.0; 3 * n];
            let mut column = vec![0.0; 3 * n];
            let mut a = Matrix::zeros(3 * n, 3 * n);
            for j in 0..3 * n {
                unit[j] = horizon;
                blocks.apply(&unit, &mut column);
                unit[j] = 0.0;
                for (i, v) in column.iter().enumerate() {
                    a[(i, j)] = *v;
                }
            }
            exponential(&a)
        });
        let variance_beyond = growth * (t - horizon);
        Ok(Self {
            blocks,
            horizon,
            mean_from_drift: drift * t,
            variance_beyond,
            dense,
        })
    }

    /// (G₀, G₁, G₂) at the horizon, each per final state, from an initial vector.
    fn from(&self, initial: &[f64], run: &Run<'_>) -> Result<[Vec<f64>; 3]> {
        let n = initial.len();
        let mut x = initial.to_vec();
        x.resize(3 * n, 0.0);
        let moved = match &self.dense {
            Some(e) => e.apply_to(&x),
            None => {
                let tolerance = Tolerance {
                    relative: ACCURACY,
                    max_iterations: 50_000_000,
                    ..Tolerance::default()
                };
                exponential_action(&self.blocks, &x, self.horizon, tolerance, run)?.vector
            }
        };
        Ok([
            moved[..n].to_vec(),
            moved[n..2 * n].to_vec(),
            moved[2 * n..].to_vec(),
        ])
    }
}

fn check(kinetics: &MarkovJump, start: &Distribution, t: f64) -> Result<()> {
    kinetics
        .network()
        .check_states("initial distribution", start.probabilities())?;
    crate::require(
        "duration",
        t,
        t.is_finite() && t >= 0.0,
        "a finite time, not negative",
    )
}

/// Mean and variance of a current over [0, t] from a given start.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, dynamics::current_moments};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])?;
/// let m = current_moments(&ring, &[1.0; 3], &Distribution::uniform(3)?, 5.0, &Default::default())?;
/// assert!((m.mean - 5.0).abs() < 1e-12 && (m.variance - 15.0).abs() < 1e-11);   // a biased walk
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`]; cancelled.
pub fn current_moments(
    kinetics: &MarkovJump,
    weights: &[f64],
    start: &Distribution,
    t: f64,
    run: &Run<'_>,
) -> Result<CurrentMoments> {
    check(kinetics, start, t)?;
    kinetics.network().check_weights(weights)?;
    let moments = MomentsAt::new(kinetics, weights, t, run)?;
    let [_, g1, g2] = moments.from(start.probabilities(), run)?;
    let mean = compensated_sum(g1);
    Ok(CurrentMoments {
        mean: mean + moments.mean_from_drift,
        variance: (compensated_sum(g2) - mean * mean).max(0.0) + moments.variance_beyond,
    })
}

/// Mean, variance and integral fluctuation theorem of the total entropy production over [0, t].
///
/// # Errors
/// [`Error::OneWay`] if a jump has no reverse; [`Error::Length`], [`Error::Domain`]; cancelled.
pub fn entropy_moments(
    kinetics: &MarkovJump,
    start: &Distribution,
    t: f64,
    run: &Run<'_>,
) -> Result<EntropyMoments> {
    check(kinetics, start, t)?;
    kinetics.require_both_ways("the statistics of the entropy production")?;
    let medium = kinetics.medium_entropy_change();
    let blocks = MomentsAt::new(kinetics, &medium, t, run)?;
    let p0 = start.probabilities();
    let [pt, s1, s2] = blocks.from(p0, run)?;
    let log0: Vec<f64> = p0.iter().map(|&p| if p > 0.0 { p.ln() } else { 0.0 }).collect();
    let log_t: Vec<f64> = pt.iter().map(|&p| if p > 0.0 { p.ln() } else { 0.0 }).collect();
    // moments of the medium entropy weighted with ln p₀ of the starting state
    let weighted: Vec<f64> = p0.iter().map(|&p| x_ln_x(p)).collect();
    let [q0, q1, _] = blocks.from(&weighted, run)?;
    let dot = |x: &[f64], y: &[f64]| compensated_sum(x.iter().zip(y).map(|(a, b)| a * b));
    let sum = |x: &[f64]| compensated_sum(x.iter().copied());
    let mean = sum(&s1) + dot(p0, &log0) - dot(&pt, &log_t);
    let square = sum(&s2)
        + compensated_sum(p0.iter().zip(&log0).map(|(p, l)| p * l * l))
        + compensated_sum(pt.iter().zip(&log_t).map(|(p, l)| p * l * l))
        + 2.0 * sum(&q1)
        - 2.0 * dot(&s1, &log_t)
        - 2.0 * dot(&q0, &log_t);
    // ⟨e^{−Σ}⟩ = Σ_y p_t(y) [tilted evolution of the indicator of p₀ > 0](y), and likewise for its square
    let started: Vec<f64> = p0.iter().map(|&p| f64::from(u8::from(p > 0.0))).collect();
    let once = tilted(kinetics, -1.0, &started, blocks.horizon, run)?;
    let inverse: Vec<f64> = p0.iter().map(|&p| if p > 0.0 { 1.0 / p } else { 0.0 }).collect();
    let twice = tilted(kinetics, -2.0, &inverse, t, run)?;
    let integral_fluctuation = dot(&pt, &once);
    let second = compensated_sum(pt.iter().zip(&twice).map(|(p, v)| p * p * v));
    let full = p0.iter().all(|p| *p > 0.0);
    // with full support the theorem holds exactly: the tilted generator at −1 is the transposed generator
    let missing_weight = if full {
        0.0
    } else {
        (1.0 - integral_fluctuation).max(0.0)
    };
    Ok(EntropyMoments {
        mean: mean + blocks.mean_from_drift,
        variance: (square - mean * mean).max(0.0) + blocks.variance_beyond,
        integral_fluctuation,
        missing_weight,
        // e^{−2Σ} is ruled by ever rarer trajectories: at long times its mean leaves the range of numbers
        integral_fluctuation_sd: if second.is_finite() {
            (second - integral_fluctuation * integral_fluctuation)
                .max(0.0)
                .sqrt()
        } else {
            f64::INFINITY
        },
    })
}

/// exp(W(χ) t) v for the generator tilted by the medium entropy.
fn tilted(kinetics: &MarkovJump, chi: f64, v: &[f64], t: f64, run: &Run<'_>) -> Result<Vec<f64>> {
    let n = v.len();
    let medium = kinetics.medium_entropy_change();
    let exit = kinetics.exit_rates();
    let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
    let mut triplets: Vec<(usize, usize, f64)> = exit.iter().enumerate().map(|(i, e)| (i, i, -e)).collect();
    for ((edge, (f, b)), s) in kinetics.network().edges().iter().zip(rates).zip(&medium) {
        for (from, to, rate, s) in [(edge.from, edge.to, *f, *s), (edge.to, edge.from, *b, -*s)] {
            let value = rate * (chi * s).exp();
            if !value.is_finite() {
                let what = format!("tilted rate of \"{}\" at χ = {chi}", edge.name);
                return Err(Error::Domain {
                    what,
                    value,
                    expected: "a number within range",
                });
            }
            triplets.push((to, from, value));
        }
    }
    if n <= 3 * DENSE {
        let mut a = Matrix::zeros(n, n);
        for (i, j, value) in triplets {
            a[(i, j)] += value;
        }
        return Ok(metzler_exponential(&a, t).apply_to(v));
    }
    let a = irrev_numerics::SparseMatrix::from_triplets(n, n, &triplets)?;
    let tolerance = Tolerance {
        relative: ACCURACY,
        max_iterations: 50_000_000,
        ..Tolerance::default()
    };
    Ok(exponential_action(&a, v, t, tolerance, run)?.vector)
}

/// Distribution of an integer count over [0, t]: `steps[e]` per forward jump of edge e, −`steps[e]` per backward jump.
///
/// Uniformisation of the joint process of state and count: only non-negative numbers are added, so small probabilities keep their
/// relative accuracy. Counts beyond ±`largest` are not listed. O(q t · states · counts).
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`]; memory over the limit of `run`; cancelled.
pub fn count_distribution(
    kinetics: &MarkovJump,
    steps: &[i64],
    start: &Distribution,
    t: f64,
    largest: u32,
    run: &Run<'_>,
) -> Result<CountDistribution> {
    check(kinetics, start, t)?;
    let network = kinetics.network();
    if steps.len() != network.edges().len() {
        return Err(Error::Length {
            what: "steps",
            found: steps.len(),
            expected: network.edges().len(),
        });
    }
    let q = Evolution::new(kinetics)?.fastest_rate();
    // the weights of the number of jumps alone take this much
    let needed = 64.0 * (q * t + 40.0 * (q * t).sqrt() + 1000.0);
    run.require_memory(
        "the distribution of a count",
        if needed < 1e19 { needed as u64 } else { u64::MAX },
    )?;
    let longest = 1e12;
    crate::require(
        "expected number of jumps q·t",
        q * t,
        q * t < longest,
        "fewer than 10¹² jumps",
    )?;
    // the smallest probability listed may be far out: neglect nothing a double can hold
    let (first, poisson) = poisson_weights(q * t, 1e-290);
    let jumps_at_most = first + poisson.len();
    let reach = steps
        .iter()
        .map(|s| s.unsigned_abs())
        .max()
        .unwrap_or(0)
        .saturating_mul(jumps_at_most as u64);
    let half = usize::try_from(reach.min(u64::from(largest) + reach)).unwrap_or(usize::MAX);
    let n = network.states().len();
    let width = half.saturating_mul(2).saturating_add(1);
    run.require_memory(
        "the joint distribution of state and count",
        24 * (n as u64).saturating_mul(width as u64),
    )?;
    let mut x = vec![0.0; n * width];
    for (i, p) in start.probabilities().iter().enumerate() {
        x[i * width + half] = *p;
    }
    let mut sum = vec![0.0; n * width];
    let mut next = vec![0.0; n * width];
    let stay: Vec<f64> = kinetics
        .exit_rates()
        .iter()
        .map(|e| if q > 0.0 { (q - e) / q } else { 1.0 })
        .collect();
    for k in 0..first + poisson.len() {
        if k >= first {
            let weight = poisson[k - first];
            for (s, x) in sum.iter_mut().zip(&x) {
                *s += weight * x;
            }
        }
        run.report(k as f64 / jumps_at_most as f64, "distribution of a count")?;
        for i in 0..n {
            for c in 0..width {
                next[i * width + c] = stay[i] * x[i * width + c];
            }
        }
        let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
        for ((edge, (f, b)), step) in network.edges().iter().zip(rates).zip(steps) {
            for (from, to, rate, step) in [(edge.from, edge.to, *f, *step), (edge.to, edge.from, *b, -*step)]
            {
                let probability = if q > 0.0 { rate / q } else { 0.0 };
                let (low, high) = (
                    (-step).max(0) as usize,
                    width.saturating_sub(step.max(0) as usize),
                );
                for c in low..high {
                    next[to * width + (c as i64 + step) as usize] += probability * x[from * width + c];
                }
            }
        }
        std::mem::swap(&mut x, &mut next);
    }
    let listed = half.min(largest as usize);
    let probabilities = (half - listed..=half + listed)
        .map(|c| compensated_sum((0..n).map(|i| sum[i * width + c])))
        .collect();
    Ok(CountDistribution {
        first: -(listed as i64),
        probabilities,
    })
}
