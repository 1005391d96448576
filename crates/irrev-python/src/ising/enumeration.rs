//! Small networks exactly.

use std::sync::Arc;

use irrev_ising::enumeration::{self, ParallelKernel};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Parts;
use crate::arrays;
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

#[pyfunction]
pub(crate) fn parallel_stationary_state<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    options: Options,
) -> Fields<'py> {
    let network = parts.network()?;
    let found = supervised(py, options, move |run, _| {
        enumeration::parallel_stationary_state(&network, run)
    })?;
    let fields = record!(py, found; distribution, delayed_correlations, entropy_production, entropy_production_of_spins,
        entropy_production_of_pairs, conditional_entropy, reversed_entropy, state_entropy, entropy_production_error, convergence);
    fields.update(record!(py, found.correlations; magnetizations, equal_time).as_mapping())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn partly_parallel_stationary_state<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    update_probability: f64,
    options: Options,
) -> Fields<'py> {
    let network = parts.network()?;
    let found = supervised(py, options, move |run, _| {
        enumeration::partly_parallel_stationary_state(&network, update_probability, run)
    })?;
    let fields = record!(py, found; distribution, delayed_correlations, entropy_production, entropy_production_of_spins,
        conditional_entropy, reversed_entropy, state_entropy, activity, convergence);
    fields.update(record!(py, found.correlations; magnetizations, equal_time).as_mapping())?;
    Ok(fields)
}

/// Updates one at a time as a jump process between all states.
#[pyfunction]
pub(crate) fn ising_jump_process(parts: Parts<'_>, keep_self_couplings: bool) -> PyResult<MarkovJump> {
    let network = parts.network()?;
    if !keep_self_couplings {
        network.require_no_self_coupling().or_raise()?;
    }
    let (spins, most) = (network.spins(), irrev::spins::MOST_SPINS);
    if spins > most {
        return Err(irrev_ising::Error::TooManySpins {
            spins,
            quantity: "the jump process",
            most,
        })
        .or_raise();
    }
    Ok(MarkovJump(Arc::new(
        irrev::spins::jump_process(&network).or_raise()?,
    )))
}

#[pyfunction]
pub(crate) fn sequential_stationary_state<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    keep_self_couplings: bool,
    options: Options,
) -> Fields<'py> {
    let network = parts.network()?;
    if !keep_self_couplings {
        network.require_no_self_coupling().or_raise()?;
    }
    let found = supervised(py, options, move |run, _| {
        enumeration::sequential_stationary_state(&network, run)
    })?;
    let fields = record!(py, found; distribution, delayed_correlations, entropy_production_rate, entropy_production_rate_of_spins,
        entropy_production_rate_of_pairs, activity, attempt_entropy, reversed_attempt_entropy, state_entropy, convergence);
    fields.update(record!(py, found.correlations; magnetizations, equal_time).as_mapping())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn parallel_step<'py>(
    py: Python<'py>,
    parts: Parts<'py>,
    distribution: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let network = parts.network()?;
    let p = arrays::distribution("distribution", distribution)?
        .probabilities()
        .to_vec();
    let (next, delayed, correlations) = supervised(py, options, move |run, _| -> irrev_ising::Result<_> {
        let kernel = ParallelKernel::new(&network)?;
        let next = kernel.apply(&p, run)?;
        let correlations = kernel.correlations(&next);
        Ok((next, kernel.delayed_correlations(&p), correlations))
    })?;
    let fields = record!(py, correlations; magnetizations, equal_time);
    fields.set_item("distribution", next.to_python(py)?)?;
    fields.set_item("delayed_correlations", delayed.to_python(py)?)?;
    Ok(fields)
}
