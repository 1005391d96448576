//! Baths: all levels of a lattice, its eigenstates, its Gibbs state, and what a measurement of its energy finds.
//!
//! A bath is an ensemble Σ_a w_a |a⟩⟨a| of states with a definite number of particles and an energy each: one eigenstate, all of them with the weights of Gibbs, a typical
//! thermal state, or any vector. Everything that is asked of a bath is asked through [`BathState`].

mod measure;
mod spectrum;
mod state;
mod typical;

pub use measure::SpectralMeasure;
pub use spectrum::BathSpectrum;
pub use state::{BathMember, BathState};
pub use typical::{TypicalState, typical_state};
