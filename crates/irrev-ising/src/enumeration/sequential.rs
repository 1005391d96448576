//! One spin at a time: the generator of Glauber's dynamics, applied without being stored.

use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Convergence, Run};
use rayon::prelude::*;

use super::correlations::{Correlations, entropy, vector_sum};
use super::stationary::stationary;
use super::turns::{Fields, spins};
use super::{DIRECT, MOST_SPINS};
use crate::error::{Error, Result};
use crate::network::KineticIsing;
use crate::response::{log_two_cosh, probability_up, refreshed_entropy};

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
    /// Turns per unit of time, Σ_i ⟨w_i⟩.
    pub activity: f64,
    /// Entropy of the outcome of one attempt at every spin, Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩.
    pub attempt_entropy: f64,
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

/// π of the generator by elimination without subtractions.
fn eliminated(fields: &Fields) -> Result<Vec<f64>> {
    let n = fields.spins();
    let states = 1_usize << n;
    let mut h = vec![0.0; n];
    let mut rates = Matrix::zeros(states - 1, states - 1);
    let (mut leak, mut first) = (vec![0.0; states - 1], vec![0.0; states - 1]);
    for state in 0..states {
        fields.of(state, &mut h);
        for (i, h) in h.iter().enumerate() {
            let s = if state >> i & 1 == 1 { 1.0 } else { -1.0 };
            let (rate, turned) = (probability_up(-s * h), state ^ (1 << i));
            match (state, turned) {
                (0, to) => first[to - 1] += rate,
                (from, 0) => leak[from - 1] += rate,
                (from, to) => rates[(to - 1, from - 1)] += rate,
            }
        }
    }
    let ratios = AbsorbingFactor::new(rates, leak)?.solve(&first);
    let total = 1.0 + compensated_sum(ratios.iter().copied());
    Ok(std::iter::once(1.0).chain(ratios).map(|r| r / total).collect())
}

/// Stationary state of sequential (continuous-time) updates, with its thermodynamics. Self-couplings are allowed; with them even symmetric couplings dissipate.
///
/// N 2^N operations a step of the power method beyond 9 spins.
///
/// # Errors
/// [`Error::TooManySpins`] beyond [`MOST_SPINS`]; not converged or singular; too little memory; cancellation.
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
    let (distribution, convergence) = if n <= DIRECT {
        let p = eliminated(&fields)?;
        let next = attempted(&rates, n, &p);
        let residual = compensated_sum(p.iter().zip(&next).map(|(a, b)| (a - b).abs()));
        (p, Convergence::direct(residual, 1e-12))
    } else {
        stationary(states, run, |p| Ok(attempted(&rates, n, p)))?
    };
    let sums = vector_sum(states, n + 2, |state, sum| {
        let mut h = vec![0.0; n];
        fields.of(state, &mut h);
        let p = distribution[state];
        for (i, (s, h)) in spins(state, n).zip(&h).enumerate() {
            let rate = probability_up(-s * h);
            let other = h - 2.0 * s * fields.coupling(i, i);
            // ln w = −s h − ln 2cosh h here, s h' − ln 2cosh h' with the spin turned
            let force = -s * (h + other) + log_two_cosh(other) - log_two_cosh(*h);
            sum[i] += p * rate * force;
            sum[n] += p * rate;
            sum[n + 1] += p * refreshed_entropy(*h);
        }
    });
    let terms = sums[..n].to_vec();
    Ok(SequentialState {
        correlations: Correlations::of(&distribution, n),
        entropy_production_rate: compensated_sum(terms.iter().copied()),
        entropy_production_rate_of_spins: terms,
        activity: sums[n],
        attempt_entropy: sums[n + 1],
        state_entropy: entropy(&distribution),
        distribution,
        convergence,
    })
}
