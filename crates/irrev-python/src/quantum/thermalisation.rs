//! Whether eigenstates look thermal.

use irrev_quantum::Result;
use irrev_quantum::thermalisation::{self, Elements, ORTHOGONAL_GAP_RATIO, POISSON_GAP_RATIO};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use super::eigenstates::Eigenstates;
use super::model::ModelParts;
use crate::arrays::vector;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Which levels: particle number, and a symmetry label if only its levels count.
type Which = (usize, Option<Vec<usize>>);

/// ⟨a|O|a⟩ and the energies of the levels.
#[pyfunction]
pub(crate) fn observable_elements<'py>(
    py: Python<'py>,
    spectrum: &Eigenstates,
    which: Which,
    observable: ModelParts<'py>,
    options: Options,
) -> Fields<'py> {
    let (levels, observable) = (spectrum.shared(), observable.hamiltonian()?);
    let (energies, diagonal) = supervised(py, options, move |run, _| -> Result<_> {
        let sector = levels.spectrum().sector(which.0)?;
        let found = Elements::new(sector, &observable, which.1.as_deref(), run)?;
        Ok((found.energies().to_vec(), found.diagonal().to_vec()))
    })?;
    let fields = PyDict::new(py);
    fields.set_item("energies", energies.to_python(py)?)?;
    fields.set_item("diagonal", diagonal.to_python(py)?)?;
    Ok(fields)
}

/// Weak and strong thermalisation in a window (β, half width), and the part of levels that deviate by more than ε if one is given.
#[pyfunction]
pub(crate) fn eigenstate_thermalisation<'py>(
    py: Python<'py>,
    spectrum: &Eigenstates,
    which: Which,
    observable: ModelParts<'py>,
    window: (f64, f64),
    epsilon: Option<f64>,
    options: Options,
) -> Fields<'py> {
    let (levels, observable) = (spectrum.shared(), observable.hamiltonian()?);
    let (found, fraction, energies, diagonal) = supervised(py, options, move |run, _| -> Result<_> {
        let sector = levels.spectrum().sector(which.0)?;
        let elements = Elements::new(sector, &observable, which.1.as_deref(), run)?;
        let found = elements.thermalisation(window.0, window.1, run)?;
        let fraction = epsilon
            .map(|epsilon| elements.violating_fraction(epsilon))
            .transpose()?;
        Ok((
            found,
            fraction,
            elements.energies().to_vec(),
            elements.diagonal().to_vec(),
        ))
    })?;
    let fields = record!(py, found; beta, centre, half_width, count, mean, variance, largest_deviation, off_diagonal,
        canonical_mean, canonical_variance, smallest_gap);
    fields.set_item("support", (found.support[0], found.support[1]))?;
    fields.set_item("epsilon", epsilon)?;
    fields.set_item("violating_fraction", fraction)?;
    fields.set_item("energies", energies.to_python(py)?)?;
    fields.set_item("diagonal", diagonal.to_python(py)?)?;
    Ok(fields)
}

/// Mean ratio of neighbouring gaps and their number; `None` for fewer than three levels.
#[pyfunction]
pub(crate) fn gap_ratio(energies: &Bound<'_, PyAny>) -> PyResult<Option<(f64, usize)>> {
    let energies = vector("energies", energies)?;
    Ok(thermalisation::gap_ratio(&energies).map(|found| (found.mean, found.count)))
}

/// The ratios of Poisson's levels and of the orthogonal ensemble.
#[pyfunction]
pub(crate) fn gap_ratio_limits() -> (f64, f64) {
    (POISSON_GAP_RATIO, ORTHOGONAL_GAP_RATIO)
}
