//! Glansdorff–Prigogine excess entropy production and stability.
//!
//! Against a steady state p° with currents J° and forces F°, the excess is Σ_c (J_c − J°_c)(F_c − F°_c) over *channels*. For linear master equations
//! and for channel-resolved mass action it equals −d/dt D(p‖p°) at any distance: where it is negative the state moves away. Channels that are lumped
//! together, or rates that depend on the state otherwise, break the equality, and then the sum judges nothing; [`Excess::motion`] says so.
//!
//! | question | item |
//! |---|---|
//! | excess, its housekeeping, and whether it is a test of stability | [`excess_entropy_production`], [`Excess`] |
//! | what the sum would be if parallel channels were lumped | [`Excess::lumped`] |
//! | speeding up or slowing down: dI/dt with p̈ = (∂ṗ/∂p) ṗ, for any law | [`AgainstSteadyState`] |
//! | rates that depend on the state | [`StateDependentRates`], [`nonlinear_stability`] |
//! | reactions against a named steady state | [`reaction_stability`] |
//!
//! Conventions: nats per time (times amount, for amounts).
//!
//! Sources: Glansdorff and Prigogine, Thermodynamic Theory of Structure, Stability and Fluctuations (1971); Ito, J. Phys. A 55, 054001 (2022).

mod against;
mod excess;
mod nonlinear;

pub use against::{AgainstSteadyState, reaction_stability};
pub use excess::{
    ChannelSum, Excess, Motion, NoTest, excess_entropy_production, glansdorff_prigogine_excess,
};
pub use nonlinear::{StateDependentRates, differentiated_rates, nonlinear_stability};
