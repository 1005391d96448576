//! After a quench: parallel updates from independent spins with magnetisation m₀.
//!
//! m_{t+1} = E tanh x_t. Since no spin hears its own echo, fields at two times are normal with correlation C_{t,s} = E s_i(t) s_i(s), and
//! C_{t+1,s+1} = E tanh x_t tanh x_s, from C_{t,t} = 1 and C_{t,0} = m_t m₀. The entropy that a step t → t+1 sends into the bath is
//! Σ_i [s'h(s) − l(h(s)) − s h(s') + l(h(s'))] with l = ln 2cosh. Its only term that is not an average at one time is the backward alignment
//! β Σ_j E J_ij s_i(t) s_j(t+1): the disorder in J_ij moved s_i(t) by its field at t − 1, in which it multiplied s_j(t−1). Gaussian integration by
//! parts gives ς² k_{t−1} C_{t+1,t−1} (nothing at t = 0, where spins do not know the couplings), against ς² k_t of the forward one, hence per spin
//!
//! Δs_bath = ς² (k_{t+1} − k_{t−1} C_{t+1,t−1}) + S_c,t+1 − S_c,t + β E H (s_{t+2} − s_t) + βJ₀ m_{t+1} (m_{t+2} − m_t).
//!
//! The entropy of the network itself is not an average over single spins: weak correlations between all pairs cost a finite part per spin, for which
//! no closed form is known. It lies between S_c of the last step (the entropy of s_t given s_{t−1}) and the sum of the entropies of single
//! spins, whose means differ by the overlap Q_t of two repetitions, Q_{t+1} = E tanh x tanh x' at correlation Q_t. Both bounds are given.
//!
//! Sources: A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988), for the effective single-spin process; the balance is derived here.

use irrev_numerics::special::x_ln_x;
use serde::Serialize;

use super::InfiniteNetwork;
use super::gaussian::Grid;
use super::site::Site;
use crate::error::{Error, Result};

/// Most steps of a quench.
const MOST_STEPS: usize = 10_000;

/// Widest range of local fields over which the entropies of single spins are summed.
const WIDEST: f64 = 1000.0;

/// What happens at the steps after a quench; per spin, in nats.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Quench {
    /// m_t for t = 0 … T.
    pub magnetizations: Vec<f64>,
    /// Q_t for t = 0 … T: overlap of two repetitions with the same couplings.
    pub replica_overlaps: Vec<f64>,
    /// k_t = E sech²x_t of the fields at t = 0 … T − 1.
    pub gains: Vec<f64>,
    /// S_c,t: entropy of s_{t+1} given s_t, for t = 0 … T − 1.
    pub conditional_entropies: Vec<f64>,
    /// Entropy sent into the bath by step t → t + 1, for t = 0 … T − 1.
    pub bath_entropies: Vec<f64>,
    /// Lower and upper bound of the network's own entropy at t = 0 … T.
    pub system_entropies: Vec<(f64, f64)>,
    #[serde(skip)]
    network: InfiniteNetwork,
}

impl Quench {
    /// C_{s+lag,s} = E s_i(s + lag) s_i(s) for s = 0 … T − lag; empty if the lag exceeds T. One pair of averages per entry, about 0.1 ms each.
    ///
    /// ```
    /// # use irrev_ising::ensemble::FieldLaw;
    /// # use irrev_ising::infinite::InfiniteNetwork;
    /// # let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.0) };
    /// let quench = network.quench(0.5, 10)?;
    /// assert_eq!(quench.correlations(0), [1.0; 11]);
    /// assert_eq!(quench.correlations(3)[0], 0.5 * quench.magnetizations[3]);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    #[must_use]
    pub fn correlations(&self, lag: usize) -> Vec<f64> {
        let m = &self.magnetizations;
        if lag >= m.len() {
            return Vec::new();
        }
        if lag == 0 {
            return vec![1.0; m.len()];
        }
        let mut c = vec![m[lag] * m[0]];
        for s in 0..m.len() - 1 - lag {
            c.push(pair_map(&self.network, m[s + lag], m[s], c[s]));
        }
        c
    }

    /// Entropy production of step t → t + 1, bath and system together: lower and upper bound that follow from those of the system's entropy.
    #[must_use]
    pub fn entropy_production_bounds(&self, step: usize) -> Option<(f64, f64)> {
        let bath = self.bath_entropies.get(step)?;
        let (before, after) = (self.system_entropies[step], self.system_entropies[step + 1]);
        // the second law improves the lower one
        Some(((bath + after.0 - before.1).max(0.0), bath + after.1 - before.0))
    }
}

