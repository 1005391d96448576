//! `irrev.quantum`: hard-core bosons, and the second law from their pure states.
//!
//! Lattices, Hamiltonians, composites and states of a system come as plain arrays; what is costly to find, and large, stays here behind a handle: [`Eigenstates`], [`BathEnsemble`],
//! [`JointEvolution`] and [`Fluctuations`]. A handle knows the question it answers. Its pickle is that question, which is answered again where it is opened, with the same bits.

mod bath;
mod composite;
mod eigenstates;
mod lattice;
mod levels;
mod light_cone;
mod model;
mod motion;
mod sector;
mod thermalisation;
mod thermodynamics;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::run::Options;

pub(crate) use bath::{BathEnsemble, canonical_state, require_finite_temperature};
pub(crate) use composite::{
    bath_sites_within, check_composite, check_drive, cut_bath, drive_factors, regularised_system_state,
    system_state, system_state_from_matrix, system_state_properties, whole_model,
};
pub(crate) use eigenstates::Eigenstates;
pub(crate) use lattice::{check_lattice, lattice_distances, lattice_on_circle, lattice_shape, lattice_shell};
pub(crate) use levels::{extremal_levels, lanczos_coefficients, levels_near, spectral_bounds, window_state};
pub(crate) use light_cone::{compare_with_cut_bath, lieb_robinson};
pub(crate) use model::{
    apply_hamiltonian, check_hamiltonian, hamiltonian_diagonal, hamiltonian_from_rows, mean_energy,
    observable_model,
};
pub(crate) use motion::{evolve_quantum, evolve_quantum_in_imaginary_time, loschmidt_echoes, reduced_state};
pub(crate) use sector::{random_quantum_state, sector_dimension, sector_ranks, sector_state, sector_words};
pub(crate) use thermalisation::{
    eigenstate_thermalisation, gap_ratio, gap_ratio_limits, observable_elements,
};
pub(crate) use thermodynamics::{
    Fluctuations, JointEvolution, check_thermal_contact, short_time_coefficient, theorem_deviation,
};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Options under which a pickled question is answered again: all cores, no limit but the machine's, nobody to tell.
const AGAIN: Options = (1, 0, u64::MAX, None);

/// A result in real or in complex vectors: real where the Hamiltonian allows it.
enum Vectors<R, C> {
    Real(R),
    Complex(C),
}
