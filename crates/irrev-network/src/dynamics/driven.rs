//! Rates that depend on time: evolution, entropy budget and work of a protocol, and periodic steady states.
//!
//! Each step uses the fourth-order commutator-free Magnus scheme, two exponentials of rates averaged with weights (1/4 ± √3/6) at the two
//! Gauss times of the step. The small negative weight is kept from making a rate negative by halving the step where it would, so every
//! exponential is that of a generator: probability and positivity are exact. Steps adapt by comparison with two half steps.
//! With energies E(t), work is done on the occupied state: W = ∫ Σ p Ė dt; its variance and ⟨e^{−βW}⟩ follow from the same scheme with
//! the source Ė.
//!
//! Sources: Blanes and Moan, Appl. Numer. Math. 56, 1519 (2006); Jarzynski, Phys. Rev. E 56, 5018 (1997).

use std::sync::Arc;

use irrev_numerics::linalg::{AbsorbingFactor, Matrix, exponential, metzler_exponential};
use irrev_numerics::quadrature::integrate;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run, Tolerance};

use super::driven_path::{DrivenPath, grid};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::Kinetics;
use crate::network::Network;
use crate::state::Distribution;

/// Writes the rates (k⁺, k⁻) of every edge at a time.
pub type RateLaw<'a> = dyn Fn(f64, &mut [f64], &mut [f64]) -> Result<()> + Sync + 'a;

/// Writes one number per state (energies, or their time derivatives) at a time.
pub type StateLaw<'a> = dyn Fn(f64, &mut [f64]) -> Result<()> + Sync + 'a;

/// Markov jump process with rates that depend on time.
pub struct DrivenJump<'a> {
    pub(super) network: Arc<Network>,
    rates: Box<RateLaw<'a>>,
}

/// A driven process over an interval.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrivenRecord {
    /// The times asked for.
    pub times: Vec<f64>,
    /// The state at those times.
    pub distributions: Vec<Distribution>,
    /// The state at the end.
    pub final_distribution: Distribution,
    /// Entropy production ∫ Σ̇ dt, in nats.
    pub entropy_production: f64,
    /// ∫ Σ(j⁺ + j⁻) dt: expected number of jumps.
    pub activity: f64,
    /// ∫ J_e dt per edge.
    pub net_jumps: Vec<f64>,
    /// ∫ Jₑ ln(kₑ⁺/kₑ⁻) dt per edge: entropy delivered to the medium through each channel, in nats.
    pub medium_entropy: Vec<f64>,
    /// Steps taken, summed error estimate of the state and its target.
    pub convergence: Convergence,
}

/// Work done on a driven system.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WorkStatistics {
    /// ⟨W⟩ = ∫ Σ p Ė dt, in units of energy.
    pub mean: f64,
    /// Var W.
    pub variance: f64,
    /// ⟨e^{−βW}⟩; equals e^{−βΔF} for a start in equilibrium (Jarzynski).
    pub exponential_average: f64,
    /// Steps taken and error estimate.
    pub convergence: Convergence,
}

/// The state that a periodically driven process repeats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PeriodicState {
    /// p at the beginning of the period.
    pub distribution: Distribution,
    /// One period from there.
    pub record: DrivenRecord,
}

impl<'a> DrivenJump<'a> {
    /// A process on a network with the given rate law; rates must stay non-negative and finite.
    #[must_use]
    pub fn new(network: impl Into<Arc<Network>>, rates: Box<RateLaw<'a>>) -> Self {
        Self {
            network: network.into(),
            rates,
        }
    }

    /// Rates (k⁺, k⁻) at a time, checked.
    ///
    /// # Errors
    /// [`Error::Rate`] for a negative or non-finite rate; whatever the law returns.
    pub fn rates_at(&self, time: f64) -> Result<(Vec<f64>, Vec<f64>)> {
        self.network.require_jump_network("a driven jump process")?;
        let edges = self.network.edges().len();
        let (mut forward, mut backward) = (vec![0.0; edges], vec![0.0; edges]);
        (self.rates)(time, &mut forward, &mut backward)?;
        for (direction, rates) in [("forward", &forward), ("backward", &backward)] {
            for (edge, &value) in self.network.edges().iter().zip(rates) {
                if !(value.is_finite() && value >= 0.0) {
                    let edge = format!("{} at t = {time}", edge.name);
                    return Err(Error::Rate {
                        edge,
                        direction,
                        value,
                    });
                }
            }
        }
        Ok((forward, backward))
    }

    fn generator(&self, forward: &[f64], backward: &[f64]) -> Matrix {
        let n = self.network.states().len();
        let mut w = Matrix::zeros(n, n);
        for (edge, (f, b)) in self.network.edges().iter().zip(forward.iter().zip(backward)) {
            w[(edge.to, edge.from)] += f;
            w[(edge.from, edge.from)] -= f;
            w[(edge.from, edge.to)] += b;
            w[(edge.to, edge.to)] -= b;
        }
        w
    }

