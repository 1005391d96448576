//! What happens over time: stationary states, evolution, relaxation, spectra, counting, first passage, driving.

mod classes;
mod counting;
mod driven;
mod driven_counting;
mod driven_path;
mod evolution;
mod finite_time;
mod first_passage;
mod master_path;
mod relaxation;
mod spectrum;
mod stationary;

pub use classes::{ClosedClass, Limit, closed_classes, limiting_distribution};
pub use counting::{CountingStatistics, ScaledCumulants, ScaledGeneratingFunction, counting_statistics};
pub use driven::{
    DrivenJump, DrivenRecord, PeriodicState, RateLaw, StateLaw, WorkStatistics, driven_process,
    periodic_state, work_statistics,
};
pub use driven_counting::{DrivenCurrentMoments, driven_current_moments};
pub(crate) use driven_path::DrivenPath;
pub use evolution::{Evolution, Evolved, evolve};
pub use finite_time::{
    CountDistribution, CurrentMoments, EntropyMoments, count_distribution, current_moments, entropy_moments,
};
pub use first_passage::{FirstPassage, first_passage};
pub(crate) use master_path::MasterPath;
pub use relaxation::{Relaxation, RelaxationOptions, relaxation};
pub use spectrum::{RelaxationSpectrum, relaxation_spectrum};
