//! Second law and fluctuation theorem for a system in contact with a bath that starts in one pure state.
//!
//! σ = ΔS_S + β ΔE_B − α ΔN_B: what the system's von Neumann entropy gained, plus what went to the bath at the β and α of its eigenstate. Measured twice, A = −ln ρ_S + β H_B
//! − α N_B has differences with mean σ, and G(u) = ⟨e^{iuσ}⟩. For a Gibbs bath σ is a relative entropy, ⟨e^{−σ}⟩ = G(i) = 1 − λ, with λ the weight of states that no path reaches, and
//! G_F(u) = G_R(i − u). For one eigenstate these hold as far as the bath looks thermal, which is what the deviations tell. A drive of system or contact does work and leaves all of
//! this as it stands.
//!
//! Sources: Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017) and Phys. Rev. E 105, 044106 (2022); Esposito, Lindenberg and Van den Broeck, New J. Phys. 12, 013013 (2010);
//! absolute irreversibility: Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014).

mod balance;
mod contact;
mod deviation;
mod fluctuation;
mod outcomes;
mod short_time;

pub use balance::{Balance, EntropyProduction, entropy_production};
pub use contact::ThermalContact;
pub use deviation::{Deviation, deviation};
pub use fluctuation::{BathEnergies, Direction, Fluctuations};
pub use outcomes::{Outcome, OutcomeDistribution};
pub use short_time::short_time_coefficient;