    /// The two generators of a step, in the order of application, or `None` if a weighted rate would be negative.
    fn step_generators(&self, t: f64, h: f64) -> Result<Option<[Matrix; 2]>> {
        let root = 3.0_f64.sqrt() / 6.0;
        let (f1, b1) = self.rates_at(t + (0.5 - root) * h)?;
        let (f2, b2) = self.rates_at(t + (0.5 + root) * h)?;
        let mix = |x: &[f64], y: &[f64], wx: f64, wy: f64| -> Vec<f64> {
            x.iter().zip(y).map(|(x, y)| wx * x + wy * y).collect()
        };
        let (large, small) = (0.25 + root, 0.25 - root);
        let first = (mix(&f1, &f2, large, small), mix(&b1, &b2, large, small));
        let second = (mix(&f1, &f2, small, large), mix(&b1, &b2, small, large));
        let negative = |rates: &(Vec<f64>, Vec<f64>)| rates.0.iter().chain(&rates.1).any(|r| *r < 0.0);
        if negative(&first) || negative(&second) {
            return Ok(None);
        }
        Ok(Some([
            self.generator(&first.0, &first.1),
            self.generator(&second.0, &second.1),
        ]))
    }

    /// Propagator of one step, or `None` if the step is too long for non-negative rates.
    pub(super) fn propagator(&self, t: f64, h: f64) -> Result<Option<Matrix>> {
        let generators = self.step_generators(t, h)?;
        Ok(generators
            .map(|[first, second]| metzler_exponential(&second, h).times(&metzler_exponential(&first, h))))
    }
}

impl Kinetics for DrivenJump<'_> {
    fn network(&self) -> &Arc<Network> {
        &self.network
    }

    fn fluxes(&self, time: f64, state: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()> {
        self.network.check_states("state", state)?;
        let (f, b) = self.rates_at(time)?;
        for (e, edge) in self.network.edges().iter().enumerate() {
            forward[e] = f[e] * state[edge.from];
            backward[e] = b[e] * state[edge.to];
        }
        Ok(())
    }
}

