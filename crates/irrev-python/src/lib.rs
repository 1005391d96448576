//! The extension module `irrev._core` of the Python package `irrev`.
//!
//! Live objects (network, process, flow, energetics) are classes here, with their documentation; functions take plain arguments by position and
//! return dictionaries, from which the package's own modules build documented, frozen records. No formulas stand here.
//!
//! Conventions: an argument is read by [`arrays`], an error becomes an exception in [`errors`], a long computation runs under [`run`].

use pyo3::prelude::*;

mod arrays;
mod bounds;
mod counting;
mod decomposition;
mod driven;
mod dynamics;
mod energetics;
mod errors;
mod experiment;
mod flow;
mod inference;
mod information;
mod ising;
mod kinetics;
mod landscape;
mod matrices;
mod membrane;
mod network;
mod present;
mod quantum;
mod reactions;
mod records;
mod run;
mod simulation;
mod special;
mod transport;

/// As in the command: large blocks are kept, not cleared anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[pymodule]
mod _core {
    #[pymodule_export]
    use crate::bounds::{driven_uncertainty, finite_time_uncertainty};
    #[pymodule_export]
    use crate::counting::{
        count_distribution, counting_statistics, current_moments, entropy_cumulants, entropy_moments,
        scaled_cumulants, scaled_generating_function,
    };
    #[pymodule_export]
    use crate::decomposition::{
        cycle_decomposition, cycle_sums, cycle_through_edges, cycle_through_states, cycle_vectors,
        fundamental_cycles, geometric_decomposition, gradient_flow_identity, hatano_sasa_decomposition,
        information_geometric_decomposition, uncertainty_relation, whole_overview,
    };
    #[pymodule_export]
    use crate::driven::{DrivenJump, driven_process, periodic_state, work_statistics};
    #[pymodule_export]
    use crate::dynamics::{
        closed_classes, evolve, first_passage, limiting_distribution, relaxation, relaxation_spectrum,
    };
    #[pymodule_export]
    use crate::energetics::{
        Energetics, clausius_sum, energy_budget, engine, rule_rates, three_state_ring, two_level_two_baths,
    };
    #[pymodule_export]
    use crate::experiment::{Model, Report, analyse, infer_bins, infer_recording, load, loads};
    #[pymodule_export]
    use crate::flow::Flow;
    #[pymodule_export]
    use crate::inference::{
        InferenceAutoregression, InferenceCertificate, InferenceCurrents, InferenceJumps, InferenceMoments,
        inference_bound_of_current, inference_chord, inference_discrete, inference_dissipation,
        inference_entropy, inference_full_history, inference_gaussian, inference_hellinger,
        inference_in_time, inference_ksg, inference_levels, inference_maximum, inference_noise,
        inference_speed, inference_steps, inference_stimulus, inference_variational, inference_waiting,
        inference_words,
    };
    #[pymodule_export]
    use crate::information::{
        autoregression_covariance, autoregression_information, autoregression_integrated,
        autoregression_interaction, autoregression_transfer, backward_projection, bead_chain,
        bregman_divergence, chain_integrated, chain_of_kernels, chain_of_process, chain_stationary,
        chain_step, chain_transfer_entropy, chain_two_time, check_chain, check_game, check_marginal,
        coarse_grained, conditional_current, cooperative_optimum, cramer_rao, differentiated_rates,
        diffusion_figures, diffusion_short_time_bound, distribution_from_eta, distribution_from_theta,
        equilibrium_gauge, excess_entropy_production, fisher_information, fisher_information_rate,
        gaussian_fisher_information, geodesic_between_amounts, geodesic_between_distributions,
        log_linear_hierarchy, marginal_of_factor, marginal_of_subsystem, marginal_sum,
        multibody_information_flow, nash_equilibrium, nonlinear_stability, normal_distance,
        normal_fisher_information, pareto_front, product_process, reaction_stability, sampled_bounds,
        sampled_current, sampled_diffusion, sampled_irreversibility, second_laws, second_laws_of_flow,
        short_time_uncertainty_optimum, simplex_coordinates, speed_of_driven_process, speed_of_reactions,
        speed_of_relaxation, spin_coordinates, step_of_parts, symmetric_projections, tilted_equilibrium,
        trap_speed,
    };
    #[pymodule_export]
    use crate::ising::{
        alternation_inverse_temperature, bin_spikes, check_infinite, check_ising, correlation_lower_bound,
        critical_inverse_temperature, critical_spread, cross_validate_ising, draw_couplings, draw_fields,
        driven_lattice, fit_ising, infer_entropy_production, infinite_alternating, infinite_draw_spread,
        infinite_parallel, infinite_partly_parallel, infinite_sequential, infinite_solutions,
        invert_mean_field, ising_ensemble_average, ising_finite_size_study, ising_jump_process, ising_states,
        lattice_equilibrium, mean_field_entropy_production, mean_field_stationary_state, mean_field_step,
        parallel_stationary_state, parallel_step, partly_parallel_stationary_state, phase_diagram,
        place_scenario, quench, quench_correlations, sequential_stationary_state, simulate_ising,
        sparse_fits, two_ising_starts, zero_temperature,
    };
    #[pymodule_export]
    use crate::kinetics::MarkovJump;
    #[pymodule_export]
    use crate::landscape::{
        GridProcess, HiddenHierarchy, LandscapeField, LandscapeMoments, LandscapePass, LandscapeRecord,
        LandscapeSampling, LandscapeSurfaces, LangevinSimulation, at_finite_step, barrier_of_values,
        basis_values, box_filter, box_filtered, check_langevin_field, check_quantiles, continued_fraction,
        continued_fraction_exponentials, continued_fraction_transform, density_peaks, displacement_at,
        displacement_protocol, embedding_kernel, embedding_memory, exact_surfaces, exits, explore_hidden,
        extrapolated, field_points, finite_differences_of, gaussian_protocol, gaussian_relative_entropy,
        gaussian_trap_at, grid_cells, grid_figures, grid_points, integral_from_correlations,
        kernel_from_correlations, landscape_correlations, landscape_crossings,
        landscape_fluctuation_dissipation, landscape_kramers_moyal, landscape_memory_kernel,
        landscape_passive_fit, landscape_position_dependence, landscape_projected_kernel,
        landscape_random_force, landscape_report_of_files, landscape_report_of_record,
        landscape_second_kind_matrix, langevin_memory, langevin_memory_at, langevin_simulate, linear_at,
        linear_convexity, linear_dissipation, linear_hierarchy, linear_produced, linear_split,
        linear_stationary, linear_transport_bound, linear_velocity, moved_trap, oscillator_autocovariance,
        oscillators_at, oscillators_heat, oscillators_stationary, part_of_transport_bound, produced_by_part,
        project, prony_continued_fraction, prony_embedding, prony_passivity, prony_values, second_kind,
        squared_distance, stiffened_trap, two_parts, wells_of_values, wrapped,
    };
    #[pymodule_export]
    use crate::membrane::{membrane_channel, transported, transporter};
    #[pymodule_export]
    use crate::network::{Network, NetworkBuilder};
    #[pymodule_export]
    use crate::quantum::{
        BathEnsemble, Eigenstates, Fluctuations, JointEvolution, apply_hamiltonian, bath_sites_within,
        canonical_state, check_composite, check_drive, check_hamiltonian, check_lattice,
        check_thermal_contact, compare_with_cut_bath, cut_bath, drive_factors, eigenstate_thermalisation,
        evolve_quantum, evolve_quantum_in_imaginary_time, extremal_levels, gap_ratio, gap_ratio_limits,
        hamiltonian_diagonal, hamiltonian_from_rows, lanczos_coefficients, lattice_distances,
        lattice_on_circle, lattice_shape, lattice_shell, levels_near, lieb_robinson, loschmidt_echoes,
        mean_energy, observable_elements, observable_model, random_quantum_state, reduced_state,
        regularised_system_state, require_finite_temperature, sector_dimension, sector_ranks, sector_state,
        sector_words, short_time_coefficient, spectral_bounds, system_state, system_state_from_matrix,
        system_state_properties, theorem_deviation, whole_model, window_state,
    };
    #[pymodule_export]
    use crate::reactions::{
        CountSystem, ReactionSystem, divergence, divergence_decay, driving_work_rate, dual_coordinates,
        evolve_reactions, fisher_speed, free_energy_balance, glansdorff_prigogine_excess, limit_cycle,
        one_reaction_distance, reaction_structure, scaled_diffusion, speed_limit, standard_potentials,
        stationary_counts, steady_branch, steady_response, steady_state, transient_moments,
        uncertainty_products, wasserstein_speed,
    };
    #[pymodule_export]
    use crate::simulation::{
        autocorrelation_time, bennett_acceptance_ratio, crooks, cumulants, detailed_fluctuation, estimate,
        infimum_law, integral_fluctuation, jarzynski, long_run, proportion, sample_driven_process,
        sample_jump_process, sample_path, sample_tilted_process, scaled_cumulants_of_increments, simulate,
        stationary_integral_fluctuation, survival_function,
    };
    #[pymodule_export]
    use crate::special::{
        dissipation, entropy, log_ratio, logarithmic_mean, logarithmic_mean_gradient, relative_entropy,
        total_variation,
    };
    #[pymodule_export]
    use crate::transport::{
        Geodesic, ReactionGeodesic, curvature_at, driven_speed_limits, entropic_curvature, gaussian_geodesic,
        gaussian_wasserstein2, gradient_flow, langevin_speed_limit, left_alone, line_wasserstein,
        minimising_movement, modified_log_sobolev, product_curvature, protocol_at, protocol_cost,
        reaction_geodesic, relaxation_bounds, simulated_protocol, speed_limits, straight_path, wasserstein1,
        wasserstein1_with_cost, wasserstein2,
    };

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
