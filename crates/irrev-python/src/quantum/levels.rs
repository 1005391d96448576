//! Levels from outside and near an energy, and states of a window, without diagonalisation.

use irrev_numerics::Tolerance;
use irrev_quantum::interior::{self, InteriorLevels, InteriorOptions, WindowState};
use irrev_quantum::kernel::Amplitude;
use irrev_quantum::lanczos::{self, End, ExtremalLevels};
use irrev_quantum::{Error, Result};
use numpy::{Complex64, PyReadonlyArray1};
use pyo3::prelude::*;

use super::model::{ModelParts, real_parts};
use super::{Fields, Vectors};
use crate::arrays::tolerance;
use crate::records::{ToPython, record, rows};
use crate::run::{Options, supervised};

fn extremal<'py, T: Amplitude + numpy::Element>(py: Python<'py>, found: &ExtremalLevels<T>) -> Fields<'py> {
    let fields = record!(py, found; energies, residuals, convergence);
    let dimension = found.states.first().map_or(0, Vec::len);
    fields.set_item("states", rows(py, &found.states, dimension)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn extremal_levels<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    lowest: bool,
    count: usize,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (h, tol) = (model.sector(particles)?, Tolerance::relative(tolerance(py, tol)?));
    let end = if lowest { End::Lowest } else { End::Highest };
    let found = supervised(py, options, move |run, _| -> Result<_> {
        Ok(if h.is_real() {
            Vectors::Real(lanczos::extremal_levels::<f64>(&h, end, count, tol, run)?)
        } else {
            Vectors::Complex(lanczos::extremal_levels::<Complex64>(&h, end, count, tol, run)?)
        })
    })?;
    match &found {
        Vectors::Real(found) => extremal(py, found),
        Vectors::Complex(found) => extremal(py, found),
    }
}

fn interior_fields<'py, T: Amplitude + numpy::Element>(
    py: Python<'py>,
    found: &InteriorLevels<T>,
) -> Fields<'py> {
    let fields = record!(py, found; energies, residuals, gaps, degree, products, convergence);
    let dimension = found.states.first().map_or(0, Vec::len);
    fields.set_item("states", rows(py, &found.states, dimension)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn levels_near<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    energy: f64,
    count: usize,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let h = model.sector(particles)?;
    let mut asked = InteriorOptions::default();
    asked.tolerance.relative = tolerance(py, tol)?;
    let found = supervised(py, options, move |run, _| -> Result<_> {
        Ok(if h.is_real() {
            Vectors::Real(interior::levels_near::<f64>(&h, energy, count, &asked, run)?)
        } else {
            Vectors::Complex(interior::levels_near::<Complex64>(
                &h, energy, count, &asked, run,
            )?)
        })
    })?;
    match &found {
        Vectors::Real(found) => interior_fields(py, found),
        Vectors::Complex(found) => interior_fields(py, found),
    }
}

fn window<'py, T: Amplitude>(py: Python<'py>, found: &WindowState<T>) -> Fields<'py>
where
    Vec<T>: ToPython,
{
    Ok(record!(py, found; state, mean_energy, energy_variance, kept, terms))
}

#[pyfunction]
pub(crate) fn window_state<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    energy: f64,
    width: f64,
    index: u32,
    options: Options,
) -> Fields<'py> {
    let h = model.sector(particles)?;
    let found = supervised(py, options, move |run, _| -> Result<_> {
        Ok(if h.is_real() {
            Vectors::Real(interior::window_state::<f64>(&h, energy, width, index, run)?)
        } else {
            Vectors::Complex(interior::window_state::<Complex64>(
                &h, energy, width, index, run,
            )?)
        })
    })?;
    match &found {
        Vectors::Real(found) => window(py, found),
        Vectors::Complex(found) => window(py, found),
    }
}

/// α, β and moments of Lanczos' recurrence from a start.
#[pyfunction]
pub(crate) fn lanczos_coefficients<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    start: PyReadonlyArray1<'py, Complex64>,
    steps: usize,
    options: Options,
) -> Fields<'py> {
    let (h, start) = (model.sector(particles)?, start.as_slice()?.to_vec());
    let found = supervised(py, options, move |run, _| -> Result<_, Error> {
        match real_parts(&start).filter(|_| h.is_real()) {
            Some(start) => lanczos::lanczos_coefficients(&h, &start, steps, run),
            None => lanczos::lanczos_coefficients(&h, &start, steps, run),
        }
    })?;
    let fields = record!(py, found; alpha, beta);
    fields.set_item("moments", found.moments().to_python(py)?)?;
    Ok(fields)
}

/// An interval that holds the spectrum.
#[pyfunction]
pub(crate) fn spectral_bounds(
    py: Python<'_>,
    model: ModelParts<'_>,
    particles: usize,
    options: Options,
) -> PyResult<(f64, f64)> {
    let h = model.sector(particles)?;
    let found = supervised(py, options, move |run, _| lanczos::spectral_bounds(&h, run))?;
    Ok((found.lowest(), found.highest()))
}
