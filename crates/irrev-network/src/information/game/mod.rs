//! Games in which every part minimises its own dissipation.
//!
//! The edges of a network belong to players. Player a sets the currents on its own edges so as to minimise
//!
//! ```text
//! C_a = Σ_{e of a} D_e(J_e) + λ_a |B J − target|²,
//! ```
//!
//! what it dissipates, and how far the common change of state misses its target. D = J²/g near equilibrium ([`Dissipation::Linear`]), or
//! D = 2J asinh(J/2a) for jumps both ways with geometric mean a of the fluxes ([`Dissipation::Jumps`]).
//!
//! A Nash equilibrium, where no player can do better alone, exists and is unique for λ_a > 0: it is the minimum of the strictly convex potential
//! Σ_e D_e/λ_{a(e)} + |B J − target|², whose gradient by the edges of a is that of C_a/λ_a. A player with λ_a = 0 stands still. With equal λ the potential is,
//! up to a factor, what all would minimise together: everyone then does best for all.
//!
//! | question | item |
//! |---|---|
//! | where no player can do better alone | [`nash_equilibrium`] |
//! | what is best together, at the mean λ | [`cooperative_optimum`] |
//! | what no one can better without another's loss | [`pareto_front`] |
//!
//! Source: Fujimoto and Ito, Phys. Rev. Research 6, 013023 (2024), for the four-state game.

mod front;
mod minimum;
mod play;

pub use front::{ParetoFront, ParetoPoint, pareto_front};
pub use play::{Dissipation, Game, GameOptions, Outcome, cooperative_optimum, nash_equilibrium};
