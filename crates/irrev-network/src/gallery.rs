//! Small systems whose thermodynamics is known in closed form.

use crate::energetics::Energetics;
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::reactions::ReactionSystem;

mod membrane;

pub use membrane::{
    MembraneChannelRates, Transport, TransporterRates, membrane_channel, transported, transporter,
};

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

/// Brusselator ∅ ⇌ X ⇌ Y, 2X + Y ⇌ 3X with forward constants 1, b, 1 and backward constants 1, r b, r: a cycle of affinity 2 ln(1/r) drives
/// oscillations.
///
/// Its steady state is X = 1, Y = (b + r)/(1 + r b) for any b and r, with ẋ = 0 in the feed; at r → 0 it turns unstable at b = 2 (Prigogine and
/// Lefever, J. Chem. Phys. 48, 1695 (1968), with A = 1). The steady entropy production rate is (current round the cycle) · 2 ln(1/r).
///
/// ```
/// use irrev_network::{gallery, reactions::steady_state::steady_state_near};
/// let (b, r) = (3.0, 0.1_f64);
/// let system = gallery::brusselator(b, r)?;
/// let steady = steady_state_near(&system, &[1.0, 2.0])?;
/// let y = (b + r) / (1.0 + r * b);
/// assert!((steady.amounts[0] - 1.0).abs() < 1e-13 && (steady.amounts[1] - y).abs() < 1e-13);
/// let rate = system.flow(0.0, &steady.amounts)?.entropy_production_rate();
/// assert!((rate - (y - r) * -2.0 * r.ln()).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Rate`] if a constant is out of range.
pub fn brusselator(b: f64, r: f64) -> Result<ReactionSystem> {
    ReactionSystem::builder()
        .species("X")
        .species("Y")
        .mass_action("feed", &[], &[("X", 1.0)], 1.0, 1.0)
        .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], b, r * b)
        .mass_action("autocatalyse", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, r)
        .build()
}

/// Schlögl's model A + 2X ⇌ 3X, B ⇌ X with A and B held and all constants from three steady states x₁ < x₂ < x₃: ẋ = −(x − x₁)(x − x₂)(x − x₃).
///
/// The outer two are stable, the middle one is not. Both reactions change X by one, so that two states are apart by an integral over X
/// ([`wasserstein2_one_reaction`](crate::reactions::distance::wasserstein2_one_reaction)).
///
/// Source: Schlögl, Z. Phys. 253, 147 (1972).
///
/// ```
/// use irrev_network::{gallery, reactions::steady_state::{Stability, steady_state_near}};
/// let system = gallery::schloegl([0.5, 1.0, 3.0])?;
/// let middle = steady_state_near(&system, &[1.1])?;
/// assert!((middle.amounts[0] - 1.0).abs() < 1e-13 && middle.stability == Stability::Unstable);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Rate`] if a constant made of them is negative or not finite.
pub fn schloegl(steady: [f64; 3]) -> Result<ReactionSystem> {
    // elementary symmetric functions of the steady states are the constants of the cubic
    let [x, y, z] = steady;
    let (sum, pairs, product) = (x + y + z, x * y + y * z + z * x, x * y * z);
    ReactionSystem::builder()
        .species("X")
        .chemostat("A", 1.0)
        .chemostat("B", 1.0)
        .mass_action("autocatalyse", &[("A", 1.0), ("X", 2.0)], &[("X", 3.0)], sum, 1.0)
        .mass_action("feed", &[("B", 1.0)], &[("X", 1.0)], product, pairs)
        .build()
}

/// An enzyme E + S ⇌ ES ⇌ E + P with S and P held, and all constants of detailed balance 1: the force of the cycle is ln(S/P).
///
/// `constants` are k of binding and k of release, the same in both directions. With E + ES = 1 the steady current is
/// k₁ k₂ (S − P)/(k₁ (S + 1) + k₂ (P + 1)), and the entropy production rate that times ln(S/P) (Michaelis–Menten kinetics, reversible: Haldane, Enzymes
/// (1930)).
///
/// ```
/// use irrev_network::{gallery, reactions::steady_state::relaxed_steady_state};
/// let (s, p, k) = (3.0_f64, 0.5, [2.0, 0.7]);
/// let system = gallery::enzyme(s, p, k)?;
/// let steady = relaxed_steady_state(&system, &[1.0, 0.0], &Default::default())?;
/// let current = k[0] * k[1] * (s - p) / (k[0] * (s + 1.0) + k[1] * (p + 1.0));
/// let rate = system.flow(0.0, &steady.amounts)?.entropy_production_rate();
/// assert!((rate - current * (s / p).ln()).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Rate`], [`crate::Error::Domain`] if a constant or an amount is out of range.
pub fn enzyme(substrate: f64, product: f64, constants: [f64; 2]) -> Result<ReactionSystem> {
    let [bind, release] = constants;
    ReactionSystem::builder()
        .species("E")
        .species("ES")
        .chemostat("S", substrate)
        .chemostat("P", product)
        .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], bind, bind)
        .mass_action(
            "release",
            &[("ES", 1.0)],
            &[("E", 1.0), ("P", 1.0)],
            release,
            release,
        )
        .build()
}
