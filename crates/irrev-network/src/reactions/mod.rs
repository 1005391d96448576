//! Chemical reaction networks, by concentrations.
//!
//! A [`ReactionSystem`] is species, reactions between complexes of them, and a law for each. At amounts x every reaction r has one-way
//! fluxes j±, and
//!
//! | quantity | formula |
//! |---|---|
//! | current, force | J = j⁺ − j⁻, F = ln(j⁺/j⁻) |
//! | dynamics | ẋ = S J, S = products − reactants |
//! | entropy production rate | Σ̇ = Σ_r J_r F_r |
//! | mass action | j⁺ = k⁺ ∏ x^ν⁺, j⁻ = k⁻ ∏ x^ν⁻ (no 1/ν!) |
//!
//! A [`Flow`](crate::Flow) of a reaction system is the flow of any network: forces, Onsager coefficients, splits and bounds are the same
//! functions as for jump processes, with S in place of the incidence matrix B.
//!
//! Species are *dynamic*, or *held* from outside (chemostats). [`structure`] finds conservation laws, cycles and deficiency exactly;
//! [`thermodynamics`] the Gibbs energy and where the dissipation is paid for; [`evolution`], [`steady_state`], [`limit_cycle`] and
//! [`continuation`] what happens over time; [`distance`] how far apart two states are; [`response`] how the entropy production answers to changed rates; [`bounds`] what limits
//! speed and precision.
//!
//! Conventions: x are amounts (concentrations in a volume of 1), fluxes amounts per time, so that Σ̇ is in units of k_B (or of R, when
//! amounts are in moles) times amount per time. A reaction without a reverse makes Σ̇ infinite and is named; one may leave it out of the
//! thermodynamics, by name, and it still drives the dynamics.
//!
//! Sources: Rao and Esposito, Phys. Rev. X 6, 041064 (2016); Feinberg, Foundations of Chemical Reaction Network Theory (2019);
//! Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).

mod assembly;
pub mod attractor;
pub mod bounds;
mod builder;
pub mod continuation;
pub mod distance;
pub mod dual_coordinates;
pub mod evolution;
pub mod excess;
pub mod limit_cycle;
mod mass_action;
mod motion;
pub mod rate_laws;
pub mod response;
pub mod steady_state;
pub mod structure;
mod subspace;
mod system;
pub mod thermodynamics;

pub use builder::ReactionSystemBuilder;
pub use motion::Budget;
pub use rate_laws::RateLaws;
pub use structure::{Structure, counted_structure, structure};
pub use system::{Law, Reaction, ReactionSystem, Species};