/// Follows a driven process over [from, to] and integrates its entropy budget; `times` (ascending) are where the state is returned.
///
/// The tolerance is on ‖p‖₁ and, relatively, on each integral. Dense: O(steps · n³).
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`], [`Error::Rate`]; not converged; cancelled.
pub fn driven_process(
    process: &DrivenJump<'_>,
    start: &Distribution,
    from: f64,
    to: f64,
    times: &[f64],
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<DrivenRecord> {
    let path = DrivenPath::new(process, start, from, to, tolerance, run)?;
    for &time in times {
        crate::require(
            "time",
            time,
            time >= from && time <= to,
            "a time within the protocol",
        )?;
    }
    let edges = process.network.edges().len();
    let one_way = |flow: &Flow| !flow.one_way_edges().is_empty();
    let mut infinite = false;
    let quadrature = Tolerance {
        absolute: 1e-14,
        max_iterations: 100_000,
        ..tolerance
    };
    // currents are judged by the activity, entropies by themselves
    let scale = |values: &[f64], k: usize| {
        if (1..2 + edges).contains(&k) {
            values[1]
        } else {
            values[k]
        }
    };
    let integrals = integrate(path.breaks(), 2 + 2 * edges, quadrature, scale, |t, out| {
        run.report((t - from) / (to - from), "entropy production of the protocol")?;
        let p = path.at(t)?;
        let flow = Flow::evaluate(process, t, p.probabilities())?;
        let (forward, backward) = process.rates_at(t)?;
        infinite |= one_way(&flow) && p.probabilities().iter().all(|p| *p > 0.0);
        out[0] = if one_way(&flow) {
            0.0
        } else {
            flow.entropy_production_rate()
        };
        out[1] = flow.activity();
        for (e, (a, b)) in flow.fluxes().enumerate() {
            out[2 + e] = a - b;
            let log = irrev_numerics::special::log_ratio(forward[e], backward[e]);
            out[2 + edges + e] = if a == b || !log.is_finite() {
                0.0
            } else {
                (a - b) * log
            };
        }
        Ok::<(), Error>(())
    })?;
    let distributions = times.iter().map(|&t| path.at(t)).collect::<Result<Vec<_>>>()?;
    let v = &integrals.values;
    Ok(DrivenRecord {
        times: times.to_vec(),
        distributions,
        final_distribution: path.end().clone(),
        entropy_production: if infinite { f64::INFINITY } else { v[0] },
        activity: v[1],
        net_jumps: v[2..2 + edges].to_vec(),
        medium_entropy: v[2 + edges..].to_vec(),
        convergence: path.convergence(),
    })
}

/// The periodic state of a process whose rates have the given period, with its record over one period.
///
/// The propagator over a period is a stochastic matrix; its stationary vector is found without subtraction.
///
/// # Errors
/// As [`driven_process`]; [`Error::Numerics`] if the process does not connect all states within a period.
pub fn periodic_state(
    process: &DrivenJump<'_>,
    period: f64,
    times: &[f64],
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<PeriodicState> {
    crate::require(
        "period",
        period,
        period.is_finite() && period > 0.0,
        "a finite time above 0",
    )?;
    let n = process.network.states().len();
    let steps = grid(process, 0.0, period, tolerance, run)?;
    let whole = steps
        .propagators
        .iter()
        .fold(Matrix::identity(n), |done, step| step.times(&done));
    let last = n - 1;
    let rates = Matrix::from_fn(last, last, |i, j| if i == j { 0.0 } else { whole[(i, j)] });
    let leak = (0..last).map(|j| whole[(last, j)]).collect();
    let mut weights = AbsorbingFactor::new(rates, leak)?.solve(&whole.column(last)[..last]);
    weights.push(1.0);
    let distribution = Distribution::from_weights(weights);
    let record = driven_process(process, &distribution, 0.0, period, times, tolerance, run)?;
    Ok(PeriodicState { distribution, record })
}

/// Mean and variance of the work and ⟨e^{−βW}⟩ over [from, to], for energies that change at the given rates Ė(t) per state.
///
/// # Errors
/// As [`driven_process`].
#[expect(
    clippy::too_many_arguments,
    reason = "a protocol has a process, energies, a temperature, a start and an interval"
)]
pub fn work_statistics(
    process: &DrivenJump<'_>,
    energy_rate: &StateLaw<'_>,
    inverse_temperature: f64,
    start: &Distribution,
    from: f64,
    to: f64,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<WorkStatistics> {
    process
        .network
        .check_states("initial distribution", start.probabilities())?;
    let n = start.len();
    let steps = grid(process, from, to, tolerance, run)?;
    // blocks: G₀, G₁, G₂ (moments of W by state) and the Feynman–Kac vector of e^{−βW}
    let root = 3.0_f64.sqrt() / 6.0;
    let advance = |x: &[f64], t: f64, h: f64| -> Result<Vec<f64>> {
        let Some(generators) = process.step_generators(t, h)? else {
            let what = "a step of the protocol".to_owned();
            return Err(Error::Domain {
                what,
                value: h,
                expected: "a step short enough for positive rates",
            });
        };
        let (mut e1, mut e2) = (vec![0.0; n], vec![0.0; n]);
        energy_rate(t + (0.5 - root) * h, &mut e1)?;
        energy_rate(t + (0.5 + root) * h, &mut e2)?;
        let (large, small) = (0.25 + root, 0.25 - root);
        let mut x = x.to_vec();
        for (generator, (w1, w2)) in generators.iter().zip([(large, small), (small, large)]) {
            let power: Vec<f64> = e1.iter().zip(&e2).map(|(a, b)| w1 * a + w2 * b).collect();
            let mut moments = Matrix::zeros(3 * n, 3 * n);
            let mut weighted = Matrix::zeros(n, n);
            for j in 0..n {
                for i in 0..n {
                    for block in 0..3 {
                        moments[(block * n + i, block * n + j)] = generator[(i, j)] * h;
                    }
                    weighted[(i, j)] = generator[(i, j)] * h;
                }
                moments[(n + j, j)] = power[j] * h;
                moments[(2 * n + j, n + j)] = 2.0 * power[j] * h;
                weighted[(j, j)] -= inverse_temperature * power[j] * h;
            }
            let first = exponential(&moments).apply_to(&x[..3 * n]);
            let second = exponential(&weighted).apply_to(&x[3 * n..]);
            x = first.into_iter().chain(second).collect();
        }
        Ok(x)
    };
    let p0 = start.probabilities();
    let begin: Vec<f64> = p0
        .iter()
        .copied()
        .chain(vec![0.0; 2 * n])
        .chain(p0.iter().copied())
        .collect();
    let summary = |x: &[f64]| {
        let block = |k: usize| compensated_sum(x[k * n..(k + 1) * n].iter().copied());
        [block(1), block(2), block(3)]
    };
    // the grid was chosen for the state; halve it until the work agrees too
    let mut parts = 1_u32;
    let mut previous: Option<[f64; 3]> = None;
    loop {
        let mut x = begin.clone();
        for pair in steps.times.windows(2) {
            run.report((pair[0] - from) / (to - from), "work statistics")?;
            let h = (pair[1] - pair[0]) / f64::from(parts);
            for k in 0..parts {
                x = advance(&x, pair[0] + f64::from(k) * h, h)?;
            }
        }
        let now = summary(&x);
        if let Some(before) = previous {
            let change = now
                .iter()
                .zip(&before)
                .map(|(a, b)| (a - b).abs() / 15.0)
                .fold(0.0, f64::max);
            let scale = now.iter().map(|v| v.abs()).fold(0.0, f64::max);
            let target = tolerance.target(scale).max(1e-13 * scale);
            let iterations = steps.times.len() * parts as usize;
            let mut convergence = Convergence {
                iterations,
                residual: change,
                target,
                reason: StopReason::Converged,
            };
            if change <= target {
                let variance = (now[1] - now[0] * now[0]).max(0.0);
                return Ok(WorkStatistics {
                    mean: now[0],
                    variance,
                    exponential_average: now[2],
                    convergence,
                });
            }
            if parts >= 64 {
                convergence.reason = StopReason::IterationLimit;
                return Err(NumericsError::NotConverged {
                    what: "work statistics",
                    convergence,
                }
                .into());
            }
        }
        previous = Some(now);
        parts *= 2;
    }
}
