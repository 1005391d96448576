//! `irrev.reactions`: chemical reaction networks by amounts and by molecule counts.

mod counts;
mod entries;
mod master_equation;
mod motion;
mod quantities;
mod system;
mod thermodynamics;

pub(crate) use counts::CountSystem;
pub(crate) use master_equation::{stationary_counts, transient_moments};
pub(crate) use motion::{evolve_reactions, limit_cycle, steady_branch, steady_response, steady_state};
pub(crate) use quantities::{
    divergence, divergence_decay, dual_coordinates, fisher_speed, glansdorff_prigogine_excess,
    one_reaction_distance, scaled_diffusion, speed_limit, uncertainty_products, wasserstein_speed,
};
pub(crate) use system::ReactionSystem;
pub(crate) use thermodynamics::{
    driving_work_rate, free_energy_balance, reaction_structure, standard_potentials,
};
