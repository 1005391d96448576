//! What a state becomes, and what some of its sites know.

use irrev_quantum::evolution::{self, EvolutionOptions, ImaginaryEvolution};
use irrev_quantum::kernel::Amplitude;
use irrev_quantum::reduced;
use irrev_quantum::sector::binomial;
use irrev_quantum::{Error, Result, Sector};
use numpy::{Complex64, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::model::{ModelParts, real_parts};
use super::{Fields, Vectors};
use crate::arrays::{indices, tolerance, vector};
use crate::errors::OrRaise;
use crate::records::{ToPython, record, rows};
use crate::run::{Options, supervised};

/// Evolution to a tolerance in norm, with bounds of the spectrum that are found on the way.
pub(super) fn within(py: Python<'_>, tol: f64) -> PyResult<EvolutionOptions> {
    Ok(EvolutionOptions {
        tolerance: tolerance(py, tol)?,
        ..EvolutionOptions::default()
    })
}

#[pyfunction]
pub(crate) fn evolve_quantum<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    start: PyReadonlyArray1<'py, Complex64>,
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (h, start) = (model.sector(particles)?, start.as_slice()?.to_vec());
    let (times, asked, dimension) = (vector("times", times)?, within(py, tol)?, start.len());
    let found = supervised(py, options, move |run, _| -> Result<_, Error> {
        match real_parts(&start).filter(|_| h.is_real()) {
            Some(start) => evolution::evolve(&h, &start, &times, &asked, run),
            None => evolution::evolve(&h, &start, &times, &asked, run),
        }
    })?;
    let fields = record!(py, found; times, terms, truncation, norm_drift, energy_drift);
    fields.set_item("states", rows(py, &found.states, dimension)?)?;
    Ok(fields)
}

fn imaginary<'py, T: Amplitude + numpy::Element>(
    py: Python<'py>,
    found: &ImaginaryEvolution<T>,
    dimension: usize,
) -> Fields<'py> {
    let fields = record!(py, found; betas, logarithms, terms, truncation);
    fields.set_item("states", rows(py, &found.states, dimension)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn evolve_quantum_in_imaginary_time<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    start: PyReadonlyArray1<'py, Complex64>,
    betas: &Bound<'py, PyAny>,
    how: (f64, f64),
    options: Options,
) -> Fields<'py> {
    let (h, start) = (model.sector(particles)?, start.as_slice()?.to_vec());
    let (reference, tol) = how;
    let (betas, asked, dimension) = (vector("betas", betas)?, within(py, tol)?, start.len());
    let found = supervised(py, options, move |run, _| -> Result<_> {
        let evolve = evolution::evolve_in_imaginary_time;
        Ok(match real_parts(&start).filter(|_| h.is_real()) {
            Some(start) => Vectors::Real(evolve(&h, &start, &betas, reference, &asked, run)?),
            None => Vectors::Complex(evolution::evolve_in_imaginary_time(
                &h, &start, &betas, reference, &asked, run,
            )?),
        })
    })?;
    match &found {
        Vectors::Real(found) => imaginary(py, found, dimension),
        Vectors::Complex(found) => imaginary(py, found, dimension),
    }
}

#[pyfunction]
pub(crate) fn loschmidt_echoes<'py>(
    py: Python<'py>,
    models: (ModelParts<'py>, ModelParts<'py>),
    particles: usize,
    start: PyReadonlyArray1<'py, Complex64>,
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (h, back) = (models.0.sector(particles)?, models.1.sector(particles)?);
    let start = start.as_slice()?.to_vec();
    let (times, asked) = (vector("times", times)?, within(py, tol)?);
    let found = supervised(py, options, move |run, _| {
        evolution::echoes(&h, &back, &start, &times, &asked, run)
    })?;
    let fields = PyDict::new(py);
    let column = |value: &dyn Fn(&evolution::Echo) -> f64| -> Vec<f64> { found.iter().map(value).collect() };
    let amplitudes: Vec<Complex64> = found.iter().map(|echo| echo.amplitude).collect();
    fields.set_item("times", column(&|echo| echo.time).to_python(py)?)?;
    fields.set_item("amplitudes", amplitudes.to_python(py)?)?;
    for (name, numbers) in [
        ("return_probabilities", column(&|echo| echo.return_probability)),
        ("loschmidt_echoes", column(&|echo| echo.loschmidt_echo)),
        ("reversal_errors", column(&|echo| echo.reversal_error)),
    ] {
        fields.set_item(name, numbers.to_python(py)?)?;
    }
    Ok(fields)
}

/// Blocks by number of particles on the chosen sites, their probabilities, eigenvalues, entropy and purity.
#[pyfunction]
pub(crate) fn reduced_state<'py>(
    py: Python<'py>,
    sector: (usize, usize),
    state: PyReadonlyArray1<'py, Complex64>,
    chosen: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let sector = Sector::new(sector.0, sector.1).or_raise()?;
    let (state, chosen) = (state.as_slice()?.to_vec(), indices("sites", chosen)?);
    let (found, eigenvalues, entropy) = supervised(py, options, move |run, _| -> Result<_> {
        // blocks of C(m, k) rows have C(2m, m) entries together; one copy is made for their eigenvalues
        let m = chosen.len().min(reduced::MOST_REDUCED_SITES);
        run.require_memory("a reduced state", 32 * binomial(2 * m, m))?;
        let found = match real_parts(&state) {
            Some(state) => reduced::reduced_state(&sector, &state, &chosen)?,
            None => reduced::reduced_state(&sector, &state, &chosen)?,
        };
        let (eigenvalues, entropy) = (found.eigenvalues()?, found.entropy()?);
        Ok((found, eigenvalues, entropy))
    })?;
    let fields = record!(py, found; sites);
    let blocks: Vec<Bound<'py, PyAny>> = found
        .blocks
        .iter()
        .map(|block| block.to_python(py))
        .collect::<PyResult<_>>()?;
    fields.set_item("blocks", PyTuple::new(py, blocks)?)?;
    fields.set_item("probabilities", found.probabilities().to_python(py)?)?;
    fields.set_item("eigenvalues", eigenvalues.to_python(py)?)?;
    fields.set_item("entropy", entropy)?;
    fields.set_item("purity", found.purity())?;
    Ok(fields)
}
