//! How fast distributions of cells change, and at what cost.
//!
//! With p(x; t) the distribution of a quantity over cells, I = ∫ ṗ²/p dx is the Fisher information of time and √I the speed of p. Length ℒ = ∫ √I dt,
//! action 𝒞 = ∫ I dt; τ ≥ ℒ²/𝒞, with equality at constant speed, and ℒ is at least the distance between beginning and end.
//!
//! Finitely many cells make everything look fast: sampling noise adds about 2 × (parameters)/N to every squared step, so that a length from neighbouring frames grows
//! like the square root of their number. Two disjoint halves of the cells have independent noise; the inner product of their steps has none on average
//! ([`ensemble_speed`]). The plain value stands beside it.
//!
//! Sources: Ito and Dechant, Phys. Rev. X 10, 021056 (2020); Crooks, Phys. Rev. Lett. 99, 100602 (2007); Ashida, Aoki and Ito, bioRxiv 2020.11.29.403097, for
//! cells.

mod ensemble;
mod family;
mod halves;
mod hellinger;
mod length;

pub use ensemble::CellEnsemble;
pub use family::Family;
pub use hellinger::{HellingerStep, hellinger_steps};
pub use length::{
    EnsembleSpeed, FrameMoments, SpeedOptions, SpeedStep, StrideLength, chord_length, compared_speeds,
    ensemble_speed,
};
