//! `irrev.ising`: kinetic Ising networks.

mod drawn;
mod enumeration;
mod inference;
mod infinite;
mod lattice;
mod mean_field;
mod simulation;

use irrev_ising::{Couplings, KineticIsing};
use irrev_numerics::linalg::Matrix;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use crate::errors::OrRaise;

pub(crate) use drawn::{draw_couplings, draw_fields};
pub(crate) use enumeration::{
    ising_jump_process, parallel_stationary_state, parallel_step, partly_parallel_stationary_state,
    sequential_stationary_state,
};
pub(crate) use inference::{
    bin_spikes, correlation_lower_bound, cross_validate_ising, fit_ising, infer_entropy_production,
    invert_mean_field, place_scenario, sparse_fits,
};
pub(crate) use infinite::{
    alternation_inverse_temperature, check_infinite, critical_inverse_temperature, critical_spread,
    infinite_alternating, infinite_draw_spread, infinite_parallel, infinite_partly_parallel,
    infinite_sequential, infinite_solutions, phase_diagram, quench, quench_correlations, zero_temperature,
};
pub(crate) use lattice::{driven_lattice, lattice_equilibrium};
pub(crate) use mean_field::{mean_field_entropy_production, mean_field_stationary_state, mean_field_step};
pub(crate) use simulation::{
    ising_ensemble_average, ising_finite_size_study, ising_states, simulate_ising, two_ising_starts,
};

/// Couplings, fields and β as `irrev.ising.KineticIsing` holds them.
#[derive(FromPyObject)]
pub(crate) struct Parts<'py>(PyReadonlyArray2<'py, f64>, PyReadonlyArray1<'py, f64>, f64);

/// An array in two dimensions.
pub(crate) fn dense(array: &PyReadonlyArray2<'_, f64>) -> Matrix {
    let view = array.as_array();
    Matrix::from_fn(view.nrows(), view.ncols(), |i, j| view[(i, j)])
}

impl Parts<'_> {
    pub(crate) fn network(&self) -> PyResult<KineticIsing> {
        let couplings = Couplings::from_matrix(dense(&self.0)).or_raise()?;
        KineticIsing::new(couplings, self.1.as_slice()?.to_vec(), self.2).or_raise()
    }
}

/// Raises what is wrong with a network.
#[pyfunction]
pub(crate) fn check_ising(parts: Parts<'_>) -> PyResult<()> {
    parts.network().map(|_| ())
}
