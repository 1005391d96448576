//! One spin at a time: the generator of Glauber's dynamics, applied without being stored.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, Threads};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Convergence, Error as NumericsError, Run};
use rayon::prelude::*;

use super::MOST_SPINS;
use super::correlations::{Correlations, entropy, vector_sum};
use super::stationary::stationary;
use super::turns::{Fields, spins};
use crate::error::{Error, Result};
use crate::network::KineticIsing;
use crate::response::{log_two_cosh, probability_up, refreshed_entropy};

/// Up to so many spins the stationary law comes from an elimination.
const ELIMINATED: usize = 12;

/// A stationary state of sequential updates, every spin refreshed at rate 1; of the whole network, entropies in nats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SequentialState {
    /// π over the 2^N states; bit i of a state's number is set if spin i is +1.
    pub distribution: Vec<f64>,
    /// Magnetisations and equal-time correlations.
    pub correlations: Correlations,
    /// σ̇ = Σ_i ⟨w_i(s) ln [w_i(s)/w_i(F_i s)]⟩ ≥ 0, per unit of time.
    pub entropy_production_rate: f64,
    /// The terms of σ̇, one per spin.
    pub entropy_production_rate_of_spins: Vec<f64>,
    /// D_ij = ⟨tanh h_i s_j⟩ − m_i m_j: correlation of spin i, just refreshed, with spin j before. C_ij(τ), with spin i the later one, leaves C_ij with the slope
    /// D_ij − C_ij, and D_ij + D_ji = 2 C_ij between different spins.
    pub delayed_correlations: Matrix,
    /// σ̇_ij = ½ β (J_ij − J_ji)(D_ij − D_ji): symmetric; on the diagonal what self-couplings add, 0 without them. The sum over pairs and over the diagonal is σ̇.
    pub entropy_production_rate_of_pairs: Matrix,
    /// Turns per unit of time, Σ_i ⟨w_i⟩.
    pub activity: f64,
    /// Entropy of the outcome of one attempt at every spin, Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩.
    pub attempt_entropy: f64,
    /// The same of reversed attempts, −Σ_i ⟨ln P(s_i|s')⟩ with s' the state after an attempt at spin i: attempt entropy + σ̇.
    pub reversed_attempt_entropy: f64,
    /// −Σ π ln π.
    pub state_entropy: f64,
    /// How well π is stationary: change in a step of 1/N of a unit of time.
    pub convergence: Convergence,
}

/// Rates w_i(s) at which every spin turns over in every state: at `s N + i`.
fn turning_rates(fields: &Fields) -> Vec<f64> {
    let n = fields.spins();
    let mut rates = vec![0.0; n << n];
    rates
        .par_chunks_exact_mut(n)
        .enumerate()
        .for_each(|(state, rates)| {
            fields.of(state, rates);
            for (h, s) in rates.iter_mut().zip(spins(state, n)) {
                *h = probability_up(-s * *h);
            }
        });
    rates
}

/// What one attempt at a random spin makes of a distribution: p(s) + (1/N) Σ_i [w_i(F_i s) p(F_i s) − w_i(s) p(s)].
fn attempted(rates: &[f64], n: usize, p: &[f64]) -> Vec<f64> {
    (0..p.len())
        .into_par_iter()
        .map(|state| {
            let turns = rates[state * n..][..n].iter().enumerate().map(|(i, out)| {
                let turned = state ^ (1 << i);
                p[state] * (1.0 - out) + p[turned] * rates[turned * n + i]
            });
            turns.sum::<f64>() / n as f64
        })
        .collect()
}

/// π of the generator by elimination without subtractions: right however rarely states are left.
fn eliminated(rates: &[f64], n: usize) -> Result<Vec<f64>> {
    let (mut pairs, mut turning_up, mut turning_down) = (Vec::new(), Vec::new(), Vec::new());
    for state in 0..1_usize << n {
        for i in (0..n).filter(|i| state >> i & 1 == 0) {
            let turned = state | 1 << i;
            pairs.push((state, turned));
            turning_up.push(rates[state * n + i]);
            turning_down.push(rates[turned * n + i]);
        }
    }
    let plan = EliminationPlan::new(1 << n, &pairs, &PlanOptions::default()).map_err(NumericsError::from)?;
    let factor = plan
        .generator(&turning_up, &turning_down, Threads::Shared)
        .map_err(NumericsError::from)?;
    Ok(factor.stationary_distribution().to_vec())
}

