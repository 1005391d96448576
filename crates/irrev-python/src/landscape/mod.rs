//! `irrev.landscape`: projected landscapes from recordings and from models, memory, linear diffusions, Fokker–Planck equations, protocols and transport on a line.
//!
//! A recording and what is found in it are large: they stay here behind handles ([`LandscapeRecord`], [`LandscapeMoments`], [`LandscapeSurfaces`]). Each knows the question it answers, which is its pickle.
//! Functions of Python are never called from inside of a computation that runs in another thread: what they give at the points that are needed is asked for beforehand, many points at a time
//! ([`tables`], [`projection`]).

mod ching;
mod diagnose;
mod estimates;
mod field;
mod fokker_planck;
mod grid;
mod hidden;
mod langevin;
mod linear;
mod memory;
mod moments;
mod projected;
mod projection;
mod prony;
mod protocol;
mod quantiles;
mod recording;
mod report;
mod surfaces;
mod tables;
mod time_scales;
mod underdamped;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::run::Options;

pub(crate) use ching::landscape_crossings;
pub(crate) use diagnose::{LandscapeSampling, at_finite_step, landscape_kramers_moyal};
pub(crate) use field::{LandscapeField, field_points};
pub(crate) use fokker_planck::{GridProcess, exits, extrapolated, grid_points};
pub(crate) use grid::{grid_cells, grid_figures};
pub(crate) use hidden::{HiddenHierarchy, density_peaks, explore_hidden};
pub(crate) use langevin::{
    LangevinSimulation, check_langevin_field, langevin_memory, langevin_memory_at, langevin_simulate,
};
pub(crate) use linear::{
    gaussian_relative_entropy, linear_at, linear_convexity, linear_dissipation, linear_produced,
    linear_split, linear_stationary, linear_transport_bound, linear_velocity, part_of_transport_bound,
    produced_by_part, two_parts,
};
pub(crate) use memory::{
    continued_fraction, continued_fraction_exponentials, continued_fraction_transform,
    integral_from_correlations, kernel_from_correlations, landscape_correlations, landscape_memory_kernel,
    second_kind,
};
pub(crate) use moments::{LandscapeMoments, LandscapePass};
pub(crate) use projected::{
    basis_values, landscape_fluctuation_dissipation, landscape_position_dependence,
    landscape_projected_kernel, landscape_random_force, landscape_second_kind_matrix,
};
pub(crate) use projection::project;
pub(crate) use prony::{
    embedding_kernel, embedding_memory, landscape_passive_fit, prony_continued_fraction, prony_embedding,
    prony_passivity, prony_values,
};
pub(crate) use protocol::{
    displacement_at, displacement_protocol, gaussian_protocol, gaussian_trap_at, moved_trap, stiffened_trap,
};
pub(crate) use quantiles::{check_quantiles, squared_distance};
pub(crate) use recording::{LandscapeRecord, wrapped};
pub(crate) use report::{landscape_report_of_files, landscape_report_of_record};
pub(crate) use surfaces::{LandscapeSurfaces, barrier_of_values, exact_surfaces, wells_of_values};
pub(crate) use time_scales::{
    box_filter, box_filtered, finite_differences_of, linear_hierarchy, oscillator_autocovariance,
};
pub(crate) use underdamped::{oscillators_at, oscillators_heat, oscillators_stationary};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Options under which a pickled question is answered again: all cores, no limit but the machine's, nobody to tell.
const AGAIN: Options = (1, 0, u64::MAX, None);
