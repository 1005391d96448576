//! Large networks by simulation.

use std::path::PathBuf;

use irrev_ising::ensemble::CouplingLaw;
use irrev_ising::simulation::{
    self, Averages, EnsembleAverage, EnsembleOptions, Extrapolation, FieldFormat, Observable,
    ParallelSampler, Sampling, SequentialMethod, Start,
};
use irrev_ising::{Error, Update};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::Parts;
use super::drawn::{CouplingsDrawn, Fields as FieldsDrawn};
use crate::errors::{general_error, model_error};
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, resumable, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Names of observables, in the order of [`Observable::ALL`], as fields of the package's records.
const NAMES: [&str; 6] = [
    "magnetization",
    "magnitude",
    "entropy_production",
    "conditional_entropy",
    "activity",
    "bath_entropy_production",
];

/// What is asked of a simulation, as `irrev.ising` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    replicas: usize,
    burn_in: u64,
    measured: u64,
    every: u64,
    start: String,
    precision: String,
    method: String,
    lags: usize,
    draw: u64,
    checkpoint_interval: f64,
}

/// One of several names, or what is allowed.
fn chosen<T: Copy>(py: Python<'_>, what: &str, name: &str, allowed: &[(&str, T)]) -> PyResult<T> {
    let found = allowed.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = allowed.iter().map(|(known, _)| format!("\"{known}\"")).collect();
        model_error(
            py,
            format!("{what} is \"{name}\"; expected {}", names.join(" or ")),
        )
    })
}

impl Asked {
    fn sampling(&self, py: Python<'_>) -> PyResult<Sampling> {
        let starts = [("up", Start::Up), ("random", Start::Random)];
        let formats = [("single", FieldFormat::Single), ("double", FieldFormat::Double)];
        let methods = [
            ("automatic", SequentialMethod::Automatic),
            ("independent", SequentialMethod::Independent),
            ("lockstep", SequentialMethod::Lockstep),
            ("clocks", SequentialMethod::Clocks),
            ("rejection-free", SequentialMethod::RejectionFree),
        ];
        Ok(Sampling {
            replicas: self.replicas,
            burn_in: self.burn_in,
            measured: self.measured,
            every: self.every,
            start: chosen(py, "start", &self.start, &starts)?,
            format: chosen(py, "precision", &self.precision, &formats)?,
            sequential: chosen(py, "method", &self.method, &methods)?,
            lags: self.lags,
            draw: self.draw,
            checkpoint_seconds: self.checkpoint_interval,
        })
    }
}

/// "parallel", "sequential", or the probability with which each spin is refreshed at every step.
#[derive(FromPyObject)]
pub(crate) enum UpdateAsked {
    Part(f64),
    Name(String),
}

impl UpdateAsked {
    fn update(&self, py: Python<'_>) -> PyResult<Update> {
        let names = [("parallel", Update::Parallel), ("sequential", Update::Sequential)];
        match self {
            Self::Part(part) => Ok(Update::PartlyParallel(*part)),
            Self::Name(name) => chosen(py, "update", name, &names),
        }
    }
}

fn averages<'py>(py: Python<'py>, found: &Averages) -> Fields<'py> {
    let fields = record!(py, found; spins, replicas, measurements, drift);
    for (name, observable) in NAMES.iter().zip(Observable::ALL) {
        fields.set_item(name, found.get(observable).to_python(py)?)?;
    }
    let times: Vec<f64> = Observable::ALL.map(|o| found.autocorrelation_time(o)).to_vec();
    fields.set_item("autocorrelation_times", times.to_python(py)?)?;
    let lags: Vec<f64> = found.autocorrelation.iter().map(|(lag, _)| *lag).collect();
    let values: Vec<f64> = found.autocorrelation.iter().map(|(_, c)| c.value).collect();
    let errors: Vec<f64> = found
        .autocorrelation
        .iter()
        .map(|(_, c)| c.standard_error)
        .collect();
    fields.set_item("lags", lags.to_python(py)?)?;
    fields.set_item("autocorrelation", values.to_python(py)?)?;
    fields.set_item("autocorrelation_error", errors.to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn simulate_ising<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    update: UpdateAsked,
    asked: Asked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let (network, update, sampling) = (parts.network()?, update.update(py)?, asked.sampling(py)?);
    let found = resumable(py, options, checkpoint, move |run, _| {
        simulation::simulate(&network, update, &sampling, run)
    })?;
    averages(py, &found)
}

#[pyfunction]
pub(crate) fn two_ising_starts<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    update: UpdateAsked,
    asked: Asked,
    options: Options,
) -> Fields<'py> {
    let (network, update, sampling) = (parts.network()?, update.update(py)?, asked.sampling(py)?);
    let found = supervised(py, options, move |run, _| {
        simulation::two_starts(&network, update, &sampling, run)
    })?;
    let fields = PyDict::new(py);
    fields.set_item("up", averages(py, &found.up)?)?;
    fields.set_item("random", averages(py, &found.random)?)?;
    let deviations: Vec<f64> = found.deviations.iter().map(|(_, z)| *z).collect();
    fields.set_item("deviations", deviations.to_python(py)?)?;
    fields.set_item("agree", found.agree())?;
    Ok(fields)
}

