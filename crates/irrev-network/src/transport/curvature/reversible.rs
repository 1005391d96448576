//! A jump process with detailed balance, written by its stationary state and the conductances of its pairs of states.
//!
//! Parallel channels share one ratio of rates, so that they act as one channel with the sum of their conductances. With ρ = p/π,
//! L = c Λ(ρ_x, ρ_y) and (Wp)_x/π_x = (Δρ)_x = Σ_y (c_xy/π_x)(ρ_y − ρ_x). On potentials Δ is Wᵀ.

use std::collections::BTreeMap;

use irrev_numerics::linalg::{Matrix, symmetric_eigen};
use irrev_numerics::special::log_ratio;

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Largest stationary current relative to its activity that may come from rates with few digits.
const DEFECT: f64 = 1e-9;

/// Two states and the probability that is exchanged between them per time in the stationary state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: usize,
    pub(super) to: usize,
    /// c = k π_from = k' π_to, in 1/time.
    pub(super) conductance: f64,
}

/// A jump process with detailed balance on two states or more.
#[derive(Debug, Clone)]
pub(super) struct Reversible {
    pub(super) stationary: Distribution,
    pub(super) pairs: Vec<Pair>,
    /// Smallest non-zero eigenvalue of −W, in 1/time.
    pub(super) spectral_gap: f64,
}

impl Reversible {
    /// # Errors
    /// [`Error::Domain`] for a single state, and without detailed balance, with the defect; [`Error::NotPositive`] for a transient state;
    /// as [`MarkovJump::stationary_distribution`].
    pub(super) fn of(kinetics: &MarkovJump, quantity: &'static str) -> Result<Self> {
        let network = kinetics.network();
        let states = network.states().len();
        crate::require(
            &format!("the number of states, for {quantity},"),
            states as f64,
            states >= 2,
            "at least 2: one state cannot relax",
        )?;
        let stationary = kinetics.stationary_distribution()?;
        require_positive(kinetics, &stationary, quantity)?;
        let defect = kinetics.detailed_balance_defect()?;
        crate::require(
            &format!("the largest stationary current relative to its activity, for {quantity},"),
            defect,
            defect <= DEFECT,
            "at most 1e-9: without detailed balance the master equation is no gradient flow of relative entropy",
        )?;
        let pi = stationary.probabilities();
        let mut conductances = BTreeMap::new();
        for (from, to, rate) in kinetics.jumps() {
            // the mean over both directions of what is the same but for rounding
            *conductances.entry((from.min(to), from.max(to))).or_insert(0.0) += 0.5 * rate * pi[from];
        }
        let pairs: Vec<Pair> = conductances
            .into_iter()
            .map(|((from, to), conductance)| Pair {
                from,
                to,
                conductance,
            })
            .collect();
        let spectral_gap = spectral_gap(pi, &pairs)?;
        Ok(Self {
            stationary,
            pairs,
            spectral_gap,
        })
    }

    /// Number of states.
    pub(super) fn states(&self) -> usize {
        self.stationary.len()
    }

    /// (Δφ)_x = Σ_y (c_xy/π_x)(φ_y − φ_x).
    pub(super) fn laplacian(&self, values: &[f64]) -> Vec<f64> {
        let pi = self.stationary.probabilities();
        let mut out = vec![0.0; values.len()];
        for pair in &self.pairs {
            let flow = pair.conductance * (values[pair.to] - values[pair.from]);
            out[pair.from] += flow;
            out[pair.to] -= flow;
        }
        for (value, p) in out.iter_mut().zip(pi) {
            *value /= p;
        }
        out
    }

    /// ln(p/π) of a positive distribution.
    pub(super) fn log_density(&self, p: &Distribution) -> Vec<f64> {
        let pi = self.stationary.probabilities();
        p.probabilities()
            .iter()
            .zip(pi)
            .map(|(&p, &q)| log_ratio(p, q))
            .collect()
    }

    /// The distribution proportional to π e^θ.
    pub(super) fn distribution(&self, log_density: &[f64]) -> Distribution {
        let largest = log_density.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let pi = self.stationary.probabilities();
        Distribution::from_weights(
            pi.iter()
                .zip(log_density)
                .map(|(p, t)| p * (t - largest).exp())
                .collect(),
        )
    }
}

/// # Errors
/// [`Error::NotPositive`] with the first state without probability.
pub(super) fn require_positive(
    kinetics: &MarkovJump,
    p: &Distribution,
    quantity: &'static str,
) -> Result<()> {
    match p.probabilities().iter().position(|p| *p <= 0.0) {
        None => Ok(()),
        Some(state) => Err(Error::NotPositive {
            quantity,
            state: kinetics.network().states()[state].clone(),
            value: p.probabilities()[state],
        }),
    }
}

/// The second eigenvalue of −√π⁻¹ W √π, which is symmetric.
fn spectral_gap(pi: &[f64], pairs: &[Pair]) -> Result<f64> {
    let mut minus = Matrix::zeros(pi.len(), pi.len());
    for &Pair {
        from,
        to,
        conductance,
    } in pairs
    {
        minus[(from, from)] += conductance / pi[from];
        minus[(to, to)] += conductance / pi[to];
        let coupling = conductance / (pi[from].sqrt() * pi[to].sqrt());
        minus[(from, to)] -= coupling;
        minus[(to, from)] -= coupling;
    }
    Ok(symmetric_eigen(&minus)?.values[1])
}