/// Stationary state of sequential (continuous-time) updates, with its thermodynamics. Self-couplings are allowed; with them even symmetric couplings dissipate.
///
/// Up to 12 spins by elimination, which is right however rarely states are left; beyond that by a power method of N 2^N operations a step, which is an error
/// where that matters.
///
/// # Errors
/// [`Error::TooManySpins`] beyond [`MOST_SPINS`]; not converged, or (at very low temperature) states that no rate leads out of; too little memory;
/// cancellation.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing, enumeration::sequential_stationary_state};
/// use irrev_numerics::Run;
/// let symmetric = Couplings::from_rows(&[vec![0.0, 0.7], vec![0.7, 0.0]])?;
/// let state = sequential_stationary_state(&KineticIsing::new(symmetric, vec![0.2, -0.1], 1.3)?, &Run::default())?;
/// assert!(state.entropy_production_rate.abs() < 1e-15);             // equilibrium
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn sequential_stationary_state(network: &KineticIsing, run: &Run<'_>) -> Result<SequentialState> {
    let n = network.spins();
    if n > MOST_SPINS {
        return Err(Error::TooManySpins {
            spins: n,
            quantity: "the generator of sequential updates",
            most: MOST_SPINS,
        });
    }
    let fields = Fields::new(network);
    let states = 1_usize << n;
    run.require_memory("the states of sequential updates", 8 * ((16 + n) * states) as u64)?;
    let rates = turning_rates(&fields);
    let (distribution, convergence) = if n <= ELIMINATED {
        let p = eliminated(&rates, n)?;
        let next = attempted(&rates, n, &p);
        let residual = compensated_sum(p.iter().zip(&next).map(|(a, b)| (a - b).abs()));
        (p, Convergence::direct(residual, 1e-12))
    } else {
        stationary(states, run, |p| Ok(attempted(&rates, n, p)))?
    };
    let sums = vector_sum(states, n + 2 + n * (n + 1), |state, sum| {
        let mut h = vec![0.0; n];
        fields.of(state, &mut h);
        let p = distribution[state];
        let (sum, products) = sum.split_at_mut(n + 2);
        for (i, (s, h)) in spins(state, n).zip(&h).enumerate() {
            for (product, other) in products[i * n..][..n].iter_mut().zip(spins(state, n)) {
                *product += p * h.tanh() * other;
            }
            let rate = probability_up(-s * h);
            let other = h - 2.0 * s * fields.coupling(i, i);
            // ln w = −s h − ln 2cosh h here, s h' − ln 2cosh h' with the spin turned
            let force = -s * (h + other) + log_two_cosh(other) - log_two_cosh(*h);
            sum[i] += p * rate * force;
            sum[n] += p * rate;
            sum[n + 1] += p * refreshed_entropy(*h);
            // what a self-coupling changes beside the field that it makes
            products[n * n + i] += p * rate * (force + 2.0 * s * h);
        }
    });
    let terms = sums[..n].to_vec();
    let correlations = Correlations::of(&distribution, n);
    let m = &correlations.magnetizations;
    let products = &sums[n + 2..];
    let d = Matrix::from_fn(n, n, |i, j| products[i * n + j] - m[i] * m[j]);
    let pairs = Matrix::from_fn(n, n, |i, j| {
        if i == j {
            fields.coupling(i, i) * (products[i * n + i] - 1.0) + products[n * n + i]
        } else {
            0.5 * (fields.coupling(i, j) - fields.coupling(j, i)) * (d[(i, j)] - d[(j, i)])
        }
    });
    let rate = compensated_sum(terms.iter().copied());
    Ok(SequentialState {
        correlations,
        delayed_correlations: d,
        entropy_production_rate_of_pairs: pairs,
        reversed_attempt_entropy: sums[n + 1] + rate,
        entropy_production_rate: rate,
        entropy_production_rate_of_spins: terms,
        activity: sums[n],
        attempt_entropy: sums[n + 1],
        state_entropy: entropy(&distribution),
        distribution,
        convergence,
    })
}
