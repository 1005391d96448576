//! `irrev.information`: second laws of parts, projections, time as a parameter, stability, dual coordinates, games, linear processes.

use pyo3::prelude::*;
use pyo3::types::PyDict;

mod chain;
mod dual;
mod game;
mod gaussian;
mod hierarchy;
mod linear;
mod parts;
mod path;
mod stability;
mod time;

pub(crate) use chain::{
    backward_projection, chain_integrated, chain_of_kernels, chain_of_process, chain_stationary, chain_step,
    chain_transfer_entropy, chain_two_time, check_chain, step_of_parts, symmetric_projections,
};
pub(crate) use dual::{
    bregman_divergence, distribution_from_eta, distribution_from_theta, equilibrium_gauge,
    simplex_coordinates, tilted_equilibrium,
};
pub(crate) use game::{check_game, cooperative_optimum, nash_equilibrium, pareto_front};
pub(crate) use gaussian::{
    gaussian_fisher_information, normal_distance, normal_fisher_information, trap_speed,
};
pub(crate) use hierarchy::{log_linear_hierarchy, spin_coordinates};
pub(crate) use linear::{
    autoregression_covariance, autoregression_information, autoregression_integrated,
    autoregression_interaction, autoregression_transfer, bead_chain, diffusion_figures,
    diffusion_short_time_bound, sampled_bounds, sampled_current, sampled_diffusion,
};
pub(crate) use parts::{
    coarse_grained, conditional_current, multibody_information_flow, product_process, second_laws,
    second_laws_of_flow,
};
pub(crate) use path::{speed_of_driven_process, speed_of_reactions, speed_of_relaxation};
pub(crate) use stability::{
    differentiated_rates, excess_entropy_production, nonlinear_stability, reaction_stability,
};
pub(crate) use time::{
    check_marginal, cramer_rao, fisher_information, fisher_information_rate, geodesic_between_amounts,
    geodesic_between_distributions, marginal_of_factor, marginal_of_subsystem, marginal_sum,
    sampled_irreversibility, short_time_uncertainty_optimum,
};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;