/// E tanh x tanh x' for fields of magnetisations m and m' whose normal parts from couplings have correlation c.
pub(crate) fn pair_map(network: &InfiniteNetwork, m: f64, other: f64, correlation: f64) -> f64 {
    let site = Site::new(network, 0.5 * (m + other), Grid::STANDARD);
    site.pair_product(site.half_difference(network, m, other), correlation)
}

impl InfiniteNetwork {
    /// Parallel updates for a number of steps, from independent spins that are up with probability (1 + m₀)/2.
    ///
    /// About a millisecond per step; more at low temperature.
    ///
    /// # Errors
    /// [`Error::Domain`] for parameters without meaning, for |m₀| > 1, for more than 10,000 steps, for β = ∞, where the bath takes infinitely much, and for local fields that spread over
    /// more than 1000 k_BT.
    ///
    /// ```
    /// use irrev_ising::ensemble::FieldLaw;
    /// use irrev_ising::infinite::{Branch, InfiniteNetwork};
    /// let network = InfiniteNetwork { inverse_temperature: 1.0, mean_coupling: 1.0, spread: 0.5, fields: FieldLaw::Constant(0.1) };
    /// let quench = network.quench(-1.0, 200)?;
    /// let steady = network.order_parameters(Branch::Up)?;
    /// assert!((quench.magnetizations[200] - steady.magnetization).abs() < 1e-12);
    /// assert!((quench.bath_entropies[199] - steady.entropy_production).abs() < 1e-12);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    pub fn quench(&self, magnetization: f64, steps: usize) -> Result<Quench> {
        self.check()?;
        let beta = self.inverse_temperature;
        Error::require(
            "the inverse temperature",
            beta,
            beta.is_finite(),
            "a finite number: without temperature a step sends infinite entropy into the bath",
        )?;
        Error::require(
            "the initial magnetisation",
            magnetization,
            magnetization.abs() <= 1.0,
            "a number from -1 to 1",
        )?;
        Error::require(
            "the number of steps",
            steps as f64,
            steps <= MOST_STEPS,
            "at most 10,000: even a network near criticality has settled before",
        )?;
        let reach =
            Site::new(self, 0.0, Grid::STANDARD).field().reach() + 2.0 * beta * self.mean_coupling.abs();
        Error::require(
            "the range of local fields relative to temperature",
            reach,
            reach <= WIDEST,
            "at most 1000, up to which entropies between spins are summed: raise the temperature",
        )?;
        // one step more than asked for, since what a step sends into the bath needs the fields after it
        let mut m = vec![magnetization];
        let (mut gains, mut entropies, mut marginal) = (Vec::new(), Vec::new(), Vec::new());
        let mut overlaps = vec![magnetization * magnetization];
        // β E H s_t
        let mut with_field = vec![beta * self.fields.mean() * magnetization];
        for t in 0..=steps {
            let site = Site::new(self, m[t], Grid::STANDARD);
            let field = site.field();
            let next = site.magnetization();
            m.push(next);
            gains.push(site.gain());
            entropies.push(site.entropy());
            with_field.push(field.alignment_with_mean() - beta * self.mean_coupling * m[t] * next);
            marginal.push(field.marginal_entropy(field.coupling_variance * overlaps[t].clamp(0.0, 1.0)));
            overlaps.push(pair_map(self, m[t], m[t], overlaps[t]));
        }
        let variance = (beta * self.spread).powi(2);
        let up = 0.5 * (1.0 + magnetization);
        let first = -x_ln_x(up) - x_ln_x(1.0 - up);
        let later = (0..steps).map(|t| (entropies[t], marginal[t].max(entropies[t])));
        let mut quench = Quench {
            system_entropies: std::iter::once((first, first)).chain(later).collect(),
            magnetizations: m[..=steps].to_vec(),
            replica_overlaps: overlaps[..=steps].to_vec(),
            gains: gains[..steps].to_vec(),
            conditional_entropies: entropies[..steps].to_vec(),
            bath_entropies: Vec::new(),
            network: *self,
        };
        let second_lag = quench.correlations(2);
        quench.bath_entropies = (0..steps)
            .map(|t| {
                let backward = if t == 0 {
                    0.0
                } else {
                    gains[t - 1] * second_lag[t - 1]
                };
                variance * (gains[t + 1] - backward) + entropies[t + 1] - entropies[t]
                    + (with_field[t + 2] - with_field[t])
                    + beta * self.mean_coupling * m[t + 1] * (m[t + 2] - m[t])
            })
            .collect();
        Ok(quench)
    }
}