/// States of one network under parallel updates, a row each, from after the burn-in on.
#[pyfunction]
pub(crate) fn ising_states<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    update: UpdateAsked,
    asked: Asked,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let (network, update, sampling) = (parts.network()?, update.update(py)?, asked.sampling(py)?);
    let spins = network.spins();
    let states = usize::try_from(sampling.measured).unwrap_or(usize::MAX);
    let found: Option<Vec<i8>> = supervised(py, options, move |run, _| {
        let bytes = (states as u64).saturating_mul(spins as u64);
        run.require_memory("states of a network", bytes)?;
        let mut sampler = ParallelSampler::new(&network, update, &sampling, run)?;
        sampler.advance(sampling.burn_in);
        let mut rows = Vec::with_capacity(states.saturating_mul(spins));
        for state in 0..states {
            if state > 0 {
                sampler.advance(1);
            }
            if state % 1024 == 0 {
                run.report(state as f64 / states as f64, "states")?;
            }
            let Some(row) = sampler.spins(0) else {
                return Ok::<_, Error>(None);
            };
            rows.extend(row);
        }
        Ok(Some(rows))
    })?;
    let rows = found.ok_or_else(|| general_error(py, "there is no replica to follow".into()))?;
    matrix(py, rows, states, spins)
}

/// An ensemble, as `irrev.ising` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct EnsembleAsked {
    couplings: CouplingsDrawn,
    fields: FieldsDrawn,
    beta: f64,
    update: UpdateAsked,
    draws: usize,
    exact_magnetization: Option<f64>,
    sampling: Asked,
}

impl EnsembleAsked {
    fn options(&self, py: Python<'_>) -> PyResult<EnsembleOptions> {
        let couplings: CouplingLaw = self.couplings.law(py)?;
        Ok(EnsembleOptions {
            couplings,
            fields: self.fields.law(py)?,
            inverse_temperature: self.beta,
            update: self.update.update(py)?,
            draws: self.draws,
            exact_magnetization: self.exact_magnetization,
            sampling: self.sampling.sampling(py)?,
        })
    }
}

fn ensemble<'py>(py: Python<'py>, found: &EnsembleAverage) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("spins", found.spins)?;
    let draws: Vec<_> = found
        .draws
        .iter()
        .map(|draw| averages(py, draw))
        .collect::<PyResult<_>>()?;
    fields.set_item("draws", PyList::new(py, draws)?)?;
    for (name, observable) in NAMES.iter().zip(Observable::ALL) {
        fields.set_item(name, found.get(observable).to_python(py)?)?;
    }
    let thermal: Vec<f64> = Observable::ALL.map(|o| found.thermal_error(o)).to_vec();
    fields.set_item("thermal_errors", thermal.to_python(py)?)?;
    let controlled = PyDict::new(py);
    for (name, observable) in NAMES.iter().zip(Observable::ALL) {
        if let Some(estimate) = found.controlled(observable) {
            controlled.set_item(name, estimate.to_python(py)?)?;
        }
    }
    fields.set_item("controlled", controlled)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn ising_ensemble_average<'py>(
    py: Python<'py>,
    spins: usize,
    asked: EnsembleAsked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let asked = asked.options(py)?;
    let found = resumable(py, options, checkpoint, move |run, _| {
        simulation::ensemble_average(spins, &asked, run)
    })?;
    ensemble(py, &found)
}

fn extrapolation<'py>(py: Python<'py>, found: &Extrapolation) -> Fields<'py> {
    let fields = record!(py, found; infinite, coefficients, residuals, chi_squared, degrees_of_freedom);
    fields.set_item("misfit", found.misfit())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn ising_finite_size_study<'py>(
    py: Python<'py>,
    sizes: Vec<usize>,
    asked: EnsembleAsked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let asked = asked.options(py)?;
    let found = resumable(py, options, checkpoint, move |run, _| {
        simulation::finite_size_study(&sizes, &asked, run)
    })?;
    let fields = PyDict::new(py);
    let sizes: Vec<_> = found
        .sizes
        .iter()
        .map(|size| ensemble(py, size))
        .collect::<PyResult<_>>()?;
    fields.set_item("sizes", PyList::new(py, sizes)?)?;
    let extrapolated = PyDict::new(py);
    for (name, observable) in NAMES.iter().zip(Observable::ALL) {
        if let Ok(line) = found.infinite(observable) {
            extrapolated.set_item(name, extrapolation(py, &line)?)?;
        }
    }
    fields.set_item("extrapolated", extrapolated)?;
    Ok(fields)
}
