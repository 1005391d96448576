//! Bounds: what a change, a current or its precision costs at least, each as a record with both sides.
//!
//! | module | subject | bounds |
//! |---|---|---|
//! | [`speed_limit`] | a change of state in a given time | [`speed_limits`], [`driven_speed_limits`], [`wasserstein2_length`] |
//! | [`finite_time`] | the precision of a current in a given time, from any start | [`finite_time_uncertainty`], [`driven_uncertainty`] |
//! | [`uncertainty`] | the precision of a stationary current in the long run, and at once | [`uncertainty_relation`] |
//! | [`continuous`] | a change of state by diffusion | [`langevin_speed_limit`] |
//! | [`species`] | amounts of species in a deterministic reaction network | [`species_speed_limits`], [`species_uncertainty`] |
//! | [`reaction_limit`] | the state of a deterministic reaction network in a given time | [`reaction_speed_limits`] |
//!
//! All say **cost ≥ bound** and are returned as [`Bound`]: name, cost, formula, source, and either both [`Sides`] with their errors or the assumption that
//! fails ([`Unmet`]). Where a distance enters, it enters by its proven lower bound. Integrals along a path are computed once
//! ([`path_integrals`]) and serve all.

mod bound;
pub mod continuous;
pub mod finite_time;
mod path;
pub mod reaction_limit;
mod relaxation_limit;
pub mod species;
pub mod speed_limit;
mod transport_limit;
pub mod uncertainty;

pub use bound::{Bound, Cost, Side, Sides, Unmet, Verdict};
pub use continuous::{Diffusion, langevin_speed_limit};
pub use finite_time::{
    FiniteTimeUncertainty, driven_current_bounds, driven_uncertainty, finite_time_uncertainty,
};
pub use path::{PathIntegrals, driven_path_integrals, path_integrals};
pub use reaction_limit::reaction_speed_limits;
pub use species::{species_speed_limits, species_uncertainty};
pub use speed_limit::{
    Distances, Observable, PathLength, SpeedLimitOptions, SpeedLimits, driven_speed_limits, speed_limits,
    wasserstein2_length,
};
pub use uncertainty::{UncertaintyRelation, uncertainty_relation};
