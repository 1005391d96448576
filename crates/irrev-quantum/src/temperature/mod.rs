//! The temperature of an energy eigenstate: β and α = βμ whose ensemble has its energy, and its particle number.
//!
//! Where particles flow between system and bath two numbers must be matched. A temperature found inside the sector of fixed number makes the second law fail: it does
//! not change as it must if all site energies are shifted, whereas with weights exp(−βH + αN) a shift by c leaves β and moves α by βc.
//!
//! Temperatures of a spectrum that is bounded may be negative; those of extremal levels are infinite, which is told by name and not by a large number.

mod canonical;
mod matching;
mod measured;
mod newton;

pub use canonical::{CanonicalState, canonical_state};
pub use matching::{Matched, Matching, Reservoir, TemperatureSign, match_temperature};
pub use measured::{MeasuredLevels, MeasuredReservoir, Probes};
