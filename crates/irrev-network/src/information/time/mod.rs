//! Fisher information of time: speed, length and bounds.
//!
//! A distribution that changes in time tells the time: the Fisher information of t in it, and with it a speed, a length and an action,
//!
//! ```text
//! I(t) = Σ ṗ²/p,   v = √I,   ℒ = ∫ v dt,   𝒞 = ∫ I dt,   τ𝒞 ≥ ℒ² ≥ (2 arccos Σ √(p₀ p_τ))².
//! ```
//!
//! | question | item |
//! |---|---|
//! | I, dI/dt of any state with its rates of change | [`fisher_information`], [`fisher_information_rate`] |
//! | what an observable can tell of time | [`cramer_rao`] |
//! | speed, length, action and bounds of a relaxation, and of its parts | [`speed_of_relaxation`], [`Marginal`] |
//! | the same where rates change in time | [`speed_of_driven_process`] |
//! | the same for amounts of species, with the Gibbs energy | [`speed_of_reactions`] |
//! | what is left of the dissipation when a process is looked at now and then | [`sampled_irreversibility`], [`short_time_uncertainty_optimum`] |
//!
//! With constant rates I never grows: with u = ṗ/p, dI/dt = −Σ_{j→i} W_ij p_j (u_i − u_j)². A part of the system, seen alone, obeys no such law; maxima of its
//! information betray what is hidden. Nor does a process whose rates change.
//!
//! Conventions: I in 1/time²; a state without probability that is being filled makes I infinite, integrably so for ℒ and not for 𝒞.
//!
//! Sources: Ito, Phys. Rev. Lett. 121, 030605 (2018); Ito and Dechant, Phys. Rev. X 10, 021056 (2020).

mod cramer_rao;
mod driven;
mod extrema;
mod fisher;
mod interval;
mod length;
mod marginal;
mod reactions;
mod relaxation;
mod sampled;

pub use cramer_rao::{CramerRao, cramer_rao};
pub use driven::{DrivenSpeed, speed_of_driven_process};
pub use extrema::{LocalMaximum, Monotonicity};
pub use fisher::{fisher_information, fisher_information_rate};
pub use length::{StatisticalLength, geodesic_between_amounts, geodesic_between_distributions};
pub use marginal::Marginal;
pub use reactions::{ReactionSpeed, ReactionSpeedAt, ReactionSpeedOptions, speed_of_reactions};
pub use relaxation::{MarginalSpeed, RelaxationSpeed, SpeedAt, SpeedOptions, speed_of_relaxation};
pub use sampled::{sampled_irreversibility, short_time_uncertainty_optimum};
