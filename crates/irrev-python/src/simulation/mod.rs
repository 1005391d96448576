//! `irrev.simulation`: trajectories with thermodynamic books, and estimators.

mod estimators;
mod graph;
mod molecules;

pub(crate) use estimators::{
    autocorrelation_time, bennett_acceptance_ratio, crooks, cumulants, detailed_fluctuation, estimate,
    infimum_law, integral_fluctuation, jarzynski, proportion, scaled_cumulants_of_increments,
    stationary_integral_fluctuation, survival_function,
};
pub(crate) use graph::{long_run, sample_driven_process, sample_jump_process, sample_tilted_process};
pub(crate) use molecules::{sample_path, simulate};
