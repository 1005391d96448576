//! Small systems whose thermodynamics is known in closed form.

use crate::energetics::Energetics;
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::network::Network;

/// Ring of three states, each edge with rates k e^{±force/2}: uniform stationary state, Σ̇ = 2k sinh(force/2) · force.
///
/// `force` in nats per edge, `rate` k in 1/time.
///
/// # Errors
/// [`crate::Error::Rate`] if a rate is out of range.
pub fn three_state_ring(force: f64, rate: f64) -> Result<MarkovJump> {
    let (forward, backward) = (rate * (0.5 * force).exp(), rate * (-0.5 * force).exp());
    MarkovJump::from_rates(
        3,
        &[
            (0, 1, forward, backward),
            (1, 2, forward, backward),
            (2, 0, forward, backward),
        ],
    )
}

/// Two levels with energy gap E coupled to a hot and a cold reservoir at equal rates γ e^{∓E/2T}.
///
/// Heat flows from hot to cold at J E with J = γ² sinh(E(1/T_c − 1/T_h)/2) over the sum of the four half-rates, 2γ Σ cosh(E/2T)/2.
///
/// # Errors
/// [`crate::Error::Rate`] if a rate is out of range.
pub fn two_level_two_baths(gap: f64, hot: f64, cold: f64, rate: f64) -> Result<(MarkovJump, Energetics)> {
    let network = Network::builder()
        .states(["ground", "excited"])
        .reservoir("hot")
        .reservoir("cold")
        .channel("hot channel", "ground", "excited", Some("hot"))
        .channel("cold channel", "ground", "excited", Some("cold"))
        .build()?;
    let energetics = Energetics::thermal(&network, vec![0.0, gap], &[hot, cold]);
    let up = |t: f64| rate * (-0.5 * gap / t).exp();
    let down = |t: f64| rate * (0.5 * gap / t).exp();
    let kinetics = MarkovJump::new(network, vec![up(hot), up(cold)], vec![down(hot), down(cold)])?;
    Ok((kinetics, energetics))
}
