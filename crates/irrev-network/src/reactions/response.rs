//! How the steady entropy production answers to changed rates.
//!
//! Scaling one direction of one reaction by e^ε moves the steady state by dx/dε = −J⁻¹ S_r (±j±) on the stoichiometric class, and
//!
//! dΣ̇/dε = ± j± ∂Σ̇/∂j± + ∇_x Σ̇ · dx/dε,  ∂Σ̇/∂j⁺ = ln(j⁺/j⁻) + 1 − j⁻/j⁺.
//!
//! A parameter θ of any law acts through d ln j±/dθ; scaling both directions of a reaction by the same factor is a change of its
//! barrier, scaling them oppositely a change of its force. Response coefficients sum to Σ̇ itself, because scaling all rates rescales time.

use irrev_numerics::sum::compensated_sum;

use super::ReactionSystem;
use super::steady_state::SteadyState;
use super::subspace::Subspace;
use crate::error::Result;

/// Responses of the steady state and its entropy production to the logarithm of every one-way flux.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// dΣ̇/d ln j⁺ per reaction (all, counted or not), in the unit of Σ̇.
    pub forward: Vec<f64>,
    /// dΣ̇/d ln j⁻ per reaction.
    pub backward: Vec<f64>,
    /// dx/d ln j⁺ per reaction: one entry per dynamic species.
    pub amounts_forward: Vec<Vec<f64>>,
    /// dx/d ln j⁻ per reaction.
    pub amounts_backward: Vec<Vec<f64>>,
    /// Σ̇ of the counted reactions.
    pub entropy_production_rate: f64,
}

/// Linear response at a steady state, on its stoichiometric class.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, response::steady_response, steady_state::steady_state_near};
/// let pump = ReactionSystem::builder().species("X").chemostat("A", 2.0).chemostat("B", 1.0)
///     .mass_action("in", &[("A", 1.0)], &[("X", 1.0)], 1.0, 1.0)
///     .mass_action("out", &[("X", 1.0)], &[("B", 1.0)], 3.0, 3.0)
///     .build()?;
/// let steady = steady_state_near(&pump, &[1.0])?;
/// let response = steady_response(&pump, &steady)?;
/// let sum: f64 = response.forward.iter().chain(&response.backward).sum();
/// assert!((sum - response.entropy_production_rate).abs() < 1e-13);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::OneWay`] for a counted reaction without a reverse; a singular Jacobian on the class.
pub fn steady_response(system: &ReactionSystem, steady: &SteadyState) -> Result<Response> {
    let x = &steady.amounts;
    let flow = system.flow(0.0, x)?;
    flow.require_both_ways("the response of the entropy production")?;
    let (forward, backward) = system.all_fluxes(0.0, x)?;
    // ∂Σ̇/∂j± of counted reactions; others do not enter Σ̇
    let mut by_forward = vec![0.0; forward.len()];
    let mut by_backward = vec![0.0; forward.len()];
    for &r in system.counted() {
        let (a, b) = (forward[r], backward[r]);
        if a > 0.0 {
            let force = irrev_numerics::special::log_ratio(a, b);
            by_forward[r] = force + (a - b) / a;
            by_backward[r] = -force - (a - b) / b;
        }
    }
    let mut gradient = vec![0.0; x.len()];
    let amounts = system.amounts(0.0, x)?;
    system.flux_derivatives(0.0, &amounts, &mut |r, s, up, down| {
        if let Some(state) = system.state_of(s) {
            gradient[state] += by_forward[r] * up + by_backward[r] * down;
        }
    })?;
    let subspace = Subspace::new(system);
    let solver = subspace.solver(system, x)?;
    let shift = |r: usize, size: f64| -> Result<Vec<f64>> {
        let mut push = vec![0.0; x.len()];
        for &(state, c) in system.change(r) {
            push[state] = -c * size;
        }
        solver.solve(&push)
    };
    let count = forward.len();
    let mut response = Response {
        forward: Vec::with_capacity(count),
        backward: Vec::with_capacity(count),
        amounts_forward: Vec::with_capacity(count),
        amounts_backward: Vec::with_capacity(count),
        entropy_production_rate: flow.entropy_production_rate(),
    };
    for r in 0..count {
        let (up, down) = (shift(r, forward[r])?, shift(r, -backward[r])?);
        let along = |d: &[f64]| compensated_sum(gradient.iter().zip(d).map(|(g, d)| g * d));
        response.forward.push(by_forward[r] * forward[r] + along(&up));
        response
            .backward
            .push(by_backward[r] * backward[r] + along(&down));
        response.amounts_forward.push(up);
        response.amounts_backward.push(down);
    }
    Ok(response)
}
