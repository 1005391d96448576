//! Sectors of fixed particle number, and vectors in them.

use irrev_quantum::Complex64;
use irrev_quantum::Sector;
use irrev_quantum::random::random_state;
use numpy::PyArray1;
use pyo3::prelude::*;

use crate::errors::{OrRaise, model_error};
use crate::records::ToPython;
use crate::run::require_memory;

#[pyfunction]
pub(crate) fn sector_dimension(sites: usize, particles: usize) -> PyResult<u64> {
    Ok(Sector::new(sites, particles).or_raise()?.dimension())
}

/// Index of every word.
#[pyfunction]
pub(crate) fn sector_ranks(
    py: Python<'_>,
    sites: usize,
    particles: usize,
    words: Vec<u64>,
) -> PyResult<Vec<u64>> {
    let sector = Sector::new(sites, particles).or_raise()?;
    let rank = |&word: &u64| {
        sector.rank(word).ok_or_else(|| {
            let message = format!("word {word} is none of {particles} particles on {sites} sites");
            model_error(py, message)
        })
    };
    words.iter().map(rank).collect()
}

/// The word of an index.
#[pyfunction]
pub(crate) fn sector_state(py: Python<'_>, sites: usize, particles: usize, index: u64) -> PyResult<u64> {
    let sector = Sector::new(sites, particles).or_raise()?;
    sector.unrank(index).ok_or_else(|| {
        let message = format!(
            "state {index} was asked for; the sector has {} states, counted from 0",
            sector.dimension()
        );
        model_error(py, message)
    })
}

/// All words in their order.
#[pyfunction]
pub(crate) fn sector_words(py: Python<'_>, sites: usize, particles: usize) -> PyResult<Bound<'_, PyAny>> {
    let sector = Sector::new(sites, particles).or_raise()?;
    require_memory(py, "the words of a sector", sector.dimension().saturating_mul(16))?;
    let words: Vec<u64> = py.detach(|| sector.words().collect());
    Ok(PyArray1::from_vec(py, words).into_any())
}

/// A normalised random vector, real or complex.
#[pyfunction]
pub(crate) fn random_quantum_state(
    py: Python<'_>,
    dimension: u64,
    complex: bool,
    seed: u64,
    index: u32,
) -> PyResult<Bound<'_, PyAny>> {
    let bytes = if complex { 32 } else { 16 };
    require_memory(py, "a random state", dimension.saturating_mul(bytes))?;
    // a vector that fits into memory has a length that fits into usize
    let dimension = usize::try_from(dimension).unwrap_or(usize::MAX);
    if complex {
        py.detach(|| random_state::<Complex64>(dimension, seed, index))
            .to_python(py)
    } else {
        py.detach(|| random_state::<f64>(dimension, seed, index))
            .to_python(py)
    }
}
