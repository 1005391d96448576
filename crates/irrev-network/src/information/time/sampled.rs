//! What a process shows of its dissipation when it is looked at every so often, and in the shortest time.

use irrev_numerics::special::dissipation;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};

use crate::dynamics::Evolution;
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Kullback–Leibler divergence per time of the states at t and t + dt from the same pair reversed, KL(P‖Pᵀ)/dt with P = e^{W dt} diag(p), in nats per time.
///
/// In the stationary state it lies below the entropy production rate, and tends to it as dt → 0 where parallel channels do not hide part of it. O(n) evolutions.
///
/// ```
/// use irrev_network::{MarkovJump, information::time::sampled_irreversibility};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let steady = ring.stationary_distribution()?;
/// let shown = sampled_irreversibility(&ring, &steady, 1e-3, &Default::default())?;
/// let whole = ring.flow(&steady)?.entropy_production_rate();
/// assert!(shown < whole && shown > 0.98 * whole);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`]; [`crate::Error::Domain`] unless dt > 0 is finite; cancelled.
pub fn sampled_irreversibility(
    kinetics: &MarkovJump,
    state: &Distribution,
    dt: f64,
    run: &Run<'_>,
) -> Result<f64> {
    kinetics
        .network()
        .check_states("distribution", state.probabilities())?;
    crate::require("dt", dt, dt > 0.0 && dt.is_finite(), "a finite time above 0")?;
    let n = state.len();
    let evolution = Evolution::new(kinetics)?;
    // short times leave every component to its own relative accuracy
    let tolerance = Tolerance {
        absolute: 0.0,
        relative: 1e-289,
        max_iterations: 0,
    };
    let mut joint: Vec<Vec<f64>> = Vec::with_capacity(n);
    for (from, &p) in state.probabilities().iter().enumerate() {
        let arrived = evolution.advance(&Distribution::point(n, from)?, dt, tolerance, run)?;
        let column = arrived.distribution.probabilities();
        joint.push(column.iter().map(|q| q * p).collect());
    }
    let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    Ok(compensated_sum(pairs.map(|(i, j)| dissipation(joint[i][j], joint[j][i]))) / dt)
}

/// 2 Σ J²/(j⁺ + j⁻) over the channels: the most that the uncertainty of currents over the shortest time shows of the entropy production rate, in nats per time.
///
/// No current shows more than 2⟨J_w⟩²/Σ w²(j⁺ + j⁻) (see [`crate::bounds::uncertainty_relation`]), which is largest for w = J/(j⁺ + j⁻). It stays below Σ̇ away from
/// equilibrium, and finite for one-way channels.
///
/// ```
/// use irrev_network::{gallery, information::time::short_time_uncertainty_optimum};
/// let ring = gallery::three_state_ring(0.5, 1.0)?;
/// let flow = ring.flow(&ring.stationary_distribution()?)?;
/// // J = (j⁺ + j⁻) tanh(F/2)
/// let expected = 2.0 * flow.activity() * 0.25_f64.tanh().powi(2);
/// assert!((short_time_uncertainty_optimum(&flow) - expected).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// Source: Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020).
#[must_use]
pub fn short_time_uncertainty_optimum(flow: &Flow) -> f64 {
    compensated_sum(flow.fluxes().map(|(a, b)| match a == b {
        true => 0.0,
        false => 2.0 * (a - b) * ((a - b) / (a + b)),
    }))
}
