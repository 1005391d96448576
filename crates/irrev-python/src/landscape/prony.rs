//! Kernels that are sums of damped oscillations, passive fits, and the variables that carry their memory.

use irrev_landscape::langevin::MemoryKernel;
use irrev_landscape::memory::{
    FitOptions, MarkovEmbedding, PassiveFit, Passivity, PronyKernel, PronyTerm, passive_fit_of_halves,
};
use irrev_landscape::{Error, Result};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Amplitudes, rates, frequencies and phases.
#[derive(FromPyObject)]
pub(crate) struct TermParts<'py>(
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
);

impl TermParts<'_> {
    fn kernel(&self) -> PyResult<PronyKernel> {
        let (amplitudes, rates) = (self.0.as_slice()?, self.1.as_slice()?);
        let (frequencies, phases) = (self.2.as_slice()?, self.3.as_slice()?);
        let terms = amplitudes.iter().zip(rates).zip(frequencies).zip(phases);
        let terms = terms.map(|(((amplitude, rate), frequency), phase)| PronyTerm {
            amplitude: *amplitude,
            rate: *rate,
            frequency: *frequency,
            phase: *phase,
        });
        PronyKernel::new(terms.collect()).or_raise()
    }
}

/// Columns of the terms.
fn terms<'py>(py: Python<'py>, kernel: &PronyKernel) -> Fields<'py> {
    let column = |of: fn(&PronyTerm) -> f64| kernel.terms().iter().map(of).collect::<Vec<f64>>();
    let fields = PyDict::new(py);
    fields.set_item("amplitudes", column(|term| term.amplitude).to_python(py)?)?;
    fields.set_item("rates", column(|term| term.rate).to_python(py)?)?;
    fields.set_item("frequencies", column(|term| term.frequency).to_python(py)?)?;
    fields.set_item("phases", column(|term| term.phase).to_python(py)?)?;
    Ok(fields)
}

fn certificate<'py>(py: Python<'py>, found: &Passivity) -> Fields<'py> {
    let fields = record!(py, found; least, frequency, scale);
    fields.set_item("certified", found.certified())?;
    Ok(fields)
}

fn variables<'py>(py: Python<'py>, found: &MarkovEmbedding) -> Fields<'py> {
    Ok(record!(py, found; drift, noise, covariance))
}

/// "kernel" at times, "spectrum" at frequencies, or "transform" at arguments.
#[pyfunction]
pub(crate) fn prony_values<'py>(
    py: Python<'py>,
    given: TermParts<'py>,
    what: &str,
    at: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let kernel = given.kernel()?;
    let places = vector("at", at)?;
    let value = |x: &f64| match what {
        "spectrum" => kernel.spectrum(*x),
        "transform" => kernel.transform(*x),
        _ => kernel.at(*x),
    };
    places.iter().map(value).collect::<Vec<f64>>().to_python(py)
}

/// Bounds on the least value of the spectrum.
#[pyfunction]
pub(crate) fn prony_passivity<'py>(py: Python<'py>, given: TermParts<'py>) -> Fields<'py> {
    let kernel = given.kernel()?;
    certificate(py, &py.detach(|| kernel.passivity()).or_raise()?)
}

/// Variables that carry the memory.
#[pyfunction]
pub(crate) fn prony_embedding<'py>(
    py: Python<'py>,
    given: TermParts<'py>,
    mean_square_velocity: f64,
) -> Fields<'py> {
    let kernel = given.kernel()?;
    variables(
        py,
        &py.detach(|| kernel.embedding(mean_square_velocity)).or_raise()?,
    )
}

/// D and g of the continued fraction.
#[pyfunction]
pub(crate) fn prony_continued_fraction<'py>(py: Python<'py>, given: TermParts<'py>) -> Fields<'py> {
    let found = given.kernel()?.continued_fraction().or_raise()?;
    Ok(record!(py, found; strengths, rates))
}

/// Drift, noise (a column) and covariance.
#[derive(FromPyObject)]
pub(crate) struct EmbeddingParts<'py>(
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
);

impl EmbeddingParts<'_> {
    fn embedding(&self) -> PyResult<MarkovEmbedding> {
        MarkovEmbedding::new(matrix(&self.0)?, matrix(&self.1)?, matrix(&self.2)?).or_raise()
    }
}

/// K at times, of the variables.
#[pyfunction]
pub(crate) fn embedding_kernel<'py>(
    py: Python<'py>,
    given: EmbeddingParts<'py>,
    times: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let embedding = given.embedding()?;
    let times = vector("times", times)?;
    times
        .iter()
        .map(|t| embedding.kernel(*t))
        .collect::<Vec<f64>>()
        .to_python(py)
}

/// White friction, coupling and drift of the memory of an embedding.
#[pyfunction]
pub(crate) fn embedding_memory<'py>(py: Python<'py>, given: EmbeddingParts<'py>) -> Fields<'py> {
    let kernel = MemoryKernel::embedded(&given.embedding()?).or_raise()?;
    super::langevin::memory_fields(py, &kernel)
}

/// A passive sum of damped oscillations near a kernel, and its variables for ⟨ṙ²⟩ = 1.
#[pyfunction]
pub(crate) fn landscape_passive_fit<'py>(
    py: Python<'py>,
    times: PyReadonlyArray1<'py, f64>,
    values: PyReadonlyArray1<'py, f64>,
    halves: Option<(PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>)>,
    asked: (Option<usize>, usize, f64),
    options: Options,
) -> Fields<'py> {
    let (times, values) = (times.as_slice()?.to_vec(), values.as_slice()?.to_vec());
    let halves = match halves {
        Some((first, second)) => Some([first.as_slice()?.to_vec(), second.as_slice()?.to_vec()]),
        None => None,
    };
    let (order, most, misfit) = asked;
    let how = FitOptions { order, most, misfit };
    let (found, unit): (PassiveFit, MarkovEmbedding) = supervised(py, options, move |run, _| -> Result<_> {
        let found = passive_fit_of_halves(&times, &values, halves.as_ref(), &how, run)?;
        let unit = found.embedding(1.0)?;
        Ok::<_, Error>((found, unit))
    })?;
    let fields = record!(py, found; misfit, held_out);
    fields.set_item("kernel", terms(py, &found.kernel)?)?;
    fields.set_item("passivity", certificate(py, &found.passivity)?)?;
    fields.set_item("unit", variables(py, &unit)?)?;
    Ok(fields)
}
